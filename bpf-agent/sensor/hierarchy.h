/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names of cgroups: where the hierarchy is mounted that holds the CPU controller, one walk over it, and what came and
 * went since. Knows paths and ids, never containers.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cgroup_name {
	uint64_t id;
	uint64_t parent;
	char *path;
	uint64_t removed_in; /* sequence number of the frame that told; 0 while it is alive */
	uint64_t needed_in; /* of names that are to be forgotten: the last frame that had a row about it */
	uint64_t walked; /* number of the walk that found it last */
};

struct hierarchy {
	char mount[512];
	bool unified;
	bool nested; /* the mount is of a cgroup namespace: its root is inside of cgroups that are not seen here */
	int id; /* of the hierarchy, as in /proc/cgroups; 0 for the unified one */
	struct cgroup_name *names;
	size_t used, room;
	uint32_t *slots; /* hash table of ids: place in names + 1; 0 is free */
	size_t slot_count; /* a power of two */
	uint64_t walks;
	bool walk_failed; /* the last walk may have missed some */
};

/* Finds the mount. False if there is none; error says what is missing. */
bool hierarchy_find(struct hierarchy *h, const char **error);

/*
 * Adds every cgroup that exists now, keeping what is known of removed ones. Those that it does not find any more have been
 * removed without our being told; sequence is the frame that tells.
 */
void hierarchy_walk(struct hierarchy *h, uint64_t sequence);

/*
 * A cgroup came, or has another name. False if the hierarchy has to be walked: its parent is not known, or those below it have
 * another path now, too.
 */
bool hierarchy_add(struct hierarchy *h, uint64_t id, uint64_t parent, const char *name);

/* A cgroup went; sequence is the frame that tells. */
void hierarchy_remove(struct hierarchy *h, uint64_t id, uint64_t sequence);

/* NULL if the id was never seen. Valid until a cgroup is added or forgotten. */
struct cgroup_name *hierarchy_name(struct hierarchy *h, uint64_t id);

/* Forgets the names for which gone() is true. */
void hierarchy_forget(struct hierarchy *h, bool (*gone)(const struct cgroup_name *name, void *context), void *context);
