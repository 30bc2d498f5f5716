/**
 * `/contention/resolve`: from what a ticket knows to the page it means. One page: goes there. Several: a choice. None: what
 * was looked for, what is nearest, and the question to put right.
 */
import { useEffect, useMemo } from 'react';
import { useSearchParams, Navigate } from 'react-router-dom';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import type {
  ResolveAnswer,
  ResolveQuestion,
} from 'backstage-plugin-contention-common';
import { describeFailure, whyItFailed } from '../../report/failure';
import { useNotice } from '../../report/useNotice';
import { FailedState, ForbiddenState, LoadingState } from '../../states';
import { useWords } from '../../translation';
import { SubPage } from '../SubPage';
import { Choice } from './Choice';
import { NothingFound } from './NothingFound';
import { isAsking, questionSearch, readQuestion } from './question';
import { ResolveForm } from './ResolveForm';
import { Unclaimed } from './Unclaimed';
import { usePageLink } from './usePageLink';
import { useResolve } from './useResolve';

export function ResolvePage() {
  const t = useWords();
  const [params, setParams] = useSearchParams();
  const question = useMemo(() => readQuestion(params), [params]);
  const ask = (next: ResolveQuestion) => setParams(questionSearch(next));
  if (!isAsking(question)) {
    return (
      <SubPage title={t('resolve.title')}>
        <Typography variant="body1" paragraph>
          {t('resolve.intro')}
        </Typography>
        <ResolveForm question={question} onAsk={ask} />
      </SubPage>
    );
  }
  return <Asked question={question} onAsk={ask} />;
}

interface AskedProps {
  question: ResolveQuestion;
  onAsk(question: ResolveQuestion): void;
}

function Asked({ question, onAsk }: AskedProps) {
  const t = useWords();
  const { resolved, askAgain } = useResolve(question);
  const form = <ResolveForm question={question} onAsk={onAsk} />;
  switch (resolved.state) {
    case 'asking':
      return <LoadingState />;
    case 'failed': {
      const failure = describeFailure(resolved.error);
      if (failure.forbidden) {
        return <ForbiddenState name={t('resolve.anything')} />;
      }
      // The question was not understood: it is the reader's to put right.
      if (failure.status === 400) {
        return (
          <SubPage title={t('resolve.title')}>
            <Alert severity="error" style={{ marginBottom: 16 }}>
              {whyItFailed(failure, t)}
            </Alert>
            {form}
          </SubPage>
        );
      }
      return <FailedState failure={failure} onRetry={askAgain} />;
    }
    default:
      return <Answered answer={resolved.answer}>{form}</Answered>;
  }
}

function Answered(props: { answer: ResolveAnswer; children: JSX.Element }) {
  const { answer, children } = props;
  switch (answer.state) {
    case 'one':
      return <GoThere answer={answer} />;
    case 'several':
      return <Choice answer={answer}>{children}</Choice>;
    case 'unclaimed':
      return <Unclaimed answer={answer}>{children}</Unclaimed>;
    default:
      return <NothingFound answer={answer}>{children}</NothingFound>;
  }
}

/** In place of this page: "back" leads to the ticket, and not here again. */
function GoThere({ answer }: { answer: ResolveAnswer }) {
  const notify = useNotice();
  const t = useWords();
  const linkTo = usePageLink();
  const [page] = answer.pages;
  const description = answer.notes.join(' ');
  useEffect(() => {
    if (description === '') return;
    notify({ title: t('resolve.readAs'), description, status: 'warning' });
  }, [notify, t, description]);
  return <Navigate to={linkTo(page)} replace />;
}
