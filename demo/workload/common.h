// SPDX-License-Identifier: Apache-2.0
//
// What all behaviours of a workload share: clocks, computing, and an account of how late the work got done.
#pragma once

#include <stdint.h>
#include <time.h>

#define NS_PER_US 1000LL
#define NS_PER_MS 1000000LL
#define NS_PER_S 1000000000LL

// Prints a sentence and ends the process.
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

long long now_ns(clockid_t clock);
void sleep_until(long long monotonic_ns);

// Computes for `work_ns` of this thread's own CPU time, however long that takes by the wall clock.
void compute(long long work_ns);

// A piece of work got done, `late_ns` later than it could have been, after `skipped` that were not begun at all.
void account(long long late_ns, uint64_t skipped);

// Prints the account every ten seconds as a line of JSON, then begins a new one. Never returns.
_Noreturn void report_forever(const char *name);

void start_thread(void *(*routine)(void *argument), void *argument);
