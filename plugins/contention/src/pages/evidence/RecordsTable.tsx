/** Records as rows: what each says, of when, who froze it; those that nobody froze by hand are marked. */
import { InfoCard, Link } from '@backstage/core-components';
import Chip from '@material-ui/core/Chip';
import { makeStyles } from '@material-ui/core/styles';
import type { EvidenceHead } from 'backstage-plugin-contention-common';
import { useEvidencePaths } from '../../evidence/useEvidencePaths';
import { formatMoment, formatRange, plainText } from '../../format';
import { Sentence } from '../../sentence/Sentence';
import { Moment } from '../../states/Moment';
import { DataTable } from '../../tables/DataTable';
import { useWords } from '../../translation';
import { originWords, Person } from './RecordFacts';

const useStyles = makeStyles(theme => ({
  title: {
    fontWeight: 600,
    unicodeBidi: 'isolate',
    overflowWrap: 'anywhere',
  },
  chip: {
    height: 20,
    fontSize: theme.typography.pxToRem(12),
    margin: theme.spacing(0.5, 0, 0),
  },
  small: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
  },
}));

export interface RecordsTableProps {
  name: string;
  records: readonly EvidenceHead[];
}

export function RecordsTable({ name, records }: RecordsTableProps) {
  const classes = useStyles();
  const t = useWords();
  const paths = useEvidencePaths();
  return (
    <InfoCard>
      <DataTable<EvidenceHead>
        caption={t('evidence.listTitle', { name })}
        columns={[
          {
            title: t('evidence.columnRecord'),
            header: true,
            cell: ({ id, title, origin }) => (
              <>
                <Link to={paths?.record(id) ?? ''} className={classes.title}>
                  {plainText(title)}
                </Link>
                {origin !== 'manual' && (
                  <div>
                    <Chip
                      className={classes.chip}
                      size="small"
                      variant="outlined"
                      label={t('evidence.automatic')}
                      title={originWords(origin, t)}
                    />
                  </div>
                )}
              </>
            ),
          },
          {
            title: t('evidence.columnSaid'),
            width: '45%',
            cell: ({ verdict }) => <Sentence sentence={verdict.sentence} />,
          },
          {
            title: t('evidence.columnRange'),
            nowrap: true,
            cell: ({ range, cluster }) => (
              <>
                {formatRange(range.from, range.to)}
                {cluster && <div className={classes.small}>{cluster}</div>}
              </>
            ),
          },
          {
            title: t('evidence.columnFrozen'),
            nowrap: true,
            cell: ({ createdAt, createdBy }) => (
              <>
                <Moment at={createdAt}>
                  {formatMoment(Math.floor(createdAt / 1000) * 1000)}
                </Moment>
                <div className={classes.small}>
                  <Person person={createdBy} />
                </div>
              </>
            ),
          },
          {
            title: t('evidence.columnReplies'),
            numeric: true,
            cell: ({ replyCount }) => replyCount,
          },
        ]}
        rows={records}
        keyOf={({ id }) => id}
      />
    </InfoCard>
  );
}
