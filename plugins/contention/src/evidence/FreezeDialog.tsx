/**
 * Freezing what is shown: a title, a note, the incident; then the link to the record. What was typed stays until it is
 * frozen or given up.
 */
import { useState, type FormEvent } from 'react';
import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import CheckIcon from '@material-ui/icons/CheckCircleOutline';
import LinkIcon from '@material-ui/icons/Link';
import { contentionApiRef } from '../api';
import { formatRange } from '../format';
import { useWords } from '../translation';
import { FailureAlert } from './FailureAlert';
import { webAddress } from './recordSource';
import { useCopyLink } from './useCopyLink';
import { absoluteAddress, useEvidencePaths } from './useEvidencePaths';
import { useSending } from './useSending';

/** As the backend's limits. */
const MAX_TITLE = 200;
const MAX_NOTE = 10_000;

const useStyles = makeStyles(theme => ({
  form: { display: 'grid', gap: theme.spacing(2.5) },
  actions: {
    padding: theme.spacing(2, 3),
    '& .MuiButton-root': { textTransform: 'none' },
  },
  done: { display: 'grid', gap: theme.spacing(2) },
  good: {
    verticalAlign: '-5px',
    marginRight: theme.spacing(1),
    color: theme.palette.type === 'dark' ? '#6cc78a' : '#2e7d46',
  },
}));

export interface FreezeDialogProps {
  entityRef: string;
  name: string;
  /** Epoch milliseconds. */
  range: { from: number; to: number };
  /** Absent: all clusters. */
  cluster?: string;
  onClose(): void;
  /** Something was frozen. */
  onFrozen?(id: string): void;
}

export function FreezeDialog(props: FreezeDialogProps) {
  const { onClose, onFrozen } = props;
  const [id, setId] = useState<string>();
  return (
    <Dialog
      open
      fullWidth
      maxWidth="sm"
      onClose={onClose}
      aria-labelledby="contention-freeze"
    >
      {id === undefined ? (
        <FreezeForm
          {...props}
          onFrozen={frozen => {
            setId(frozen);
            onFrozen?.(frozen);
          }}
        />
      ) : (
        <Frozen id={id} onClose={onClose} />
      )}
    </Dialog>
  );
}

function FreezeForm(props: FreezeDialogProps & { onFrozen(id: string): void }) {
  const { entityRef, name, range, cluster, onClose, onFrozen } = props;
  const classes = useStyles();
  const t = useWords();
  const api = useApi(contentionApiRef);
  const { isSending, failure, send } = useSending();
  const [title, setTitle] = useState(
    `${name}, ${formatRange(range.from, range.to)}`,
  );
  const [note, setNote] = useState('');
  const [incidentUrl, setIncidentUrl] = useState('');
  const isWrongUrl =
    incidentUrl.trim() !== '' && webAddress(incidentUrl.trim()) === undefined;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const head = await send(() =>
      api.createEvidence({
        entityRef,
        ...range,
        cluster,
        title: title.trim() || undefined,
        note: note.trim() || undefined,
        incidentUrl: incidentUrl.trim() || undefined,
      }),
    );
    if (head) onFrozen(head.id);
  };
  return (
    <form onSubmit={submit} noValidate>
      <DialogTitle id="contention-freeze">
        {t('evidence.freezeTitle', { name })}
      </DialogTitle>
      <DialogContent className={classes.form}>
        <Typography variant="body2">
          {t('evidence.freezeWhat', {
            range: <strong>{formatRange(range.from, range.to)}</strong>,
          })}
          {cluster && <> {t('evidence.freezeCluster', { cluster })}</>}
        </Typography>
        <TextField
          id="contention-freeze-title"
          label={t('evidence.fieldTitle')}
          value={title}
          onChange={event => setTitle(event.target.value)}
          inputProps={{ maxLength: MAX_TITLE }}
          variant="outlined"
          size="small"
        />
        <TextField
          id="contention-freeze-note"
          label={t('evidence.fieldNote')}
          helperText={t('evidence.fieldNoteHelp')}
          value={note}
          onChange={event => setNote(event.target.value)}
          inputProps={{ maxLength: MAX_NOTE }}
          variant="outlined"
          size="small"
          multiline
          minRows={3}
        />
        <TextField
          id="contention-freeze-incident"
          label={t('evidence.fieldIncident')}
          type="url"
          placeholder="https://"
          value={incidentUrl}
          onChange={event => setIncidentUrl(event.target.value)}
          error={isWrongUrl}
          helperText={isWrongUrl ? t('evidence.fieldIncidentWrong') : undefined}
          InputLabelProps={{ shrink: true }}
          variant="outlined"
          size="small"
        />
        <FailureAlert title={t('evidence.freezeFailed')} failure={failure} />
      </DialogContent>
      <DialogActions className={classes.actions}>
        <Button onClick={onClose}>{t('evidence.cancel')}</Button>
        <Button
          type="submit"
          variant="contained"
          color="primary"
          disabled={isSending || isWrongUrl}
        >
          {isSending ? t('evidence.freezing') : t('evidence.freezeDo')}
        </Button>
      </DialogActions>
    </form>
  );
}

function Frozen({ id, onClose }: { id: string; onClose(): void }) {
  const classes = useStyles();
  const t = useWords();
  const copyLink = useCopyLink();
  const path = useEvidencePaths()?.record(id);
  const address = path && absoluteAddress(path);
  return (
    <>
      <DialogTitle id="contention-freeze">
        <CheckIcon className={classes.good} aria-hidden />
        {t('evidence.frozenTitle')}
      </DialogTitle>
      <DialogContent className={classes.done} role="status">
        <Typography variant="body2">{t('evidence.frozenBody')}</Typography>
        <TextField
          id="contention-frozen-link"
          label={t('evidence.linkOfRecord')}
          value={address ?? id}
          variant="outlined"
          size="small"
          fullWidth
          InputProps={{ readOnly: true }}
          onFocus={event => event.target.select()}
        />
      </DialogContent>
      <DialogActions className={classes.actions}>
        <Button onClick={onClose}>{t('evidence.close')}</Button>
        {path && address && (
          <>
            <Button component={Link} to={path} onClick={onClose}>
              {t('evidence.openRecord')}
            </Button>
            <Button
              variant="contained"
              color="primary"
              startIcon={<LinkIcon />}
              onClick={() => copyLink(address)}
            >
              {t('evidence.copyLink')}
            </Button>
          </>
        )}
      </DialogActions>
    </>
  );
}
