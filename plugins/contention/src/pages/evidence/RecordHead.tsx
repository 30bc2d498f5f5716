/** What a record is: its sentence, of what and when, who froze it and why, its hash, and what one can do with it. */
import Card from '@material-ui/core/Card';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { Evidence } from 'backstage-plugin-contention-common';
import { plainText } from '../../format';
import { Sentence } from '../../sentence/Sentence';
import { useWords } from '../../translation';
import { RecordActions } from './RecordActions';
import { RecordFacts } from './RecordFacts';

const useStyles = makeStyles(theme => ({
  inside: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: theme.spacing(2),
    padding: theme.spacing(2.5, 3),
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(2) },
  },
  sentence: {
    lineHeight: 1.5,
    maxWidth: '90ch',
    textWrap: 'pretty',
  },
  note: {
    margin: 0,
    padding: theme.spacing(1, 2),
    borderLeft: `3px solid ${theme.palette.divider}`,
    maxWidth: '100ch',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    unicodeBidi: 'isolate',
  },
}));

export function RecordHead({ record }: { record: Evidence }) {
  const { verdict, note } = record;
  const classes = useStyles();
  const t = useWords();
  return (
    <Card data-testid="contention-record">
      <div className={classes.inside}>
        <Typography variant="body1" className={classes.sentence}>
          <Sentence sentence={verdict.sentence} />
        </Typography>
        {note && (
          <blockquote
            className={classes.note}
            aria-label={t('evidence.noteTitle')}
          >
            {plainText(note)}
          </blockquote>
        )}
        <RecordFacts record={record} />
        <RecordActions record={record} />
      </div>
    </Card>
  );
}
