/** Somebody who waits or is waited for, by name: links for those in the catalog, plain words for everybody else. */
import type { ReactNode } from 'react';
import { Link } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import LockIcon from '@material-ui/icons/LockOutlined';
import type { Party, Workload } from 'backstage-plugin-contention-common';
import { ColourKey } from '../charts/ColourKey';
import { swatchOf, useMode, WORDS } from '../theme';
import { useWords } from '../translation';

const useStyles = makeStyles(theme => ({
  root: { display: 'flex', gap: theme.spacing(1), minWidth: 180 },
  key: { paddingTop: 1 },
  name: { fontWeight: 600, overflowWrap: 'anywhere' },
  detail: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
    maxWidth: 230,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  below: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
  },
  lock: { fontSize: 14, verticalAlign: '-2px', marginRight: 4 },
}));

/** The cgroup of whoever is in no other one: its name says nothing. */
const ROOT = '/';

export interface PartyNameProps {
  party: Party;
  linkTo(entityRef: string): string;
  /** Instead of the party's own name, where it is no neighbour. */
  word?: string;
  /** Below the name, instead of what the node calls it. */
  below?: ReactNode;
}

export function PartyName({ party, linkTo, word, below }: PartyNameProps) {
  const classes = useStyles();
  const mode = useMode();
  const t = useWords();
  const { entities, name, redacted, workload, via } = party;
  const swatch = swatchOf(party.relation, party.key, mode);
  const place = workload && workloadText(workload);
  const details = [
    // Whatever has no name of its own is called by the English word.
    word && name !== word && name !== WORDS[party.relation] ? name : undefined,
    place === name || place === ROOT ? undefined : place,
    via === 'softirq' ? t('report.networkWork') : undefined,
    entities.length > 1 ? t('report.severalClaim') : undefined,
  ].filter(Boolean);
  return (
    <div className={classes.root}>
      <span className={classes.key}>
        <ColourKey swatch={swatch} />
      </span>
      <div>
        <div className={classes.name}>
          {redacted && (
            <LockIcon
              className={classes.lock}
              titleAccess={t('report.mayNotSee')}
            />
          )}
          {word ?? (entities.length === 0 ? name : undefined)}
          {!word &&
            entities.map((entity, index) => (
              <span key={entity.entityRef}>
                {index > 0 && ` ${t('report.eitherOr')} `}
                <Link to={linkTo(entity.entityRef)}>{entity.title}</Link>
              </span>
            ))}
        </div>
        {below !== undefined && <div className={classes.below}>{below}</div>}
        {below === undefined && details.length > 0 && (
          <div className={classes.detail} title={details.join(' · ')}>
            {details.join(' · ')}
          </div>
        )}
      </div>
    </div>
  );
}

/** `shop/checkout-7d9f (app)`, `nightly.service`, `/batch/nightly`: how the node calls it. */
export function workloadText(workload: Workload): string | undefined {
  const { namespace, pod, name, container, systemdUnit, cgroupPath } = workload;
  const subject = pod ?? name;
  if (subject) {
    const place = namespace ? `${namespace}/${subject}` : subject;
    return container ? `${place} (${container})` : place;
  }
  return container ?? systemdUnit ?? cgroupPath;
}
