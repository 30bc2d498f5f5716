/** What the colours of parts mean, in words; whoever has a page is a link to it. */
import { Link } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import type { AnatomyPart } from 'backstage-plugin-contention-common';
import { ColourKey } from '../../charts/ColourKey';
import { partSwatch, useMode, usePartWords } from '../../theme';
import { useWords } from '../../translation';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5, 2.5),
    margin: theme.spacing(1.5, 0, 0),
    padding: 0,
    listStyle: 'none',
    fontSize: theme.typography.pxToRem(13),
  },
  entry: { display: 'flex', alignItems: 'center', gap: theme.spacing(0.75) },
  owner: { color: theme.palette.text.secondary },
}));

export interface PartsLegendProps {
  parts: readonly AnatomyPart[];
  linkOf(part: AnatomyPart): string | undefined;
  onHighlight(key: string | undefined): void;
}

export function PartsLegend({ parts, linkOf, onHighlight }: PartsLegendProps) {
  const classes = useStyles();
  const mode = useMode();
  const t = useWords();
  const { partWords } = usePartWords();
  return (
    <ul className={classes.root} aria-label={t('latency.parts')}>
      {parts.map(part => {
        const to = linkOf(part);
        const owner = part.party?.entities[0]?.owner?.title;
        return (
          <li
            key={part.key}
            className={classes.entry}
            onMouseEnter={() => onHighlight(part.key)}
            onMouseLeave={() => onHighlight(undefined)}
            onFocus={() => onHighlight(part.key)}
            onBlur={() => onHighlight(undefined)}
          >
            <ColourKey swatch={partSwatch(part, mode)} />
            <span>
              {to ? <Link to={to}>{partWords(part)}</Link> : partWords(part)}
              {owner && <span className={classes.owner}> ({owner})</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
