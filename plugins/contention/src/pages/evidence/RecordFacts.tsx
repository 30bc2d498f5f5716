/** Of what, of when, by whom, and whether it is still what was frozen. */
import type { ReactNode } from 'react';
import { CopyTextButton, Link } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import CheckIcon from '@material-ui/icons/Check';
import ReportProblemIcon from '@material-ui/icons/ReportProblemOutlined';
import type { Evidence } from 'backstage-plugin-contention-common';
import { webAddress } from '../../evidence/recordSource';
import { formatFull, formatRange, plainText } from '../../format';
import { Owners } from '../../report/Owners';
import { Moment } from '../../states/Moment';
import { useWords, type Words } from '../../translation';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    gap: theme.spacing(0.75, 2),
    margin: 0,
    fontSize: theme.typography.pxToRem(14),
    fontVariantNumeric: 'tabular-nums',
    overflowWrap: 'anywhere',
    [theme.breakpoints.down('xs')]: {
      gridTemplateColumns: 'minmax(0, 1fr)',
      gap: 0,
    },
  },
  name: { color: theme.palette.text.secondary },
  fact: {
    margin: 0,
    [theme.breakpoints.down('xs')]: { marginBottom: theme.spacing(1) },
  },
  hash: {
    fontFamily: 'Menlo, Consolas, "DejaVu Sans Mono", monospace',
    fontSize: theme.typography.pxToRem(12),
  },
  icon: { fontSize: 18, verticalAlign: '-4px', marginRight: 4 },
  good: { color: theme.palette.type === 'dark' ? '#6cc78a' : '#2e7d46' },
  bad: { color: theme.palette.error.main },
}));

export function RecordFacts({ record }: { record: Evidence }) {
  const classes = useStyles();
  const t = useWords();
  const { entity, range, cluster, incidentUrl, software } = record;
  const facts: Array<[string, ReactNode]> = [
    [t('evidence.factEntity'), <Subject key="entity" record={record} />],
    [
      t('evidence.factOwner'),
      entity.owner && <Owners key="owner" entities={[entity]} />,
    ],
    [
      t('evidence.factRange'),
      <span
        key="range"
        title={`${formatFull(range.from)} – ${formatFull(range.to)}`}
      >
        {formatRange(range.from, range.to)}
      </span>,
    ],
    [t('evidence.factCluster'), cluster],
    [t('evidence.factFrozen'), <Frozen key="frozen" record={record} />],
    [
      t('evidence.factIncident'),
      incidentUrl && <Incident key="incident" text={incidentUrl} />,
    ],
    [t('evidence.factSoftware'), `${software.name} ${software.version}`],
    [t('evidence.factIntegrity'), <Integrity key="hash" record={record} />],
  ];
  return (
    <dl className={classes.root}>
      {facts.map(([name, fact]) =>
        fact ? (
          <div key={name} style={{ display: 'contents' }}>
            <dt className={classes.name}>{name}</dt>
            <dd className={classes.fact}>{fact}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

function Subject({ record }: { record: Evidence }) {
  const { entity, entityExists } = record;
  const t = useWords();
  return entityExists ? (
    <EntityRefLink entityRef={entity.entityRef} title={entity.title} />
  ) : (
    <>{t('evidence.entityGone', { name: entity.title })}</>
  );
}

function Frozen({ record }: { record: Evidence }) {
  const { createdAt, createdBy, origin } = record;
  const t = useWords();
  return (
    <>
      {t('evidence.frozenBy', {
        moment: <Moment at={createdAt}>{formatFull(createdAt)}</Moment>,
        who: <Person key="who" person={createdBy} />,
      })}
      , {originWords(origin, t)}
    </>
  );
}

export function Person({ person }: { person: Evidence['createdBy'] }) {
  const { entityRef, title } = person;
  return entityRef ? (
    <EntityRefLink
      entityRef={entityRef}
      title={plainText(title)}
      style={{ textDecoration: 'underline' }}
    />
  ) : (
    <>{plainText(title)}</>
  );
}

export function originWords(origin: Evidence['origin'], t: Words): string {
  switch (origin) {
    case 'link':
      return t('evidence.link');
    case 'webhook':
      return t('evidence.webhook');
    default:
      return t('evidence.manual');
  }
}

/** A link only where it is one to the web, whatever is in the record. */
function Incident({ text }: { text: string }) {
  const address = webAddress(text);
  return address ? (
    <Link to={address} rel="noopener noreferrer" target="_blank">
      {plainText(text)}
    </Link>
  ) : (
    <>{plainText(text)}</>
  );
}

function Integrity({ record }: { record: Evidence }) {
  const { hash, integrity, redacted } = record;
  const classes = useStyles();
  const t = useWords();
  const isIntact = integrity.state === 'intact';
  const Icon = isIntact ? CheckIcon : ReportProblemIcon;
  const intact = redacted ? t('evidence.intactRedacted') : t('evidence.intact');
  return (
    <>
      <Icon
        className={`${classes.icon} ${isIntact ? classes.good : classes.bad}`}
        aria-hidden
      />
      {isIntact ? intact : <strong>{t('evidence.altered')}</strong>}
      <br />
      <span className={classes.hash}>{hash}</span>
      <CopyTextButton
        text={hash}
        tooltipText={t('states.copied')}
        variant="tertiary"
        aria-label={t('states.copy', { what: t('evidence.hash') })}
      />
    </>
  );
}
