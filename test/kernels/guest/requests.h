/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server with a known delay and its clients, in cgroups, over loopback; and what both say about how long each request took,
 * by their own clocks and the kernel's stamps of arrival.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

/* Durations: each was at least this and at most that, ns; as sums. */
struct durations {
	uint64_t count, least_ns, most_ns;
	uint64_t unstamped; /* of them, those for which the kernel gave no stamp */
};

struct durations_of {
	struct durations server, client;
};

/* Connections that each send requests one after the other until a time of CLOCK_MONOTONIC; all is over when this returns. */
struct durations_of requests_play(const char *server_cgroup, const char *client_cgroup, int connections, uint32_t delay_us,
				  uint64_t deadline_ns);
