/** Entities that run and have no data, each with the reason. */
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import type {
  CoverageReport,
  UncoveredEntity,
} from 'backstage-plugin-contention-common';
import { Owners } from '../../report/Owners';
import { CodeBlock } from '../../states/CodeBlock';
import { useWords } from '../../translation';
import { ListView } from './ListView';

const useStyles = makeStyles(theme => ({
  name: { fontWeight: 600 },
  small: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
  },
  looked: { margin: 0, paddingLeft: theme.spacing(2) },
  lines: { minWidth: 260, maxWidth: 640 },
}));

const GAPS = {
  'no-pods': 'coverage.noPods',
  'not-annotated': 'coverage.notAnnotated',
  'not-understood': 'coverage.notUnderstood',
} as const;

export function EntitiesList({ report }: { report: CoverageReport }) {
  const classes = useStyles();
  const t = useWords();
  return (
    <ListView<UncoveredEntity>
      caption={t('coverage.entity')}
      rows={report.entities}
      keyOf={row => row.entity.entityRef}
      left={report.left.entities}
      empty={t('coverage.allData')}
      textOf={({ entity, kind, type, lookedFor }) =>
        [
          entity.entityRef,
          entity.title,
          entity.owner?.title,
          kind,
          type,
          ...lookedFor,
        ].join(' ')
      }
      filter={{
        label: t('coverage.gap'),
        options: Object.entries(GAPS).map(([value, key]) => ({
          value,
          text: t(key),
        })),
        valueOf: row => row.gap,
      }}
      sheetOf={rows => ({
        columns: ['entity', 'type', 'owner', 'gap', 'lookedFor', 'annotations'],
        rows: rows.map(row => [
          row.entity.entityRef,
          row.type,
          row.entity.owner?.entityRef,
          row.gap,
          row.lookedFor.join('\n'),
          row.annotations,
        ]),
      })}
      columns={[
        {
          title: t('coverage.entity'),
          header: true,
          cell: ({ entity, kind, type }) => (
            <>
              <span className={classes.name}>
                <EntityRefLink
                  entityRef={entity.entityRef}
                  title={entity.title}
                />
              </span>
              <div className={classes.small}>
                {[kind, type].filter(Boolean).join(' · ')}
              </div>
            </>
          ),
        },
        {
          title: t('coverage.owner'),
          cell: ({ entity }) => <Owners entities={[entity]} />,
        },
        { title: t('coverage.gap'), cell: ({ gap }) => t(GAPS[gap]) },
        {
          title: t('coverage.lookedFor'),
          width: '50%',
          cell: ({ entity, annotations, lookedFor }) =>
            annotations ? (
              <div className={classes.lines}>
                <CodeBlock
                  text={annotations}
                  label={`${t('coverage.add')}: ${entity.title}`}
                />
              </div>
            ) : (
              <ul className={classes.looked}>
                {lookedFor.map(line => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            ),
        },
      ]}
    />
  );
}
