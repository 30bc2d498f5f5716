/* SPDX-License-Identifier: Apache-2.0 */
/* What the programs that follow DNS and the sensor say to each other: keys of maps. Nothing here computes. */
#pragma once

#include <linux/bpf.h>
#include "dns.h"

/* The port of a packet to or from a name server, as its header has it: in network byte order. */
#define DNS_PORT_BE 0x3500

/* An open query. */
struct dns_key {
	__u64 socket; /* cookie */
	__u16 id;
	__u16 tcp;
	__u32 unused;
};

/* 1.3 MB. When all are in use those that were used least recently go: the sensor counts them as lost. */
#define DNS_OPEN 8192

/* What became of queries, within one octave of durations. */
struct dns_sums_key {
	__u64 cgroup;
	struct dns_address server;
	__u16 bucket; /* as in struct request_key: the first one of an octave */
	__u8 tcp;
	__u8 epoch;
	__u32 unused;
};

#define DNS_OCTAVE 8

struct dns_sums {
	__u64 count[DNS_OCTAVE];
	__u64 ns; /* of all of them */
	__u64 failures[DNS_ERRORS]; /* of those in this octave; those without an answer are in any */
};
