/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks over the kernel programs' hash maps, while programs write to them. Knows no map in particular.
 *
 *	struct stall_key key;
 *	struct sum sum;
 *	struct walk walk = walk_over(map, &key);
 *
 *	while (walk_on(&walk))
 *		if (key.epoch == epoch && walk_take(&walk, &sum))
 *			...;
 *
 * An entry that nobody else removes meanwhile, and that is there from begin to end, is met; once, if nobody else removes any. So it
 * is for what was counted in an epoch that is over: only we remove that. The kernel begins anew when the next entry goes while we
 * look at this one: then some are met again, and a walk ends after so many steps all the same.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "programs.h"

struct bpf_map;

/* The longest key, bytes. */
#define WALK_KEY 64

struct walk {
	int fd;
	bool more;
	void *key; /* the caller's: of the entry that the walk is at */
	size_t key_size;
	uint64_t steps, capacity, taken;
	unsigned char next[WALK_KEY] __attribute__((aligned(8)));
};

/* Use walk_over(), which sees to it that the key fits. */
struct walk walk_begin(const struct bpf_map *map, void *key);

#define walk_over(map, key)                                                                                            \
	({                                                                                                             \
		_Static_assert(sizeof(*(key)) <= WALK_KEY, "WALK_KEY is too small");                                   \
		walk_begin(map, key);                                                                                  \
	})

/* Goes on to an entry, and leaves its key. False at the end. */
bool walk_on(struct walk *walk);

/* Leaves the entry's value, as large as the map's values are. False if it has gone. */
bool walk_look(const struct walk *walk, void *value);

/* Removes the entry. False if it had gone: then whoever removed it knows what was in it. */
bool walk_remove(const struct walk *walk);

/* Leaves the entry's value and removes it. False if it had gone. */
bool walk_take(struct walk *walk, void *value);

/* How much of the map was taken. */
struct map_use walk_use(const struct walk *walk, const char *name);
