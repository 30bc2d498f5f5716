/** The entity does not say which pods are its own. The action: copy the lines that say it. */
import { useWords } from '../translation';
import { CodeBlock } from './CodeBlock';
import { NotAnnotatedPicture } from './pictures';
import { StatePage } from './StatePage';

export function NotAnnotatedState(props: { name: string; yaml: string }) {
  const { name, yaml } = props;
  const t = useWords();
  return (
    <StatePage
      title={t('states.notAnnotatedTitle')}
      picture={<NotAnnotatedPicture />}
      action={
        <CodeBlock text={yaml.trimEnd()} label={t('states.linesForCatalog')} />
      }
    >
      {t('states.notAnnotatedBody', {
        name: <strong>{name}</strong>,
        file: <code>catalog-info.yaml</code>,
      })}
    </StatePage>
  );
}
