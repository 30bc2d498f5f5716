/** The line above a tab that shows a record: its range, which cannot be changed, and the cluster that was chosen. */
import Typography from '@material-ui/core/Typography';
import LockIcon from '@material-ui/icons/LockOutlined';
import { formatAbsolute, formatRange } from '../format';
import { useWords } from '../translation';

export interface FixedRangeBarProps {
  shown: { from: number; to: number };
  cluster?: string;
}

export function FixedRangeBar({ shown, cluster }: FixedRangeBarProps) {
  const t = useWords();
  const { from, to } = shown;
  return (
    <Typography
      variant="body1"
      title={`${formatAbsolute(from)} – ${formatAbsolute(to)}`}
    >
      <LockIcon
        fontSize="small"
        style={{ verticalAlign: '-4px', marginRight: 6 }}
        aria-hidden
      />
      <strong>{formatRange(from, to)}</strong>
      {cluster && `, ${t('range.inCluster', { cluster })}`}
    </Typography>
  );
}
