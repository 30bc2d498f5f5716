/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes a schedule on the machine, shows its events to the subject, and keeps the list of them for the oracle. Every choice
 * comes from pick().
 */
#pragma once

#include <stddef.h>

#include "oracle.h"

/* Built with little memory for stops. Where quotas stop threads, little is not enough. */
#ifndef TIGHT
#define TIGHT 0
#endif

/* Of the schedule played last. */
extern struct machine machine;
extern struct history history;

/* One schedule: by choices, as long as there are any, or where that is NULL by seed. */
void schedule_play(uint64_t seed, const uint8_t *choices, size_t size);

/* What kinds of trouble the last one had, in words. */
const char *schedule_kinds(void);
