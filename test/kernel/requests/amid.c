// SPDX-License-Identifier: Apache-2.0
/*
 * amid SEED RUNS: connections made at random, whose segments come in order, early, late and again, followed twice: by request.h and
 * unread.h alone, and with amid.h before them. Promise: what is remembered of both, and what both tell, is the same after each segment.
 */
#include <linux/types.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chance.h"
#include "amid.h"

#define BYTES 4096 /* of a connection in either direction */

/* One direction: which of its bytes have come, from the byte with the sequence number `base` on. */
struct direction {
	__u32 base, expected, sent;
	bool come[BYTES];
};

/* What is remembered of a connection. */
struct books {
	struct exchange exchange;
	struct unread unread;
};

/* What a segment tells. */
struct told {
	bool begins, ends;
	struct exchange_end end;
	__u8 weight;
};

static __u64 amid_requests, amid_responses, passed;

/* The long way of a segment that comes to a socket that expects the byte `expected`, and of one that leaves. */
static struct told comes(struct books *b, const struct request_segment *segment, __u32 expected, __u64 now, __u8 epoch)
{
	struct told told = {};

	if (!unread_is_timed(&b->unread) && unread_begins(&b->unread, segment, expected)) {
		told.weight = unread_weight(&b->unread, epoch);
		unread_comes(&b->unread, now, expected, told.weight);
	}
	if (b->exchange.role == ROLE_SERVER)
		told.begins = exchange_request(&b->exchange, now, segment);
	else
		told.ends = exchange_response(&b->exchange, now, segment, &told.end);
	return told;
}

static struct told goes(struct books *b, const struct request_segment *segment, __u64 now)
{
	struct told told = {};

	if (b->exchange.role == ROLE_SERVER)
		told.ends = exchange_response(&b->exchange, now, segment, &told.end);
	else
		told.begins = exchange_request(&b->exchange, now, segment);
	return told;
}

static bool short_way(struct books *b, const struct request_segment *segment, bool out, __u64 now, __u8 epoch)
{
	bool request = out == (b->exchange.role == ROLE_CLIENT), free = !b->unread.since, went;

	went = out ? amid_may_go(&b->exchange, segment) && amid_goes(&b->exchange, segment, now) :
		     amid_comes(&b->exchange, &b->unread, segment, now, epoch);
	amid_requests += went && request;
	amid_responses += went && !request;
	passed += went && free && b->unread.since;
	return went;
}

/* A value that has gone by, and that the byte which the socket expects has not reached, is none. */
static struct unread settled(struct unread u, __u32 expected)
{
	const struct request_segment none = {};

	unread_begins(&u, &none, expected);
	/* Of what is not followed, nobody asks. */
	if (!u.since)
		u.first = u.weight = 0;
	return u;
}

static void compare(const struct books *a, const struct books *b, const struct told *long_told, const struct told *short_told,
		    __u32 expected)
{
	struct unread one = settled(a->unread, expected), other = settled(b->unread, expected);

	if (memcmp(&a->exchange, &b->exchange, sizeof(a->exchange)))
		fail("the exchange is the same: where its request ends", b->exchange.next_request, a->exchange.next_request);
	if (memcmp(&one, &other, sizeof(one)))
		fail("what is unread is the same: how many values", other.values, one.values);
	if (memcmp(long_told, short_told, sizeof(*long_told)))
		fail("what is told is the same", short_told->ends, long_told->ends);
}

/* A segment of what the sender has, mostly the next one; the receiver's TCP has what came of it. */
static struct request_segment segment_of(struct direction *d, bool turns)
{
	struct request_segment segment = { .sequence = d->sent, .length = 1 + random_below(40) };
	__u32 sent = d->sent - d->base, at;

	switch (turns ? 9 : random_below(12)) {
	case 0: /* something before it is late, or lost */
		segment.sequence += 1 + random_below(40);
		break;
	case 1: /* again, or late */
		segment.sequence = d->base + random_below(sent + 1);
		break;
	case 2: /* what is missing */
		segment.sequence = d->expected;
		break;
	}
	at = segment.sequence - d->base;
	for (__u32 i = at; i < at + segment.length && i < BYTES; i++)
		d->come[i] = true;
	if (sequence_before(d->sent, segment.sequence + segment.length))
		d->sent = segment.sequence + segment.length;
	return segment;
}

static void take_up(struct direction *d)
{
	while (d->expected - d->base < BYTES && d->come[d->expected - d->base])
		d->expected++;
}

static void connection(void)
{
	struct direction in = {}, out = {};
	struct books longer, shorter;
	__u64 now = 1 + random_below(1000000000);
	__u32 read;
	__u8 epoch = random_below(2);
	bool leaves = random_below(2);

	memset(&longer, 0, sizeof(longer));
	longer.exchange.role = random_below(2) ? ROLE_SERVER : ROLE_CLIENT;
	longer.exchange.segments = random_below(4) ? REQUEST_EARLY : 0;
	longer.exchange.overlapped = !random_below(4);
	longer.unread.epoch = epoch;
	/* Most have been read often in this interval. */
	longer.unread.values = random_below(4) ? UNREAD_ALL - 4 + random_below(16) : 0;
	shorter = longer;
	/* What is not known is 0, as the first number may be, too. */
	in.base = in.expected = in.sent = read = random_below(4) ? random_below(1ull << 32) : 0;
	out.base = out.expected = out.sent = random_below(4) ? random_below(1ull << 32) : 0;
	while (in.sent - in.base < BYTES - 100 && out.sent - out.base < BYTES - 100) {
		bool turns = !random_below(8);
		struct direction *d;
		struct request_segment segment;
		struct told one, other;

		leaves ^= turns;
		d = leaves ? &out : &in;
		now += random_below(20) ? random_below(1000000) : random_below(2 * REQUEST_SILENCE_NS);
		epoch ^= !random_below(200);
		segment = segment_of(d, turns);
		/* Not all has arrived at the other end that has been sent; now and then an old segment acknowledges. */
		segment.acknowledged = (leaves ? &in : &out)->sent - (random_below(3) ? 0 : random_below(50));
		if (leaves) {
			one = goes(&longer, &segment, now);
			other = short_way(&shorter, &segment, true, now, epoch) ? (struct told){} : goes(&shorter, &segment, now);
		} else {
			one = comes(&longer, &segment, in.expected, now, epoch);
			other = short_way(&shorter, &segment, false, now, epoch) ?
					(struct told){} :
					comes(&shorter, &segment, in.expected, now, epoch);
		}
		/* TCP takes up what has come after it was seen, and so do threads. */
		compare(&longer, &shorter, &one, &other, in.expected);
		take_up(d);
		if (random_below(2) && in.expected != read) {
			struct books *both[] = { &longer, &shorter };

			read += 1 + random_below(in.expected - read);
			for (int i = 0; i < 2; i++) {
				if (both[i]->unread.since && unread_ends(&both[i]->unread, read))
					both[i]->unread.since = 0;
				exchange_read(&both[i]->exchange, now, read);
			}
		}
	}
}

int main(int argc, char **argv)
{
	long runs = argc > 2 ? atol(argv[2]) : 20000;

	seed_chance(argc > 1 ? strtoull(argv[1], NULL, 10) : 1);
	for (long i = 0; i < runs; i++)
		connection();
	printf("%ld connections, %llu segments amid a request, %llu amid an answer, %llu values passed over\n", runs, amid_requests,
	       amid_responses, passed);
	return 0;
}
