/** There are no requests to show: why, and where there are some. What is below stands all the same. */
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import type {
  LatencyReport,
  RequestRole,
} from 'backstage-plugin-contention-common';
import { formatCount } from '../../format';
import { StatePage } from '../../states/StatePage';
import { NoDataPicture, NoPodsPicture } from '../../states/pictures';
import { useWords } from '../../translation';
import { ROLE_WORDS } from './words';

const OTHER: Record<RequestRole, RequestRole> = {
  server: 'client',
  client: 'server',
};

export interface NoRequestsSectionProps {
  requests: LatencyReport['requests'];
  onRole(role: RequestRole): void;
}

export function NoRequestsSection(props: NoRequestsSectionProps) {
  const t = useWords();
  const { requests, onRole } = props;
  const presence = requests.roles[requests.role];
  const otherRole = OTHER[requests.role];
  const other = requests.roles[otherRole];
  if (presence.state === 'measured') return null;
  const isTimed = presence.state === 'no-requests';
  return (
    <StatePage
      title={t(isTimed ? 'latency.noRequests' : 'latency.notMeasuredHere')}
      picture={isTimed ? <NoDataPicture /> : <NoPodsPicture />}
      action={
        other.state === 'measured' && (
          <Button
            variant="contained"
            color="primary"
            onClick={() => onRole(otherRole)}
          >
            {t('latency.choiceCount', {
              choice: t(ROLE_WORDS[otherRole].choice),
              number: formatCount(other.requestCount),
            })}
          </Button>
        )
      }
    >
      {presence.why}{' '}
      {t(isTimed ? 'latency.neitherGoodNorBad' : 'latency.notAllWell')}
      <Typography variant="body1" style={{ marginTop: 8 }}>
        {t('latency.threadsBelow')}
      </Typography>
    </StatePage>
  );
}
