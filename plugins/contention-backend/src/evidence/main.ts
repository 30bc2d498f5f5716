/** What a record is about, of CPU and network: what its card said was the matter. Pure. */
import type {
  Evidence,
  NeighboursReport,
} from 'backstage-plugin-contention-common';

/** Who held it up at what was the matter; of a record of before the network was measured, for a CPU. */
export function mainReport({
  reports,
}: Pick<Evidence, 'reports'>): NeighboursReport {
  const { suffered, network } = reports.neighbours;
  const isNetwork = reports.diagnosis.verdict.resource === 'network';
  return (isNetwork && network?.suffered) || suffered;
}
