/* SPDX-License-Identifier: Apache-2.0 */
/* One bulk connection of iperf3 with itself over a wire, both ends on one CPU. */
#pragma once

#include <sys/types.h>
#include "wire.h"

struct bulk {
	struct wire wire;
	pid_t ends[2];
};

/* Starts one over a wire of that name (wire.h). */
struct bulk bulk_start(int cpu, const char *wire);

void bulk_stop(struct bulk *bulk);
