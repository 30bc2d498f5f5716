// SPDX-License-Identifier: Apache-2.0
#include "owners.h"

#include <mntent.h>
#include <stdio.h>
#include <string.h>

bool owners_find(struct owners *o)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *mount;

	while (mounts && !o->unified.mount[0] && (mount = getmntent(mounts)))
		if (!strcmp(mount->mnt_type, "cgroup2"))
			snprintf(o->unified.mount, sizeof(o->unified.mount), "%s", mount->mnt_dir);
	if (mounts)
		endmntent(mounts);
	return o->unified.mount[0];
}

static struct cgroup_name *named(struct hierarchy *h, const char *path)
{
	for (size_t i = 0; i < h->used; i++)
		if (!h->names[i].removed_in && !strcmp(h->names[i].path, path))
			return &h->names[i];
	return NULL;
}

static bool is_root(const struct cgroup_name *name)
{
	return !name || !strcmp(name->path, "/");
}

uint64_t owners_id(struct owners *o, struct hierarchy *h, uint64_t unified_id, uint64_t sequence)
{
	struct cgroup_name *name, *here;
	struct sum_row *known;

	if (h->unified) {
		name = hierarchy_name(h, unified_id);
		return name && is_root(name) ? 0 : unified_id;
	}
	known = sums_at(&o->known, unified_id, 0, 0);
	if (!known || known->ns || known->touched == sequence)
		return known ? known->ns : 0;
	/* New, or seen before the runtime had made all of a container's cgroups. */
	name = hierarchy_name(&o->unified, unified_id);
	if (!name && !known->touched && o->walked_in != sequence) {
		hierarchy_walk(&o->unified, sequence);
		o->walked_in = sequence;
		name = hierarchy_name(&o->unified, unified_id);
	}
	known->touched = sequence;
	here = is_root(name) ? NULL : named(h, name->path);
	known->ns = here ? here->id : 0;
	return known->ns;
}
