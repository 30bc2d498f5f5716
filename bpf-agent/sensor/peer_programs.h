/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel programs that watch over TCP: attach them, let them look at what stands, and read what they have counted. */
#pragma once

#include "programs.h"

struct programs_bpf;

/* Before the programs are loaded: whether they are to be. */
void peer_programs_choose(struct programs_bpf *skeleton, bool chosen);

/* Attaches them, if they were chosen. False if that cannot be. */
bool peer_programs_attach(struct programs_bpf *skeleton);

/* Adds what the kernel has counted on connections that stand, and on sockets that listen; before the tables are turned. */
void peer_programs_sweep(struct programs_bpf *skeleton);

/* Gives the reader what was counted in the epoch, and empties it. */
struct map_use peer_programs_read(struct programs_bpf *skeleton, uint32_t epoch, const struct programs_reader *reader);
