/** The entity says what its pods look like, and no agent has seen such a pod. */
import Button from '@material-ui/core/Button';
import type { ReportState } from 'backstage-plugin-contention-common';
import { formatAbsolute, formatAge } from '../format';
import { DataTable } from '../tables/DataTable';
import { NoPodsPicture } from './pictures';
import { StatePage } from './StatePage';

type NoPods = Extract<ReportState, { state: 'no-pods' }>;

export function NoPodsState(props: { status: NoPods; onRetry(): void }) {
  const { status, onRetry } = props;
  const { lookedFor, agents } = status;
  return (
    <StatePage
      title="No pods seen"
      picture={<NoPodsPicture />}
      action={
        <Button variant="contained" color="primary" onClick={onRetry}>
          Look again
        </Button>
      }
    >
      No agent has seen a container that fits. What was looked for:
      <ul>
        {lookedFor.map(rule => (
          <li key={rule}>{rule}</li>
        ))}
      </ul>
      {agents.length === 0 ? (
        <>No agent reports at all: is it installed on the nodes?</>
      ) : (
        <>
          Where agents look:
          <DataTable
            caption="Nodes with an agent"
            columns={[
              { title: 'Node', header: true, cell: agent => agent.node },
              { title: 'Cluster', cell: agent => agent.cluster },
              {
                title: 'Last heard of',
                cell: agent => (
                  <span title={formatAbsolute(agent.lastSeen)}>
                    {formatAge((Date.now() - agent.lastSeen) / 1000)} ago
                  </span>
                ),
              },
            ]}
            rows={agents}
            keyOf={agent => `${agent.cluster}/${agent.node}`}
            maxHeight={240}
          />
        </>
      )}
    </StatePage>
  );
}
