/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel programs that count whose packets arrive: attached while there is pressure, and only then. Beside programs.c. Attaching needs
 * no privilege once they are loaded.
 */
#pragma once

#include "pressure.h"
#include "programs.h"

struct programs_bpf;

struct arrival_programs {
	struct pressure pressure;
	struct softnet *books;
	int hooks[2]; /* the programs' links; 0: not attached */
	bool refused; /* this kernel does not let us attach */
};

/* False without memory. */
bool arrival_programs_start(struct arrival_programs *a, int possible_cpus);

/* Attaches and takes away again, to see whether that can be. False if not, though the programs are loaded. */
bool arrival_programs_try(struct programs_bpf *skeleton, struct arrival_programs *a);

/*
 * Looks whether there is pressure, if the last look is long enough ago: gives the reader what arrived since then on the CPUs that had it,
 * and attaches, or takes away, what is needed from now on. `wait`s for programs that still count in the slot that was turned away from.
 */
void arrival_programs_look(struct programs_bpf *skeleton, struct arrival_programs *a, struct cpu *cpus, bool allowed,
			   bool (*wait)(void), const struct programs_reader *reader);

struct map_use arrival_programs_use(const struct programs_bpf *skeleton, const struct arrival_programs *a);

void arrival_programs_stop(struct arrival_programs *a);
