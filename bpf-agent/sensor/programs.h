/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel programs: load and attach them, and read what they have counted since. The only file that knows libbpf. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <linux/types.h>
#include "../bpf/shared.h"
#include "../bpf/shed.h"
#include "../bpf/request_tables.h"
#include "../bpf/dns_tables.h"
#include "../bpf/peer_tables.h"
#include "../bpf/unread.h"
#include "../bpf/cpu_sums.h"
#include "../bpf/net_queue.h"
#include "../bpf/net_tables.h"
#include "overhead.h"

struct programs;

/* What the programs count, one call each; context is the reader's. */
struct programs_reader {
	void *context;
	void (*cell)(void *context, uint64_t victim, uint64_t code, uint64_t ns, uint64_t count);
	void (*stall)(void *context, uint64_t cgroup, uint64_t quota, uint32_t bucket, uint64_t ns, uint64_t count);
	void (*request)(void *context, const struct request_key *key, uint64_t ns, uint64_t count);
	/* Told after all cells: what is shared out is shared as they were. */
	void (*anatomy)(void *context, const struct anatomy_key *key, uint64_t ns);
	/* Of this interval only. */
	void (*slowest)(void *context, const struct slowest_key *key, const struct slowest *request);
	void (*longest)(void *context, uint64_t cgroup, const struct long_wait *wait);
	/* What became of queries of DNS. */
	void (*dns)(void *context, const struct dns_sums_key *key, const struct dns_sums *sums);
	void (*peer)(void *context, const struct peer_key *key, const struct peer_sums *sums);
	/* How long data was in sockets before threads of a cgroup read it. */
	void (*unread)(void *context, uint64_t cgroup, uint32_t bucket, uint64_t ns, uint64_t count);
	/* Packets that stood in the queue of a device, and whose left meanwhile; owners are codes as net_tables.h has them. */
	void (*packet_wait)(void *context, uint64_t victim, const char *device, uint32_t bucket, uint64_t ns, uint64_t count);
	void (*packet_blame)(void *context, uint64_t victim, const char *device, uint64_t culprit, uint64_t ns);
	void (*packet_bytes)(void *context, uint64_t owner, enum net_direction direction, uint64_t bytes, uint64_t packets);
	void (*packet_drop)(void *context, uint64_t owner, const char *reason, enum drop_place place, uint64_t packets);
	/* Packets that CPUs took up under pressure, by who sent them; in which time, since the start, and whether it is watched now. */
	void (*arrival)(void *context, uint64_t owner, uint64_t packets, uint64_t bytes);
	void (*pressure)(void *context, uint64_t pressed_ns, uint64_t watched_ns, bool watching);
	/* Comparisons of packets' waits with what others were charged for them, since the last call. */
	void (*packet_balance)(void *context, uint64_t compared, uint64_t unequal, uint64_t difference_ns);
	void (*open_wait)(void *context, uint64_t cgroup, uint64_t age_ns);
	/* An occupant that has had a CPU since before the edge, and for ns of that; cell() has none of it. */
	void (*running)(void *context, uint64_t occupant, uint64_t ns);
	void (*cgroup_came)(void *context, uint64_t id, uint64_t parent, const char *name);
	void (*cgroup_went)(void *context, uint64_t id, uint64_t parent, const char *name);
};

struct map_use {
	const char *name;
	uint64_t used, capacity;
};
#define MAPS 19

/*
 * Loads and attaches. NULL if that cannot be; *error then is a sentence that says why and what to do. unified and
 * hierarchy_id say which hierarchy's ids to use.
 */
struct programs *programs_start(bool unified, int hierarchy_id, char *error, size_t error_size);

/*
 * Whether maps can be read without privileges. Before 5.19 a kernel refuses every call of bpf(2) without CAP_BPF where
 * kernel.unprivileged_bpf_disabled is set.
 */
bool programs_readable(struct programs *p);

/* Cgroups that came and went since the last call. */
void programs_read_cgroups(struct programs *p, const struct programs_reader *reader);

/* Waits that are open and tasks that run, now. False if this kernel does not let us look. */
bool programs_survey(struct programs *p, const struct programs_reader *reader);

/*
 * Everything that was counted since the last call, taken at one edge: first the programs are turned to the other set of
 * tables and those that still write to this one are waited for, so wait and parts agree. The edge is when this returns
 * true from programs_turn(); false means that this kernel offers no way to wait for programs.
 */
bool programs_turn(struct programs *p);
void programs_read(struct programs *p, const struct programs_reader *reader, struct map_use maps[MAPS]);

/*
 * Looks whether packets came faster than the CPUs' receive sides took them up, and counts whose they are while that lasts. For every
 * second, at least: whose came before the first look is not known. Needs no privilege.
 */
void programs_look(struct programs *p, const struct programs_reader *reader);

/* Whether programs_look() can count: if not, programs_missing() says so. For once, when privileges are dropped. */
void programs_try(struct programs *p);

/* Totals over CPUs since the start: runs of a program and samples of them, and what was lost for a reason. */
struct program_runs programs_runs(struct programs *p, enum program program);
uint64_t programs_lost(struct programs *p, enum lost reason);

/* Switches off what is in the set (bits of enum shed), and everything else on. Needs no privilege. */
void programs_shed(struct programs *p, uint32_t what);

int programs_possible_cpus(struct programs *p);

/* Kinds of culprits that are not measured, NULL at the end: their time counts as that of whoever had the CPU. */
const char *const *programs_missing(struct programs *p);

void programs_stop(struct programs *p);
