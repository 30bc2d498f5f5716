/**
 * A record as one reader may see it. Reports are stored with every name; here the names of whom the reader may not see are
 * taken out: of parties, sentences, layers, nodes, replies and people, wherever in the record they are. Knows the shapes that
 * name somebody; refuses to know who the reader is. Pure.
 */
import type {
  EntityLink,
  EvidencePerson,
  EvidenceReply,
  EvidenceReports,
  Layer,
  Party,
  Sentence,
  SentencePart,
} from 'backstage-plugin-contention-common';
import { reachesNow } from '../reports/freshness';
import { findingOf, hidePeers, isHidden } from '../reports/peers';
import { hiddenKey, REDACTED_NAME, sayParty } from '../reports/present';
import { SentenceBuilder, textOf } from '../reports/sentence';
import type { RecordHead } from './record';

export const REDACTED_PERSON = 'somebody whom you may not see';

/** Where the schema wants a reference: leads nowhere. */
const HIDDEN_REF = 'unknown:redacted/redacted';

/** The layer that holds the smaller neighbours together: nobody's own key. */
const FOLDED_KEY = 'smaller-neighbours';

/** What a party itself uses, beside it: it would tell who it is, as in `Presenter.own`. */
const OWN_FIGURES = ['cpuMean', 'cpuRequest', 'transmitMean'];

/** Whom a value names, at any depth: entities, their owners, people. */
export function refsIn(value: unknown): Map<string, EntityLink> {
  const found = new Map<string, EntityLink>();
  walk(value, item => {
    if (isLink(item)) {
      found.set(item.entityRef, item);
      const { owner } = item;
      if (owner && !found.has(owner.entityRef)) {
        found.set(owner.entityRef, owner);
      }
    }
    if (isSentence(item)) {
      for (const part of item.parts) {
        for (const ref of refsOfPart(part)) {
          if (!found.has(ref)) found.set(ref, { entityRef: ref, title: ref });
        }
      }
    }
  });
  return found;
}

function refsOfPart(part: SentencePart): readonly string[] {
  const of = 'of' in part ? (part.of ?? []) : [];
  return part.type === 'entity' ? [part.entityRef, ...of] : of;
}

export class Redactor {
  /** Whether anything was taken out so far. */
  hasHidden = false;

  /**
   * @param visible - entities, groups and people that the reader may see
   * @param links - all that the record names, as they were: for sentences, which name entities without their owners
   * @param writtenMs - times of that day have no date in the plain text of a sentence
   * @param readable - of entities whose own peers are told, those whose data the reader may read
   */
  constructor(
    private readonly visible: ReadonlySet<string>,
    private readonly links: ReadonlyMap<string, EntityLink>,
    private readonly writtenMs: number,
    private readonly readable: ReadonlySet<string> = new Set(),
  ) {}

  reports(reports: EvidenceReports): EvidenceReports {
    const shown = this.value(reports) as EvidenceReports;
    if (!shown.peers) return shown;
    const peers = hidePeers(shown.peers, ref => this.readable.has(ref));
    const isCut = peers.map.edges.length < shown.peers.map.edges.length;
    if (isCut) this.hasHidden = true;
    const { upstreams, downstreams, nameServers } = peers;
    if (![...upstreams, ...downstreams, ...nameServers].some(isHidden)) {
      return { ...shown, peers };
    }
    // As it was written, it tells of each of those who are hidden on its own.
    const nowMs = this.writtenMs;
    const isLive = reachesNow(peers.range.to, nowMs);
    const finding = findingOf(peers, { isLive, nowMs });
    return { ...shown, peers: { ...peers, finding } };
  }

  head(head: RecordHead): RecordHead {
    return {
      ...head,
      entity: this.link(head.entity),
      verdict: {
        ...head.verdict,
        sentence: this.sentence(head.verdict.sentence),
      },
      createdBy: this.person(head.createdBy),
    };
  }

  reply(reply: EvidenceReply): EvidenceReply {
    return {
      ...reply,
      by: this.person(reply.by),
      onBehalfOf: this.visible.has(reply.onBehalfOf.entityRef)
        ? this.link(reply.onBehalfOf)
        : this.hidden({ entityRef: HIDDEN_REF, title: REDACTED_NAME }),
    };
  }

  person(person: EvidencePerson): EvidencePerson {
    const { entityRef } = person;
    return entityRef === undefined || this.visible.has(entityRef)
      ? person
      : this.hidden({ title: REDACTED_PERSON });
  }

  private value(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(item => this.value(item));
    if (typeof value !== 'object' || value === null) return value;
    if (isParty(value)) return this.party(value);
    if (isSentence(value)) return this.sentence(value);
    if (isLink(value)) return this.link(value);
    const members = Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, this.value(item)]),
    );
    return this.named(value as Record<string, unknown>, members);
  }

  /** Names and keys that stand beside a party, or for one, as text. */
  private named(
    before: Record<string, unknown>,
    members: Record<string, unknown>,
  ): Record<string, unknown> {
    if (isParty(before.party)) {
      if ((members.party as Party).redacted) {
        for (const figure of OWN_FIGURES) delete members[figure];
      }
      // A part of an anatomy has its party's key, in a queue with a word before it.
      const known = before.party.key;
      const shown = (members.party as Party).key;
      if (before.key === known) return { ...members, key: shown };
      if (before.key === `queue:${known}`) {
        return { ...members, key: `queue:${shown}` };
      }
    }
    if (!Array.isArray(before.culprits)) return members;
    const parties = (before.culprits as { party: Party }[]).map(
      ({ party }) => party,
    );
    const shownOf = (isIt: (party: Party) => boolean) => {
      const party = parties.find(isIt);
      return party && this.party(party);
    };
    return {
      ...members,
      layers: (before.layers as Layer[]).map(layer => {
        if (layer.key === FOLDED_KEY) return layer;
        const shown = shownOf(({ key }) => key === layer.key);
        return shown
          ? { ...layer, key: shown.key, label: shown.name }
          : this.hidden({
              ...layer,
              key: hiddenKey(layer.key),
              label: REDACTED_NAME,
            });
      }),
      nodes: (before.nodes as { topCulprit?: string }[]).map(node => {
        if (node.topCulprit === undefined) return node;
        // By name only: where one of that name is hidden, or none is known, none is told.
        const same = parties.filter(({ name }) => name === node.topCulprit);
        const shown = same.map(party => this.party(party));
        const isSeen = shown.length > 0 && !shown.some(this.isChanged(same));
        return isSeen
          ? node
          : this.hidden({
              ...node,
              topCulprit: shown[0]?.name ?? REDACTED_NAME,
            });
      }),
    };
  }

  private isChanged(before: readonly Party[]) {
    return (party: Party, index: number) => party.name !== before[index].name;
  }

  /** As `Presenter.party` would have shown it to this reader. */
  private party(party: Party): Party {
    if (party.redacted || party.entities.length === 0) return party;
    const entities = party.entities
      .filter(({ entityRef }) => this.visible.has(entityRef))
      .map(link => this.link(link));
    const { key, relation, kind, quotaLevel, via } = party;
    if (entities.length === 0) {
      return this.hidden({
        key: hiddenKey(key),
        relation,
        kind,
        ...(quotaLevel ? { quotaLevel } : {}),
        ...(via ? { via } : {}),
        name: REDACTED_NAME,
        entities: [],
        redacted: true,
      });
    }
    if (entities.length === party.entities.length)
      return { ...party, entities };
    return this.hidden({
      ...party,
      key: hiddenKey(key),
      entities,
      name:
        relation === 'sidecar'
          ? party.name
          : entities.map(({ title }) => title).join(' or '),
    });
  }

  private link(link: EntityLink): EntityLink {
    const { owner, ...rest } = link;
    return !owner || this.visible.has(owner.entityRef)
      ? link
      : this.hidden(rest);
  }

  /** Words that name a party are written anew; everything else stays as it is. */
  private sentence(sentence: Sentence): Sentence {
    const refs = sentence.parts.flatMap(refsOfPart);
    const owners = refs.flatMap(
      ref => this.links.get(ref)?.owner?.entityRef ?? [],
    );
    if ([...refs, ...owners].every(ref => this.visible.has(ref))) {
      return sentence;
    }
    const builder = new SentenceBuilder(this.writtenMs);
    const { parts } = sentence;
    for (let index = 0; index < parts.length; index++) {
      const first = parts[index];
      const of = refsOfPart(first);
      const isAside = first.type === 'text' && first.aside;
      if (isAside && of.some(ref => this.visible.has(ref))) {
        builder.aside(of, first.text);
        continue;
      }
      if (isAside) continue;
      if (of.length === 0) {
        copy(builder, first);
        continue;
      }
      const ofFirst = 'of' in first ? first.of : undefined;
      while (ofFirst && isSame(ofFirst, parts[index + 1])) index++;
      this.sayAnew(builder, first, ofFirst ?? of);
    }
    return this.hidden(builder.build());
  }

  private sayAnew(
    builder: SentenceBuilder,
    first: SentencePart,
    of: readonly string[],
  ): void {
    const entities = of
      .filter(ref => this.visible.has(ref))
      .flatMap(ref => {
        const link = this.links.get(ref);
        return link ? [this.link(link)] : [];
      });
    const isSidecar = first.type === 'name';
    sayParty(builder, {
      key: '',
      kind: 'container',
      relation: isSidecar ? 'sidecar' : 'neighbour',
      entities,
      redacted: entities.length === 0,
      name: isSidecar && entities.length > 0 ? first.text : REDACTED_NAME,
    });
  }

  private hidden<Value>(value: Value): Value {
    this.hasHidden = true;
    return value;
  }
}

function copy(builder: SentenceBuilder, part: SentencePart): void {
  switch (part.type) {
    case 'text':
      builder.text(part.text);
      break;
    case 'strong':
      builder.strong(part.text);
      break;
    case 'time':
      builder.time(part.at);
      break;
    case 'name':
      builder.name(part.text);
      break;
    default:
      builder.entity(part.entityRef, part.text);
  }
}

function isSame(of: readonly string[], part: SentencePart | undefined) {
  const other = part && 'of' in part ? part.of : undefined;
  return (
    other !== undefined &&
    other.length === of.length &&
    other.every((ref, index) => ref === of[index])
  );
}

function isParty(value: unknown): value is Party {
  return (
    typeof value === 'object' &&
    value !== null &&
    'relation' in value &&
    'entities' in value &&
    'redacted' in value
  );
}

function isSentence(value: unknown): value is Sentence {
  return (
    typeof value === 'object' &&
    value !== null &&
    'parts' in value &&
    'text' in value &&
    Array.isArray(value.parts)
  );
}

/** An entity with its title: not a part of a sentence, which has a type. */
function isLink(value: unknown): value is EntityLink {
  return (
    typeof value === 'object' &&
    value !== null &&
    'entityRef' in value &&
    'title' in value &&
    typeof value.entityRef === 'string'
  );
}

function walk(value: unknown, visit: (item: object) => void): void {
  if (Array.isArray(value)) value.forEach(item => walk(item, visit));
  else if (typeof value === 'object' && value !== null) {
    visit(value);
    for (const item of Object.values(value)) walk(item, visit);
  }
}

/** The plain text of a sentence with the date of every time: for what is read on another day. */
export function datedText(sentence: Sentence): string {
  return textOf(sentence.parts, 0);
}
