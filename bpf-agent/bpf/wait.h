/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a wait: what each scheduler event means for the wait of a thread and for the log of a CPU. Everything here
 * is arithmetic on what the kernel's own books say at that event; where they are, the includer says.
 *
 * Whoever includes this defines task_t and these, for the program and for the test that holds it against an oracle:
 *   task_pid, task_cgroup            who it is; a cgroup id is never 0
 *   task_run_delay, task_arrivals    ns that it has waited in its life, closed pieces only; times that it got a CPU
 *   task_occupant                    what.h: who has the CPU while it runs
 *   task_stopped                     a quota keeps it off the CPU (it is in its queue's limbo)
 *   task_queue, task_queue_stopped   identity of its queue; ns that this queue has been throttled, closed stops only
 *   task_queue_stops                 whether quotas stop queues here, and one above the thread was stopped after a time;
 *   charge_stops                     then this charges all of an interval, and leaves the stopped part in c->stops
 *   taken_since                      ns that interrupts have taken on a CPU since a time
 *   account, account_stall, charge, charge_pending, charge_pieces, count_lost       where results go
 */
#pragma once

/* Length 0 is counted, too. */
static __always_inline void account_wait(__u32 slot, __u64 victim, __u64 ns)
{
	account(slot, victim, what(KIND_WAIT, ns ? bucket_offset(ns) : WAIT_ZERO), ns, 1);
}

/*
 * Where in [from, to] the throttled part of a piece ends that began with a stop. The kernel adds the length of a stop to
 * its queue's books when it ends, and we noted when it started; if the queue was stopped again since, we noted that, too.
 */
static __always_inline __u64 throttled_until(const struct cpu *c, const struct throttle *throttle, __u64 queue,
					     __u64 stopped, __u64 from, __u64 to)
{
	__u64 until = stops_end_of(&c->stops, queue, throttle->start);

	if (!until)
		until = throttle->start + (stopped - throttle->stopped);
	if (until < from)
		return from;
	return until < to ? until : to;
}

/* The thread leaves this CPU because of a quota. start is 0 if its queue's books do not know of it. */
static __always_inline void note_stop(struct cpu *c, struct task_state *state, __u64 arrivals, __u64 queue, __u64 start,
				      __u64 stopped, __u64 quota)
{
	state->throttle.queue = queue;
	state->throttle.arrivals = arrivals;
	state->throttle.start = start;
	state->throttle.stopped = stopped;
	state->throttle.quota = quota;
	if (start)
		stops_follow(&c->stops, queue, start, stopped);
}

/*
 * Books what a quota took of the piece [from, to) that ends a wait, and the whole stall. Returns where the throttled part
 * of the piece ends.
 */
static __always_inline __u64 close_throttled(const struct cpu *c, __u32 slot, task_t *task, struct task_state *state,
					     __u64 from, __u64 to)
{
	__u64 victim = task_cgroup(task);
	__u64 quota = state->throttled_quota;
	__u64 stall = state->throttled_ns;
	__u64 until = from;

	if (state->throttle.start && state->throttle.queue == task_queue(task)) {
		until = throttled_until(c, &state->throttle, task_queue(task), task_queue_stopped(task), from, to);
		if (until > from) {
			quota = state->throttle.quota;
			account(slot, victim, what(KIND_THROTTLED, quota), until - from, 1);
			stall += until - from;
		}
	} else if (state->throttle.queue) {
		/* Moved meanwhile, to a queue whose books do not tell when it was let go. */
		until = to;
		if (until > from)
			account(slot, victim, what(KIND_UNATTRIBUTED, 0), until - from, 1);
		count_lost(LOST_MOVED_THROTTLED, 1);
	}
	if (stall)
		account_stall(slot, victim, quota, stall);
	state->throttle.queue = 0;
	state->throttled_ns = 0;
	return until;
}

/* Pieces that ended unseen: their length is known, from when to when is not. Returns it. */
static __always_inline __u64 close_unseen(__u32 slot, task_t *task, struct task_state *state, __u64 run_delay)
{
	__u64 unseen = run_delay - state->seen_run_delay;

	if (!state->known || !unseen)
		return 0;
	account(slot, task_cgroup(task), what(KIND_UNATTRIBUTED, 0), unseen, 1);
	count_lost(LOST_UNSEEN_WAIT, 1);
	return unseen;
}

/*
 * A sleeping thread is moved to another CPU's queue. That puts a stamp on it as if it waited, which nothing takes away until
 * it runs (Linux 6.12 and newer, where a sleeper may stay on its queue).
 */
static __always_inline void move_asleep(struct task_state *state, __u64 run_delay, __u64 arrivals)
{
	state->known = 1;
	state->asleep = 1;
	state->seen_run_delay = run_delay;
	state->seen_arrivals = arrivals;
}

/*
 * At the end of a piece: forgets what was booked since move_asleep(), which is sleep or, from an unknown moment on, a wait.
 * True if that stamp was still there, so that the piece itself is of this kind. run_delay and arrivals as in wait_close().
 */
static __always_inline bool drop_asleep(struct task_state *state, __u64 run_delay, __u64 arrivals)
{
	bool stamped = run_delay == state->seen_run_delay && arrivals == state->seen_arrivals;

	if (!state->asleep)
		return false;
	state->asleep = 0;
	state->seen_run_delay = run_delay;
	state->seen_arrivals = arrivals;
	count_lost(LOST_MOVED_ASLEEP, 1);
	return stamped;
}

/* Adds what charge_stops() found to the stopped part of the wait. */
static __always_inline void keep_stopped(struct cpu *c, struct task_state *state)
{
	if (!c->stops.stopped_ns)
		return;
	state->throttled_ns += c->stops.stopped_ns;
	state->throttled_quota = c->stops.stopped_quota;
}

/*
 * The thread got this CPU at `to`, having stood in its queue since `from`. Books the whole wait: this piece, and those
 * that it has left elsewhere. run_delay and arrivals are what the kernel had booked before this piece. state is NULL if we
 * have no memory for the thread.
 */
static __always_inline void wait_close(struct cpu *c, __u32 cpu, __u32 slot, task_t *task, struct task_state *state,
				       __u64 run_delay, __u64 arrivals, __u64 from, __u64 to)
{
	__u64 victim = task_cgroup(task);
	__u64 wait = 0;

	if (!state) {
		count_lost(LOST_TASK_STATE, 1);
	} else if (drop_asleep(state, run_delay, arrivals)) {
		state->seen_run_delay = run_delay + (to - from);
		state->seen_arrivals = arrivals + 1;
		return;
	} else {
		if (run_delay != state->seen_run_delay)
			wait = close_unseen(slot, task, state, run_delay);
		state->known = 1;
		state->seen_run_delay = run_delay + (to - from);
		state->seen_arrivals = arrivals + 1;
		if (state->pending_ns) {
			charge_pieces(slot, victim, task_pid(task), state->pending_ns);
			wait += state->pending_ns;
			state->pending_ns = 0;
		}
	}
	if (from < c->attached) {
		from = c->attached;
		count_lost(LOST_OPEN_AT_ATTACH, 1);
	}
	wait += to - from;
	if (state && task_queue_stops(c, task, from)) {
		charge_stops(cpu, slot, victim, from, to);
		keep_stopped(c, state);
		from = to;
	}
	if (state && (state->throttle.queue || state->throttled_ns)) {
		if (state->throttle.arrivals != arrivals)
			state->throttle.queue = 0; /* it has run since, unseen: this piece did not begin with the stop */
		from = close_throttled(c, slot, task, state, from, to);
	}
	if (log_newest(&c->log)->start > from || c->interrupts.end > from)
		charge(cpu, slot, victim, from, to);
	else if (from < to)
		account(slot, victim, log_newest(&c->log)->occupant, to - from, 1);
	account_wait(slot, victim, wait);
}

/* What a thread that was stopped by a quota leaves behind when it is moved: the piece [from, to) so far. */
static __always_inline __u64 leave_throttled(const struct cpu *c, task_t *task, struct task_state *state, __u64 queue,
					     __u64 from, __u64 to)
{
	__u64 until = to;

	if (!task_stopped(task) && (!state->throttle.start || queue != task_queue(task))) {
		charge_pending(task_pid(task), what(KIND_UNATTRIBUTED, 0), to - from);
		count_lost(LOST_MOVED_THROTTLED, 1);
	} else {
		if (!task_stopped(task))
			until = throttled_until(c, &state->throttle, queue, task_queue_stopped(task), from, to);
		if (until > from) {
			charge_pending(task_pid(task), what(KIND_THROTTLED, state->throttle.quota), until - from);
			state->throttled_ns += until - from;
			state->throttled_quota = state->throttle.quota;
		}
	}
	return until;
}

/*
 * The waiting thread is taken off the queue of this CPU, `cpu`, at `to`, to be put on another's. Keeps the piece, whose
 * length the kernel has just added to run_delay. The log is right until log_until: a switch after it was not shown to us.
 * False if there is no piece: the thread was not waiting.
 */
static __always_inline bool wait_leave(struct cpu *c, __u32 cpu, task_t *task, struct task_state *state, __u64 to,
				       __u64 log_until)
{
	__u64 run_delay = task_run_delay(task);
	__u64 arrivals = task_arrivals(task);
	__u64 piece = run_delay - state->seen_run_delay;
	bool unseen = arrivals != state->seen_arrivals;
	bool known = state->known;
	__u64 stopped_by = state->throttle.arrivals == arrivals ? state->throttle.queue : 0;
	__u64 from = to - piece;

	state->known = 1;
	state->seen_run_delay = run_delay;
	state->seen_arrivals = arrivals;
	state->throttle.queue = 0;
	if (state->asleep) {
		drop_asleep(state, run_delay, arrivals);
		return false;
	}
	if (!known || !piece || !c->attached)
		return false;
	if (unseen) {
		/* It has run since we saw it last, so the piece is more than this wait's. */
		charge_pending(task_pid(task), what(KIND_UNATTRIBUTED, 0), piece);
		count_lost(LOST_UNSEEN_WAIT, 1);
		state->pending_ns += piece;
		return true;
	}
	if (from < c->attached) {
		from = c->attached;
		count_lost(LOST_OPEN_AT_ATTACH, 1);
	}
	if (from >= to)
		return false;
	state->pending_ns += to - from;
	if (stopped_by)
		from = leave_throttled(c, task, state, stopped_by, from, to);
	if (log_until < to) {
		__u64 since = from > log_until ? from : log_until;

		charge_pending(task_pid(task), what(KIND_UNATTRIBUTED, 0), to - since);
		to = since;
	}
	if (from < to && task_queue_stops(c, task, from)) {
		charge_stops(cpu, PENDING_SLOT, task_pid(task), from, to);
		keep_stopped(c, state);
	} else if (from < to) {
		charge(cpu, PENDING_SLOT, task_pid(task), from, to);
	}
	return true;
}

/*
 * From `start` on, occupant has the CPU; what the one before it used is counted as the kernel's own books do: without what
 * they leave out, which has grown to c->left_out. taken: what interrupts had taken by then.
 */
static __always_inline void occupy(struct cpu *c, __u32 slot, __u64 start, __u64 occupant, __u64 taken)
{
	struct segment *newest = log_newest(&c->log);

	if (newest->occupant == occupant)
		return;
	if (what_kind(newest->occupant) == KIND_CGROUP && start > newest->start)
		account(slot, newest->occupant, what(KIND_CPU, 0),
			without(start - newest->start, c->left_out - c->left_out_before), 1);
	c->left_out_before = c->left_out;
	log_push(&c->log, start, occupant, taken);
}

/* What interrupts had taken on this CPU, `cpu`, at a time that is past. */
static __always_inline __u64 taken_at(const struct cpu *c, __u32 cpu, __u64 time)
{
	if (c->interrupts.end <= time)
		return c->interrupts.taken;
	return without(c->interrupts.taken, taken_since(cpu, time));
}

/* The first event on this CPU: prev has had it since `arrival`, or since before we came. */
static __always_inline void log_begin(struct cpu *c, __u32 cpu, task_t *prev, __u64 arrival, __u64 now)
{
	c->attached = c->attach_clock ? c->attach_clock : now;
	if (arrival > c->attached && arrival <= now)
		c->attached = arrival;
	c->last_event = c->attached;
	c->left_out_before = c->left_out;
	log_push(&c->log, c->attached, task_occupant(prev), taken_at(c, cpu, c->attached));
}

/*
 * prev leaves the CPU, and `lost` switches before this one were not shown to us. It got the CPU at `arrival`, by the
 * scheduler's own stamp. After one lost switch all is known; after more, who ran until then is not. What the
 * kernel's books have left out since the last switch is taken to have been before that.
 */
static __always_inline void switches_lost(struct cpu *c, __u32 cpu, __u32 slot, task_t *prev, struct task_state *state,
					  __u64 lost, __u64 arrival)
{
	count_lost(LOST_SWITCH, lost);
	if (arrival < c->last_event)
		arrival = c->last_event;
	if (lost > 1)
		occupy(c, slot, c->last_event, what(KIND_UNATTRIBUTED, 0), taken_at(c, cpu, c->last_event));
	if (state && state->known) {
		__u64 run_delay = task_run_delay(prev);
		__u64 piece = run_delay - state->seen_run_delay;

		/* Its wait ended unseen, too. Of two waits that did, only the sum is known: the next one that closes has it. */
		if ((piece || state->pending_ns) && piece < arrival && lost == 1 &&
		    task_arrivals(prev) == state->seen_arrivals + 1)
			wait_close(c, cpu, slot, prev, state, run_delay - piece, task_arrivals(prev) - 1, arrival - piece,
				   arrival);
	}
	occupy(c, slot, arrival, task_occupant(prev), taken_at(c, cpu, arrival));
}
