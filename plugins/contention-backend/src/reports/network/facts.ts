/** What the network view starts from, beside the facts of every report. */
import type { NodeSeen } from '../../store';
import type { SeriesFacts } from '../facts';
import type { QueueWindows } from './queues';
import type { ReceiveFacts } from './receive';

export interface NetworkFacts {
  /** What the entity's containers sent and received in the range. */
  transmitBytes: number;
  receiveBytes: number;
  /** Nodes of the entity on which the network was measured at all. */
  measured: readonly NodeSeen[];
  /** Packets of the entity that the kernel dropped. */
  drops: readonly { reason: string; place: unknown; packets: number }[];
  /** The receive side of the entity's nodes, whoever the packets were for. */
  receive: readonly ReceiveFacts[];
  /** How long packets stood of those who stood behind the entity's in the range; only in reports of what it caused. */
  behind: readonly SeriesFacts[];
  /** The same added up by queue. */
  behindByQueue: readonly QueueWindows[];
}
