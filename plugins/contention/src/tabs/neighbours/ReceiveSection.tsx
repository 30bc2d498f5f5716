/**
 * How the receive side of nodes kept up; and where more packets came than a CPU could take up, who had sent them, as far as that was
 * watched.
 */
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  NetworkQueue,
  Party,
  ReceivePressure,
} from 'backstage-plugin-contention-common';
import { ShareBar } from '../../charts/ShareBar';
import { formatCount, formatDuration, formatShare } from '../../format';
import { NodeLink } from '../../pages/nodes/NodeLink';
import { useTabLink } from '../../report/links';
import { Owners } from '../../report/Owners';
import { PartyName } from '../../report/PartyName';
import { DataTable } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { swatchOf, useMode } from '../../theme';
import { useWords, type Words } from '../../translation';
import { viewParams } from './words';

const useStyles = makeStyles(theme => ({
  pressure: { marginTop: theme.spacing(3) },
  sentence: { maxWidth: '110ch', marginBottom: theme.spacing(1) },
}));

type Receive = NetworkQueue['receive'][number];
type Sender = ReceivePressure['senders'][number];

/** @param name - of the entity whose nodes they are; absent: the page is a node's */
export function ReceiveSection({
  receive,
  name,
}: {
  receive: readonly Receive[];
  name?: string;
}) {
  const t = useWords();
  if (receive.length === 0) return null;
  return (
    <Section
      title={t('neighbours.receive')}
      subtitle={t('neighbours.receiveHow')}
    >
      <DataTable<Receive>
        caption={t('neighbours.receive')}
        columns={[
          {
            title: t('report.node'),
            header: true,
            nowrap: true,
            cell: place => <NodeLink place={place} resource="network" />,
          },
          {
            title: t('neighbours.packets'),
            numeric: true,
            cell: ({ packets }) => formatCount(packets),
          },
          {
            title: t('neighbours.receiveDrops'),
            numeric: true,
            cell: ({ drops }) => formatCount(drops),
          },
          {
            title: t('neighbours.squeezed'),
            numeric: true,
            cell: ({ squeezed }) => formatCount(squeezed),
          },
        ]}
        rows={receive}
        keyOf={({ cluster, node }) => `${cluster}/${node}`}
        atFirst={8}
      />
      {receive.filter(hadTooMany).map(place => (
        <Pressure
          key={`${place.cluster}/${place.node}`}
          place={place}
          name={name}
        />
      ))}
    </Section>
  );
}

function hadTooMany({ drops, squeezed, pressure }: Receive): boolean {
  return pressure ? pressure.pressedSeconds > 0 : drops + squeezed > 0;
}

/** One node on which more packets came than a CPU could take up. */
function Pressure({ place, name }: { place: Receive; name?: string }) {
  const t = useWords();
  const mode = useMode();
  const classes = useStyles();
  const tabLink = useTabLink();
  const { node, pressure } = place;
  const senders = pressure?.senders ?? [];
  return (
    <div className={classes.pressure}>
      <Typography variant="body1" className={classes.sentence}>
        {[pressureWords(place, t), ownWords(place, name, t)]
          .filter(Boolean)
          .join(' ')}
      </Typography>
      {senders.length > 0 && (
        <DataTable<Sender>
          caption={t('neighbours.senders', { node })}
          columns={[
            {
              title: t('neighbours.sender'),
              header: true,
              cell: ({ party }) => (
                <PartyName
                  party={party}
                  word={senderWord(party, t)}
                  below={senderWord(party, t) && ''}
                  linkTo={ref =>
                    tabLink(ref, 'neighbours', viewParams('caused', 'network'))
                  }
                />
              ),
            },
            {
              title: t('report.owner'),
              nowrap: true,
              cell: ({ party }) => <Owners entities={party.entities} />,
            },
            {
              title: t('neighbours.senderShare'),
              width: '28%',
              cell: ({ party, share }) => (
                <ShareBar
                  share={share}
                  swatch={swatchOf(party.relation, party.key, mode)}
                />
              ),
            },
            {
              title: t('neighbours.packets'),
              numeric: true,
              cell: ({ packets }) => formatCount(packets),
            },
          ]}
          rows={senders}
          keyOf={({ party }) => party.key}
          atFirst={5}
        />
      )}
    </div>
  );
}

/** Who is no party of its own. */
function senderWord({ relation, workload }: Party, t: Words) {
  if (relation === 'self') return t('neighbours.senderSelf');
  if (relation === 'unknown') return t('neighbours.senderUnknown');
  if (relation === 'host' && !workload) return t('neighbours.senderHost');
  return undefined;
}

function senderName(party: Party, t: Words): string {
  const owners = new Set(
    party.entities.flatMap(({ owner }) => (owner ? [owner.title] : [])),
  );
  const who = senderWord(party, t) ?? party.name;
  return owners.size > 0
    ? t('neighbours.senderOf', { who, owner: [...owners].join(', ') })
    : who;
}

/** In how much of the time, and whose packets most of them were. */
function pressureWords({ node, pressure }: Receive, t: Words): string {
  if (!pressure) return t('neighbours.pressureUnseen', { node });
  const [top] = pressure.senders;
  const pressed = formatDuration(pressure.pressedSeconds);
  if (!top) return t('neighbours.pressureUnwatched', { node, pressed });
  return t('neighbours.pressure', {
    node,
    pressed,
    watched: formatDuration(pressure.watchedSeconds),
    share: formatShare(top.share),
    sender: senderName(top.party, t),
  });
}

function ownWords(
  { drops, ownDrops = 0 }: Receive,
  name: string | undefined,
  t: Words,
): string | undefined {
  return name === undefined || ownDrops <= 0
    ? undefined
    : t('neighbours.ownDrops', {
        name,
        own: formatCount(ownDrops),
        all: formatCount(Math.max(drops, ownDrops)),
      });
}
