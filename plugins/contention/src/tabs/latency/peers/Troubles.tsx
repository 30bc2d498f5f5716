/** What is wrong with a peer: a sign and a word, never colour alone. */
import { makeStyles } from '@material-ui/core/styles';
import WarningIcon from '@material-ui/icons/ReportProblemOutlined';
import type { PeerTrouble } from 'backstage-plugin-contention-common';
import { useMode } from '../../../theme';
import { useWords } from '../../../translation';
import { TROUBLE_WORDS } from './words';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    alignItems: 'center',
    gap: 4,
    marginTop: 2,
    fontSize: theme.typography.pxToRem(12),
    fontWeight: 600,
  },
  icon: { fontSize: 15 },
}));

/** Dark enough on white, light enough on the dark page. */
const COLOURS = {
  light: { notice: '#8a5a00', serious: '#b3261e' },
  dark: { notice: '#f0b13c', serious: '#ff8a80' },
} as const;

export function useTroubleColour(): (
  severity: PeerTrouble['severity'],
) => string {
  const { light, dark } = COLOURS;
  const colours = useMode() === 'dark' ? dark : light;
  return severity => colours[severity];
}

export interface TroublesProps {
  troubles: readonly PeerTrouble[];
  /** Instead of the usual word. */
  word?: string;
}

export function Troubles({ troubles, word }: TroublesProps) {
  const classes = useStyles();
  const t = useWords();
  const colourOf = useTroubleColour();
  return (
    <>
      {troubles.map(({ kind, severity }) => (
        <div
          key={kind}
          className={classes.root}
          style={{ color: colourOf(severity) }}
        >
          <WarningIcon className={classes.icon} aria-hidden />
          {word ?? t(TROUBLE_WORDS[kind])}
        </div>
      ))}
    </>
  );
}
