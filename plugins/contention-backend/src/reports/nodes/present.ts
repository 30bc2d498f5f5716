/**
 * Parties of a node as one reader may see them. Whoever waits is named only to those who may read the waiting of that entity;
 * whoever ran meanwhile, to those who may see the entity in the catalog, as everywhere. Those who may not be named are one row
 * together, so that no figure tells who they are. Pure.
 */
import type { EntityLink, Party } from 'backstage-plugin-contention-common';
import type { PartyFacts } from '../parties';
import { Presenter } from '../present';

/** Which of these entities the reader may see, and of which of those the reader may read what held them up. */
export interface NodeReader {
  visible(entityRefs: string[]): Promise<ReadonlySet<string>>;
  readable(entityRefs: string[]): Promise<ReadonlySet<string>>;
}

export class NodePresenter {
  readonly victims: Presenter;
  readonly culprits: Presenter;

  constructor(
    visible: ReadonlySet<string>,
    private readonly readable: ReadonlySet<string>,
    linkOf: (entityRef: string) => EntityLink | undefined,
    owners: ReadonlySet<string>,
  ) {
    this.culprits = new Presenter(visible, linkOf);
    // Owners need not be readable, only seen.
    const named = [...owners].filter(ref => visible.has(ref));
    this.victims = new Presenter(new Set([...readable, ...named]), linkOf);
  }

  /** Whether the reader may not know whose waiting it is. */
  isHidden({ entityRefs }: PartyFacts): boolean {
    return (
      entityRefs.length > 0 && !entityRefs.some(ref => this.readable.has(ref))
    );
  }
}

export async function nodePresenter(
  reader: NodeReader,
  linkOf: (entityRef: string) => EntityLink | undefined,
  parties: Iterable<PartyFacts>,
): Promise<NodePresenter> {
  const entityRefs = new Set<string>();
  for (const party of parties) {
    for (const ref of party.entityRefs) entityRefs.add(ref);
  }
  const owners = new Set(
    [...entityRefs].flatMap(ref => linkOf(ref)?.owner?.entityRef ?? []),
  );
  const refs = [...entityRefs];
  const [visible, readable] = await Promise.all([
    reader.visible([...new Set([...refs, ...owners])]),
    reader.readable(refs),
  ]);
  return new NodePresenter(visible, readable, linkOf, owners);
}

/** All whose waiting the reader may not read, as one. */
export function hiddenParty(count: number): Party {
  return {
    key: 'redacted:hidden',
    relation: 'neighbour',
    kind: 'container',
    name:
      count === 1
        ? 'a workload you may not see'
        : `${count} workloads you may not see`,
    entities: [],
    redacted: true,
  };
}
