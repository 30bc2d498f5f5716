/** What stands in the way of a page's data, and what is wrong with it; the page itself where nothing does. */
import type { ReactNode } from 'react';
import { describeFailure } from '../../report/failure';
import type { ReportAnswer } from '../../report/useReport';
import {
  FailedState,
  ForbiddenState,
  LoadingState,
  RefreshFailedBanner,
} from '../../states';

export interface PageAnswerProps<R> {
  answer: ReportAnswer<R>;
  /** What the page is of. */
  name: string;
  children(report: R, hasFailed: boolean): ReactNode;
}

export function PageAnswer<R>({ answer, name, children }: PageAnswerProps<R>) {
  const { report, error, receivedAtMs, refresh } = answer;
  const failure = error === undefined ? undefined : describeFailure(error);
  if (failure?.forbidden) return <ForbiddenState name={name} />;
  if (!report) {
    return failure ? (
      <FailedState failure={failure} onRetry={refresh} />
    ) : (
      <LoadingState />
    );
  }
  return (
    <>
      {failure && (
        <RefreshFailedBanner
          failure={failure}
          receivedAtMs={receivedAtMs}
          onRetry={refresh}
        />
      )}
      {children(report, failure !== undefined)}
    </>
  );
}
