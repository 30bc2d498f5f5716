/** The pipeline as the command line describes it: what `run` and `snapshot` share. */
import { resourceAttributes } from '../export/config';
import { FilePodSource } from '../identity/filePodSource';
import { PlainContainerNames } from '../identity/plainContainerNames';
import { PodDirectory } from '../identity/podDirectory';
import { Pipeline } from '../pipeline';
import type { SourceContext } from '../sensor/frameSource';
import { REMEMBER_PODS_MS } from './defaults';
import type { IdentityOptions } from './options';

/** @param fromAttach - whether the first frame of a sensor makes a window of its own */
export function openPipeline(
  options: IdentityOptions,
  context: SourceContext,
  fromAttach: boolean,
): Pipeline {
  const { cluster, node, podsPath, podLabels, hostRoot } = options;
  const plainNames = new PlainContainerNames(hostRoot);
  return new Pipeline({
    ...context,
    node: {
      cluster,
      node,
      kubernetes: podsPath !== undefined,
      plainContainerName: id => plainNames.nameOf(id),
      extra: resourceAttributes(process.env),
    },
    pods: podsPath === undefined ? undefined : new FilePodSource(podsPath),
    directory: new PodDirectory({
      labels: podLabels,
      rememberMs: REMEMBER_PODS_MS,
    }),
    hostRoot,
    fromAttach,
  });
}
