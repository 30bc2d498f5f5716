/** Every service, worst first; of those without figures, why they have none. */
import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { Member, PairsReport } from 'backstage-plugin-contention-common';
import { ColourKey } from '../charts/ColourKey';
import {
  formatCount,
  formatDuration,
  formatNumber,
  formatShare,
} from '../format';
import { useTabLink, type Tab } from '../report/links';
import { Owners } from '../report/Owners';
import { DataTable, type Column } from '../tables/DataTable';
import { Section } from '../tables/Section';
import { viewParams } from '../tabs/neighbours/words';
import { swatchOf, useMode, usePartWords } from '../theme';
import { useWords } from '../translation';
import { ROLLUP_WORDS } from './words';

const useStyles = makeStyles(theme => ({
  name: { fontWeight: 600 },
  small: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
  },
  // On a telephone, words stay whole.
  mostly: { display: 'flex', gap: theme.spacing(1), minWidth: 120 },
}));

const WHY = {
  'no-data': 'rollup.noData',
  'not-annotated': 'rollup.notAnnotated',
  forbidden: 'rollup.forbidden',
} as const;

/** Where the proof is. */
function tabOf({ main }: Member): Tab {
  return main === 'limit' ? 'throttling' : 'neighbours';
}

export function MembersTable({ report }: { report: PairsReport }) {
  const classes = useStyles();
  const t = useWords();
  const mode = useMode();
  const tabLink = useTabLink();
  const { members, entity, direction, resource, range } = report;
  const isCpu = resource === 'cpu';
  const { relationWord, behindWord } = usePartWords();
  const isCaused = direction === 'caused';
  const extra = viewParams(direction, resource);
  const figure = (value: (member: Member) => string) => (member: Member) =>
    member.state === 'measured' ? value(member) : '';
  const ofCpu: Column<Member>[] = [
    {
      title: t('rollup.waitShareShort'),
      numeric: true,
      cell: figure(({ waitShare }) => formatShare(waitShare)),
    },
    {
      title: t('rollup.waiting'),
      numeric: true,
      cell: figure(({ waitSeconds }) => formatDuration(waitSeconds)),
    },
    {
      title: t('rollup.neighbourShort'),
      numeric: true,
      cell: figure(({ neighbourSeconds }) => formatDuration(neighbourSeconds)),
    },
    {
      title: t('rollup.causedShort'),
      numeric: true,
      cell: figure(({ causedSeconds }) => formatDuration(causedSeconds)),
    },
  ];
  const perSecond = (range.to - range.from) / 1000;
  const ofNetwork: Column<Member>[] = [
    {
      title: t('nodes.delay'),
      numeric: true,
      cell: figure(({ waitSeconds, packets = 0 }) =>
        formatDuration(packets > 0 ? waitSeconds / packets : undefined),
      ),
    },
    {
      title: t('neighbours.behindNeighbours'),
      numeric: true,
      cell: figure(({ waitSeconds, neighbourSeconds }) =>
        formatShare(
          waitSeconds > 0
            ? Math.min(1, neighbourSeconds / waitSeconds)
            : undefined,
        ),
      ),
    },
    {
      title: t('neighbours.packets'),
      numeric: true,
      cell: figure(({ packets }) => formatCount(packets)),
    },
    {
      title: t('rollup.othersBehind'),
      numeric: true,
      cell: figure(({ causedSeconds }) =>
        formatNumber(causedSeconds / perSecond),
      ),
    },
  ];
  return (
    <Section
      title={t('rollup.members')}
      subtitle={t(ROLLUP_WORDS[resource].members, { name: entity.title })}
    >
      {members.length === 0 ? (
        <Typography variant="body1">
          {t('rollup.membersNone', { name: entity.title })}
        </Typography>
      ) : (
        <DataTable
          caption={t('rollup.members')}
          rows={members}
          keyOf={member => member.entity.entityRef}
          atFirst={25}
          columns={[
            {
              title: t('rollup.name'),
              header: true,
              nowrap: true,
              cell: member => (
                <>
                  <Link
                    className={classes.name}
                    to={tabLink(
                      member.entity.entityRef,
                      isCaused ? 'neighbours' : tabOf(member),
                      extra,
                    )}
                  >
                    {member.entity.title}
                  </Link>
                  {member.type && (
                    <div className={classes.small}>{member.type}</div>
                  )}
                </>
              ),
            },
            {
              title: t('coverage.owner'),
              nowrap: true,
              cell: member => <Owners entities={[member.entity]} />,
            },
            {
              title: t('rollup.mostly'),
              cell: member =>
                member.state === 'measured' ? (
                  <span className={classes.mostly}>
                    {member.main && (
                      <ColourKey
                        swatch={swatchOf(member.main, member.main, mode)}
                      />
                    )}
                    {member.main
                      ? (isCpu ? relationWord : behindWord)(member.main)
                      : t('rollup.hardly')}
                  </span>
                ) : (
                  <span className={classes.small}>{t(WHY[member.state])}</span>
                ),
            },
            ...(isCpu ? ofCpu : ofNetwork),
          ]}
        />
      )}
    </Section>
  );
}
