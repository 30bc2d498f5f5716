/** Parties as one reader may see them: entities that the reader cannot read in the catalog stay unnamed. Pure. */
import { createHmac, randomBytes } from 'node:crypto';
import type { EntityLink, Party } from 'backstage-plugin-contention-common';
import type { PartyFacts } from './parties';
import type { SentenceBuilder } from './sentence';
import { teamOf } from './words';

export const REDACTED_NAME = 'a workload you may not see';

/**
 * Keys of parties that a reader may not see in full are made with it, so that nobody can test a guess. New in every
 * process: hues of such parties last as long as the process, and differ between several of them.
 */
const KEY_SECRET = randomBytes(32);

export class Presenter {
  constructor(
    private readonly visible: ReadonlySet<string>,
    private readonly linkOf: (entityRef: string) => EntityLink | undefined,
  ) {}

  party(facts: PartyFacts): Party {
    const { relation, kind, quotaLevel, via } = facts;
    const standing = { relation, kind, quotaLevel, via };
    const entities = facts.entityRefs.flatMap(ref => this.entity(ref) ?? []);
    const isSeen = entities.length === facts.entityRefs.length;
    // Still one hue per party, but not a key that spells out who it is.
    const key = isSeen ? facts.key : hiddenKey(facts.key);
    if (facts.entityRefs.length > 0 && entities.length === 0) {
      return {
        key,
        ...standing,
        name: REDACTED_NAME,
        entities: [],
        redacted: true,
      };
    }
    const isSidecar = relation === 'sidecar';
    return {
      key,
      ...standing,
      name:
        entities.length > 0 && !isSidecar
          ? entities.map(({ title }) => title).join(' or ')
          : facts.name,
      entities,
      workload: facts.workload,
      redacted: false,
    };
  }

  entity(entityRef: string): EntityLink | undefined {
    if (!this.visible.has(entityRef)) return undefined;
    const link = this.linkOf(entityRef);
    if (!link) return undefined;
    const { owner, ...rest } = link;
    return owner && this.visible.has(owner.entityRef) ? link : rest;
  }

  /**
   * Figures of what a party itself uses: none of somebody whom the reader may not see, as they would tell who it is. How much
   * was waited for it is no such figure.
   */
  own<Figures extends object>(
    facts: PartyFacts,
    figures: Figures | undefined,
  ): Partial<Figures> {
    return figures && !this.party(facts).redacted ? figures : {};
  }

  /** The same in a sentence. */
  sayOwn(sentence: SentenceBuilder, facts: PartyFacts, figures: string): void {
    const { redacted, entities } = this.party(facts);
    if (redacted) return;
    sentence.aside(
      entities.map(({ entityRef }) => entityRef),
      figures,
    );
  }

  /** A party in a sentence: `batch-report` (team Data). Several entities are all named. */
  say(sentence: SentenceBuilder, facts: PartyFacts): void {
    sayParty(sentence, this.party(facts));
  }
}

/** A party as its reader may see it, in a sentence. */
export function sayParty(
  sentence: SentenceBuilder,
  { redacted, relation, entities, name }: Party,
): void {
  if (redacted) {
    sentence.text(name);
    return;
  }
  if (entities.length === 0) {
    sentence.name(name);
    return;
  }
  const refs = entities.map(({ entityRef }) => entityRef);
  sentence.about(refs, () => {
    if (relation === 'sidecar') {
      sentence.name(name);
      return;
    }
    entities.forEach((entity, index) => {
      if (index > 0) sentence.text(' or ');
      sentence.entity(entity.entityRef, entity.title);
      if (entity.owner) sentence.text(` (${teamOf(entity.owner.title)})`);
    });
  });
}

/** Still one hue per party in this process, and not a key that spells out who it is. */
export function hiddenKey(key: string): string {
  const digest = createHmac('sha256', KEY_SECRET).update(key).digest('hex');
  return `redacted:${digest.slice(0, 16)}`;
}

/** Every entity that the parties of a report name. */
export function entityRefsOf(parties: Iterable<PartyFacts>): string[] {
  const refs = new Set<string>();
  for (const { entityRefs } of parties) {
    for (const ref of entityRefs) refs.add(ref);
  }
  return [...refs];
}
