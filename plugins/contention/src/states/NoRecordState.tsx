/** There is no such record, or the reader may not see it: the same answer, so that nobody learns which. */
import { LinkButton } from '@backstage/core-components';
import { useWords } from '../translation';
import { NoPodsPicture } from './pictures';
import { StatePage } from './StatePage';

export function NoRecordState() {
  const t = useWords();
  return (
    <StatePage
      title={t('evidence.notFoundTitle')}
      picture={<NoPodsPicture />}
      action={
        <LinkButton to="/catalog" variant="contained" color="primary">
          {t('evidence.toCatalog')}
        </LinkButton>
      }
    >
      {t('evidence.notFoundBody')}
    </StatePage>
  );
}
