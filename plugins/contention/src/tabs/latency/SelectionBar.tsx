/** What of the heat map is selected, and what dragging on it does. */
import Button from '@material-ui/core/Button';
import ToggleButton from '@material-ui/lab/ToggleButton';
import ToggleButtonGroup from '@material-ui/lab/ToggleButtonGroup';
import { alpha, makeStyles } from '@material-ui/core/styles';
import type { Selection } from '../../charts/layout/selection';
import { useToggleStyles } from '../../theme';
import { useWords } from '../../translation';
import { isSelected, selectionText } from './words';

export type DragMode = 'select' | 'zoom';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
    marginTop: theme.spacing(1.5),
    padding: theme.spacing(1, 1.5),
    borderRadius: theme.shape.borderRadius,
    border: `1px solid ${theme.palette.divider}`,
    fontSize: theme.typography.pxToRem(14),
  },
  selected: {
    borderColor: theme.palette.primary.main,
    background: alpha(theme.palette.primary.main, 0.08),
  },
  text: { flex: '1 1 260px', fontVariantNumeric: 'tabular-nums' },
  button: { textTransform: 'none' },
}));

export interface SelectionBarProps {
  selection: Selection;
  dragMode: DragMode;
  onDragMode(mode: DragMode): void;
  onClear(): void;
  onZoom(fromMs: number, toMs: number): void;
}

export function SelectionBar(props: SelectionBarProps) {
  const { selection, dragMode, onDragMode, onClear, onZoom } = props;
  const classes = useStyles();
  const t = useWords();
  const { button: root, selected } = useToggleStyles();
  const { time } = selection;
  const any = isSelected(selection);
  return (
    <div className={`${classes.root} ${any ? classes.selected : ''}`}>
      <span className={classes.text} role="status">
        {any
          ? t('latency.selected', {
              selection: <strong>{selectionText(selection, t)}</strong>,
            })
          : t('latency.dragToSee')}
      </span>
      {time && (
        <Button
          size="small"
          className={classes.button}
          onClick={() => onZoom(time.from, time.to)}
        >
          {t('latency.zoomIn')}
        </Button>
      )}
      {any && (
        <Button size="small" className={classes.button} onClick={onClear}>
          {t('latency.clearSelection')}
        </Button>
      )}
      <ToggleButtonGroup
        size="small"
        exclusive
        value={dragMode}
        aria-label={t('latency.dragging')}
        onChange={(_, next: DragMode | null) => next && onDragMode(next)}
      >
        <ToggleButton value="select" classes={{ root, selected }}>
          {t('latency.dragSelects')}
        </ToggleButton>
        <ToggleButton value="zoom" classes={{ root, selected }}>
          {t('latency.dragZooms')}
        </ToggleButton>
      </ToggleButtonGroup>
    </div>
  );
}
