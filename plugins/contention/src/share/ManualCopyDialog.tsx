/** What the browser would not copy, to be copied by hand: clipboards are closed without TLS, and to readers who said no. */
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { useWords } from '../translation';

export type Uncopied =
  | { type: 'text'; text: string }
  | { type: 'picture'; url: string; name: string };

export interface ManualCopyDialogProps {
  uncopied: Uncopied;
  onClose(): void;
}

export function ManualCopyDialog(props: ManualCopyDialogProps) {
  const { uncopied, onClose } = props;
  const t = useWords();
  return (
    <Dialog
      open
      onClose={onClose}
      maxWidth="md"
      fullWidth
      aria-labelledby="contention-uncopied"
    >
      <DialogTitle id="contention-uncopied">{t('share.closed')}</DialogTitle>
      <DialogContent>
        {uncopied.type === 'text' ? (
          <>
            <Typography paragraph>{t('share.byHand')}</Typography>
            <TextField
              id="contention-uncopied-text"
              value={uncopied.text}
              multiline
              fullWidth
              variant="outlined"
              onFocus={event => event.target.select()}
              inputProps={{ readOnly: true, 'aria-label': t('share.theText') }}
            />
          </>
        ) : (
          <>
            <Typography paragraph>{t('share.pictureByHand')}</Typography>
            <img
              src={uncopied.url}
              alt={t('share.thePicture')}
              style={{ maxWidth: '100%' }}
            />
          </>
        )}
      </DialogContent>
      <DialogActions>
        {uncopied.type === 'picture' && (
          <Button
            component="a"
            href={uncopied.url}
            download={uncopied.name}
            color="primary"
          >
            {t('share.save')}
          </Button>
        )}
        <Button onClick={onClose} color="primary">
          {t('share.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
