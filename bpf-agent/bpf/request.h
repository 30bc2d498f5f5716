/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a request begins and ends on a TCP connection, told from lengths and sequence numbers alone. Pure arithmetic; knows no
 * kernel structure, and never sees a byte of payload.
 *
 * A request is open from its first payload byte to the first payload byte of the response. With one request outstanding that
 * is exact. Whoever sends its next request before it has got all of the response has more than one: from then on what this
 * connection shows are exchanges, and estimated.
 *
 * The two directions are named by what they carry, not by which way they go, so the same arithmetic serves both ends.
 */
#pragma once

enum role {
	ROLE_NONE,
	ROLE_SERVER, /* accepted the connection */
	ROLE_CLIENT,
};

/*
 * Request bytes that come after such a silence in an open request are taken for a request of their own, and the one before
 * for one that has no response, as a control frame of HTTP/2 has none. An upload that stalls for as long is taken for
 * that, too: then the exchange is marked estimated.
 */
#define REQUEST_SILENCE_NS 200000000ull

/*
 * HTTP/2 carries many requests at once, which lengths often do not show: several may be in one segment. Whoever speaks it
 * confirms the other's settings, once and early, by a frame of 9 bytes, which no request of HTTP/1 is as short as; as a record
 * of TLS 1.3 or 1.2 it has 31 or 38.
 */
#define REQUEST_EARLY 16 /* segments of a connection, either way */

static __always_inline bool request_confirms(__u32 length)
{
	return length == 9 || length == 31 || length == 38;
}

/* A segment of a connection, as its header describes it. */
struct request_segment {
	__u32 sequence; /* of its first byte */
	__u32 acknowledged; /* first byte that its sender still expects */
	__u32 length; /* of its payload */
};

struct exchange {
	__u8 role;
	__u8 open; /* a request has begun and has no response yet */
	__u8 overlapped; /* more than one request has been outstanding on this connection, or may be any time */
	__u8 restarted; /* the open request began anew after a silence, or is what was left unread of one before */
	__u8 knows_request, knows_response; /* whether the next two are valid */
	__u8 segments; /* with payload, either way, up to REQUEST_EARLY */
	__u8 unused;
	__u32 next_request, next_response; /* sequence numbers after the last byte that was seen either way */
	__u64 newest; /* when the newest request byte was seen */
	/* Up to here is what a segment needs with which nothing begins or ends. */
	__u32 first; /* of the open request */
	__u32 read; /* server: sequence number after the last byte that a thread has read, when that was asked for last */
	__u64 start; /* of the open request: when its first byte was seen, ns */
	__u64 established; /* server: when the connection was; 0 if that is not known */
	__u64 read_at; /* server: when a thread first read of it; 0: none has */
};

/* Whether a comes before b; sequence numbers wrap. */
static __always_inline bool sequence_before(__u32 a, __u32 b)
{
	return (__s32)(a - b) < 0;
}

/* Whether the segment shows bytes for the first time. Retransmissions and probes do not. */
static __always_inline bool exchange_advances(struct exchange *x, __u8 *knows, __u32 *next,
					      const struct request_segment *segment)
{
	__u32 end = segment->sequence + segment->length;

	if (!segment->length || (*knows && !sequence_before(*next, end)))
		return false;
	*knows = 1;
	*next = end;
	if (x->segments < REQUEST_EARLY) {
		x->segments++;
		if (request_confirms(segment->length))
			x->overlapped = 1;
	}
	return true;
}

static __always_inline void exchange_begin(struct exchange *x, __u64 now, __u32 first)
{
	x->open = 1;
	x->first = first;
	x->start = now;
	x->read_at = 0;
}

/* Of what was before `since` nothing is known any more. */
static __always_inline void exchange_forget(struct exchange *x, __u64 since)
{
	if (x->open && x->newest < since) {
		x->open = 0;
		x->knows_request = x->knows_response = 0;
	}
}

/* Whether the open request has been silent for long: then exchange_request() looks at what was read of it. */
static __always_inline bool exchange_pauses(const struct exchange *x, __u64 now)
{
	return x->open && now > x->newest + REQUEST_SILENCE_NS;
}

/* Whether the segment comes in the middle of a request, next in order: of such `now` need not be the very moment. */
static __always_inline bool exchange_goes_on(const struct exchange *x, __u64 now, const struct request_segment *segment)
{
	return x->open && x->next_request == segment->sequence && !exchange_pauses(x, now);
}

/* A segment of the request's direction. True if a request begins with it. */
static __always_inline bool exchange_request(struct exchange *x, __u64 now, const struct request_segment *segment)
{
	__u32 first = x->knows_request ? x->next_request : segment->sequence;
	bool begins = !x->open;

	if (!exchange_advances(x, &x->knows_request, &x->next_request, segment))
		return false;
	if (x->knows_response && sequence_before(segment->acknowledged, x->next_response))
		x->overlapped = 1;
	if (begins) {
		x->restarted = 0;
	} else if (exchange_pauses(x, now) && (x->role == ROLE_CLIENT || !sequence_before(x->read, first))) {
		begins = true;
		x->restarted = 1;
	}
	x->newest = now;
	if (begins)
		exchange_begin(x, now, first);
	return begins;
}

/* Whether no thread of the server has read of the open request, or of a connection whose first one came unseen (exchange_read()). */
static __always_inline bool exchange_is_unread(const struct exchange *x)
{
	return (x->established && !x->knows_request) || (x->open && !x->read_at);
}

/* Whether it matters when a thread of the server has read up to `read`. */
static __always_inline bool exchange_awaits(const struct exchange *x, __u32 read)
{
	if (x->established && !x->knows_request)
		return true;
	return x->open && !x->read_at && sequence_before(x->first, read);
}

/*
 * A thread of the server has read up to `read`; `now` counts if exchange_awaits() that. True if that is the first of the open request. Where bytes can be read that
 * were not seen to come, they came with the end of the handshake, when the connection had no memory yet: a server may ask
 * the kernel to be told of connections only when there is data (TCP_DEFER_ACCEPT).
 */
static __always_inline bool exchange_read(struct exchange *x, __u64 now, __u32 read)
{
	if (x->established && !x->knows_request) {
		x->knows_request = 1;
		x->next_request = read;
		x->restarted = 0;
		x->newest = x->established;
		exchange_begin(x, x->established, read - 1);
	}
	x->read = read;
	if (!x->open || x->read_at || !sequence_before(x->first, read))
		return false;
	x->read_at = now;
	return true;
}

/* How an exchange ended. */
struct exchange_end {
	__u64 start;
	__u64 ns;
	__u64 read_at;
	bool estimated;
};

/*
 * A segment of the response's direction. True if it ends the open request. Bytes that nobody asked for (a greeting, a push,
 * the rest of a response) end nothing. What no thread of the server has read by then is another request.
 */
static __always_inline bool exchange_response(struct exchange *x, __u64 now, const struct request_segment *segment,
					      struct exchange_end *end)
{
	if (!exchange_advances(x, &x->knows_response, &x->next_response, segment) || !x->open)
		return false;
	end->start = x->start;
	end->ns = now > x->start ? now - x->start : 0;
	end->read_at = x->read_at;
	x->open = 0;
	if (x->role == ROLE_SERVER && x->read_at && sequence_before(x->read, x->next_request)) {
		x->overlapped = 1;
		x->restarted = 1;
		exchange_begin(x, x->newest, x->read);
	}
	end->estimated = x->overlapped || x->restarted;
	return true;
}
