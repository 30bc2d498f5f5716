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

/* Id of the cgroup at the top of every hierarchy. */
#define TOP 1

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

static size_t home(const struct hierarchy *h, uint64_t id)
{
	return (id * 0x9e3779b97f4a7c15ull >> 32) & (h->slot_count - 1);
}

static void put(struct hierarchy *h, size_t place)
{
	size_t slot = home(h, h->names[place].id);

	while (h->slots[slot])
		slot = (slot + 1) & (h->slot_count - 1);
	h->slots[slot] = place + 1;
}

/* Makes the table anew, at least twice as large as the number of names. False without memory; then nothing changed. */
static bool index_names(struct hierarchy *h)
{
	size_t slot_count = h->slot_count ? h->slot_count : 128;
	uint32_t *slots;

	while (slot_count < 2 * (h->used + 1))
		slot_count *= 2;
	slots = calloc(slot_count, sizeof(*slots));
	if (!slots)
		return false;
	free(h->slots);
	h->slots = slots;
	h->slot_count = slot_count;
	for (size_t i = 0; i < h->used; i++)
		put(h, i);
	return true;
}

struct cgroup_name *hierarchy_name(struct hierarchy *h, uint64_t id)
{
	if (!h->slot_count)
		return NULL;
	for (size_t slot = home(h, id); h->slots[slot]; slot = (slot + 1) & (h->slot_count - 1))
		if (h->names[h->slots[slot] - 1].id == id)
			return &h->names[h->slots[slot] - 1];
	return NULL;
}

/* Has room for one more name. */
static bool make_room(struct hierarchy *h)
{
	if (h->used == h->room) {
		size_t room = h->room ? h->room * 2 : 64;
		struct cgroup_name *names = realloc(h->names, room * sizeof(*names));

		if (!names)
			return false;
		h->names = names;
		h->room = room;
	}
	return h->slot_count >= 2 * (h->used + 1) || index_names(h);
}

/* Takes path. */
static void name_it(struct hierarchy *h, uint64_t id, uint64_t parent, char *path)
{
	struct cgroup_name *known = hierarchy_name(h, id);

	if (!path) {
		h->walk_failed = true;
		return;
	}
	if (known) {
		free(known->path);
		known->path = path;
		known->parent = parent;
		known->walked = h->walks;
		return;
	}
	if (!make_room(h)) {
		free(path);
		h->walk_failed = true;
		return;
	}
	h->names[h->used] = (struct cgroup_name){ .id = id, .parent = parent, .path = path, .walked = h->walks };
	put(h, h->used++);
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
	struct stat status;

	h->walks++;
	h->walk_failed = mount < 0;
	if (mount < 0)
		return;
	h->nested = !fstat(mount, &status) && status.st_ino != TOP;
	walk(h, mount, 0, "/");
	for (size_t i = 0; i < h->used && !h->walk_failed; i++)
		if (h->names[i].walked != h->walks && !h->names[i].removed_in)
			h->names[i].removed_in = sequence;
}

bool hierarchy_add(struct hierarchy *h, uint64_t id, uint64_t parent, const char *name)
{
	struct cgroup_name *above = hierarchy_name(h, parent);
	bool renamed = hierarchy_name(h, id);

	if (!above)
		return h->nested; /* not ours to name */
	name_it(h, id, parent, join(above->path, name));
	return !renamed;
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
	if (kept == h->used)
		return;
	h->used = kept;
	memset(h->slots, 0, h->slot_count * sizeof(*h->slots));
	for (size_t i = 0; i < kept; i++)
		put(h, i);
}
