/** Whether there is anything to tell, and else why not. Pure. */
import type { Entity } from '@backstage/catalog-model';
import type {
  DiagnosisReport,
  Verdict,
} from 'backstage-plugin-contention-common';
import { annotationYaml } from '../attribution';
import type { NodeSeen } from '../store';
import type { Gathered } from './gather';
import { SentenceBuilder } from './sentence';

/** @param keptSinceMs - of what ended before, nothing is kept */
export function statusOf(
  gathered: Gathered,
  { entity, toMs }: { entity: Entity; toMs: number },
  keptSinceMs: number,
): DiagnosisReport['status'] {
  const keptSince = toMs <= keptSinceMs ? keptSinceMs : undefined;
  switch (gathered.state) {
    case 'ok':
      return { state: 'ok' };
    case 'not-annotated':
      return { state: 'not-annotated', yaml: annotationYaml(entity) };
    case 'no-pods':
      return {
        state: 'no-pods',
        lookedFor: gathered.lookedFor,
        agents: gathered.nodes.map(agentOf),
        keptSince,
      };
    default:
      return {
        state: 'no-data',
        nearest: gathered.nearest && {
          from: gathered.nearest.fromMs,
          to: gathered.nearest.toMs,
        },
        keptSince,
      };
  }
}

function agentOf({ cluster, node, lastSeenMs }: NodeSeen) {
  return { cluster, node, lastSeen: lastSeenMs };
}

export function nothingVerdict(gathered: Gathered, nowMs: number): Verdict {
  const sentence = new SentenceBuilder(nowMs);
  const title = gathered.entity.title;
  switch (gathered.state) {
    case 'not-annotated':
      sentence.name(title).text(' does not say yet which pods are its own.');
      break;
    case 'no-pods':
      sentence.text('No agent has seen a pod of ').name(title).text('.');
      break;
    default:
      sentence.text('There is no data of ').name(title);
      sentence.text(' in this range.');
  }
  return { cause: 'no-data', severity: 'none', sentence: sentence.build() };
}
