/** What measuring cost the nodes of a service, by the agents' own account, in words. Pure. */
import { percent } from './words';

/** Of one node, over the time in which it sent data. */
export interface NodeCost {
  node: string;
  /** CPUs used on average by the kernel programs, on everybody's time, and by the agent's own processes. */
  kernelCpus: number;
  processCpus: number;
}

/** Parts of the agent that are processes of their own; all others are kernel programs. */
export const PROCESSES: readonly string[] = ['sensor', 'agent'];

export function costWords(costs: readonly NodeCost[]): string[] {
  if (costs.length === 0) return [];
  const mean = (of: (cost: NodeCost) => number) =>
    costs.reduce((sum, cost) => sum + of(cost), 0) / costs.length;
  const total = ({ kernelCpus, processCpus }: NodeCost) =>
    kernelCpus + processCpus;
  const dearest = costs.reduce((a, b) => (total(b) > total(a) ? b : a));
  const where =
    costs.length === 1
      ? `on ${dearest.node}`
      : `on each of ${costs.length} nodes, at most ${percent(
          total(dearest),
        )} on ${dearest.node}`;
  return [
    `Measuring took ${percent(mean(total))} of one CPU on average ${where}: ${percent(
      mean(({ kernelCpus }) => kernelCpus),
    )} in the kernel, ${percent(
      mean(({ processCpus }) => processCpus),
    )} in the agent's own processes.`,
  ];
}
