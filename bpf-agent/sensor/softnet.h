/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's books on receiving, by CPU: /proc/net/softnet_stat. Knows its format. They are the machine's, whatever network namespace
 * they are read in.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Since boot, modulo 2^32. */
struct softnet {
	uint32_t packets; /* taken up */
	uint32_t drops; /* no room in the backlog, or one flow had too much of it */
	uint32_t squeezed; /* rounds that ended with packets left: no budget */
};

/*
 * Reads a line a CPU; CPUs that are offline have none, and are left as they are. False if there is no CPU in it: then nothing is known.
 */
bool softnet_parse(FILE *file, struct softnet *cpus, int possible_cpus);

/* The same of this kernel. */
bool softnet_read(struct softnet *cpus, int possible_cpus);
