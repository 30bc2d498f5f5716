/** Parties as one reader may see them: entities that the reader cannot read in the catalog stay unnamed. Pure. */
import { createHash } from 'node:crypto';
import type { EntityLink, Party } from 'backstage-plugin-contention-common';
import type { PartyFacts } from './parties';
import type { SentenceBuilder } from './sentence';
import { teamOf } from './words';

const REDACTED_NAME = 'a service that you may not see';

export class Presenter {
  constructor(
    private readonly visible: ReadonlySet<string>,
    private readonly linkOf: (entityRef: string) => EntityLink | undefined,
  ) {}

  party(facts: PartyFacts): Party {
    const { relation, kind, quotaLevel, via } = facts;
    const standing = { relation, kind, quotaLevel, via };
    const entities = facts.entityRefs.flatMap(ref => this.entity(ref) ?? []);
    if (facts.entityRefs.length > 0 && entities.length === 0) {
      return {
        // Still one hue per party, but not a key that spells out who it is.
        key: `redacted:${createHash('sha256').update(facts.key).digest('hex').slice(0, 12)}`,
        ...standing,
        name: REDACTED_NAME,
        entities: [],
        redacted: true,
      };
    }
    const isSidecar = relation === 'sidecar';
    return {
      key: facts.key,
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

  /** A party in a sentence: `batch-report` (team Data). Several entities are all named. */
  say(sentence: SentenceBuilder, facts: PartyFacts): void {
    const party = this.party(facts);
    if (party.redacted) {
      sentence.text(party.name);
      return;
    }
    if (party.relation === 'sidecar' || party.entities.length === 0) {
      sentence.name(party.name);
      return;
    }
    party.entities.forEach((entity, index) => {
      if (index > 0) sentence.text(' or ');
      sentence.entity(entity.entityRef, entity.title);
      if (entity.owner) sentence.text(` (${teamOf(entity.owner.title)})`);
    });
  }
}

/** Every entity that the parties of a report name. */
export function entityRefsOf(parties: Iterable<PartyFacts>): string[] {
  const refs = new Set<string>();
  for (const { entityRefs } of parties) {
    for (const ref of entityRefs) refs.add(ref);
  }
  return [...refs];
}
