/** The worst pairs: who waited, who ran meanwhile, on which node, and whether that one stayed within what it asked for. */
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  Pair,
  PairsReport,
  Party,
} from 'backstage-plugin-contention-common';
import { ShareBar } from '../charts/ShareBar';
import { formatBandwidth, formatDuration } from '../format';
import { NodeLink } from '../pages/nodes/NodeLink';
import { Entitlement } from '../report/Entitlement';
import { useTabLink } from '../report/links';
import { resourceParams } from '../report/useResource';
import { Owners } from '../report/Owners';
import { PartyName } from '../report/PartyName';
import { DataTable, type Column } from '../tables/DataTable';
import { Section } from '../tables/Section';
import { swatchOf, useMode } from '../theme';
import { useWords } from '../translation';
import { ROLLUP_WORDS } from './words';

const useStyles = makeStyles(theme => ({
  small: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
  },
}));

/** Its owner; of what has none in the catalog, what the node calls it. */
function Whose({ party }: { party: Party }) {
  const isOwned = party.entities.some(({ owner }) => owner);
  if (isOwned) return <Owners entities={party.entities} />;
  return <>{party.workload?.kind}</>;
}

export function PairsTable({ report }: { report: PairsReport }) {
  const classes = useStyles();
  const t = useWords();
  const mode = useMode();
  const tabLink = useTabLink();
  const { pairs, total, direction, resource, entity, clusters } = report;
  const isCpu = resource === 'cpu';
  const words = ROLLUP_WORDS[resource];
  const own = resourceParams(resource);
  const isSuffered = direction === 'suffered';
  const victim: Column<Pair> = {
    title: t(words.victim),
    header: isSuffered,
    cell: pair => (
      <PartyName
        party={pair.victim}
        linkTo={ref => tabLink(ref, 'neighbours', own)}
        below={<Whose party={pair.victim} />}
      />
    ),
  };
  const culprit: Column<Pair> = {
    title: t(words.culprit),
    header: !isSuffered,
    cell: pair => (
      <PartyName
        party={pair.culprit}
        linkTo={ref =>
          tabLink(ref, 'neighbours', { direction: 'caused', ...own })
        }
        below={
          <>
            <Whose party={pair.culprit} />
            {pair.isInside && (
              <div>{t('rollup.inside', { name: entity.title })}</div>
            )}
          </>
        }
      />
    ),
  };
  const columns: Column<Pair>[] = [
    ...(isSuffered ? [victim, culprit] : [culprit, victim]),
    {
      title: t('rollup.node'),
      nowrap: true,
      cell: ({ node, cluster, interfaces }) => (
        <span title={cluster}>
          <NodeLink place={{ cluster, node }} resource={resource} />
          {clusters.length > 1 && (
            <span className={classes.small}> {cluster}</span>
          )}
          {interfaces && interfaces.length > 0 && (
            <div className={classes.small}>{interfaces.join(', ')}</div>
          )}
        </span>
      ),
    },
    {
      title: t('rollup.share'),
      cell: pair => {
        const other = isSuffered ? pair.culprit : pair.victim;
        return (
          <ShareBar
            share={pair.share}
            swatch={swatchOf(other.relation, other.key, mode)}
          />
        );
      },
    },
    ...(isCpu
      ? [
          {
            title: t('rollup.waiting'),
            numeric: true,
            cell: ({ waitSeconds }: Pair) => formatDuration(waitSeconds),
          },
          {
            title: t('rollup.asked'),
            cell: (pair: Pair) => <Entitlement {...pair} />,
          },
        ]
      : [
          {
            title: t('nodes.delay'),
            numeric: true,
            cell: ({ delaySeconds }: Pair) => formatDuration(delaySeconds),
          },
          {
            title: t('nodes.sentMean'),
            numeric: true,
            cell: ({ transmitMean }: Pair) => formatBandwidth(transmitMean),
          },
        ]),
  ];
  return (
    <Section
      title={t('rollup.pairs')}
      subtitle={t(words[direction].pairs, { name: entity.title })}
    >
      {pairs.length === 0 ? (
        <Typography variant="body1">{t(words.none)}</Typography>
      ) : (
        <DataTable
          caption={t('rollup.pairs')}
          columns={columns}
          rows={pairs}
          keyOf={pair =>
            JSON.stringify([
              pair.victim.key,
              pair.culprit.key,
              pair.cluster,
              pair.node,
            ])
          }
          atFirst={8}
        />
      )}
      {total.pairs > pairs.length && (
        <Typography variant="body2" color="textSecondary">
          {t('rollup.pairsMore', {
            shown: String(pairs.length),
            all: String(total.pairs),
          })}
        </Typography>
      )}
    </Section>
  );
}
