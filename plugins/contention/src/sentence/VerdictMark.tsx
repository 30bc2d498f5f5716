/** The verdict's sign: a shape and a colour for each cause, so that neither stands alone. */
import CallMadeIcon from '@material-ui/icons/CallMade';
import CodeIcon from '@material-ui/icons/Code';
import ReplayIcon from '@material-ui/icons/Replay';
import QueueIcon from '@material-ui/icons/Queue';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import HelpOutlineIcon from '@material-ui/icons/HelpOutline';
import RadioButtonUncheckedIcon from '@material-ui/icons/RadioButtonUnchecked';
import GroupIcon from '@material-ui/icons/Group';
import TimerOffIcon from '@material-ui/icons/TimerOff';
import ViewWeekIcon from '@material-ui/icons/ViewWeek';
import LoopIcon from '@material-ui/icons/Loop';
import MemoryIcon from '@material-ui/icons/Memory';
import type { Cause, Verdict } from 'backstage-plugin-contention-common';
import { useMode, verdictColour } from '../theme';
import { useWords } from '../translation';

const SIGNS = {
  quiet: { Icon: CheckCircleIcon, word: 'parts.causeQuiet' },
  neighbour: { Icon: GroupIcon, word: 'parts.causeNeighbour' },
  limit: { Icon: TimerOffIcon, word: 'parts.causeLimit' },
  sidecar: { Icon: ViewWeekIcon, word: 'parts.causeSidecar' },
  self: { Icon: LoopIcon, word: 'parts.causeSelf' },
  host: { Icon: MemoryIcon, word: 'parts.causeHost' },
  work: { Icon: CodeIcon, word: 'parts.causeWork' },
  upstream: { Icon: CallMadeIcon, word: 'parts.causeUpstream' },
  unread: { Icon: QueueIcon, word: 'parts.causeUnread' },
  retransmission: { Icon: ReplayIcon, word: 'parts.causeRetransmission' },
  unsure: { Icon: HelpOutlineIcon, word: 'parts.causeUnsure' },
  'no-data': { Icon: RadioButtonUncheckedIcon, word: 'parts.causeNoData' },
} as const satisfies Record<Cause, { Icon: typeof GroupIcon; word: string }>;

/** In place of a cause that was true once. */
const OUTDATED = {
  ...SIGNS['no-data'],
  word: 'parts.causeOutdated',
} as const;

export interface VerdictMarkProps {
  verdict: Verdict;
  /** The verdict is of data that is not the newest: no cause is shown as if it were one now. */
  outdated?: boolean;
  /** Pixels. */
  size?: number;
}

export function VerdictMark(props: VerdictMarkProps) {
  const mode = useMode();
  const t = useWords();
  const { verdict, outdated = false, size = 32 } = props;
  const { Icon, word } = outdated ? OUTDATED : SIGNS[verdict.cause];
  return (
    <Icon
      titleAccess={t(word)}
      style={{ color: verdictColour(verdict, mode, outdated), fontSize: size }}
    />
  );
}
