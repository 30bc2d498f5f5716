/** Where pods come from. A kubelet's URL will be another implementation of the same interface. */
import type { Pod } from './pod';

export interface PodSource {
  /** What is read, for logs: a path or a URL. */
  readonly description: string;
  /**
   * The pods of this node, or undefined when they have not changed since the last call.
   * @throws when they cannot be read or are no PodList
   */
  read(): Promise<Pod[] | undefined>;
}

/** @throws when `text` is no PodList */
export function parsePodList(text: string): Pod[] {
  const parsed: unknown = JSON.parse(text);
  const items =
    typeof parsed === 'object' && parsed !== null && 'items' in parsed
      ? parsed.items
      : undefined;
  // A kubelet without pods answers `"items": null`.
  if (items === null) return [];
  if (!Array.isArray(items)) {
    throw new Error('not a PodList: it has no array "items"');
  }
  return items as Pod[];
}
