/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queries of DNS and their answers, told from the 12 bytes of their headers: what was asked is never read. Pure arithmetic; knows
 * no kernel structure.
 *
 * A query is open from when it leaves until an answer with its number comes to the same socket. One that is sent again to the same
 * name server has failed, and so has one that has no answer for DNS_TIMEOUT_NS: an answer after that is none.
 *
 * The resolver of musl sends one query to all name servers at once, from one socket, and takes the first good answer: what
 * the others say, or do not say, after that is nobody's failure.
 */
#pragma once

#define DNS_PORT 53
#define DNS_TIMEOUT_NS 5000000000ull
#define DNS_SERVERS 3 /* that one query is sent to at once: as many as a resolv.conf has */

/* In network byte order. */
struct dns_header {
	__u16 id;
	__u16 flags;
	__u16 questions, answers, authorities, additions;
};

/* Of the flags, in host byte order. */
#define DNS_IS_ANSWER 0x8000
#define DNS_OPCODE 0x7800 /* 0: a plain query, or the answer to one */
#define DNS_CODE 0x000f /* how it went */

enum dns_error {
	DNS_TIMEOUT,
	DNS_NAME_ERROR,
	DNS_SERVER_FAILURE,
	DNS_REFUSED,
	DNS_OTHER,
	DNS_ERRORS,
	DNS_NO_ERROR = DNS_ERRORS,
};

/* Whether it asks one thing, as every resolver does; other packets to this port are not looked at. */
static __always_inline bool dns_is_query(__u16 flags, const struct dns_header *header)
{
	return !(flags & (DNS_IS_ANSWER | DNS_OPCODE)) && header->questions == __builtin_bswap16(1) && !header->answers &&
	       !header->authorities;
}

static __always_inline bool dns_is_answer(__u16 flags)
{
	return (flags & (DNS_IS_ANSWER | DNS_OPCODE)) == DNS_IS_ANSWER;
}

static __always_inline enum dns_error dns_error_of(__u16 flags)
{
	switch (flags & DNS_CODE) {
	case 0:
		return DNS_NO_ERROR;
	case 2:
		return DNS_SERVER_FAILURE;
	case 3:
		return DNS_NAME_ERROR;
	case 5:
		return DNS_REFUSED;
	default:
		return DNS_OTHER;
	}
}

/* An address; one of IPv4 is ::ffff:a.b.c.d. All zeros: those that there was no room to tell apart. */
struct dns_address {
	__u32 word[4]; /* network byte order */
};

static __always_inline bool dns_same(const struct dns_address *a, const struct dns_address *b)
{
	return a->word[3] == b->word[3] && a->word[2] == b->word[2] && a->word[1] == b->word[1] && a->word[0] == b->word[0];
}

/* A query that is open. */
struct dns_query {
	__u64 cgroup; /* of who sent it */
	struct {
		__u64 sent; /* CLOCK_MONOTONIC; 0: not open */
		struct dns_address server;
	} to[DNS_SERVERS];
};

/* The place for a query to a server: that of the same server, a free one, or that of the oldest. */
static __always_inline __u32 dns_place(const struct dns_query *query, const struct dns_address *server)
{
	__u32 oldest = 0;

	for (__u32 i = 0; i < DNS_SERVERS; i++) {
		if (query->to[i].sent && dns_same(&query->to[i].server, server))
			return i;
		if (query->to[i].sent < query->to[oldest].sent)
			oldest = i;
	}
	return oldest;
}

/*
 * The place of the query that a server answers; DNS_SERVERS if there is none. The answer may come from another address than was
 * asked, where the node translates addresses between its own processes and a Service: then the newest is answered.
 */
static __always_inline __u32 dns_answered(const struct dns_query *query, const struct dns_address *server)
{
	__u32 newest = DNS_SERVERS;
	__u64 sent = 0;

	for (__u32 i = 0; i < DNS_SERVERS; i++) {
		if (query->to[i].sent && dns_same(&query->to[i].server, server))
			return i;
		if (query->to[i].sent > sent) {
			sent = query->to[i].sent;
			newest = i;
		}
	}
	return newest;
}

/*
 * Over TCP, each message has its length before it, in 2 bytes. One direction of a connection: what comes next. A length or a
 * header that is cut in two is missed, as is what was lost and comes again after something newer.
 */
struct dns_way {
	__u32 at; /* sequence number of the first byte of the next length or header */
	__u16 length; /* of the message whose header is next; 0: its length is next */
	__u16 knows; /* else every segment may begin with a length */
};

/* Begins to look at a segment: after a gap, messages are taken to begin where segments do. */
static __always_inline void dns_look(struct dns_way *way, __u32 sequence)
{
	if (way->knows && (__s32)(way->at - sequence) >= 0)
		return;
	way->knows = 1;
	way->at = sequence;
	way->length = 0;
}
