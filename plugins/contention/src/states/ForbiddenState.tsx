/** The reader may not see this entity's data. Names the permission, so that the right person can be asked. */
import { CodeBlock } from './CodeBlock';
import { ForbiddenPicture } from './pictures';
import { StatePage } from './StatePage';

/** Name of `contentionReadPermission` in -common, which need not be loaded for a word. */
const PERMISSION = 'contention.read';

export function ForbiddenState({ name }: { name: string }) {
  return (
    <StatePage
      title="You may not see this"
      picture={<ForbiddenPicture />}
      action={<CodeBlock text={PERMISSION} label="the permission's name" />}
    >
      Your portal's permission policy does not let you read what held{' '}
      <strong>{name}</strong> up. Ask whoever runs the portal, or the owner of{' '}
      {name}, for this permission:
    </StatePage>
  );
}
