/** The frame of one of our own pages: its heading, and its place in the portal's breadcrumbs. */
import type { ReactNode } from 'react';
import { BreadcrumbEntry } from '@backstage/frontend-plugin-api';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useResolvedPath } from 'react-router-dom';

const useStyles = makeStyles(theme => ({
  head: { marginBottom: theme.spacing(3), overflowWrap: 'anywhere' },
  // On the ground of a page the theme's quiet colour is too pale to be read by everybody.
  subtitle: { opacity: 0.75 },
}));

export interface SubPageProps {
  title: string;
  /** Beside or below the title: what the page is about. */
  subtitle?: ReactNode;
  children: ReactNode;
}

export function SubPage({ title, subtitle, children }: SubPageProps) {
  const classes = useStyles();
  const { pathname } = useResolvedPath('');
  return (
    <BreadcrumbEntry entry={{ label: title, href: pathname }}>
      <div className={classes.head}>
        <Typography variant="h4" component="h1">
          {title}
        </Typography>
        {subtitle && (
          <Typography
            variant="subtitle1"
            component="div"
            className={classes.subtitle}
          >
            {subtitle}
          </Typography>
        )}
      </div>
      {children}
    </BreadcrumbEntry>
  );
}
