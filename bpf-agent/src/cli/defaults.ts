/** Defaults that are more than a number. */

/** Pod labels that Backstage matches on by default, and those that people select by most. */
export const DEFAULT_POD_LABELS = [
  'backstage.io/kubernetes-id',
  'app',
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
  'app.kubernetes.io/part-of',
  'component',
  'k8s-app',
] as const;

/** How long a pod keeps its name after it left the pods source, ms. */
export const REMEMBER_PODS_MS = 10 * 60_000;

/** A cumulative series that was not added to for so long is forgotten. */
export const IDLE_SERIES_NS = 15n * 60n * 1_000_000_000n;
