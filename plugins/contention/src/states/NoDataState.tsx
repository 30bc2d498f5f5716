/** The entity is known, and nothing of it was measured in this range. The action: go to the nearest data. */
import type { ReactNode } from 'react';
import Button from '@material-ui/core/Button';
import { formatMinute, formatRange } from '../format';
import { useWords } from '../translation';
import { NoDataPicture } from './pictures';
import { StatePage } from './StatePage';

export interface NoDataStateProps {
  name: string;
  shown: { from: number; to: number };
  nearest?: { from: number; to: number };
  /** What was measured before has been deleted, epoch milliseconds. */
  keptSince?: number;
  /** Absent: there is no other range to show. */
  onShow?(fromMs: number, toMs: number): void;
  /** What was kept of the range. */
  children?: ReactNode;
}

export function NoDataState(props: NoDataStateProps) {
  const { name, shown, nearest, keptSince, onShow, children } = props;
  const t = useWords();
  return (
    <StatePage
      title={t('states.noDataTitle')}
      picture={<NoDataPicture />}
      action={
        nearest &&
        onShow && (
          <Button
            variant="contained"
            color="primary"
            onClick={() => onShow(nearest.from, nearest.to)}
          >
            {t('states.noDataShow', {
              range: formatRange(nearest.from, nearest.to),
            })}
          </Button>
        )
      }
    >
      {t('states.noDataBody', {
        name: <strong>{name}</strong>,
        range: formatRange(shown.from, shown.to),
      })}{' '}
      {keptSince !== undefined &&
        `${t('evidence.tooLate', { moment: formatMinute(keptSince) })} `}
      {nearest ? t('states.noDataNearest') : t('states.noDataAtAll')}
      {children}
    </StatePage>
  );
}
