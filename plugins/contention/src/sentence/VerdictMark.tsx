/** The verdict's sign: a shape and a colour for each cause, so that neither stands alone. */
import CallMadeIcon from '@material-ui/icons/CallMade';
import CodeIcon from '@material-ui/icons/Code';
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

const SIGNS: Record<Cause, { Icon: typeof GroupIcon; word: string }> = {
  quiet: { Icon: CheckCircleIcon, word: 'Nothing held it up' },
  neighbour: { Icon: GroupIcon, word: 'Neighbours' },
  limit: { Icon: TimerOffIcon, word: 'CPU limit' },
  sidecar: { Icon: ViewWeekIcon, word: 'Own sidecar' },
  self: { Icon: LoopIcon, word: 'Itself' },
  host: { Icon: MemoryIcon, word: 'Host' },
  work: { Icon: CodeIcon, word: 'Its own work' },
  upstream: { Icon: CallMadeIcon, word: 'Upstream' },
  unread: { Icon: QueueIcon, word: 'No free thread' },
  unsure: { Icon: HelpOutlineIcon, word: 'Not sure' },
  'no-data': { Icon: RadioButtonUncheckedIcon, word: 'No data' },
};

/** In place of a cause that was true once. */
const OUTDATED = { ...SIGNS['no-data'], word: 'No new data' };

/** One or two words for a cause. */
export function causeWord(cause: Cause): string {
  return SIGNS[cause].word;
}

export interface VerdictMarkProps {
  verdict: Verdict;
  /** The verdict is of data that is not the newest: no cause is shown as if it were one now. */
  outdated?: boolean;
  /** Pixels. */
  size?: number;
}

export function VerdictMark(props: VerdictMarkProps) {
  const mode = useMode();
  const { verdict, outdated = false, size = 32 } = props;
  const { Icon, word } = outdated ? OUTDATED : SIGNS[verdict.cause];
  return (
    <Icon
      titleAccess={word}
      style={{ color: verdictColour(verdict, mode, outdated), fontSize: size }}
    />
  );
}
