/** Every service, worst first; of those without figures, why they have none. */
import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { Member, PairsReport } from 'backstage-plugin-contention-common';
import { ColourKey } from '../charts/ColourKey';
import { formatDuration, formatShare } from '../format';
import { useTabLink, type Tab } from '../report/links';
import { Owners } from '../report/Owners';
import { DataTable } from '../tables/DataTable';
import { Section } from '../tables/Section';
import { swatchOf, useMode, WORDS } from '../theme';
import { useWords } from '../translation';

const useStyles = makeStyles(theme => ({
  name: { fontWeight: 600 },
  small: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
  },
  mostly: { display: 'flex', gap: theme.spacing(1) },
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
  const { members, entity, direction } = report;
  const extra = direction === 'caused' ? { direction } : undefined;
  const figure = (value: (member: Member) => string) => (member: Member) =>
    member.state === 'measured' ? value(member) : '';
  return (
    <Section
      title={t('rollup.members')}
      subtitle={t('rollup.membersWhat', { name: entity.title })}
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
                      extra ? 'neighbours' : tabOf(member),
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
                    {member.main ? WORDS[member.main] : t('rollup.hardly')}
                  </span>
                ) : (
                  <span className={classes.small}>{t(WHY[member.state])}</span>
                ),
            },
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
              cell: figure(({ neighbourSeconds }) =>
                formatDuration(neighbourSeconds),
              ),
            },
            {
              title: t('rollup.causedShort'),
              numeric: true,
              cell: figure(({ causedSeconds }) =>
                formatDuration(causedSeconds),
              ),
            },
          ]}
        />
      )}
    </Section>
  );
}
