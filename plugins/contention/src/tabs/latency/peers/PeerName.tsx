/** Who is at the other end: a link where the catalog knows it, else what the cluster calls it, else an address. */
import { Link } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import LockIcon from '@material-ui/icons/LockOutlined';
import {
  addressText,
  type Party,
  type Peer,
} from 'backstage-plugin-contention-common';
import { useTabLink } from '../../../report/links';
import { useWords } from '../../../translation';
import { peerName } from './words';

const useStyles = makeStyles(theme => ({
  root: { minWidth: 150 },
  name: { fontWeight: 600, overflowWrap: 'anywhere' },
  detail: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
    fontWeight: 400,
  },
  lock: { fontSize: 14, verticalAlign: '-2px', marginRight: 4 },
}));

export interface PeerNameProps {
  peer: Pick<Peer, 'kind'> & { party?: Party };
  addresses: Peer['addresses'];
  addressCount: number;
}

export function PeerName({ peer, addresses, addressCount }: PeerNameProps) {
  const classes = useStyles();
  const t = useWords();
  const tabLink = useTabLink();
  const { kind, party } = peer;
  const entities = party?.entities ?? [];
  const texts = addresses.map(({ address, port }) =>
    addressText(address, port),
  );
  const [first, ...more] = texts;
  const label = kind === 'address' ? first : undefined;
  return (
    <div className={classes.root}>
      <div className={classes.name}>
        {kind === 'hidden' && (
          <LockIcon
            className={classes.lock}
            titleAccess={t('report.mayNotSee')}
          />
        )}
        {entities.length === 0 && peerName({ kind, party, label }, t)}
        {entities.map((entity, index) => (
          <span key={entity.entityRef}>
            {index > 0 && ` ${t('report.eitherOr')} `}
            <Link to={tabLink(entity.entityRef, 'latency')}>
              {entity.title}
            </Link>
          </span>
        ))}
      </div>
      <div className={classes.detail} title={texts.join(', ')}>
        <Detail kind={kind} first={first} />
        {addressCount > 1 && kind !== 'others' && more.length > 0 && (
          <div>
            {t('peers.moreAddresses', {
              count: addressCount - 1,
              number: String(addressCount - 1),
            })}
          </div>
        )}
      </div>
    </div>
  );
}

function Detail({
  kind,
  first,
}: {
  kind: Peer['kind'];
  first: string | undefined;
}) {
  const t = useWords();
  switch (kind) {
    case 'own-pod':
      return <>{t('peers.ownPodMeans')}</>;
    case 'others':
      return <>{t('peers.othersMeans')}</>;
    case 'hidden':
      return <>{t('peers.hidden')}</>;
    case 'address':
      return <>{t('peers.address')}</>;
    case 'service':
      return (
        <>
          {first} <div>{t('peers.service')}</div>
        </>
      );
    default:
      return <>{first}</>;
  }
}
