/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the sensor's governor switches off when the programs cost more than their budget, one step after the other, and
 * on again. Names and one word of memory; when is decided in sensor/governor.c.
 *
 * A program that belongs to a step begins with:  if (is_shed(SHED_X)) return 0;
 * and once there is one, its bit is in SHED_EXISTS. A step of which nothing exists is passed over, and never named. Whatever
 * is switched off, wait and parts stay equal: what is not looked at is KIND_UNATTRIBUTED.
 */
#pragma once

/* Least valuable first. */
enum shed {
	SHED_ANATOMY, /* what happened while a request was open */
	SHED_INTERRUPTS, /* interrupt time as a part of its own: it counts as that of whoever was interrupted */
	SHED_BURN, /* who used a quota up */
	SHED_QUEUES, /* who stood in the queues of devices, and whose packets left meanwhile; drops; bytes */
	SHED_BLAME, /* who had the CPU while others waited, and for how long: one occupant, nobody in particular */
	SHED_ALL_BUT_WAITS, /* stops by a quota, request durations: the histogram of waits is left */
	SHEDS,
};

#define NAMES_OF_SHEDS                                                                                                 \
	{                                                                                                              \
		"anatomy", "interrupts", "burn", "queues", "blame", "allButWaits"                                      \
	}

#define shed_bit(what) (1u << (what))
#define SHED_EXISTS                                                                                                    \
	(shed_bit(SHED_ANATOMY) | shed_bit(SHED_INTERRUPTS) | shed_bit(SHED_BURN) | shed_bit(SHED_QUEUES) |            \
	 shed_bit(SHED_BLAME) | shed_bit(SHED_ALL_BUT_WAITS))

/* Bits of what is off. Mapped: the sensor writes it without a system call. */
extern volatile __u32 shed;

/* Whoever asks more than once reads `shed` once. */
static __always_inline bool is_shed_of(__u32 off, enum shed what)
{
	return off & shed_bit(what);
}

static __always_inline bool is_shed(enum shed what)
{
	return is_shed_of(shed, what);
}
