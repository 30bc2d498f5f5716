// SPDX-License-Identifier: Apache-2.0
#include "walk.h"

#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

/* Steps, in entries that there is room for, after which a walk ends that began anew again and again. */
#define ROUNDS 4

struct walk walk_begin(const struct bpf_map *map, void *key)
{
	struct walk walk = {
		.fd = bpf_map__fd(map),
		.key = key,
		.key_size = bpf_map__key_size(map),
		.capacity = bpf_map__max_entries(map),
	};

	walk.more = !bpf_map_get_next_key(walk.fd, NULL, walk.next);
	return walk;
}

bool walk_on(struct walk *walk)
{
	if (!walk->more || walk->steps++ >= ROUNDS * walk->capacity)
		return false;
	memcpy(walk->key, walk->next, walk->key_size);
	/* Before the caller removes this one, which is what the kernel would begin anew for. */
	walk->more = !bpf_map_get_next_key(walk->fd, walk->key, walk->next);
	return true;
}

bool walk_look(const struct walk *walk, void *value)
{
	return !bpf_map_lookup_elem(walk->fd, walk->key, value);
}

bool walk_remove(const struct walk *walk)
{
	return !bpf_map_delete_elem(walk->fd, walk->key);
}

bool walk_take(struct walk *walk, void *value)
{
	if (!walk_look(walk, value))
		return false;
	walk_remove(walk);
	walk->taken++;
	return true;
}

struct map_use walk_use(const struct walk *walk, const char *name)
{
	return (struct map_use){ name, walk->taken, walk->capacity };
}
