/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel programs that follow packets: choose and attach them, and read what they have counted. Beside programs.c. */
#pragma once

#include "programs.h"

struct programs_bpf;
struct btf;

#define PACKET_MAPS 6
#define DROP_REASON_LENGTH 48

/* Comparisons of waits and charges. */
struct packet_balance {
	uint64_t compared, unequal, difference_ns;
};

struct packet_programs {
	char reasons[DROP_REASONS][DROP_REASON_LENGTH]; /* the kernel's own words for why it drops a packet */
	struct packet_balance seen; /* of the queues that exist, when they were read last */
};

/* False if this kernel does not say why it drops packets (5.17 and newer do): then the programs are not loaded. */
bool packet_programs_choose(struct programs_bpf *skeleton, struct packet_programs *p, const struct btf *kernel);

/* Attaches them, if they were chosen. False if that cannot be. */
bool packet_programs_attach(struct programs_bpf *skeleton);

/* Gives the reader what was counted in the epoch, and empties it. */
void packet_programs_read(struct programs_bpf *skeleton, struct packet_programs *p, uint32_t epoch,
			  const struct programs_reader *reader, struct map_use use[PACKET_MAPS]);
