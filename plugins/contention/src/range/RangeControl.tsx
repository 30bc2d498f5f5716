/** Choosing the range: one click for the usual ones, any two moments otherwise, and a step back out after a zoom. */
import { useState, type FormEvent } from 'react';
import Button from '@material-ui/core/Button';
import IconButton from '@material-ui/core/IconButton';
import Popover from '@material-ui/core/Popover';
import TextField from '@material-ui/core/TextField';
import Tooltip from '@material-ui/core/Tooltip';
import ToggleButton from '@material-ui/lab/ToggleButton';
import ToggleButtonGroup from '@material-ui/lab/ToggleButtonGroup';
import { makeStyles } from '@material-ui/core/styles';
import EventIcon from '@material-ui/icons/Event';
import ZoomOutIcon from '@material-ui/icons/ZoomOut';
import { formatRange, zoneAt } from '../format';
import { useToggleStyles } from '../theme';
import { useWords } from '../translation';
import {
  absoluteRange,
  DEFAULT_RANGE,
  formatEndpoint,
  isLive,
  parseEndpoint,
  PRESETS,
  resolveRange,
  zoomedOut,
  type RangeSpec,
} from './range';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
  },
  preset: {
    padding: theme.spacing(0.5, 1.25),
    textTransform: 'none',
    whiteSpace: 'nowrap',
    color: theme.palette.text.primary,
  },
  form: {
    display: 'grid',
    gap: theme.spacing(2),
    padding: theme.spacing(2.5),
    width: 300,
  },
}));

export interface RangeControlProps {
  spec: RangeSpec;
  onChange(spec: RangeSpec): void;
}

export function RangeControl({ spec, onChange }: RangeControlProps) {
  const classes = useStyles();
  const t = useWords();
  const toggle = useToggleStyles();
  const [anchor, setAnchor] = useState<HTMLElement>();
  const preset = isLive(spec)
    ? PRESETS.find(({ from }) => from === formatEndpoint(spec.from))
    : undefined;
  const resolved = resolveRange(spec, Date.now());
  const choose = (from: string) => {
    const start = parseEndpoint(from);
    if (start) onChange({ from: start, to: DEFAULT_RANGE.to });
  };
  const zoomOut = () => {
    const wider = zoomedOut(resolved, Date.now());
    onChange(absoluteRange(wider.from, wider.to));
  };

  return (
    <div className={classes.root} role="group" aria-label={t('range.range')}>
      <ToggleButtonGroup
        size="small"
        exclusive
        value={preset?.from ?? null}
        aria-label={t('range.last')}
        onChange={(_, from: string | null) =>
          choose(from ?? preset?.from ?? '')
        }
      >
        {PRESETS.map(({ from, label }) => (
          <ToggleButton
            key={from}
            value={from}
            classes={{ root: toggle.button, selected: toggle.selected }}
            aria-label={t('range.lastOf', { range: label })}
          >
            {label}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <Button
        className={classes.preset}
        size="small"
        variant={preset ? 'text' : 'outlined'}
        startIcon={<EventIcon />}
        onClick={event => setAnchor(event.currentTarget)}
        aria-haspopup="dialog"
      >
        {preset ? t('range.fromTo') : formatRange(resolved.from, resolved.to)}
      </Button>
      <Tooltip title={t('range.twiceAsLong')}>
        <IconButton
          size="small"
          aria-label={t('range.zoomOut')}
          onClick={zoomOut}
        >
          <ZoomOutIcon />
        </IconButton>
      </Tooltip>
      <Popover
        open={Boolean(anchor)}
        anchorEl={anchor}
        onClose={() => setAnchor(undefined)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'left' }}
      >
        <CustomRange
          className={classes.form}
          from={resolved.from}
          to={resolved.to}
          onApply={next => {
            setAnchor(undefined);
            onChange(next);
          }}
        />
      </Popover>
    </div>
  );
}

function CustomRange(props: {
  className: string;
  from: number;
  to: number;
  onApply(spec: RangeSpec): void;
}) {
  const t = useWords();
  const { className, onApply } = props;
  const [from, setFrom] = useState(localInput(props.from));
  const [to, setTo] = useState(localInput(props.to));
  const fromMs = Date.parse(from);
  const toMs = Date.parse(to);
  const wrongOrder = fromMs >= toMs;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onApply(absoluteRange(fromMs, toMs));
  };
  return (
    <form className={className} onSubmit={submit} aria-label={t('range.form')}>
      <TextField
        id="contention-from"
        label={t('range.from', { zone: zoneAt(props.from) })}
        type="datetime-local"
        value={from}
        onChange={event => setFrom(event.target.value)}
        inputProps={{ step: 1 }}
        InputLabelProps={{ shrink: true }}
        required
      />
      <TextField
        id="contention-to"
        label={t('range.to', { zone: zoneAt(props.to) })}
        type="datetime-local"
        value={to}
        onChange={event => setTo(event.target.value)}
        inputProps={{ step: 1 }}
        InputLabelProps={{ shrink: true }}
        error={wrongOrder}
        helperText={wrongOrder ? t('range.wrongOrder') : undefined}
        required
      />
      <Button
        type="submit"
        variant="contained"
        color="primary"
        style={{ textTransform: 'none' }}
        disabled={wrongOrder || Number.isNaN(fromMs) || Number.isNaN(toMs)}
      >
        {t('range.show')}
      </Button>
    </form>
  );
}

/** `2026-11-21T10:02:30` in the reader's zone, as date inputs want it. */
function localInput(ms: number): string {
  const date = new Date(ms);
  const local = new Date(ms - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
