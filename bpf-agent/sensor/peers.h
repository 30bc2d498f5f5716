/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has been counted about peers since the start, and the part of the frame that says it. Knows neither libbpf nor system
 * calls.
 *
 * Peers come and go, so this forgets those that rest, and has room for so many; what finds none is added to the row of a
 * cgroup's other peers.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <linux/types.h>
#include "sums.h"
#include "../bpf/shared.h"
#include "../bpf/peer_tables.h"

/* Peers that are kept by name, of all cgroups and of one in each role; the kernel tells no more than PEERS_NAMED in an interval. */
#define PEERS_KEPT (2 * PEERS_NAMED)
#define PEERS_KEPT_OF_CGROUP (2 * PEERS_OF_CGROUP)
/* Of these, those that no connection stood with. */
#define PEERS_KEPT_TRIED (2 * PEERS_TRIED)

/* Frames for which a peer at rest is still shown. */
#define PEERS_REST 60

struct peer;

struct peers {
	struct peer **rows;
	size_t used, room;
	size_t named; /* of them, those that have a name */
	struct sums index; /* (hash of the key, probe): count is the place of its row, from 1 on */
	struct sums named_of; /* (cgroup, role): count, and as ns those that were only tried */
};

/* Adds what one row of the kernel's map says; sequence is the frame that it belongs to. */
void peers_add(struct peers *peers, uint64_t sequence, const struct peer_key *key, const struct peer_sums *sums);

/* Forgets those that rest, and those that gone() says are of cgroups that went: touched is the frame that last added to one. */
void peers_forget(struct peers *peers, uint64_t sequence, bool (*gone)(uint64_t cgroup, uint64_t touched, void *context),
		  void *context);

/* Calls each() with the cgroup of every row. */
void peers_cgroups(const struct peers *peers, void (*each)(uint64_t cgroup, void *context), void *context);

/* Prints the members `peers` and `listeners`, each with a comma before it. */
void peers_print(const struct peers *peers, FILE *out);
