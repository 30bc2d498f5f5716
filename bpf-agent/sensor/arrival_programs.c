// SPDX-License-Identifier: Apache-2.0
#include "arrival_programs.h"

#include <stdlib.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "clock.h"
#include "programs.skel.h"
#include "walk.h"

/* Looks are so far apart, at least; a little less than the second that main.c sleeps. */
#define LOOK_NS 900000000ull

bool arrival_programs_start(struct arrival_programs *a, int possible_cpus)
{
	a->books = calloc(possible_cpus, sizeof(*a->books));
	return a->books && pressure_start(&a->pressure, possible_cpus);
}

static bool attached(const struct arrival_programs *a)
{
	return a->hooks[0] > 0;
}

static void detach(struct arrival_programs *a)
{
	for (int i = 0; i < 2; i++) {
		if (a->hooks[i] > 0)
			close(a->hooks[i]);
		a->hooks[i] = 0;
	}
}

static bool attach(const struct programs_bpf *s, struct arrival_programs *a)
{
	const struct bpf_program *const programs[] = { s->progs.on_packet_looped, s->progs.on_packet_arrives };

	for (int i = 0; i < 2; i++) {
		a->hooks[i] = bpf_raw_tracepoint_open(NULL, bpf_program__fd(programs[i]));
		if (a->hooks[i] > 0)
			continue;
		detach(a);
		return false;
	}
	return true;
}

bool arrival_programs_try(struct programs_bpf *s, struct arrival_programs *a)
{
	if (!bpf_program__autoload(s->progs.on_packet_arrives)) {
		/* That packets are not followed is said already. */
		a->refused = true;
		return true;
	}
	a->refused = !attach(s, a);
	detach(a);
	return !a->refused;
}

/* Empties the map, of one slot or of both, and tells what was counted on CPUs that had pressure. */
static void read_arrivals(const struct programs_bpf *s, const struct pressure *pressure, uint32_t slot, bool both,
			  const struct programs_reader *reader)
{
	struct arrival_key key;
	struct sum sum;
	struct walk walk = walk_over(s->maps.arrivals, &key);

	while (walk_on(&walk)) {
		if ((!both && key.slot != slot) || !walk_take(&walk, &sum))
			continue;
		if (key.cpu < (uint32_t)pressure->possible_cpus && pressure->cpus[key.cpu].pressed)
			reader->arrival(reader->context, key.owner, sum.count, sum.ns);
	}
}

void arrival_programs_look(struct programs_bpf *s, struct arrival_programs *a, struct cpu *cpus, bool allowed, bool (*wait)(void),
			   const struct programs_reader *reader)
{
	struct pressure *pressure = &a->pressure;
	uint64_t now_ns = clock_ns(CLOCK_MONOTONIC);
	bool watching = attached(a), known;
	uint32_t slot = s->bss->arrivals_slot;

	if (now_ns - pressure->looked_ns < LOOK_NS)
		return;
	known = softnet_read(a->books, pressure->possible_cpus);
	pressure_look(pressure, known ? a->books : NULL, now_ns, watching, allowed && !a->refused);
	if (watching) {
		if (!pressure->every)
			detach(a);
		s->bss->arrivals_slot = !slot;
		wait();
		read_arrivals(s, pressure, slot, !pressure->every, reader);
	}
	s->bss->arrivals_every = pressure->every;
	for (int i = 0; i < pressure->possible_cpus; i++)
		cpus[i].arrivals_watched = pressure->cpus[i].watched;
	if (pressure->every && !watching)
		a->refused = !attach(s, a);
	reader->pressure(reader->context, pressure->pressed_ns, pressure->watched_ns, attached(a));
}

struct map_use arrival_programs_use(const struct programs_bpf *s, const struct arrival_programs *a)
{
	struct map_use use = { "arrivals", 0, bpf_map__max_entries(s->maps.arrivals) };
	struct arrival_key key;
	struct walk walk = walk_over(s->maps.arrivals, &key);

	while (attached(a) && walk_on(&walk))
		use.used++;
	return use;
}

void arrival_programs_stop(struct arrival_programs *a)
{
	detach(a);
	free(a->books);
	free(a->pressure.cpus);
}
