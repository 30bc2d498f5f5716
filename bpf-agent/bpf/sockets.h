/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's types of sockets, as kernel.h has those of tasks. */
#pragma once

#include "kernel.h"

#define AF_INET 2
#define AF_INET6 10
#define ETH_P_IP 0x0800
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct in6_addr {
	union {
		__u32 u6_addr32[4];
	} in6_u;
};

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct sock_common {
	__u32 skc_daddr;
	__u16 skc_dport; /* network byte order */
	__u16 skc_num; /* local port */
	unsigned short skc_family;
	volatile unsigned char skc_state;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct sock *skc_listener; /* of a connection that is being made */
};

typedef struct {
	int owned;
} socket_lock_t;

typedef struct {
	int counter;
} atomic_t;

struct sock_cgroup_data {
	struct cgroup *cgroup; /* 5.15 and newer */
};

struct sock {
	struct sock_common __sk_common;
	socket_lock_t sk_lock;
	__u16 sk_protocol;
	struct sock_cgroup_data sk_cgrp_data;
	int sk_err;
	atomic_t sk_drops;
};

struct request_sock {
	struct sock_common __req_common;
};

struct inet_sock {
	struct sock sk;
};

struct inet_connection_sock {
	struct inet_sock icsk_inet;
	__u8 icsk_ca_state : 5;
};

struct tcp_sock {
	struct inet_connection_sock inet_conn;
	__u32 rcv_nxt;
	__u32 copied_seq;
	__u32 srtt_us; /* eighths */
	__u32 data_segs_out, data_segs_in;
	__u32 total_retrans;
	__u64 tcp_clock_cache; /* CLOCK_MONOTONIC when it was asked for last, as it is before anything is sent */
};

struct socket {
	struct sock *sk;
};

struct file;

struct bpf_iter__bpf_sk_storage_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	struct sock *sk;
	void *value;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd;
	struct file *file;
};

#pragma clang attribute pop
