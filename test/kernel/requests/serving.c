// SPDX-License-Identifier: Apache-2.0
/*
 * serving SEED RUNS: the arithmetic of serving.h and request.h over lives of threads made at random, sane and insane ones.
 * Promises: the parts of a request are its duration to the nanosecond, whatever the books say; where the books are sane no
 * part is more than what truly happened, and of losses also no less; no segment that repeats old bytes begins or ends a request;
 * of data that waits to be read, what is told stands for all.
 */
#include <linux/types.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chance.h"
#include "what.h"
#include "serving.h"
#include "request.h"
#include "losses.h"
#include "unread.h"

static __u64 sum_of(const struct service *s, struct service_parts parts)
{
	__u64 sum = parts.lost_ns + parts.upstream_ns + parts.unread_ns + parts.work_ns;

	for (int i = 0; i < SERVER_PARTS; i++)
		sum += service_part(s, i);
	for (int i = 0; i < QUEUED_PARTS; i++)
		sum += parts.queued_ns[i];
	return sum;
}

/* Memory full of anything: still every part fits into the request. */
static void insane(void)
{
	struct server_thread thread;
	struct service service;
	__u64 ns = random_below(1ull << (1 + random_below(50)));

	for (size_t i = 0; i < sizeof(thread); i++)
		((unsigned char *)&thread)[i] = random_below(256);
	for (size_t i = 0; i < sizeof(service); i++)
		((unsigned char *)&service)[i] = random_below(256);
	thread.parts = random_below(SERVER_PARTS + 1);
	if (random_below(2))
		service.generation = thread.generation;
	__u64 sum = sum_of(&service, service_ends(&service, &thread, ns, random_below(2) ? 0 : random_below(2 * ns + 1)));

	if (sum != ns)
		fail("the parts of a request are its duration, whatever the books say", sum, ns);
}

/*
 * A thread that runs, sleeps, waits and asks upstreams, nanosecond by nanosecond known, and requests that come, are read and
 * answered meanwhile. With as many culprits as the thread tells apart, and with more.
 */
static void sane(void)
{
	struct server_thread thread = {};
	struct service service = { .server = 1 };
	__u64 now = 1000 + random_below(1000), start = 0, read_at = 0;
	__u64 waited = 0, asked = 0; /* since start: in truth */
	__u64 early = 0, waits_unread = 0; /* of the wait in which it came what was before that, and waits until it was read */
	__u64 culprits = 1 + random_below(20);
	__u64 slept = 0, slept_sent = 0, lost = 0; /* asleep for the upstream, in truth: in all, when something was last sent, to blame on losses */
	__u64 slept_asked = 0, lost_asked = 0, queued = 0; /* the first two when it asked; asleep while packets stood in queues */
	__u64 missing = 0; /* before it was read */
	struct losses losses = {};
	bool open = false, read = false, upstream = false;

	server_begin(&thread, 7);
	for (int step = 0; step < 60; step++) {
		__u64 length = 1 + random_below(100000);

		switch (random_below(5)) {
		case 0: /* work */
			now += length;
			break;
		case 1: { /* sleep and wait; a request may come meanwhile */
			__u64 wait = random_below(100000), come = open ? 0 : now + random_below(length + wait);

			server_sleeps(&thread, now);
			if (upstream && open)
				asked += length;
			/* While it sleeps, what it sent may be sent again, more than once. */
			for (__u64 at = now; upstream && random_below(2) && at < now + length;) {
				at += 1 + random_below(now + length - at);
				losses_again(&losses, &thread, 0, at);
				lost += slept + at - now - slept_sent;
				slept_sent = slept + at - now;
			}
			slept += upstream ? length : 0;
			now += length;
			if (come && random_below(2)) {
				bool again = random_below(2);

				if (come > now)
					waited = 0;
				/* A thread that has served here before is known when the request comes, even while it waits. */
				service.since_start = 0;
				if (again)
					service_awaits(&service, &thread);
				start = come;
				open = true;
				read = false;
				waited = now + wait > come ? now + wait - (come > now ? come : now) : 0;
				early = come > now ? come - now : 0;
				waits_unread = 1;
				asked = 0;
			} else if (open) {
				waited += wait;
				waits_unread += !read;
			}
			for (__u64 left = wait; left;) {
				__u64 piece = 1 + random_below(left);

				server_add(&thread, what(random_below(3) ? KIND_CGROUP : KIND_THROTTLED,
							 1 + random_below(culprits)), piece);
				left -= piece;
			}
			now += wait;
			server_runs(&thread, now);
			if (open && !read && !service.since_start && waited > wait)
				waited = wait; /* only its last wait is known to be the request's */
			break;
		}
		case 2:
			if (open && !read && now > start) {
				struct service other = service;

				/* Nothing is missing while it waits. */
				service_begins(&other, &thread, start, now, 0);
				missing = random_below(other.unread_ns + 1);
				service_begins(&service, &thread, start, now, missing);
				read = true;
				read_at = now;
				asked = 0;
			}
			break;
		case 3:
			if (read && !upstream) {
				server_asks(&thread, now);
				losses_begin(&losses, &thread, now);
				slept_sent = slept_asked = slept;
				lost_asked = lost;
				upstream = true;
			} else if (upstream) {
				__u64 left = slept - slept_asked - (lost - lost_asked);
				struct queued stood = {};

				for (int i = 0; i < 6; i++) {
					__u64 ns = random_below(left + 1);

					queued_add(&stood, what(KIND_CGROUP, 1 + random_below(culprits)), ns);
					queued += ns;
					left -= ns;
				}
				server_queued(&thread, &stood, stood.ns, losses.asked_slept, losses.asked_lost, now);
				server_answered(&thread, now);
				upstream = false;
			}
			break;
		default:
			if (open && read) {
				__u64 ns = now - start, waits = 0, told = 0, sum, more;
				struct service_parts parts = service_ends(&service, &thread, ns, missing);

				sum = sum_of(&service, parts);
				for (int i = 0; i < SERVER_PARTS; i++)
					waits += service_part(&service, i);
				if (sum != ns)
					fail("the parts of a request are its duration", sum, ns);
				/* When a wait was is forgotten after some others; and shares of waits are cut in 65536ths. */
				more = waited / 65536 + early / 65536 + SERVER_PARTS + (waits_unread > SERVER_WAITS ? early : 0);
				if (waits > waited + more)
					fail("no more waits than there were", waits, waited);
				for (int i = 0; i < QUEUED_PARTS; i++)
					told += parts.queued_ns[i];
				if (told > queued || told + more < queued)
					fail("as long in queues as it was, and no longer", told, queued);
				if (parts.upstream_ns + lost + told > asked)
					fail("no more upstream than there was", parts.upstream_ns, asked - lost - told);
				if (parts.lost_ns > missing + lost || parts.lost_ns + more < lost)
					fail("as much as was lost, and no more", parts.lost_ns, missing + lost);
				lost = queued = 0;
				if (parts.unread_ns > read_at - start)
					fail("no longer unread than until it was read", parts.unread_ns, read_at - start);
				open = read = false;
				if (upstream) {
					server_answered(&thread, now);
					upstream = false;
				}
			}
		}
	}
}

/* A stream of requests and answers, with segments that come again: counted once, and exactly while one is outstanding. */
static void stream(void)
{
	struct exchange x = { .role = random_below(2) ? ROLE_SERVER : ROLE_CLIENT, .segments = REQUEST_EARLY };
	__u32 request = random_below(1ull << 32), response = random_below(1ull << 32);
	__u64 now = 1, start;

	for (int i = 0; i < 20; i++) {
		struct request_segment ask = { request, response, 1 + random_below(1000) }, more, again;
		struct request_segment answer = { response, request + ask.length, 1 + random_below(1000) };
		struct exchange_end end;

		if (!exchange_request(&x, start = now += random_below(1000000000), &ask))
			fail("a request begins with its first bytes", 0, 1);
		more = ask;
		more.sequence += ask.length;
		if (random_below(2)) {
			if (exchange_request(&x, now += random_below(REQUEST_SILENCE_NS), &more))
				fail("more bytes of a request are none of another", 1, 0);
			request += more.length;
		}
		if (exchange_request(&x, now + 2 * REQUEST_SILENCE_NS, &ask))
			fail("old bytes begin no request", 1, 0);
		request += ask.length;
		exchange_read(&x, now, request);
		again = answer;
		if (!exchange_response(&x, now += random_below(1000000000), &answer, &end))
			fail("an answer ends its request", 0, 1);
		if (end.ns != now - start || end.estimated)
			fail("a request that was alone is exact", end.ns, now - start);
		response += answer.length;
		if (exchange_response(&x, now += 1000, &again, &end))
			fail("an answer that comes again ends nothing", 1, 0);
	}

	/* Nobody looked for a while. */
	struct request_segment ask = { request, response, 10 }, answer = { response, request + 10, 10 };
	struct exchange_end end;

	exchange_request(&x, ++now, &ask);
	exchange_forget(&x, now);
	if (!x.open)
		fail("what came since is remembered", 0, 1);
	exchange_forget(&x, now + 1);
	if (exchange_response(&x, now + 2, &answer, &end))
		fail("what was open before is forgotten", 1, 0);
}

/* A connection that is read as often as that in an interval, in two intervals. */
static void read_often(void)
{
	struct unread u = {};

	for (__u8 epoch = 0; epoch < 2; epoch++) {
		__u64 values = random_below(20 * UNREAD_ALL), told = 0;

		for (__u64 i = 0; i < values; i++) {
			__u8 weight = unread_weight(&u, epoch);

			if (i < UNREAD_ALL && weight != 1)
				fail("of few values each is told", weight, 1);
			told += weight;
		}
		if (told > values || values - told >= UNREAD_EVERY)
			fail("of many values those that are told stand for all", told, values);
	}
}

/* A thread sleeps for 100 ns. Returns the time in which an upstream had not answered. */
static __u64 asleep_for_upstream(struct server_thread *thread, __u64 now)
{
	__u64 before = thread->slept_upstream_ns;

	server_sleeps(thread, now);
	server_runs(thread, now + 100);
	return thread->slept_upstream_ns - before;
}

/* One connection is answered on two CPUs at once, and both tell; or what they tell has left a number below zero already. */
static void answered_twice(void)
{
	struct server_thread thread = {};

	server_begin(&thread, 7);
	server_asks(&thread, 1000);
	server_answered(&thread, 1100);
	server_answered(&thread, 1100);
	if (asleep_for_upstream(&thread, 1200))
		fail("an answer that is told twice leaves no upstream to wait for", asleep_for_upstream(&thread, 1200), 0);
	thread.upstreams = -1;
	if (asleep_for_upstream(&thread, 1400))
		fail("less than no upstream is none", asleep_for_upstream(&thread, 1400), 0);
	server_asks(&thread, 1600);
	if (asleep_for_upstream(&thread, 1600) != 100)
		fail("a request that is sent after that is waited for", asleep_for_upstream(&thread, 1700), 100);
}

/* Two upstreams lose something at the same time, and one of them twice. */
static void lost_at_once(void)
{
	struct server_thread thread = {};
	struct losses one = {}, other = {};

	server_begin(&thread, 7);
	server_asks(&thread, 1000);
	losses_begin(&one, &thread, 1000);
	server_asks(&thread, 1000);
	losses_begin(&other, &thread, 1000);
	server_sleeps(&thread, 1000);
	losses_again(&one, &thread, 1000, 1200);
	losses_again(&other, &thread, 1000, 1250);
	losses_again(&one, &thread, 1000, 1400);
	server_runs(&thread, 2000);
	if (one.ns != 400 || other.ns != 250)
		fail("each request has lost its own time", one.ns, 400);
	if (thread.lost_ns != 400)
		fail("a thread loses an instant once", thread.lost_ns, 400);
}

/* Segments 10 bytes long that come too early, and those that fill what is missing. */
static void missing(void)
{
	struct losses l = {};
	struct server_thread thread = { .waited_ns = 5 };
	struct request_segment early = { .sequence = 30, .length = 10 }, old = { .sequence = 0, .length = 10 };
	struct request_segment fills[] = { { .sequence = 10, .length = 10 }, { .sequence = 20, .length = 10 } };

	losses_begin(&l, NULL, 100);
	losses_gap(&l, &thread, 1000, 10, &early);
	if (losses_fills(&l, &old) || losses_fills(&l, &early) || losses_fills(&l, &fills[1]))
		fail("only what is missing fills the gap", 1, 0);
	thread.waited_ns += 50;
	for (int i = 0; i < 2; i++) {
		if (!losses_fills(&l, &fills[i]))
			fail("what is missing fills the gap", 0, 1);
		losses_fill(&l, &thread, 1100 + 100 * i, &fills[i]);
	}
	if (l.ns != 150 || l.since)
		fail("bytes are missing until the last of them comes, but for waits for a CPU", l.ns, 150);
}

int main(int argc, char **argv)
{
	long runs = argc > 2 ? atol(argv[2]) : 100000;

	seed_chance(argc > 1 ? strtoull(argv[1], NULL, 10) : 1);
	answered_twice();
	lost_at_once();
	missing();
	for (int i = 0; i < 1000; i++)
		read_often();
	for (long i = 0; i < runs; i++) {
		insane();
		sane();
		stream();
	}
	printf("%ld runs\n", runs);
	return 0;
}
