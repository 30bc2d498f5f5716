/** The frozen records of one entity, newest first. Which entity is in the address. */
import { useState, type FormEvent } from 'react';
import { LinkButton } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import TextField from '@material-ui/core/TextField';
import { useSearchParams } from 'react-router-dom';
import { contentionApiRef } from '../../api';
import { describeFailure } from '../../report/failure';
import { useReport } from '../../report/useReport';
import { FailedState, ForbiddenState, LoadingState } from '../../states';
import { NoDataPicture } from '../../states/pictures';
import { StatePage } from '../../states/StatePage';
import { useWords } from '../../translation';
import { SubPage } from '../SubPage';
import { RecordsTable } from './RecordsTable';

const PAGE = 50;

const ENTITY_REF = /^[^:/\s]+:[^:/\s]+\/[^:/\s]+$/;

export function EvidenceListPage() {
  const t = useWords();
  const [params] = useSearchParams();
  const entityRef = params.get('entity') ?? '';
  if (!ENTITY_REF.test(entityRef)) return <WhoseRecords typed={entityRef} />;
  const name = entityRef.split('/')[1];
  return (
    <SubPage
      title={t('evidence.listTitle', { name })}
      subtitle={t('evidence.listWhat')}
    >
      <Records key={entityRef} entityRef={entityRef} name={name} />
    </SubPage>
  );
}

function Records(props: { entityRef: string; name: string }) {
  const { entityRef, name } = props;
  const t = useWords();
  const api = useApi(contentionApiRef);
  const entityLink = useEntityRefLink();
  const [offset, setOffset] = useState(0);
  const { report, error, isCatchingUp, refresh } = useReport({
    subject: entityRef,
    range: String(offset),
    ask: signal =>
      api.evidenceOf(entityRef, { limit: PAGE, offset }, { signal }),
  });
  if (error !== undefined) {
    const failure = describeFailure(error);
    return failure.forbidden || failure.status === 404 ? (
      <ForbiddenState name={name} />
    ) : (
      <FailedState failure={failure} onRetry={refresh} />
    );
  }
  if (!report) return <LoadingState />;
  if (report.total === 0) {
    return (
      <StatePage
        title={t('evidence.listNone')}
        picture={<NoDataPicture />}
        action={
          <LinkButton
            to={entityLink(entityRef)}
            variant="contained"
            color="primary"
          >
            {t('evidence.listOpen', { name })}
          </LinkButton>
        }
      >
        {t('evidence.listNoneBody', { name })}
      </StatePage>
    );
  }
  return (
    <div aria-busy={isCatchingUp}>
      <RecordsTable name={name} records={report.items} />
      {report.total > PAGE && (
        <div style={{ marginTop: 16 }}>
          <Button
            disabled={offset === 0}
            onClick={() => setOffset(Math.max(0, offset - PAGE))}
          >
            {t('evidence.listNewer')}
          </Button>
          <Button
            disabled={offset + PAGE >= report.total}
            onClick={() => setOffset(offset + PAGE)}
          >
            {t('evidence.listOlder')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Nobody said of which entity. */
function WhoseRecords({ typed }: { typed: string }) {
  const t = useWords();
  const [, setParams] = useSearchParams();
  const [entity, setEntity] = useState(typed || 'component:default/');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setParams({ entity: entity.trim() });
  };
  return (
    <StatePage
      title={t('evidence.listNoEntity')}
      picture={<NoDataPicture />}
      action={
        <form
          onSubmit={submit}
          style={{ display: 'flex', flexWrap: 'wrap', gap: 16 }}
        >
          <TextField
            id="contention-evidence-entity"
            label={t('evidence.listEntity')}
            value={entity}
            onChange={event => setEntity(event.target.value)}
            variant="outlined"
            size="small"
          />
          <Button
            type="submit"
            variant="contained"
            color="primary"
            disabled={!ENTITY_REF.test(entity.trim())}
          >
            {t('evidence.listShow')}
          </Button>
        </form>
      }
    >
      {t('evidence.listNoEntityBody')}
    </StatePage>
  );
}
