/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What events mean for the stops of a CPU's queues, where a quota stops whole queues (before 6.18): walks up the queues above
 * a thread and looks at what the kernel says of each. No event tells that a queue is stopped or let go; but a queue is only
 * stopped when a thread leaves the CPU or one is put on the queue, and if threads are let go, the CPU's number of running
 * ones grows.
 *
 * Whoever includes this defines task_t, queue_t, entity_t (a thread's or a queue's place in the queue above it) and these,
 * for the program and for the test that holds it against an oracle:
 *   task_entity, entity_queue, entity_parent    the way up
 *   queue_number, queue_numbered                identity of a queue, and back
 *   queue_throttled, queue_since, queue_quota   whether and since when its own quota has stopped it, and whose that is
 *   queue_limited                               whether it has a quota at all
 *   queue_above                                 the queue around this one on the CPU; NULL at the root
 *   begin_stop, end_stop                        call stops_begin() for c->stops.stopped_queue, and end_queue_stop()
 */
#pragma once

/* The queues above a thread, from its own to the root's, whose depth is bounded for the verifier. */
#define QUEUE_DEPTH 12

/* A thread left the CPU or was put on a queue: notes those queues above it that are stopped now, if any is. */
static __noinline void note_queue_stops(struct cpu *c, __u32 cpu, task_t *task)
{
	entity_t *entity = task_entity(task);

	for (int depth = 0; depth < QUEUE_DEPTH && entity; depth++) {
		queue_t *queue = entity_queue(entity);

		if (queue_throttled(queue)) {
			c->stops.stopped_queue = queue_number(queue);
			begin_stop(cpu, queue_quota(queue), queue_since(queue));
		}
		entity = entity_parent(entity);
	}
}

/*
 * Closes the stop in that place of this CPU's open ones if its queue has been let go. Another quota may have stopped that at
 * once, higher up, when it was put on the queue above.
 */
static __always_inline void end_queue_stop(struct cpu *c, __u32 cpu, __u32 place, __u64 now)
{
	queue_t *queue = queue_numbered(c->stops.now[place & (STOPS_OPEN - 1)].queue);

	if (queue_throttled(queue))
		return;
	stops_end(&c->stops, place, now);
	for (int depth = 0; depth < STOP_LEVELS; depth++) {
		queue = queue_above(queue, cpu);
		if (!queue)
			return;
		if (queue_throttled(queue)) {
			c->stops.stopped_queue = queue_number(queue);
			begin_stop(cpu, queue_quota(queue), queue_since(queue));
		}
	}
}

/* Closes the stops of this CPU's queues that have ended by now. */
static __noinline void end_queue_stops(struct cpu *c, __u32 cpu, __u64 now)
{
	for (__u32 i = 0; i < STOPS_OPEN; i++)
		if (c->stops.now[i].queue)
			end_stop(cpu, i, now);
}

/* Sets up a scan for the task's queues that have a quota. False if none has. */
static __noinline bool find_limits(struct cpu *c, task_t *task)
{
	struct stop_scan *scan = &c->stops.scan;
	entity_t *entity = task_entity(task);

	scan->levels = 0;
	for (__u32 i = 0; i < STOP_LEVELS; i++)
		scan->level[i] = 0;
	for (int depth = 0; depth < QUEUE_DEPTH && entity; depth++) {
		queue_t *queue = entity_queue(entity);

		if (queue_limited(queue) && scan->levels < STOP_LEVELS) {
			scan->level[scan->levels & (STOP_LEVELS - 1)] = queue_number(queue);
			scan->levels++;
		}
		entity = entity_parent(entity);
	}
	return scan->levels;
}
