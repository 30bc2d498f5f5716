/** Requests by pod, by container and by node. Pure. */
import {
  emptyHistogram,
  mergeInto,
  quantileSeconds,
  type ContainerRole,
  type DurationHistogram,
  type RequestBreakdownRow,
  type Requests,
  type Workload,
} from 'backstage-plugin-contention-common';
import { mergedHistogram } from '../distribution';
import { sumOf, type Facts, type SeriesFacts } from '../facts';
import { workloadName, workloadOf } from '../parties';

export interface BreakdownInput {
  /** Of the role that is shown, of every own container. */
  durations: readonly SeriesFacts[];
  roles: ReadonlyMap<number, ContainerRole>;
  counted: ReadonlySet<number>;
}

interface Row {
  name: string;
  workload: Workload;
  containerRole?: ContainerRole;
  counted: boolean;
  histogram: DurationHistogram;
}

/** Pods and nodes of what is counted; containers of everything, so that a proxy is seen beside the app. */
export function requestBreakdown(
  { coveredSeconds }: Pick<Facts, 'coveredSeconds'>,
  { durations, roles, counted }: BreakdownInput,
): Requests['breakdown'] {
  const seconds = sumOf(coveredSeconds);
  const rowsBy = (
    items: readonly SeriesFacts[],
    describe: (item: SeriesFacts) => Omit<Row, 'histogram' | 'counted'>,
  ): RequestBreakdownRow[] => {
    const rows = new Map<string, Row>();
    for (const item of items) {
      const described = describe(item);
      const isCounted = counted.has(item.resource.id);
      const { name, workload, containerRole } = described;
      const key = JSON.stringify([name, workload, containerRole]);
      const row = rows.get(key) ?? {
        ...described,
        counted: isCounted,
        histogram: emptyHistogram(),
      };
      row.counted ||= isCounted;
      mergeInto(row.histogram, mergedHistogram([item]));
      rows.set(key, row);
    }
    return [...rows]
      .map(([key, row]) => presentRow(key, row, seconds))
      .filter(({ requestCount }) => requestCount > 0)
      .sort(
        (a, b) => b.requestCount - a.requestCount || (a.key < b.key ? -1 : 1),
      );
  };
  const shown = durations.filter(({ resource }) => counted.has(resource.id));
  return {
    pods: rowsBy(shown, ({ resource }) => {
      const { cluster, node, namespace, kind, name, pod, ...rest } =
        workloadOf(resource);
      const workload = { cluster, node, namespace, kind, name, pod };
      // Outside of pods: the unit or container that stands for one.
      return pod === undefined
        ? {
            name: workloadName({ ...workload, ...rest }),
            workload: { ...workload, ...rest },
          }
        : { name: pod, workload };
    }),
    containers: rowsBy(durations, ({ resource }) => {
      const { cluster, namespace, kind, name, container } =
        workloadOf(resource);
      return {
        name: container ?? workloadName(workloadOf(resource)),
        workload: { cluster, namespace, kind, name, container },
        containerRole: roles.get(resource.id) ?? 'app',
      };
    }),
    nodes: rowsBy(shown, ({ resource: { cluster, node } }) => ({
      name: node,
      workload: { cluster, node },
    })),
  };
}

function presentRow(
  key: string,
  { histogram, ...row }: Row,
  coveredSeconds: number,
): RequestBreakdownRow {
  return {
    key,
    ...row,
    requestCount: histogram.count,
    ratePerSecond:
      coveredSeconds > 0 ? histogram.count / coveredSeconds : undefined,
    p50Seconds: quantileSeconds(histogram, 0.5),
    p99Seconds: quantileSeconds(histogram, 0.99),
  };
}
