/* SPDX-License-Identifier: Apache-2.0 */
/* Holds what the subject counted of the last schedule against the oracle. */
#pragma once

#include <stdint.h>

#include "subject.h"

/* As bpf/what.h has them, written out again: the wire between program and reader must not change unnoticed. */
enum {
	CODE_KERNEL = 1,
	CODE_THROTTLED = 2,
	CODE_STEAL = 3,
	CODE_INTERRUPT = 4,
	CODE_SOFTIRQ = 5,
	CODE_IDLE = 6,
	CODE_UNATTRIBUTED = 8,
	CODE_WAIT = 16,
	CODE_CPU = 17,
};
#define CODE(kind, id) ((uint64_t)(kind) << 56 | (id))
#define BUCKET_ORIGIN (-240)
#define BUCKET_NONE 0xffff

/* What the subject counted of one code for a victim; zeros if nothing. */
struct counted counted(uint64_t victim, uint64_t code);

/* Says what differs, and returns 1. */
int wrong(uint64_t seed, const char *what, uint64_t a, uint64_t b, uint64_t got, uint64_t want);

/* 0 if everything equals the oracle to the nanosecond; else says the first thing that does not. */
int compare(uint64_t seed);
