/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel programs that a bench attaches and detaches in turns. Knows no load, and no clock. */
#pragma once

#include <stdint.h>
#include <stdnoreturn.h>
#include <bpf/libbpf.h>

#define MAX_CONTENDERS 8
#define MAX_LINKS 32

struct contender {
	const char *name;
	struct bpf_object *object; /* NULL: the sensor */
	uint32_t shed; /* what the sensor switches off */
	struct programs *sensor;
	struct bpf_link *links[MAX_LINKS];
	int link_count;
};

/* Ends the program with a sentence. */
noreturn void die(const char *what, const char *name);

/*
 * Opens what `NAME=OBJECT` says, which is changed: OBJECT is a BPF object file, all of whose programs that can be attached to
 * this kernel's typed tracepoints or to the root of the unified hierarchy are; or "sensor", for exactly what the sensor
 * attaches; or "base", for that without its extras; or "requests", for that with requests and their anatomy, but without
 * interrupts and burn.
 */
void contender_open(struct contender *c, char *argument);

void contender_attach(struct contender *c);
void contender_detach(struct contender *c);
