/** What those answered whom the record names, and the form for those who may. Who may not is told who may. */
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  Evidence,
  EvidenceReply,
} from 'backstage-plugin-contention-common';
import { accusedOf } from '../../evidence/recordSource';
import { formatFull, plainText } from '../../format';
import { Moment } from '../../states/Moment';
import { Section } from '../../tables/Section';
import { useWords, type Words } from '../../translation';
import { Person } from './RecordFacts';
import { ReplyForm } from './ReplyForm';

const useStyles = makeStyles(theme => ({
  list: {
    listStyle: 'none',
    margin: theme.spacing(0, 0, 2),
    padding: 0,
    display: 'grid',
    gap: theme.spacing(2),
    maxWidth: '100ch',
  },
  by: { color: theme.palette.text.secondary },
  text: {
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    unicodeBidi: 'isolate',
  },
}));

export interface RepliesProps {
  record: Evidence;
  onReply(): void;
}

export function Replies({ record, onReply }: RepliesProps) {
  const classes = useStyles();
  const t = useWords();
  const { replies, mayReplyFor } = record;
  return (
    <Section title={t('evidence.repliesTitle')}>
      {replies.length > 0 && (
        <ul className={classes.list}>
          {replies.map(reply => (
            <Reply key={reply.id} reply={reply} />
          ))}
        </ul>
      )}
      {mayReplyFor.length > 0 ? (
        <ReplyForm record={record} onReply={onReply} />
      ) : (
        <Typography variant="body2" color="textSecondary">
          {replies.length === 0 && `${t('evidence.repliesNone')} `}
          {whoMay(record, t)}
        </Typography>
      )}
    </Section>
  );
}

function Reply({ reply }: { reply: EvidenceReply }) {
  const classes = useStyles();
  const t = useWords();
  const { at, by, onBehalfOf, text } = reply;
  return (
    <li>
      <Typography variant="body2" className={classes.by}>
        {t('evidence.replyBy', {
          who: <Person key="who" person={by} />,
          service: (
            <EntityRefLink
              key="service"
              entityRef={onBehalfOf.entityRef}
              title={onBehalfOf.title}
              style={{ textDecoration: 'underline' }}
            />
          ),
        })}
        , <Moment at={at}>{formatFull(at)}</Moment>
      </Typography>
      <Typography variant="body1" className={classes.text}>
        {plainText(text)}
      </Typography>
    </li>
  );
}

function whoMay(record: Evidence, t: Words): string {
  const accused = accusedOf(record);
  if (accused.length === 0) return t('evidence.replyNobody');
  const owners = accused.map(({ title, owner }) =>
    owner ? `${title} (${owner.title})` : title,
  );
  return t('evidence.replyOwners', { owners: owners.join(', ') });
}
