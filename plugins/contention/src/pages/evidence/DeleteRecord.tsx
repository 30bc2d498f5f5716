/** Deleting a record, after asking. Shown to those who may. */
import { useState } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogContentText from '@material-ui/core/DialogContentText';
import DialogTitle from '@material-ui/core/DialogTitle';
import { makeStyles } from '@material-ui/core/styles';
import DeleteIcon from '@material-ui/icons/DeleteOutline';
import { useNavigate } from 'react-router-dom';
import type { Evidence } from 'backstage-plugin-contention-common';
import { contentionApiRef } from '../../api';
import { FailureAlert } from '../../evidence/FailureAlert';
import { useEvidencePaths } from '../../evidence/useEvidencePaths';
import { useSending } from '../../evidence/useSending';
import { plainText } from '../../format';
import { useNotice } from '../../report/useNotice';
import { useWords } from '../../translation';

const useStyles = makeStyles(theme => ({
  open: { marginLeft: 'auto', color: theme.palette.error.main },
  actions: {
    padding: theme.spacing(2, 3),
    '& .MuiButton-root': { textTransform: 'none' },
  },
  words: { color: theme.palette.text.primary, overflowWrap: 'anywhere' },
  delete: {
    color: theme.palette.getContrastText(theme.palette.error.dark),
    background: theme.palette.error.dark,
    '&:hover': { background: theme.palette.error.dark },
  },
}));

export function DeleteRecord({ record }: { record: Evidence }) {
  const { id, title, entity } = record;
  const classes = useStyles();
  const t = useWords();
  const api = useApi(contentionApiRef);
  const notify = useNotice();
  const navigate = useNavigate();
  const paths = useEvidencePaths();
  const { isSending, failure, send } = useSending();
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const doDelete = async () => {
    const done = await send(async () => {
      await api.deleteEvidence(id);
      return true;
    });
    if (!done) return;
    notify({
      title: t('evidence.deleted'),
      status: 'success',
      timeoutMs: 5000,
    });
    navigate(paths?.listOf(entity.entityRef) ?? '..', { replace: true });
  };
  return (
    <>
      <Button
        size="small"
        className={classes.open}
        startIcon={<DeleteIcon />}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {t('evidence.delete')}
      </Button>
      <Dialog
        open={isOpen}
        onClose={close}
        aria-labelledby="contention-delete"
        aria-describedby="contention-delete-what"
      >
        <DialogTitle id="contention-delete">
          {t('evidence.deleteTitle')}
        </DialogTitle>
        <DialogContent>
          <DialogContentText
            id="contention-delete-what"
            className={classes.words}
          >
            {t('evidence.deleteBody', { title: plainText(title) })}
          </DialogContentText>
          <FailureAlert title={t('evidence.deleteFailed')} failure={failure} />
        </DialogContent>
        <DialogActions className={classes.actions}>
          <Button onClick={close}>{t('evidence.cancel')}</Button>
          <Button
            variant="contained"
            className={classes.delete}
            onClick={doDelete}
            disabled={isSending}
          >
            {isSending ? t('evidence.deleting') : t('evidence.deleteDo')}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
