/** The entity says what its pods look like, and no agent has seen such a pod. */
import Button from '@material-ui/core/Button';
import type { ReportState } from 'backstage-plugin-contention-common';
import { formatAbsolute, formatAge } from '../format';
import { DataTable } from '../tables/DataTable';
import { useWords } from '../translation';
import { NoPodsPicture } from './pictures';
import { StatePage } from './StatePage';

type NoPods = Extract<ReportState, { state: 'no-pods' }>;

export function NoPodsState(props: { status: NoPods; onRetry?(): void }) {
  const { status, onRetry } = props;
  const t = useWords();
  const { lookedFor, agents } = status;
  return (
    <StatePage
      title={t('states.noPodsTitle')}
      picture={<NoPodsPicture />}
      action={
        onRetry && (
          <Button variant="contained" color="primary" onClick={onRetry}>
            {t('states.lookAgain')}
          </Button>
        )
      }
    >
      {t('states.noPodsBody')}
      <ul>
        {lookedFor.map(rule => (
          <li key={rule}>{rule}</li>
        ))}
      </ul>
      {agents.length === 0 ? (
        t('states.noAgents')
      ) : (
        <>
          {t('states.whereAgentsLook')}
          <DataTable
            caption={t('states.nodesWithAgent')}
            columns={[
              {
                title: t('states.node'),
                header: true,
                cell: agent => agent.node,
              },
              { title: t('states.cluster'), cell: agent => agent.cluster },
              {
                title: t('states.lastHeardOf'),
                cell: agent => (
                  <span title={formatAbsolute(agent.lastSeen)}>
                    {t('states.ago', {
                      age: formatAge((Date.now() - agent.lastSeen) / 1000),
                    })}
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
