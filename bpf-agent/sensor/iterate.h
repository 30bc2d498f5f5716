/* SPDX-License-Identifier: Apache-2.0 */
/* Lets the iterators among the kernel programs run. They print struct task_record, or nothing. */
#pragma once

#include <stdbool.h>
#include <linux/types.h>
#include "../bpf/shared.h"

struct bpf_link;
struct bpf_program;

/* Runs one that is attached from begin to end; each() may be NULL. False if it could not run, or not to its end. */
bool iterate(const struct bpf_link *link, void (*each)(void *context, const struct task_record *record), void *context);

/* Attaches one that prints nothing, runs it from begin to end, and detaches it. False likewise. */
bool iterate_once(const struct bpf_program *program);
