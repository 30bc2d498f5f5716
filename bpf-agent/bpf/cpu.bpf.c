// SPDX-License-Identifier: Apache-2.0
/*
 * Who waited for a CPU, and who had it meanwhile. Hook glue: it reads kernel structures and hands numbers to the
 * arithmetic in log.h, cells.h and histogram.h. It knows cgroup ids, never containers.
 *
 * A wait is what the kernel itself calls one (sched_info.run_delay): from the stamp that the scheduler leaves in
 * last_queued to the switch that ends it, on the run-queue's clock. At sched_switch the stamp of the next task is still
 * there, so no wakeup hook is needed, a lost event heals at the next one, and waits that were open before we came are
 * known in full. A waiting task that is moved to another CPU has its stamp cleared before sched_migrate_task tells us,
 * but its run_delay has just grown by exactly that piece; the task's storage remembers what it was before.
 *
 * Every hook here that writes runs under the run-queue lock of the CPU whose log it reads, with interrupts off. Nothing
 * is allocated under that lock: a task gets its storage when it is forked or, if older than us, from an iterator.
 */
#include <linux/bpf.h>
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include "shared.h"
#include "histogram.h"

char LICENSE[] SEC("license") = "GPL";

/* Set by the sensor before loading: true where the unified hierarchy carries the cpu controller. */
const volatile bool unified = false;
const volatile int hierarchy_id = 0;

/* Which of the two sets of tables is written to. The sensor flips it and waits for running programs to end. */
volatile __u32 epoch = 0;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* CPUs, set by the sensor */
	__type(key, __u32);
	__type(value, struct cpu);
} cpus SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 2); /* 2 x CPUs, set by the sensor: index is cpu * 2 + epoch */
	__type(key, __u32);
	__type(value, struct cells);
} tables SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, struct spill_key);
	__type(value, struct sum);
} spill SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct stall_key);
	__type(value, struct sum);
} stalls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 19);
} cgroup_events SEC(".maps");

/* What a task was stopped by at its last switch-out. */
struct throttle {
	__u64 queue; /* address of its cfs_rq, only compared; 0 if it was not stopped */
	__u64 start; /* that queue's throttled_clock_self */
	__u64 total; /* and throttled_clock_self_time before this stop */
	__u64 quota; /* cgroup whose quota ran out */
};

struct task_state {
	__u64 seen_run_delay;
	__u64 pending_ns; /* closed pieces of the wait that is still open */
	__u64 throttled_ns; /* of it, closed throttled pieces */
	__u64 known; /* seen_run_delay is valid */
	struct throttle throttle;
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task_state);
} tasks SEC(".maps");

/* Culprits of the pieces that a waiting, migrated task has behind it; booked when its wait closes. */
#define PENDING_PARTS 14

struct pending {
	__u64 parts;
	struct {
		__u64 what;
		__u64 ns;
	} part[PENDING_PARTS];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct pending);
} pending SEC(".maps");

static const struct pending no_pending = {};

static __always_inline void count_lost(struct cpu *c, enum lost reason, __u64 n)
{
	c->lost[reason] += n;
}

static __noinline void lost_here(enum lost reason, __u64 n)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (c)
		count_lost(c, reason, n);
}

static __always_inline struct cgroup *cgroup_of(struct task_struct *task)
{
	struct css_set *set = task->cgroups;

	if (unified)
		return set->dfl_cgrp;
	return set->subsys[bpf_core_enum_value(enum cgroup_subsys_id, cpu_cgrp_id)]->cgroup;
}

/*
 * The task's cgroup, never 0. By its css_set: sched_task_group would be an autogroup's for tasks of the root cgroup.
 */
static __always_inline __u64 cgroup_id(struct task_struct *task)
{
	__u64 id = cgroup_of(task)->kn->id;

	return id ? id : 1;
}

/* Adds under (victim, what), in the spill map: the CPU's table has no place for it. */
static __noinline bool spill_add(__u32 slot, __u64 victim, __u64 code, __u64 ns, __u64 count)
{
	struct spill_key key = { .victim = victim, .what = code | (slot & 1 ? SPILL_EPOCH : 0) };
	struct sum *sum = bpf_map_lookup_elem(&spill, &key);

	if (!sum) {
		struct sum none = {};

		bpf_map_update_elem(&spill, &key, &none, BPF_NOEXIST);
		sum = bpf_map_lookup_elem(&spill, &key);
	}
	if (!sum)
		return false;
	__sync_fetch_and_add(&sum->ns, ns);
	__sync_fetch_and_add(&sum->count, count);
	return true;
}

/* Adds under (victim, what) in the tables of slot = cpu * 2 + epoch. A culprit that finds no room becomes "other". */
__noinline int account(__u32 slot, __u64 victim, __u64 code, __u64 ns, __u64 count)
{
	struct cells *cells = bpf_map_lookup_elem(&tables, &slot);

	if (!cells)
		return 0;
	if (cells_add(cells, victim, code, ns, count) || spill_add(slot, victim, code, ns, count))
		return 0;
	lost_here(LOST_CELLS, 1);
	if (what_kind(code) < KIND_WAIT && spill_add(slot, victim, what(KIND_OTHER, 0), ns, count))
		return 0;
	lost_here(LOST_NS, ns);
	return 0;
}

/* Remembers a closed piece of a wait that goes on elsewhere. */
__noinline int charge_pending(__u32 pid, __u64 code, __u64 ns)
{
	struct pending *p = bpf_map_lookup_elem(&pending, &pid);

	if (!p)
		return 0;
	for (__u32 i = 0; i < PENDING_PARTS; i++) {
		if (i == p->parts) {
			p->parts++;
			p->part[i].what = i == PENDING_PARTS - 1 ? what(KIND_OTHER, 0) : code;
			p->part[i].ns = ns;
			return 0;
		}
		if (p->part[i].what == code || i == PENDING_PARTS - 1) {
			if (p->part[i].what != code)
				lost_here(LOST_PENDING, 1);
			p->part[i].ns += ns;
			return 0;
		}
	}
	return 0;
}

/* Instead of a victim, for pieces that are not booked yet. */
#define PENDING_SLOT 0xffffffffu

/*
 * Charges [from, to) to whoever had log_cpu at each nanosecond of it: to victim in the tables of slot or, where slot is
 * PENDING_SLOT, to the pieces of the task whose pid is given as victim.
 */
__noinline int charge(__u32 log_cpu, __u32 slot, __u64 victim, __u64 from, __u64 to)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &log_cpu);

	if (!c)
		return 0;
	for (__u32 back = 0; back <= LOG_SEGMENTS && from < to; back++) {
		__u64 occupant;
		__u64 start = log_cut(&c->log, back, from, to, &occupant);

		if (start < to) {
			if (slot == PENDING_SLOT)
				charge_pending(victim, occupant, to - start);
			else
				account(slot, victim, occupant, to - start, 1);
			if (occupant == what(KIND_UNATTRIBUTED, 0))
				lost_here(LOST_LOG_SHORT, 1);
		}
		to = start;
	}
	return 0;
}

/* Books the culprits of the pieces that the task left on other CPUs. */
__noinline int charge_pieces(__u32 slot, __u64 victim, __u32 pid, __u64 pending_ns)
{
	struct pending *p = bpf_map_lookup_elem(&pending, &pid);

	if (!p) {
		account(slot, victim, what(KIND_OTHER, 0), pending_ns, 1);
		return 0;
	}
	for (__u32 i = 0; i < PENDING_PARTS; i++) {
		if (i >= p->parts)
			break;
		account(slot, victim, p->part[i].what, p->part[i].ns, 1);
	}
	bpf_map_delete_elem(&pending, &pid);
	return 0;
}

/* Waits of the same length end in the same bucket; one of exactly 0 ns is counted, too. */
__noinline int account_wait(__u32 slot, __u64 victim, __u64 ns)
{
	return account(slot, victim, what(KIND_WAIT, ns ? bucket_offset(ns) : WAIT_ZERO), ns, 1);
}

/* How long a thread of cgroup stood still, all of it, because quota's budget was used up. */
__noinline int account_stall(__u32 slot, __u64 cgroup, __u64 quota, __u64 ns)
{
	struct stall_key key = { .cgroup = cgroup, .quota = quota, .bucket = bucket_offset(ns), .epoch = slot & 1 };
	struct sum *sum = bpf_map_lookup_elem(&stalls, &key);

	if (!sum) {
		struct sum none = {};

		bpf_map_update_elem(&stalls, &key, &none, BPF_NOEXIST);
		sum = bpf_map_lookup_elem(&stalls, &key);
	}
	if (!sum) {
		lost_here(LOST_STALLS, 1);
		return 0;
	}
	__sync_fetch_and_add(&sum->ns, ns);
	__sync_fetch_and_add(&sum->count, 1);
	return 0;
}

/* Since 6.18 a quota stops the thread itself; before, only its queue, which is not told apart here yet. */
static __always_inline bool is_throttled(struct task_struct *task)
{
	struct task_struct___task_throttling *t = (void *)task;

	return bpf_core_field_exists(t->throttled) && t->throttled;
}

/* The cgroup whose quota stops the task now: the innermost on its way up that is throttled itself. */
static __noinline __u64 quota_of(struct task_struct *task)
{
	struct sched_entity *se = &task->se;
	__u64 limited = 0;

	for (int level = 0; level < 16 && se; level++) {
		struct cfs_rq *queue = se->cfs_rq;
		__u64 id = queue->tg->css.cgroup->kn->id;

		if (BPF_CORE_READ_BITFIELD(queue, throttled))
			return id;
		/* Unthrottled in this very moment: the innermost that has a quota at all. */
		if (!limited && queue->runtime_enabled)
			limited = id;
		se = se->parent;
	}
	return limited;
}

/* A thread leaves the CPU because of a quota: notes whose, and the books of its queue that will tell when that ended. */
static __noinline void note_throttle(struct task_struct *task)
{
	struct task_state *state = bpf_task_storage_get(&tasks, task, 0, 0);
	struct cfs_rq *queue = task->se.cfs_rq;

	if (!state || !bpf_core_field_exists(queue->throttled_clock_self_time))
		return;
	state->throttle.queue = (__u64)queue;
	state->throttle.start = queue->throttled_clock_self;
	state->throttle.total = queue->throttled_clock_self_time;
	state->throttle.quota = quota_of(task);
}

/*
 * A piece [from, to) of a wait began with a throttle: returns when the queue was unthrottled, in [from, to]. The kernel
 * adds the length of a stop to throttled_clock_self_time when it ends; the stop's start was noted.
 */
static __always_inline __u64 throttled_until(struct task_struct *task, const struct throttle *throttle, __u64 from,
					     __u64 to)
{
	struct cfs_rq *queue = task->se.cfs_rq;
	__u64 until;

	if (is_throttled(task))
		return to;
	until = throttle->start + (queue->throttled_clock_self_time - throttle->total);
	if (until < from)
		return from;
	return until < to ? until : to;
}

/*
 * Books what a quota took of the piece [from, to) that ends a wait, and the whole stall. Returns where the throttled part
 * of the piece ends.
 */
static __noinline __u64 charge_throttled(__u32 slot, struct task_struct *task, struct task_state *state, __u64 from,
					 __u64 to)
{
	__u64 victim = cgroup_id(task);
	__u64 stall = state->throttled_ns;
	__u64 until = from;

	if (state->throttle.queue == (__u64)task->se.cfs_rq) {
		until = throttled_until(task, &state->throttle, from, to);
		if (until > from)
			account(slot, victim, what(KIND_THROTTLED, state->throttle.quota), until - from, 1);
		stall += until - from;
	} else if (state->throttle.queue) {
		/* Moved to another cgroup meanwhile: nobody knows when its old queue would have let it go. */
		until = to;
		if (until > from)
			account(slot, victim, what(KIND_UNATTRIBUTED, 0), until - from, 1);
		lost_here(LOST_MOVED_THROTTLED, 1);
	}
	if (stall)
		account_stall(slot, victim, state->throttle.quota, stall);
	state->throttle.queue = 0;
	state->throttled_ns = 0;
	return until;
}

/*
 * A task got the CPU at `to`, having stood in this CPU's queue since `from`. Books the whole wait: this piece, and those
 * that it has left elsewhere.
 */
static __always_inline void close_wait(struct cpu *c, __u32 cpu, __u32 slot, struct task_struct *task, __u64 from,
				       __u64 to)
{
	struct task_state *state = bpf_task_storage_get(&tasks, task, 0, 0);
	__u64 victim = cgroup_id(task);
	__u64 run_delay = task->sched_info.run_delay;
	__u64 wait = 0;

	if (!state) {
		count_lost(c, LOST_TASK_STATE, 1);
	} else {
		if (!state->known) {
			state->known = 1;
		} else if (run_delay != state->seen_run_delay) {
			/* Queued and taken off again without a switch-in or a migration that we saw. */
			wait = run_delay - state->seen_run_delay;
			account(slot, victim, what(KIND_UNATTRIBUTED, 0), wait, 1);
			count_lost(c, LOST_UNSEEN_WAIT, 1);
		}
		state->seen_run_delay = run_delay + (to - from);
		if (state->pending_ns) {
			charge_pieces(slot, victim, task->pid, state->pending_ns);
			wait += state->pending_ns;
			state->pending_ns = 0;
		}
	}
	if (from < c->attached) {
		from = c->attached;
		count_lost(c, LOST_OPEN_AT_ATTACH, 1);
	}
	wait += to - from;
	if (state && (state->throttle.queue || state->throttled_ns))
		from = charge_throttled(slot, task, state, from, to);
	if (log_newest(&c->log)->start <= from) {
		if (from < to)
			account(slot, victim, log_newest(&c->log)->occupant, to - from, 1);
	} else {
		charge(cpu, slot, victim, from, to);
	}
	account_wait(slot, victim, wait);
}

/* Who has the CPU while this task runs. */
static __always_inline __u64 occupant_of(struct task_struct *task)
{
	if (!task->pid)
		return what(KIND_IDLE, 0);
	if (task->flags & PF_KTHREAD)
		return what(KIND_KERNEL, 0);
	return cgroup_id(task);
}

/* From `start` on, occupant has the CPU; what the one before it used is counted. */
static __always_inline void occupy(struct cpu *c, __u32 slot, __u64 start, __u64 occupant)
{
	struct segment *newest = log_newest(&c->log);

	if (newest->occupant == occupant)
		return;
	if (what_kind(newest->occupant) == KIND_CGROUP && start > newest->start)
		account(slot, newest->occupant, what(KIND_CPU, 0), start - newest->start, 1);
	log_push(&c->log, start, occupant);
}

/* When the task that has the CPU got it, by the scheduler's own books; the idle task keeps none, but its run-queue does. */
static __always_inline __u64 arrival_of(struct task_struct *task)
{
	struct rq *rq = task->se.cfs_rq->rq;

	if (task->pid)
		return task->sched_info.last_arrival;
	return bpf_core_field_exists(rq->clock_idle) ? rq->clock_idle : 0;
}

/*
 * The task that leaves is not the one that we saw arrive. At the first event on a CPU that is how it must be; later it
 * means that a switch was not shown to us.
 */
static __noinline void find_prev(struct cpu *c, __u32 cpu, __u32 slot, struct task_struct *prev, __u64 now)
{
	__u64 arrival = arrival_of(prev);
	struct task_state *state;
	__u64 run_delay;

	if (!c->attached) {
		c->attached = c->attach_clock ? c->attach_clock : now;
		if (arrival > c->attached && arrival < now)
			c->attached = arrival;
		log_push(&c->log, c->attached, occupant_of(prev));
		return;
	}
	count_lost(c, LOST_SWITCH, 1);
	if (arrival < log_newest(&c->log)->start || arrival > now)
		return;
	state = prev->pid ? bpf_task_storage_get(&tasks, prev, 0, 0) : NULL;
	run_delay = prev->sched_info.run_delay;
	if (state && state->known && run_delay > state->seen_run_delay) {
		__u64 piece = run_delay - state->seen_run_delay;

		/* Its wait ended unseen, too: it is booked as close_wait would have at that moment. */
		if (arrival - piece >= c->attached) {
			__u64 victim = cgroup_id(prev);

			if (state->pending_ns)
				charge_pieces(slot, victim, prev->pid, state->pending_ns);
			charge(cpu, slot, victim, arrival - piece, arrival);
			account_wait(slot, victim, piece + state->pending_ns);
			state->pending_ns = 0;
		}
		state->seen_run_delay = run_delay;
	}
	occupy(c, slot, arrival, occupant_of(prev));
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);
	__u64 now = next->se.cfs_rq->rq->clock;
	__u32 slot = cpu * 2 + (epoch & 1);
	__u64 timed = 0;
	__u64 queued;

	if (!c || !now)
		return 0;
	if (!(c->programs[PROGRAM_SWITCH].runs++ % SAMPLE_EVERY))
		timed = bpf_ktime_get_ns();
	if (c->current != (__u64)prev)
		find_prev(c, cpu, slot, prev, now);
	c->current = (__u64)next;
	if (is_throttled(prev))
		note_throttle(prev);
	queued = next->sched_info.last_queued;
	if (queued && queued <= now)
		close_wait(c, cpu, slot, next, queued, now);
	occupy(c, slot, now, occupant_of(next));
	if (timed) {
		c->programs[PROGRAM_SWITCH].sampled_runs++;
		c->programs[PROGRAM_SWITCH].sampled_ns += bpf_ktime_get_ns() - timed;
	}
	return 0;
}

/* The task goes on to dest_cpu: if it is stopped still, and its queue is throttled there, too, that queue's books count. */
static __noinline void follow_throttle(struct task_struct *task, struct task_state *state, int dest_cpu)
{
	struct cfs_rq **queues = task->sched_task_group->cfs_rq;
	struct cfs_rq *queue = NULL;

	state->throttle.queue = 0;
	if (!is_throttled(task) || bpf_probe_read_kernel(&queue, sizeof(queue), &queues[dest_cpu]) ||
	    !BPF_CORE_READ(queue, throttle_count))
		return;
	state->throttle.queue = (__u64)queue;
	state->throttle.start = BPF_CORE_READ(queue, throttled_clock_self);
	state->throttle.total = BPF_CORE_READ(queue, throttled_clock_self_time);
}

/* A waiting task is taken off its CPU's queue, to be put on another's. A task that is being woken has nothing behind it. */
SEC("tp_btf/sched_migrate_task")
int BPF_PROG(on_migrate, struct task_struct *task, int dest_cpu)
{
	__u32 here = bpf_get_smp_processor_id();
	struct cpu *mine = bpf_map_lookup_elem(&cpus, &here);
	struct task_state *state;
	__u64 run_delay, piece, now, from;
	struct cpu *c;
	__u32 pid, cpu;
	struct rq *rq;

	if (!mine)
		return 0;
	mine->programs[PROGRAM_MIGRATE].runs++;
	if (task->on_rq != TASK_ON_RQ_MIGRATING)
		return 0;
	state = bpf_task_storage_get(&tasks, task, 0, 0);
	if (!state)
		return 0;
	run_delay = task->sched_info.run_delay;
	piece = run_delay - state->seen_run_delay;
	state->seen_run_delay = run_delay;
	if (!state->known) {
		state->known = 1;
		return 0;
	}
	if (!piece)
		return 0;
	rq = task->se.cfs_rq->rq;
	now = rq->clock;
	cpu = rq->cpu;
	pid = task->pid;
	c = bpf_map_lookup_elem(&cpus, &cpu);
	if (!c || !c->attached)
		return 0;
	from = now - piece;
	if (from < c->attached) {
		from = c->attached;
		count_lost(mine, LOST_OPEN_AT_ATTACH, 1);
	}
	if (from >= now)
		return 0;
	if (!state->pending_ns && bpf_map_update_elem(&pending, &pid, &no_pending, BPF_ANY))
		count_lost(mine, LOST_PENDING, 1);
	state->pending_ns += now - from;
	if (state->throttle.queue) {
		__u64 until = throttled_until(task, &state->throttle, from, now);

		if (until > from)
			charge_pending(pid, what(KIND_THROTTLED, state->throttle.quota), until - from);
		state->throttled_ns += until - from;
		from = until;
		follow_throttle(task, state, dest_cpu);
	}
	charge(cpu, PENDING_SLOT, pid, from, now);
	return 0;
}

/* A new task gets its memory here, where no run-queue is locked. */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	__u32 here = bpf_get_smp_processor_id();
	struct cpu *mine = bpf_map_lookup_elem(&cpus, &here);
	struct task_state *state = bpf_task_storage_get(&tasks, child, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (mine)
		mine->programs[PROGRAM_FORK].runs++;
	if (state)
		state->known = 1;
	return 0;
}

static __always_inline int cgroup_event(struct cgroup *cgroup, __u32 removed)
{
	__u32 here = bpf_get_smp_processor_id();
	struct cpu *mine = bpf_map_lookup_elem(&cpus, &here);
	struct cgroup_subsys_state *parent = cgroup->self.parent;
	struct cgroup_event *event;

	if (!mine || cgroup->root->hierarchy_id != hierarchy_id)
		return 0;
	mine->programs[PROGRAM_CGROUP].runs++;
	event = bpf_ringbuf_reserve(&cgroup_events, sizeof(*event), 0);
	if (!event) {
		count_lost(mine, LOST_NAMES, 1);
		return 0;
	}
	event->id = cgroup->kn->id;
	event->parent = parent ? parent->cgroup->kn->id : 0;
	event->removed = removed;
	bpf_probe_read_kernel_str(event->name, sizeof(event->name), cgroup->kn->name);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(on_cgroup_mkdir, struct cgroup *cgroup)
{
	return cgroup_event(cgroup, 0);
}

SEC("tp_btf/cgroup_rename")
int BPF_PROG(on_cgroup_rename, struct cgroup *cgroup)
{
	return cgroup_event(cgroup, 0);
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(on_cgroup_rmdir, struct cgroup *cgroup)
{
	return cgroup_event(cgroup, 1);
}

/* Run once before the hooks are attached: memory for every task that exists, and each busy CPU's clock. */
SEC("iter/task")
int prepare(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct rq *rq;

	if (!task)
		return 0;
	bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (task->on_cpu) {
		__u32 cpu;
		struct cpu *c;

		rq = task->se.cfs_rq->rq;
		cpu = rq->cpu;
		c = bpf_map_lookup_elem(&cpus, &cpu);
		if (c)
			c->attach_clock = rq->clock;
	}
	return 0;
}

/* Run at every edge: the waits that are open, and the clock of every busy CPU. Costs the switching CPUs nothing. */
SEC("iter/task")
int survey(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct task_record record = {};
	__u64 queued;
	struct rq *rq;

	if (!task)
		return 0;
	rq = task->se.cfs_rq->rq;
	record.cpu = rq->cpu;
	queued = task->sched_info.last_queued;
	if (task->on_cpu) {
		record.ns = rq->clock;
	} else if (queued) {
		struct task_state *state = bpf_task_storage_get(&tasks, task, 0, 0);

		record.cgroup = cgroup_id(task);
		record.ns = rq->clock > queued ? rq->clock - queued : 0;
		if (state)
			record.ns += state->pending_ns;
	} else {
		return 0;
	}
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}
