/** Annotations on catalog entities that this plugin reads, beside those of the Kubernetes plugin. */

/** `systemd.unit` of a service outside Kubernetes, e.g. `postgresql.service`; several are separated by commas. */
export const ANNOTATION_SYSTEMD_UNIT = 'contention/systemd-unit';

/** A cgroup path (and everything below it) that belongs to the entity, e.g. `/batch/nightly`; several by commas. */
export const ANNOTATION_CGROUP_PATH = 'contention/cgroup-path';
