// SPDX-License-Identifier: Apache-2.0
#include "pressure.h"

#include <stdlib.h>

bool pressure_start(struct pressure *p, int possible_cpus)
{
	*p = (struct pressure){ .cpus = calloc(possible_cpus, sizeof(*p->cpus)), .possible_cpus = possible_cpus };
	return p->cpus;
}

/* One in how many, so that of so many packets in so much time not too many are looked at. */
static uint32_t every_of(uint64_t packets, uint64_t elapsed_ns)
{
	uint32_t every = 1;

	while (every < PRESSURE_EVERY_MOST && packets * 1e9 / every > PRESSURE_LOOKS * (double)elapsed_ns)
		every *= 2;
	return every;
}

static void look_at_cpu(struct pressure_cpu *cpu, const struct softnet *books, bool known)
{
	/* A CPU that was offline may begin anew: less than before is no pressure. */
	cpu->pressed = known && ((int32_t)(books->drops - cpu->seen.drops) > 0 ||
				 (int32_t)(books->squeezed - cpu->seen.squeezed) > 0);
	if (cpu->pressed)
		cpu->calm = 0;
	else
		cpu->calm++;
}

void pressure_look(struct pressure *p, const struct softnet *books, uint64_t now_ns, bool watching, bool allowed)
{
	uint64_t elapsed_ns = now_ns - p->looked_ns, packets = 0;
	bool pressed = false, all_watched = watching, watch = false;

	for (int i = 0; i < p->possible_cpus; i++) {
		struct pressure_cpu *cpu = &p->cpus[i];

		if (!books) {
			*cpu = (struct pressure_cpu){};
			continue;
		}
		look_at_cpu(cpu, &books[i], p->known);
		pressed |= cpu->pressed;
		all_watched &= cpu->watched || !cpu->pressed;
		cpu->watched = allowed && (cpu->pressed || (cpu->watched && cpu->calm < PRESSURE_HOLD));
		if (cpu->watched)
			packets += (uint32_t)(books[i].packets - cpu->seen.packets);
		watch |= cpu->watched;
		cpu->seen = books[i];
	}
	if (pressed) {
		p->pressed_ns += elapsed_ns;
		p->watched_ns += all_watched ? elapsed_ns : 0;
	}
	p->every = watch ? every_of(packets, elapsed_ns) : 0;
	p->looked_ns = now_ns;
	p->known = books;
}
