/**
 * Who burned a quota: CPU time in the periods in which it ran out. A container's own quota is told on the container; its
 * pod's, and those above, on the pod, by container. Names no cgroup beyond those.
 */
import { ATTRIBUTE, METRIC } from 'backstage-plugin-contention-common/metrics';
import { quotaLevel, type Subject, type Subjects } from '../identity/subject';
import type { Attributes } from '../otlp/model';
import type { BurnDelta } from '../window/window';
import type { RequestBuilder, Span } from './requestBuilder';

/** What a container is called among those of its pod: by its id while nobody knows its name; a pod's own threads by nothing. */
function inPod(burner: Subject): Attributes {
  const name =
    burner.own[ATTRIBUTE.containerName] ?? burner.own[ATTRIBUTE.containerId];
  return name === undefined ? {} : { [ATTRIBUTE.containerName]: name };
}

export function addBurn(
  builder: RequestBuilder,
  rows: readonly BurnDelta[],
  subjects: Subjects,
  span: Span,
): void {
  for (const { quota, cgroup, ns } of rows) {
    const burner = subjects.of(cgroup);
    const quotaPath = subjects.pathOf(quota);
    const level = quotaPath && quotaLevel(burner, quotaPath);
    const pod = level === 'container' ? undefined : subjects.podOf(burner);
    builder.add(
      (pod ?? burner).resource,
      METRIC.cpuQuotaBurn,
      {
        ...(level ? { [ATTRIBUTE.quotaLevel]: level } : {}),
        ...(pod ? inPod(burner) : {}),
      },
      { ns },
      span,
    );
  }
}
