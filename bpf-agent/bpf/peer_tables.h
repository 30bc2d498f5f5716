/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the programs that watch over connections and the sensor say to each other about who is at their other end. Layout only.
 *
 * A peer is the other end of connections of a cgroup: its address, and if the cgroup made the connections also the port that
 * it asked for. Everything is of one epoch; the sensor reads it and empties it.
 */
#pragma once

#include <linux/bpf.h>
#include "request_tables.h"

/* Rows of the map: about 5.5 MB. */
#define PEER_ROWS 32768
/*
 * Peers that have rows of their own in an epoch: of all cgroups, and of one in each role, so that whoever serves the world still
 * has its upstreams by name. The others of a cgroup and role share one row.
 */
#define PEERS_NAMED 2048
#define PEERS_OF_CGROUP 128
/* A peer that no connection stands with gets rows only while its cgroup has fewer: whoever scans addresses meets this. */
#define PEERS_TRIED 32

enum peer_what {
	PEER_COUNTS,
	PEER_RTT, /* durations, as the next */
	PEER_CONNECT,
	PEER_REQUEST,
	PEER_LISTENER, /* no peer: a port that the cgroup listens on; counts, of which only overflows */
};

/* Why a segment was sent again. */
enum retransmit {
	RETRANSMIT_TIMEOUT,
	RETRANSMIT_FAST,
	RETRANSMIT_PROBE,
	RETRANSMIT_SYN,
	RETRANSMITS,
};

/* Why a connection was never established. */
enum connect_failure {
	CONNECT_REFUSED,
	CONNECT_TIMEOUT,
	CONNECT_UNREACHABLE,
	CONNECT_OTHER,
	CONNECT_FAILURES,
};

enum direction {
	TRANSMIT,
	RECEIVE,
	DIRECTIONS,
};

struct peer_key {
	__u64 cgroup;
	__u32 address[4]; /* network byte order, of IPv4 as ::ffff:a.b.c.d; all zero: those without rows of their own */
	__u16 port; /* host byte order; 0 for servers. Of a listener, the one that it listens on */
	__u16 bucket; /* of durations: the first one of an octave, as in KIND_WAIT */
	__u8 role;
	__u8 what;
	__u8 epoch;
	__u8 unused;
};

/* Since the last epoch. */
struct peer_counts {
	__u64 segments[DIRECTIONS];
	__u32 retransmits[RETRANSMITS];
	__u32 resets[DIRECTIONS];
	__u32 zero_windows[DIRECTIONS];
	__u32 failures[CONNECT_FAILURES];
	__u64 overflows; /* of a listener */
};

/* Of one octave. */
struct peer_durations {
	__u64 ns; /* of all of them */
	__u32 count[OCTAVE_BUCKETS];
};

struct peer_sums {
	union {
		struct peer_counts counts;
		struct peer_durations durations;
	};
};
