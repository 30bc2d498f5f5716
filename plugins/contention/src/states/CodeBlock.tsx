/** Lines to copy, with a button that copies them. */
import { CopyTextButton } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import { useWords } from '../translation';

const useStyles = makeStyles(theme => ({
  root: {
    position: 'relative',
    borderRadius: theme.shape.borderRadius,
    border: `1px solid ${theme.palette.divider}`,
    background: theme.palette.background.default,
  },
  code: {
    margin: 0,
    padding: theme.spacing(1.5, 7, 1.5, 2),
    overflowX: 'auto',
    fontFamily: 'Menlo, Consolas, "DejaVu Sans Mono", monospace',
    fontSize: 13,
    lineHeight: 1.6,
  },
  copy: { position: 'absolute', top: 2, right: 2 },
}));

export function CodeBlock({ text, label }: { text: string; label: string }) {
  const classes = useStyles();
  const t = useWords();
  return (
    <div className={classes.root}>
      {/* It scrolls where it is narrow: by keyboard, too. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={classes.code} aria-label={label} tabIndex={0}>
        {text}
      </pre>
      <div className={classes.copy}>
        <CopyTextButton
          text={text}
          tooltipText={t('states.copied')}
          variant="tertiary"
          aria-label={t('states.copy', { what: label })}
        />
      </div>
    </div>
  );
}
