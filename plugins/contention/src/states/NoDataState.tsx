/** The entity is known, and nothing of it was measured in this range. The action: go to the nearest data. */
import Button from '@material-ui/core/Button';
import { formatRange } from '../format';
import { NoDataPicture } from './pictures';
import { StatePage } from './StatePage';

export interface NoDataStateProps {
  name: string;
  shown: { from: number; to: number };
  nearest?: { from: number; to: number };
  onShow(fromMs: number, toMs: number): void;
}

export function NoDataState(props: NoDataStateProps) {
  const { name, shown, nearest, onShow } = props;
  return (
    <StatePage
      title="No data in this range"
      picture={<NoDataPicture />}
      action={
        nearest && (
          <Button
            variant="contained"
            color="primary"
            onClick={() => onShow(nearest.from, nearest.to)}
          >
            Show {formatRange(nearest.from, nearest.to)}
          </Button>
        )
      }
    >
      Nothing was measured for <strong>{name}</strong> from{' '}
      {formatRange(shown.from, shown.to)}.{' '}
      {nearest
        ? 'That is not the same as "all is well": the nearest data is one click away.'
        : 'There is no other data of it either. New pods appear within half a minute.'}
    </StatePage>
  );
}
