/** Something ran there, and no entity says that it is its own. */
import type { ReactNode } from 'react';
import Typography from '@material-ui/core/Typography';
import type { ResolveAnswer } from 'backstage-plugin-contention-common';
import { CodeBlock } from '../../states/CodeBlock';
import { NoPodsPicture } from '../../states/pictures';
import { StatePage } from '../../states/StatePage';
import { useWords } from '../../translation';
import { LookedFor } from './LookedFor';
import { NodeOfQuestion } from './NodeOfQuestion';
import { SeenList } from './SeenList';

export function Unclaimed(props: {
  answer: ResolveAnswer;
  children: ReactNode;
}) {
  const { answer, children } = props;
  const t = useWords();
  const [first] = answer.unclaimed;
  const name = first.workload ?? first.pod ?? first.systemdUnit ?? '';
  const lines = first.systemdUnit
    ? `contention/systemd-unit: ${first.systemdUnit}`
    : `backstage.io/kubernetes-id: ${name}`;
  return (
    <>
      <StatePage
        title={t('resolve.unclaimedTitle')}
        picture={<NoPodsPicture />}
        action={
          <CodeBlock
            label={t('states.linesForCatalog')}
            text={`metadata:\n  annotations:\n    ${lines}`}
          />
        }
      >
        <LookedFor answer={answer} />
        <NodeOfQuestion answer={answer} />
        <SeenList seen={answer.unclaimed} />
        <Typography style={{ marginTop: 12 }}>
          {first.systemdUnit
            ? t('resolve.unclaimedUnit')
            : t('resolve.unclaimedBody', {
                label: `backstage.io/kubernetes-id=${name}`,
              })}
        </Typography>
      </StatePage>
      <div style={{ marginTop: 24 }}>{children}</div>
    </>
  );
}
