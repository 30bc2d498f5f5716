// SPDX-License-Identifier: Apache-2.0
#include "hierarchy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The id of the v1 hierarchy that holds the cpu controller, from /proc/cgroups; 0 if it is in the unified one. */
static int cpu_hierarchy_id(void)
{
	FILE *file = fopen("/proc/cgroups", "re");
	char line[256], name[64];
	int id, found = 0;

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%63s %d", name, &id) == 2 && !strcmp(name, "cpu"))
			found = id;
	fclose(file);
	return found;
}

bool hierarchy_find(struct hierarchy *h, const char **error)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *mount;
	bool found = false;

	if (!mounts) {
		*error = "cannot read /proc/self/mounts: mount /proc";
		return false;
	}
	h->id = cpu_hierarchy_id();
	h->unified = !h->id;
	while (!found && (mount = getmntent(mounts))) {
		if (h->unified)
			found = !strcmp(mount->mnt_type, "cgroup2");
		else
			found = !strcmp(mount->mnt_type, "cgroup") && hasmntopt(mount, "cpu");
		if (found)
			snprintf(h->mount, sizeof(h->mount), "%s", mount->mnt_dir);
	}
	endmntent(mounts);
	if (!found)
		*error = "no cgroup hierarchy with the cpu controller is mounted: mount the host's /sys/fs/cgroup here";
	return found;
}

static int by_id(const void *left, const void *right)
{
	const struct cgroup_name *l = left, *r = right;

	return l->id < r->id ? -1 : l->id > r->id;
}

struct cgroup_name *hierarchy_name(struct hierarchy *h, uint64_t id)
{
	struct cgroup_name key = { .id = id };

	if (!h->used)
		return NULL;
	if (!h->sorted)
		qsort(h->names, h->used, sizeof(*h->names), by_id);
	h->sorted = true;
	return bsearch(&key, h->names, h->used, sizeof(*h->names), by_id);
}

static void name_it(struct hierarchy *h, uint64_t id, uint64_t parent, char *path)
{
	struct cgroup_name *known = hierarchy_name(h, id);

	if (!path)
		return;
	if (known) {
		free(known->path);
		known->path = path;
		known->parent = parent;
		known->walked = h->walks;
		return;
	}
	if (h->used == h->room) {
		size_t room = h->room ? h->room * 2 : 64;
		struct cgroup_name *names = realloc(h->names, room * sizeof(*names));

		if (!names) {
			free(path);
			h->walk_failed = true;
			return;
		}
		h->names = names;
		h->room = room;
	}
	h->names[h->used++] = (struct cgroup_name){ .id = id, .parent = parent, .path = path, .walked = h->walks };
	h->sorted = h->used == 1 || (h->sorted && h->names[h->used - 2].id < id);
}

static char *join(const char *parent, const char *name)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s", strcmp(parent, "/") ? parent : "", name) < 0)
		return NULL;
	return path;
}

/* Adds the directory that fd has open, and all below it. Takes fd. A directory that vanishes meanwhile is skipped. */
static void walk(struct hierarchy *h, int fd, uint64_t parent, const char *path)
{
	struct dirent *entry;
	struct stat status;
	DIR *directory;

	if (fd < 0) {
		h->walk_failed |= errno != ENOENT;
		return;
	}
	directory = fdopendir(fd);
	if (!directory || fstat(fd, &status)) {
		h->walk_failed = true;
		if (directory)
			closedir(directory);
		else
			close(fd);
		return;
	}
	name_it(h, status.st_ino, parent, strdup(path));
	while ((entry = readdir(directory))) {
		char *below;

		if (entry->d_type != DT_DIR || !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		below = join(path, entry->d_name);
		h->walk_failed |= !below;
		if (below)
			walk(h, openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC), status.st_ino, below);
		free(below);
	}
	closedir(directory);
}

void hierarchy_walk(struct hierarchy *h, uint64_t sequence)
{
	int mount = open(h->mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	h->walks++;
	h->walk_failed = mount < 0;
	if (mount < 0)
		return;
	walk(h, mount, 0, "/");
	for (size_t i = 0; i < h->used && !h->walk_failed; i++)
		if (h->names[i].walked != h->walks && !h->names[i].removed_in)
			h->names[i].removed_in = sequence;
}

bool hierarchy_add(struct hierarchy *h, uint64_t id, uint64_t parent, const char *name)
{
	struct cgroup_name *above = hierarchy_name(h, parent);

	if (!above)
		return false;
	name_it(h, id, parent, join(above->path, name));
	return true;
}

void hierarchy_remove(struct hierarchy *h, uint64_t id, uint64_t sequence)
{
	struct cgroup_name *name = hierarchy_name(h, id);

	if (name)
		name->removed_in = sequence;
}

void hierarchy_forget(struct hierarchy *h, bool (*gone)(const struct cgroup_name *name, void *context), void *context)
{
	size_t kept = 0;

	for (size_t i = 0; i < h->used; i++) {
		if (gone(&h->names[i], context))
			free(h->names[i].path);
		else
			h->names[kept++] = h->names[i];
	}
	h->used = kept;
}
