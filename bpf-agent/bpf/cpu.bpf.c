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
 * A hook that writes a log runs under the run-queue lock of that CPU, with interrupts off; fork and cgroup hooks hold no such
 * lock and touch no log. Nothing is allocated under that lock: a task gets its storage when it is forked or, if older than
 * us, from an iterator.
 */
#include <linux/bpf.h>
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include "shared.h"
#include "histogram.h"
#include "charge.h"
#include "pending.h"
#include "state.h"

/* Not a typedef: a field is found in the kernel by the name of its type. */
#define task_t struct task_struct

extern int LINUX_KERNEL_VERSION __kconfig;

char LICENSE[] SEC("license") = "GPL";

/* Set by the sensor before loading: true where the unified hierarchy carries the cpu controller. */
const volatile bool unified = false;
const volatile int hierarchy_id = 0;

/* True before 6.18: a quota stops a whole queue, and not the threads in it one by one. */
const volatile bool quotas_stop_queues = false;

/* Which of the two sets of tables is written to. The sensor flips it and waits for running programs to end. */
volatile __u32 epoch = 0;

/* Set by the sensor when the hooks are attached. */
volatile bool hooked = false;

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

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task_state);
} tasks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct pending);
} pending SEC(".maps");

/* Tasks that got no memory in `tasks`, by pid. All others have some, even when it cannot be looked up. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u8);
} homeless SEC(".maps");

static const struct pending no_pending = {};

/* The program that runs now: counts what it could not know. */
static __noinline void count_lost(enum lost reason, __u64 n)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (c)
		c->lost[reason] += n;
}

/* By its css_set: sched_task_group would be an autogroup's for tasks of the root cgroup. */
static __always_inline __u64 task_cgroup(task_t *task)
{
	struct css_set *set = task->cgroups;
	struct cgroup *cgroup = unified ? set->dfl_cgrp :
					  set->subsys[bpf_core_enum_value(enum cgroup_subsys_id, cpu_cgrp_id)]->cgroup;
	__u64 id = cgroup->kn->id;

	return id ? id : 1;
}

static __always_inline __u64 task_occupant(task_t *task)
{
	if (!task->pid)
		return what(KIND_IDLE, 0);
	if (task->flags & PF_KTHREAD)
		return what(KIND_KERNEL, 0);
	return task_cgroup(task);
}

static __always_inline __u32 task_pid(task_t *task)
{
	return task->pid;
}

static __always_inline __u64 task_run_delay(task_t *task)
{
	return task->sched_info.run_delay;
}

static __always_inline __u64 task_arrivals(task_t *task)
{
	return task->sched_info.pcount;
}

/* Gives a task its memory. NULL if there is none, which is remembered. */
static __always_inline struct task_state *give_home(struct task_struct *task)
{
	struct task_state *state = bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	__u32 pid = task->pid;
	__u8 yes = 1;

	if (!state)
		bpf_map_update_elem(&homeless, &pid, &yes, BPF_ANY);
	return state;
}

/*
 * Whether a wait may be booked. Before 6.2 a task's memory cannot be looked up where that interrupts another look-up; the
 * wait then is found in the task's own books, as one that ended unseen, when it waits the next time.
 */
static __always_inline bool may_book(const struct task_state *state, __u32 pid)
{
	if (state || LINUX_KERNEL_VERSION >= KERNEL_VERSION(6, 2, 0) || bpf_map_lookup_elem(&homeless, &pid))
		return true;
	count_lost(LOST_TASK_STATE, 1);
	return false;
}

/* Since 6.12 a thread that sleeps may stay on its queue for a while. */
static __always_inline bool task_delayed(task_t *task)
{
	return bpf_core_field_exists(task->se.sched_delayed) && task->se.sched_delayed;
}

/* Since 6.18 a quota stops the thread itself. */
static __always_inline bool task_stopped(task_t *task)
{
	struct task_struct___task_throttling *t = (void *)task;

	return bpf_core_field_exists(t->throttled) && t->throttled;
}

/* The queues above a thread, from its own to the root's, whose depth is bounded for the verifier. */
#define QUEUE_DEPTH 12

/* Global functions are verified once, whoever calls them; that keeps the loops over queues below small. */
__noinline int begin_stop(__u32 cpu, __u64 quota, __u64 start)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	/* Through memory: a global function takes no kernel pointer, not even to compare. */
	if (c && !stops_begin(&c->stops, c->stops.stopped_queue, quota, start))
		count_lost(LOST_STOPS, 1);
	return 0;
}

__noinline int end_stop(__u32 cpu, __u32 place, __u64 now)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (c)
		stops_end(&c->stops, place, now);
	return 0;
}

/* Before 6.18: notes those queues above the task that are stopped now, if any is. */
static __noinline void note_queue_stops(struct cpu *c, __u32 cpu, struct task_struct *task)
{
	struct sched_entity *se = &task->se;

	for (int depth = 0; depth < QUEUE_DEPTH && se; depth++) {
		struct cfs_rq *queue = se->cfs_rq;
		__u64 since = queue->throttled_clock;

		if (BPF_CORE_READ_BITFIELD_PROBED(queue, throttled)) {
			c->stops.stopped_queue = (__u64)queue;
			begin_stop(cpu, queue->tg->css.cgroup->kn->id, since ? since : queue->rq->clock);
		}
		se = se->parent;
	}
}

/* Before 6.18: closes the stops of this CPU's queues that have ended by now. */
static __noinline void end_queue_stops(struct cpu *c, __u32 cpu, __u64 now)
{
	for (__u32 i = 0; i < STOPS_OPEN; i++) {
		struct cfs_rq *queue = (void *)c->stops.now[i].queue;

		if (queue && !BPF_CORE_READ_BITFIELD_PROBED(queue, throttled))
			end_stop(cpu, i, now);
	}
}

/* Sets up a scan for the task's queues that have a quota. False if none has. */
static __noinline bool find_limits(struct cpu *c, struct task_struct *task)
{
	struct stop_scan *scan = &c->stops.scan;
	struct sched_entity *se = &task->se;

	scan->levels = 0;
	for (__u32 i = 0; i < STOP_LEVELS; i++)
		scan->level[i] = 1; /* nobody's */
	for (int depth = 0; depth < QUEUE_DEPTH && se; depth++) {
		struct cfs_rq *queue = se->cfs_rq;

		if (queue->runtime_enabled && scan->levels < STOP_LEVELS) {
			scan->level[scan->levels & (STOP_LEVELS - 1)] = (__u64)queue;
			scan->levels++;
		}
		se = se->parent;
	}
	return scan->levels;
}

static __always_inline bool task_queue_stops(struct cpu *c, task_t *task, __u64 from)
{
	if (!quotas_stop_queues)
		return false;
	if (!c->stops.open && (!c->stops.ended || c->stops.past[(c->stops.ended - 1) & (STOPS_PAST - 1)].end <= from))
		return false;
	return find_limits(c, task);
}

static __always_inline __u64 task_queue(task_t *task)
{
	return (__u64)task->se.cfs_rq;
}

static __always_inline __u64 task_queue_stopped(task_t *task)
{
	struct cfs_rq *queue = task->se.cfs_rq;

	return bpf_core_field_exists(queue->throttled_clock_self_time) ? queue->throttled_clock_self_time : 0;
}

/* When the task that has the CPU got it, by the scheduler's own books; the idle task keeps none, but its run-queue does. */
static __always_inline __u64 task_arrival(task_t *task, struct rq *rq)
{
	if (task->pid)
		return task->sched_info.last_arrival;
	return bpf_core_field_exists(rq->clock_idle) ? rq->clock_idle : 0;
}

/* The entry of a map of sums, made if it is not there. NULL if the map is full. */
#define sum_at(map, key)                                                                                               \
	({                                                                                                             \
		struct sum none = {};                                                                                  \
		struct sum *sum = bpf_map_lookup_elem(map, key);                                                       \
		if (!sum) {                                                                                            \
			bpf_map_update_elem(map, key, &none, BPF_NOEXIST);                                             \
			sum = bpf_map_lookup_elem(map, key);                                                           \
		}                                                                                                      \
		sum;                                                                                                   \
	})

static __always_inline bool sum_add(struct sum *sum, __u64 ns, __u64 count)
{
	if (!sum)
		return false;
	__sync_fetch_and_add(&sum->ns, ns);
	__sync_fetch_and_add(&sum->count, count);
	return true;
}

/* Adds under (victim, what), in the spill map: the CPU's table has no place for it. */
static __noinline bool spill_add(__u32 slot, __u64 victim, __u64 code, __u64 ns, __u64 count)
{
	struct spill_key key = { .victim = victim, .what = code | (slot & 1 ? SPILL_EPOCH : 0) };

	return sum_add(sum_at(&spill, &key), ns, count);
}

/* Adds under (victim, what) in the tables of slot = cpu * 2 + epoch. A culprit that finds no room becomes "other". */
__noinline int account(__u32 slot, __u64 victim, __u64 code, __u64 ns, __u64 count)
{
	struct cells *cells = bpf_map_lookup_elem(&tables, &slot);

	if (!cells)
		return 0;
	if (cells_add(cells, victim, code, ns, count) || spill_add(slot, victim, code, ns, count))
		return 0;
	count_lost(LOST_CELLS, 1);
	if (what_kind(code) < KIND_WAIT && spill_add(slot, victim, what(KIND_OTHER, 0), ns, count))
		return 0;
	count_lost(LOST_NS, ns);
	return 0;
}

/* How long a thread of cgroup stood still, all of it, because quota's budget was used up. */
__noinline int account_stall(__u32 slot, __u64 cgroup, __u64 quota, __u64 ns)
{
	struct stall_key key = { .cgroup = cgroup, .quota = quota, .bucket = bucket_offset(ns), .epoch = slot & 1 };

	if (!sum_add(sum_at(&stalls, &key), ns, 1))
		count_lost(LOST_STALLS, 1);
	return 0;
}

/* Remembers a closed piece of a wait that goes on elsewhere. */
__noinline int charge_pending(__u32 pid, __u64 code, __u64 ns)
{
	struct pending *p = bpf_map_lookup_elem(&pending, &pid);

	if (p && !pending_add(p, code, ns))
		count_lost(LOST_PENDING, 1);
	return 0;
}

/* Books the culprits of the pieces that a task left on other CPUs, pending_ns in all. */
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

static __always_inline void log_sink(__u32 slot, __u64 victim, __u64 occupant, __u64 ns)
{
	if (slot == PENDING_SLOT)
		charge_pending(victim, occupant, ns);
	else
		account(slot, victim, occupant, ns, 1);
}

__noinline int cut_segment(__u32 log_cpu, __u64 back)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &log_cpu);

	if (c)
		log_cut_segment(&c->log, &c->rest, back);
	return 0;
}

__noinline int cut_block(__u32 log_cpu, __u64 back)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &log_cpu);

	if (c)
		log_cut_block(&c->log, &c->rest, back);
	return 0;
}

/*
 * Charges [from, to) to whoever had log_cpu at each nanosecond of it: to victim in the tables of slot or, where slot is
 * PENDING_SLOT, to the pieces of the task whose pid is given as victim. `to` is not before the newest segment's start.
 */
__noinline int charge(__u32 log_cpu, __u32 slot, __u64 victim, __u64 from, __u64 to)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &log_cpu);

	if (!c)
		return 0;
	c->rest.slot = slot;
	c->rest.victim = victim;
	c->rest.from = from;
	c->rest.to = to;
	for (__u64 back = 0; back < LOG_SEGMENTS && c->rest.from < c->rest.to && back < c->log.pushed; back++)
		cut_segment(log_cpu, back);
	for (__u64 back = 0; back < LOG_BLOCKS && c->rest.from < c->rest.to && back < c->log.blocks_begun; back++)
		cut_block(log_cpu, back);
	if (c->rest.from < c->rest.to) {
		log_sink(slot, victim, what(KIND_UNATTRIBUTED, 0), c->rest.to - c->rest.from);
		count_lost(LOST_LOG_SHORT, 1);
	}
	return 0;
}

__noinline int weigh_stop(__u32 cpu, __u32 place)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (c)
		stops_weigh(&c->stops, place);
	return 0;
}

/* As charge(), but the time in which a queue that find_limits() found was stopped is charged to its quota. */
__noinline int charge_stops(__u32 cpu, __u32 slot, __u64 victim, __u64 from, __u64 to)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (!c)
		return 0;
	c->stops.stopped_ns = 0;
	for (__u32 part = 0; part < STOP_PARTS && from < to; part++) {
		__u64 since;

		stops_scan_begin(&c->stops.scan, from, to);
		for (__u32 place = 0; place < STOPS_OPEN + STOPS_PAST; place++)
			weigh_stop(cpu, place);
		since = stops_scan_end(&c->stops.scan);
		if (c->stops.scan.quota) {
			log_sink(slot, victim, what(KIND_THROTTLED, c->stops.scan.quota), to - since);
			if (!c->stops.stopped_ns)
				c->stops.stopped_quota = c->stops.scan.quota;
			c->stops.stopped_ns += to - since;
		} else {
			charge(cpu, slot, victim, since, to);
		}
		to = since;
	}
	if (from < to)
		charge(cpu, slot, victim, from, to);
	return 0;
}

#include "wait.h"

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
static __noinline void note_throttle(struct cpu *c, struct task_struct *task)
{
	struct task_state *state = bpf_task_storage_get(&tasks, task, 0, 0);
	struct cfs_rq *queue = task->se.cfs_rq;

	if (state && bpf_core_field_exists(queue->throttled_clock_self))
		note_stop(c, state, task_arrivals(task), task_queue(task), queue->throttled_clock_self,
			  task_queue_stopped(task), quota_of(task));
}

/* The same for a thread that was stopped before we came. No run-queue is locked here, so only the thread's memory is written. */
static __noinline void note_old_throttle(struct task_struct *task)
{
	struct task_state *state = bpf_task_storage_get(&tasks, task, 0, 0);
	struct cfs_rq *queue = task->se.cfs_rq;

	if (!state || !bpf_core_field_exists(queue->throttled_clock_self))
		return;
	state->throttle.queue = task_queue(task);
	state->throttle.arrivals = task_arrivals(task);
	state->throttle.start = queue->throttled_clock_self;
	state->throttle.stopped = task_queue_stopped(task);
	state->throttle.quota = quota_of(task);
}

/* A stopped task goes on to dest_cpu: if its queue is throttled there, too, that queue's books count from now on. */
static __noinline void follow_throttle(struct task_struct *task, struct task_state *state, int dest_cpu)
{
	struct cfs_rq **queues = task->sched_task_group->cfs_rq;
	struct cfs_rq *queue = NULL;

	if (bpf_probe_read_kernel(&queue, sizeof(queue), &queues[dest_cpu]) || !BPF_CORE_READ(queue, throttle_count))
		return;
	state->throttle.queue = (__u64)queue;
	state->throttle.arrivals = task_arrivals(task);
	state->throttle.start = BPF_CORE_READ(queue, throttled_clock_self);
	state->throttle.stopped = BPF_CORE_READ(queue, throttled_clock_self_time);
}

/* A switch after one that we have not seen, or the first on this CPU. */
static __noinline void catch_up(struct cpu *c, __u32 cpu, __u32 slot, struct task_struct *prev)
{
	struct rq *rq = prev->se.cfs_rq->rq;
	__u64 arrival = task_arrival(prev, rq);

	if (!c->attached)
		log_begin(c, prev, arrival, rq->clock);
	else
		switches_lost(c, cpu, slot, prev, prev->pid ? bpf_task_storage_get(&tasks, prev, 0, 0) : NULL,
			      rq->nr_switches - c->switches - 1, arrival);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);
	struct rq *rq = next->se.cfs_rq->rq;
	__u32 slot = cpu * 2 + (epoch & 1);
	__u64 now = rq->clock;
	__u64 timed = 0;
	__u64 queued;

	if (!c || !now)
		return 0;
	if (!(c->programs[PROGRAM_SWITCH].runs++ % SAMPLE_EVERY))
		timed = bpf_ktime_get_ns();
	if (rq->nr_switches != c->switches + 1)
		catch_up(c, cpu, slot, prev);
	c->switches = rq->nr_switches;
	c->last_event = now;
	if (task_stopped(prev))
		note_throttle(c, prev);
	if (quotas_stop_queues) {
		if (c->stops.open)
			end_queue_stops(c, cpu, now);
		if (prev->se.cfs_rq->throttle_count)
			note_queue_stops(c, cpu, prev);
	}
	queued = next->sched_info.last_queued;
	if (queued && queued <= now) {
		struct task_state *state = bpf_task_storage_get(&tasks, next, 0, 0);

		if (may_book(state, next->pid))
			wait_close(c, cpu, slot, next, state, task_run_delay(next), task_arrivals(next), queued, now);
	}
	occupy(c, slot, now, task_occupant(next));
	c->pushed_in[slot & 1] = c->log.pushed;
	if (timed) {
		c->programs[PROGRAM_SWITCH].sampled_runs++;
		c->programs[PROGRAM_SWITCH].sampled_ns += bpf_ktime_get_ns() - timed;
	}
	return 0;
}

/* A waiting task is taken off its CPU's queue, to be put on another's. A task that is being woken has nothing behind it. */
SEC("tp_btf/sched_migrate_task")
int BPF_PROG(on_migrate, struct task_struct *task, int dest_cpu)
{
	__u32 here = bpf_get_smp_processor_id();
	struct cpu *mine = bpf_map_lookup_elem(&cpus, &here);
	struct task_state *state;
	__u64 now, log_until;
	__u32 pid, cpu;
	struct cpu *c;
	struct rq *rq;

	if (!mine)
		return 0;
	mine->programs[PROGRAM_MIGRATE].runs++;
	if (task->on_rq != TASK_ON_RQ_MIGRATING)
		return 0;
	state = bpf_task_storage_get(&tasks, task, 0, 0);
	rq = task->se.cfs_rq->rq;
	cpu = rq->cpu;
	c = bpf_map_lookup_elem(&cpus, &cpu);
	if (!state || !c)
		return 0;
	if (task_delayed(task)) {
		move_asleep(state, task_run_delay(task), task_arrivals(task));
		return 0;
	}
	pid = task->pid;
	if (!state->pending_ns && bpf_map_update_elem(&pending, &pid, &no_pending, BPF_ANY))
		count_lost(LOST_PENDING, 1);
	now = rq->clock;
	log_until = c->last_event;
	barrier_var(log_until); /* or one load of either pointer is made of the two, which the verifier refuses */
	if (rq->nr_switches == c->switches)
		log_until = now;
	if (!wait_leave(c, cpu, task, state, now, log_until) && !state->pending_ns)
		bpf_map_delete_elem(&pending, &pid);
	if (task_stopped(task))
		follow_throttle(task, state, dest_cpu);
	return 0;
}

/*
 * Before 6.18: a queue may be stopped when a task wakes into it and finds no budget left, and is let go by a timer, which
 * then adds its tasks to the run-queue's number of running ones.
 */
static __always_inline void woken(struct task_struct *task)
{
	struct cfs_rq *queue = task->se.cfs_rq;
	__u32 cpu = queue->rq->cpu;
	struct cpu *c;

	if (!queue->throttle_count)
		return;
	c = bpf_map_lookup_elem(&cpus, &cpu);
	if (!c)
		return;
	c->programs[PROGRAM_QUEUE].runs++;
	note_queue_stops(c, cpu, task);
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(on_wakeup, struct task_struct *task)
{
	woken(task);
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(on_wakeup_new, struct task_struct *task)
{
	woken(task);
	return 0;
}

SEC("tp_btf/sched_update_nr_running_tp")
int BPF_PROG(on_nr_running, struct rq *rq, int change)
{
	__u32 cpu = rq->cpu;
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (!c || !c->stops.open || change <= 0)
		return 0;
	c->programs[PROGRAM_QUEUE].runs++;
	end_queue_stops(c, cpu, rq->clock);
	return 0;
}

/* A new task gets its memory here, where no run-queue is locked. */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	__u32 here = bpf_get_smp_processor_id();
	struct cpu *mine = bpf_map_lookup_elem(&cpus, &here);
	struct task_state *state = give_home(child);

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
		count_lost(LOST_NAMES, 1);
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

/* A stop that goes on before any hook is attached, so that nobody else writes: a later one of its queue will end it. */
static __noinline void follow_old_stop(struct task_struct *task)
{
	struct cfs_rq *queue = task->se.cfs_rq;
	__u32 cpu = queue->rq->cpu;
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (c && bpf_core_field_exists(queue->throttled_clock_self) && queue->throttled_clock_self)
		stops_follow(&c->stops, (__u64)queue, queue->throttled_clock_self, task_queue_stopped(task));
}

/*
 * Run before the hooks are attached: memory for every task that exists, and each busy CPU's clock. Run again after it:
 * what each task has waited so far, if no hook has looked at it yet.
 */
SEC("iter/task")
int prepare(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct task_state *state;
	struct rq *rq;

	if (!task)
		return 0;
	state = give_home(task);
	if (hooked) {
		if (state && !state->known) {
			state->seen_run_delay = task_run_delay(task);
			state->seen_arrivals = task_arrivals(task);
			state->asleep = task->sched_info.last_queued && (!task->on_rq || task_delayed(task));
			state->known = 1;
			if (task_stopped(task))
				note_old_throttle(task);
		}
		return 0;
	}
	if (task->on_cpu) {
		__u32 cpu;
		struct cpu *c;

		rq = task->se.cfs_rq->rq;
		cpu = rq->cpu;
		c = bpf_map_lookup_elem(&cpus, &cpu);
		if (c)
			c->attach_clock = rq->clock;
	} else if (task_stopped(task)) {
		follow_old_stop(task);
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
	} else if (queued && task->on_rq && !task_delayed(task)) {
		struct task_state *state = bpf_task_storage_get(&tasks, task, 0, 0);

		if (state && state->asleep)
			return 0;
		record.cgroup = task_cgroup(task);
		record.ns = rq->clock > queued ? rq->clock - queued : 0;
		if (state)
			record.ns += state->pending_ns;
	} else {
		return 0;
	}
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}
