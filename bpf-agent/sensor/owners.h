/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose a socket is: sockets carry ids of the unified hierarchy, everything else here ids of the hierarchy that holds the CPU
 * controller. Where the two are not one, cgroups with the same path are the same.
 */
#pragma once

#include "hierarchy.h"
#include "sums.h"

struct owners {
	struct hierarchy unified; /* its mount is empty if there is none */
	struct sums known; /* (id there): ns is the id here, or 0; touched is the frame in which that was looked up */
	uint64_t walked_in; /* the last frame that looked for new cgroups */
};

/* Finds the unified hierarchy. False if it is not mounted. */
bool owners_find(struct owners *o);

/*
 * The cgroup of hierarchy h that a socket's cgroup is. 0 if that is the root, which owns what nobody does, or is not known.
 * sequence is the number of the frame.
 */
uint64_t owners_id(struct owners *o, struct hierarchy *h, uint64_t unified_id, uint64_t sequence);
