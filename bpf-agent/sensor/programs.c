// SPDX-License-Identifier: Apache-2.0
#include "programs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include "programs.skel.h"
#include "arrival_programs.h"
#include "dns_programs.h"
#include "iterate.h"
#include "packet_programs.h"
#include "peer_programs.h"
#include "request_programs.h"
#include "walk.h"

struct programs {
	struct programs_bpf *skeleton;
	int possible_cpus;
	struct cpu *cpus; /* mapped: the kernel's own memory */
	struct cells *tables;
	struct cpu_sums *cpu_sums;
	struct ring_buffer *cgroup_events;
	const struct programs_reader *reader; /* while cgroup_events is read */
	__u32 full; /* index of the tables that were turned away from */
	struct running *running; /* by CPU, of the last survey */
	struct packet_programs packets;
	struct arrival_programs arrivals;
	const char *missing[6]; /* kinds of culprits that are not measured here, "requests", "arrivals"; NULL at the end */
};

/* Who had a CPU at the survey. */
struct running {
	__u64 pushed; /* log.pushed then */
	__u64 occupant, ns;
};

static char first_warning[512];

/* Keeps the first of libbpf's warnings for our own sentence: those after it only say that something failed before. */
static int keep_warning(enum libbpf_print_level level, const char *format, va_list arguments)
{
	if (level == LIBBPF_WARN && !first_warning[0])
		return vsnprintf(first_warning, sizeof(first_warning), format, arguments);
	return 0;
}

static bool has_member(const struct btf *btf, const char *structure, const char *member)
{
	int id = btf__find_by_name_kind(btf, structure, BTF_KIND_STRUCT);
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, id) : NULL;

	for (int i = 0; type && i < btf_vlen(type); i++)
		if (!strcmp(btf__name_by_offset(btf, btf_members(type)[i].name_off), member))
			return true;
	return false;
}

/* The reason why loading fails on this machine, where it is one that we know. */
static const char *obstacle(void)
{
	struct btf *btf;
	bool stamps;

	if (access("/sys/kernel/btf/vmlinux", R_OK))
		return "this kernel has no type information (/sys/kernel/btf/vmlinux): it needs CONFIG_DEBUG_INFO_BTF=y, "
		       "and /sys mounted here";
	btf = btf__load_vmlinux_btf();
	if (libbpf_get_error(btf))
		return "cannot read the kernel's type information in /sys/kernel/btf/vmlinux";
	stamps = has_member(btf, "sched_info", "last_queued");
	btf__free(btf);
	if (!stamps)
		return "this kernel does not stamp waiting threads: it needs CONFIG_SCHED_INFO=y, which "
		       "CONFIG_TASK_DELAY_ACCT=y brings";
	return NULL;
}

/* Whether programs_turn() will find a way to wait: not where CPUs run without ticks (nohz_full). */
static bool can_wait(void)
{
	long commands = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);

	return commands > 0 && commands & MEMBARRIER_CMD_GLOBAL;
}

/* Leaves out what this kernel, or who we are here, has no use for. */
static void choose(struct programs *p)
{
	struct programs_bpf *s = p->skeleton;
	struct btf *btf = btf__load_vmlinux_btf();
	bool timer = btf__find_by_name(btf, "btf_trace_local_timer_entry") > 0;
	bool stops = !has_member(btf, "task_struct", "throttled");
	bool steal = has_member(btf, "rq", "prev_steal_time_rq") || has_member(btf, "rq", "prev_steal_time");
	const char **missing = p->missing;
	const char *why = "";

	if (!packet_programs_choose(s, &p->packets, btf))
		*missing++ = "queues";
	btf__free(btf);
	s->rodata->quotas_stop_queues = stops;
	bpf_program__set_autoload(s->progs.on_wakeup, stops);
	bpf_program__set_autoload(s->progs.on_wakeup_new, stops);
	bpf_program__set_autoload(s->progs.on_nr_running, stops);
	bpf_program__set_autoload(s->progs.on_timer_entry, timer);
	bpf_program__set_autoload(s->progs.on_timer_exit, timer);
	if (!request_programs_choose(s, &why)) {
		fprintf(stderr, "contention-sensor: %s\n", why);
		*missing++ = "requests";
		*missing++ = "softirq";
	}
	if (!steal)
		*missing++ = "steal";
}

static void *map_array(const struct bpf_map *map, size_t value_size, size_t entries)
{
	size_t page = sysconf(_SC_PAGESIZE);
	size_t size = (value_size * entries + page - 1) / page * page;
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static int cgroup_event(void *context, void *data, size_t size)
{
	const struct programs *p = context;
	const struct cgroup_event *event = data;

	if (size < sizeof(*event))
		return 0;
	if (event->removed)
		p->reader->cgroup_went(p->reader->context, event->id, event->parent, event->name);
	else
		p->reader->cgroup_came(p->reader->context, event->id, event->parent, event->name);
	return 0;
}

/* A program that was not to be loaded has no link, which libbpf does not tell from one that failed. */
static bool attached(const struct bpf_program *program, const struct bpf_link *link)
{
	return !bpf_program__autoload(program) || !libbpf_get_error(link);
}

static bool attach_interrupts(struct programs_bpf *s)
{
	s->links.on_irq_entry = bpf_program__attach(s->progs.on_irq_entry);
	s->links.on_irq_exit = bpf_program__attach(s->progs.on_irq_exit);
	s->links.on_softirq_entry = bpf_program__attach(s->progs.on_softirq_entry);
	s->links.on_softirq_exit = bpf_program__attach(s->progs.on_softirq_exit);
	if (bpf_program__autoload(s->progs.on_timer_entry)) {
		s->links.on_timer_entry = bpf_program__attach(s->progs.on_timer_entry);
		s->links.on_timer_exit = bpf_program__attach(s->progs.on_timer_exit);
	}
	return attached(s->progs.on_irq_entry, s->links.on_irq_entry) &&
	       attached(s->progs.on_irq_exit, s->links.on_irq_exit) &&
	       attached(s->progs.on_softirq_entry, s->links.on_softirq_entry) &&
	       attached(s->progs.on_softirq_exit, s->links.on_softirq_exit) &&
	       attached(s->progs.on_timer_entry, s->links.on_timer_entry) &&
	       attached(s->progs.on_timer_exit, s->links.on_timer_exit);
}

static bool attach(struct programs_bpf *s)
{
	/* Memory for tasks that are forked from now on, then for those that exist, then the hooks that use it. */
	s->links.on_cgroup_mkdir = bpf_program__attach(s->progs.on_cgroup_mkdir);
	s->links.on_cgroup_rename = bpf_program__attach(s->progs.on_cgroup_rename);
	s->links.on_cgroup_rmdir = bpf_program__attach(s->progs.on_cgroup_rmdir);
	s->links.on_fork = bpf_program__attach(s->progs.on_fork);
	s->links.prepare = bpf_program__attach(s->progs.prepare);
	s->links.survey = bpf_program__attach(s->progs.survey);
	if (libbpf_get_error(s->links.on_cgroup_mkdir) || libbpf_get_error(s->links.on_cgroup_rename) ||
	    libbpf_get_error(s->links.on_cgroup_rmdir) || libbpf_get_error(s->links.on_fork) ||
	    libbpf_get_error(s->links.prepare) || libbpf_get_error(s->links.survey) ||
	    !iterate(s->links.prepare, NULL, NULL))
		return false;
	s->links.on_timer = bpf_program__attach(s->progs.on_timer);
	s->links.on_migrate = bpf_program__attach(s->progs.on_migrate);
	s->links.on_switch = bpf_program__attach(s->progs.on_switch);
	if (s->rodata->quotas_stop_queues) {
		s->links.on_wakeup = bpf_program__attach(s->progs.on_wakeup);
		s->links.on_wakeup_new = bpf_program__attach(s->progs.on_wakeup_new);
		s->links.on_nr_running = bpf_program__attach(s->progs.on_nr_running);
		if (libbpf_get_error(s->links.on_wakeup) || libbpf_get_error(s->links.on_wakeup_new) ||
		    libbpf_get_error(s->links.on_nr_running))
			return false;
	}
	if (!attach_interrupts(s))
		return false;
	s->bss->hooked = true;
	return !libbpf_get_error(s->links.on_timer) && !libbpf_get_error(s->links.on_migrate) &&
	       !libbpf_get_error(s->links.on_switch) && iterate(s->links.prepare, NULL, NULL) &&
	       request_programs_attach(s) && packet_programs_attach(s);
}

struct programs *programs_start(bool unified, int hierarchy_id, char *error, size_t error_size)
{
	struct programs *p = calloc(1, sizeof(*p));
	const char *what = "out of memory";
	struct programs_bpf *s = NULL;

	if (!p)
		goto fail;
	libbpf_set_print(keep_warning);
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	what = obstacle();
	if (what)
		goto fail;
	p->possible_cpus = libbpf_num_possible_cpus();
	what = "cannot read /sys/devices/system/cpu/possible: mount /sys";
	if (p->possible_cpus < 1)
		goto fail;
	what = "this kernel cannot wait for its running programs (MEMBARRIER_CMD_GLOBAL), which it refuses when it is booted "
	       "with nohz_full=: boot this node without that parameter";
	if (!can_wait())
		goto fail;
	what = "cannot get memory";
	p->running = calloc(p->possible_cpus, sizeof(*p->running));
	if (!p->running)
		goto fail;
	if (!arrival_programs_start(&p->arrivals, p->possible_cpus))
		goto fail;
	what = "cannot open the kernel programs";
	s = p->skeleton = programs_bpf__open();
	if (!s)
		goto fail;
	s->rodata->unified = unified;
	s->rodata->hierarchy_id = hierarchy_id;
	choose(p);
	bpf_map__set_max_entries(s->maps.cpus, p->possible_cpus);
	bpf_map__set_max_entries(s->maps.tables, 2 * p->possible_cpus);
	bpf_map__set_max_entries(s->maps.cpu_sums, 2 * p->possible_cpus);
	what = "cannot load the kernel programs: run as root, or with CAP_BPF, CAP_PERFMON and CAP_SYS_RESOURCE, on Linux "
	       "5.11 or newer";
	if (programs_bpf__load(s))
		goto fail;
	what = "cannot map the kernel programs' memory";
	p->cpus = map_array(s->maps.cpus, sizeof(*p->cpus), p->possible_cpus);
	p->tables = map_array(s->maps.tables, sizeof(*p->tables), 2 * p->possible_cpus);
	p->cpu_sums = map_array(s->maps.cpu_sums, sizeof(*p->cpu_sums), 2 * p->possible_cpus);
	if (!p->cpus || !p->tables || !p->cpu_sums)
		goto fail;
	p->cgroup_events = ring_buffer__new(bpf_map__fd(s->maps.cgroup_events), cgroup_event, p, NULL);
	if (libbpf_get_error(p->cgroup_events))
		goto fail;
	what = "cannot attach the kernel programs: is the kernel locked down to confidentiality?";
	if (!attach(s))
		goto fail;
	return p;
fail:
	snprintf(error, error_size, "%s%s%s", what, first_warning[0] ? "\n  " : "", first_warning);
	programs_stop(p);
	return NULL;
}

bool programs_readable(struct programs *p)
{
	struct spill_key key;

	return !bpf_map_get_next_key(bpf_map__fd(p->skeleton->maps.spill), NULL, &key) || errno != EPERM;
}

void programs_read_cgroups(struct programs *p, const struct programs_reader *reader)
{
	p->reader = reader;
	ring_buffer__consume(p->cgroup_events);
	p->reader = NULL;
}

struct survey {
	struct programs *p;
	const struct programs_reader *reader;
};

static void survey_record(void *context, const struct task_record *record)
{
	const struct survey *survey = context;
	const struct programs_reader *reader = survey->reader;
	volatile struct log *log;
	struct running *running;
	__u64 pushed, start, occupant, used;

	if (record->cgroup) {
		reader->open_wait(reader->context, record->cgroup, record->ns);
		return;
	}
	if (record->cpu >= (__u64)survey->p->possible_cpus)
		return;
	log = &survey->p->cpus[record->cpu].log;
	running = &survey->p->running[record->cpu];
	pushed = log->pushed;
	start = log->segments[(pushed - 1) % LOG_SEGMENTS].start;
	occupant = log->segments[(pushed - 1) % LOG_SEGMENTS].occupant;
	/* A switch in between: then whoever runs has just begun. */
	used = record->ns - start - (record->left_out - survey->p->cpus[record->cpu].left_out_before);
	if (pushed && log->pushed == pushed && record->ns > start && used <= record->ns - start)
		*running = (struct running){ pushed, occupant, used };
}

bool programs_survey(struct programs *p, const struct programs_reader *reader)
{
	struct survey survey = { p, reader };

	memset(p->running, 0, p->possible_cpus * sizeof(*p->running));
	return iterate(p->skeleton->links.survey, survey_record, &survey);
}

/*
 * Waits for an RCU grace period. Kernel programs run inside RCU readers, so none that has begun before this is still running
 * afterwards, even if the hypervisor had stopped its CPU in the middle of it.
 */
static bool wait_for_programs(void)
{
	return !syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}

bool programs_turn(struct programs *p)
{
	peer_programs_sweep(p->skeleton);
	p->full = p->skeleton->bss->epoch & 1;
	__atomic_store_n(&p->skeleton->bss->epoch, p->full ^ 1, __ATOMIC_SEQ_CST);
	return wait_for_programs();
}

/* Those whose time is not in the tables of this edge: they have kept their CPU until it, or beyond it. */
static void read_running(struct programs *p, const struct programs_reader *reader)
{
	for (int cpu = 0; cpu < p->possible_cpus; cpu++) {
		const struct running *running = &p->running[cpu];

		if (running->pushed && running->pushed >= p->cpus[cpu].pushed_in[p->full])
			reader->running(reader->context, running->occupant, running->ns);
	}
}

static struct map_use read_tables(struct programs *p, const struct programs_reader *reader)
{
	struct map_use use = { "tables", 0, (uint64_t)CELLS * p->possible_cpus };

	for (int cpu = 0; cpu < p->possible_cpus; cpu++) {
		struct cells *cells = &p->tables[2 * cpu + p->full];

		if (!p->cpus[cpu].attached)
			continue;
		for (int i = 0; i < CELLS; i++) {
			struct cell *cell = &cells->cell[i];

			if (!cell->victim)
				continue;
			use.used++;
			reader->cell(reader->context, cell->victim, cell->what, cell->ns, cell->count);
			memset(cell, 0, sizeof(*cell));
		}
	}
	return use;
}

static struct map_use read_spill(struct programs *p, const struct bpf_map *map, const char *name,
				const struct programs_reader *reader)
{
	struct spill_key key;
	struct sum sum;
	struct walk walk = walk_over(map, &key);

	while (walk_on(&walk))
		if (!(key.what & SPILL_EPOCH) == !p->full && walk_take(&walk, &sum))
			reader->cell(reader->context, key.victim, key.what & ~SPILL_EPOCH, sum.ns, sum.count);
	return walk_use(&walk, name);
}

static struct map_use read_stalls(struct programs *p, const struct programs_reader *reader)
{
	struct stall_key key;
	struct sum sum;
	struct walk walk = walk_over(p->skeleton->maps.stalls, &key);

	while (walk_on(&walk))
		if (key.epoch == p->full && walk_take(&walk, &sum))
			reader->stall(reader->context, key.cgroup, key.quota, key.bucket, sum.ns, sum.count);
	return walk_use(&walk, "stalls");
}

void programs_read(struct programs *p, const struct programs_reader *reader, struct map_use maps[MAPS])
{
	const struct programs_bpf *s = p->skeleton;

	read_running(p, reader);
	maps[0] = read_tables(p, reader);
	maps[1] = read_spill(p, s->maps.spill, "spill", reader);
	maps[2] = read_spill(p, s->maps.spill_own, "spillOwn", reader);
	maps[3] = read_stalls(p, reader);
	request_programs_read(p->skeleton, p->full, reader, &maps[4]);
	request_programs_read_cpus(p->cpu_sums, p->possible_cpus, p->full, reader);
	dns_programs_read(p->skeleton, p->full, reader, &maps[9]);
	maps[11] = peer_programs_read(p->skeleton, p->full, reader);
	packet_programs_read(p->skeleton, &p->packets, p->full, reader, &maps[12]);
	maps[18] = arrival_programs_use(p->skeleton, &p->arrivals);
}

void programs_look(struct programs *p, const struct programs_reader *reader)
{
	bool allowed = !(p->skeleton->bss->shed & shed_bit(SHED_QUEUES));

	arrival_programs_look(p->skeleton, &p->arrivals, p->cpus, allowed, wait_for_programs, reader);
}

void programs_try(struct programs *p)
{
	const char **missing = p->missing;

	if (arrival_programs_try(p->skeleton, &p->arrivals))
		return;
	while (*missing)
		missing++;
	*missing = "arrivals";
}

struct program_runs programs_runs(struct programs *p, enum program program)
{
	struct program_runs sum = {};

	for (int cpu = 0; cpu < p->possible_cpus; cpu++) {
		const struct program_samples *samples = &p->cpus[cpu].samples[program];

		sum.runs += p->cpus[cpu].runs[program];
		sum.sampled_runs += samples->runs;
		sum.sampled_ns += samples->ns;
		sum.clock_ns += samples->clock_ns;
	}
	return sum;
}

void programs_shed(struct programs *p, uint32_t what)
{
	if (p->skeleton->bss->shed & ~what & shed_bit(SHED_ALL_BUT_WAITS))
		request_programs_resume(p->skeleton);
	p->skeleton->bss->shed = what;
}

uint64_t programs_lost(struct programs *p, enum lost reason)
{
	uint64_t lost = reason == LOST_DNS ? dns_programs_evicted() : 0;

	for (int cpu = 0; cpu < p->possible_cpus; cpu++)
		lost += p->cpus[cpu].lost[reason];
	return lost;
}

int programs_possible_cpus(struct programs *p)
{
	return p->possible_cpus;
}

const char *const *programs_missing(struct programs *p)
{
	return p->missing;
}

void programs_stop(struct programs *p)
{
	if (!p)
		return;
	if (!libbpf_get_error(p->cgroup_events))
		ring_buffer__free(p->cgroup_events);
	arrival_programs_stop(&p->arrivals);
	programs_bpf__destroy(p->skeleton);
	free(p->running);
	free(p);
}
