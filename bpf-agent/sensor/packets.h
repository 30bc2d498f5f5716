/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has been counted about packets since the start, and the part of the frame that says it. Knows neither libbpf nor system
 * calls.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <linux/types.h>
#include "sums.h"
#include "../bpf/shared.h"
#include "../bpf/net_tables.h"

/* Names that rows speak of, by number; 0 is none, and stands for all that there is no room for. */
#define NAMES 1024
#define NAME_LENGTH 48

struct names {
	char (*name)[NAME_LENGTH];
	uint32_t used;
};

struct packets {
	struct names devices, reasons;
	struct sums waits; /* (cgroup, device, bucket) */
	struct sums blame; /* (victim, culprit, device) */
	struct sums bytes; /* (cgroup, direction): ns is bytes */
	struct sums drops; /* (cgroup, reason, place) */
	struct sums arrivals; /* (sender's code): ns is bytes */
	uint64_t pressed_ns, watched_ns; /* pressure.h */
	bool watching;
};

/* Each adds what was counted in the frame of that number. */
void packets_add_wait(struct packets *p, uint64_t sequence, uint64_t victim, const char *device, uint32_t bucket, uint64_t ns,
		      uint64_t count);
void packets_add_blame(struct packets *p, uint64_t sequence, uint64_t victim, const char *device, uint64_t culprit, uint64_t ns);
void packets_add_bytes(struct packets *p, uint64_t sequence, uint64_t cgroup, enum net_direction direction, uint64_t bytes,
		       uint64_t packets);
void packets_add_drop(struct packets *p, uint64_t sequence, uint64_t cgroup, const char *reason, enum drop_place place,
		      uint64_t packets);

void packets_add_arrival(struct packets *p, uint64_t sequence, uint64_t sender, uint64_t packets, uint64_t bytes);

/* Forgets the rows that gone() says are of cgroups that went; culprit is 0 where a row has none. */
void packets_forget(struct packets *p, bool (*gone)(const struct sum_row *row, uint64_t culprit, void *context), void *context);

/* Tells every cgroup that rows speak of. */
void packets_need(const struct packets *p, void (*need)(uint64_t cgroup, void *context), void *context);

/* Prints the members `netQueues`, `netBlame`, `netIo`, `netDrops`, `arrivals` and `pressure`, each with a comma before it. */
void packets_print(struct packets *p, FILE *out);
