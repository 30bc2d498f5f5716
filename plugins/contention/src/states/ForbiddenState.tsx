/** The reader may not see this entity's data. Names the permission, so that the right person can be asked. */
import { useWords } from '../translation';
import { CodeBlock } from './CodeBlock';
import { ForbiddenPicture } from './pictures';
import { StatePage } from './StatePage';

/** Name of `contentionReadPermission` in -common, which need not be loaded for a word. */
const PERMISSION = 'contention.read';

export function ForbiddenState({ name }: { name: string }) {
  const t = useWords();
  return (
    <StatePage
      title={t('states.forbiddenTitle')}
      picture={<ForbiddenPicture />}
      action={
        <CodeBlock text={PERMISSION} label={t('states.permissionName')} />
      }
    >
      {t('states.forbiddenBody', {
        name: <strong>{name}</strong>,
        owned: name,
      })}
    </StatePage>
  );
}
