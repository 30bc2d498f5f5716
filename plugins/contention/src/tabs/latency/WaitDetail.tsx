/** How long threads waited for a CPU: the lower half of the tab, loaded when the upper one is on its way to the screen. */
import type { LatencyReport } from 'backstage-plugin-contention-common';
import { OpenWaitsSection } from './OpenWaitsSection';
import { WaitBreakdownSection } from './WaitBreakdownSection';
import { WaitSection } from './WaitSection';
import { WorstWaitsSection } from './WorstWaitsSection';

export default function WaitDetail({ report }: { report: LatencyReport }) {
  return (
    <>
      <WaitSection report={report} />
      <OpenWaitsSection report={report} />
      <WorstWaitsSection report={report} />
      <WaitBreakdownSection report={report} />
    </>
  );
}
