/** Answering in the name of a service that the record names. What was typed stays until it is appended. */
import { useState, type FormEvent } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import MenuItem from '@material-ui/core/MenuItem';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { Evidence } from 'backstage-plugin-contention-common';
import { contentionApiRef } from '../../api';
import { FailureAlert } from '../../evidence/FailureAlert';
import { useSending } from '../../evidence/useSending';
import { useWords } from '../../translation';

/** As the backend's limit. */
const MAX_TEXT = 10_000;

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2), maxWidth: 760 },
  send: { justifySelf: 'start', textTransform: 'none' },
}));

export interface ReplyFormProps {
  record: Evidence;
  onReply(): void;
}

export function ReplyForm({ record, onReply }: ReplyFormProps) {
  const { id, mayReplyFor } = record;
  const classes = useStyles();
  const t = useWords();
  const api = useApi(contentionApiRef);
  const { isSending, failure, send } = useSending();
  const [onBehalfOf, setOnBehalfOf] = useState(mayReplyFor[0].entityRef);
  const [text, setText] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const reply = await send(() =>
      api.replyToEvidence(id, { onBehalfOf, text: text.trim() }),
    );
    if (!reply) return;
    setText('');
    onReply();
  };
  return (
    <form className={classes.root} onSubmit={submit}>
      <Typography variant="body2">
        {t('evidence.replyWhat', {
          service: mayReplyFor.map(({ title }) => title).join(', '),
        })}
      </Typography>
      {mayReplyFor.length > 1 && (
        <TextField
          id="contention-reply-for"
          select
          label={t('evidence.replyFor')}
          value={onBehalfOf}
          onChange={event => setOnBehalfOf(event.target.value)}
          variant="outlined"
          size="small"
        >
          {mayReplyFor.map(({ entityRef, title }) => (
            <MenuItem key={entityRef} value={entityRef}>
              {title}
            </MenuItem>
          ))}
        </TextField>
      )}
      <TextField
        id="contention-reply-text"
        label={t('evidence.replyText')}
        value={text}
        onChange={event => setText(event.target.value)}
        inputProps={{ maxLength: MAX_TEXT }}
        variant="outlined"
        size="small"
        multiline
        minRows={3}
      />
      <FailureAlert title={t('evidence.replyFailed')} failure={failure} />
      <Button
        type="submit"
        className={classes.send}
        variant="contained"
        color="primary"
        disabled={isSending || text.trim() === ''}
      >
        {isSending ? t('evidence.replySending') : t('evidence.replySend')}
      </Button>
    </form>
  );
}
