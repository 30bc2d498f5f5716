/** The entity does not say which pods are its own. The action: copy the lines that say it. */
import { CodeBlock } from './CodeBlock';
import { NotAnnotatedPicture } from './pictures';
import { StatePage } from './StatePage';

export function NotAnnotatedState(props: { name: string; yaml: string }) {
  const { name, yaml } = props;
  return (
    <StatePage
      title="Which pods belong to this?"
      picture={<NotAnnotatedPicture />}
      action={
        <CodeBlock text={yaml.trimEnd()} label="lines for catalog-info.yaml" />
      }
    >
      Nothing in the catalog says where <strong>{name}</strong> runs. Add these
      lines to its <code>catalog-info.yaml</code>; data that was measured before
      appears too.
    </StatePage>
  );
}
