/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sockets that listen: whose they are, and how many connections they have turned away because a queue of theirs was full. The
 * kernel counts those for each socket; here is only remembered what of that has been added.
 */
#pragma once

#include "tcp_health.h"
#include "task.h"

struct listening_socket {
	__u64 cgroup; /* of who called listen() */
	__u32 drops; /* of the kernel's count, what has been added */
	struct bpf_spin_lock lock; /* of drops */
};

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct listening_socket);
} listening_sockets SEC(".maps");

static __always_inline void note_port(const struct sock *sk, __u64 cgroup)
{
	struct listener listener = listener_of(sk);

	bpf_map_update_elem(&listening, &listener, &cgroup, BPF_ANY);
}

static __always_inline void listening_began(struct sock *sk, struct task_struct *task)
{
	struct listening_socket *socket = bpf_sk_storage_get(&listening_sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	__u64 cgroup = task_cgroup(task);

	if (socket && !socket->cgroup) {
		socket->drops = sk->sk_drops.counter;
		socket->cgroup = cgroup;
	}
	note_port(sk, cgroup);
}

static __noinline int listening_add(struct sock *sk, struct listening_socket *socket)
{
	__u32 drops = sk->sk_drops.counter;
	struct peer_key key = {};
	struct peer_sums *sums;

	if (drops == socket->drops)
		return 0;
	bpf_spin_lock(&socket->lock);
	drops = take(drops, &socket->drops);
	bpf_spin_unlock(&socket->lock);
	if (!drops)
		return 0;
	key.cgroup = socket->cgroup;
	key.port = sk->__sk_common.skc_num;
	key.what = PEER_LISTENER;
	sums = peer_sums(&key, true);
	if (sums)
		__sync_fetch_and_add(&sums->counts.overflows, drops);
	return 0;
}

static __always_inline void listening_ended(struct sock *sk)
{
	struct listening_socket *socket = bpf_sk_storage_get(&listening_sockets, sk, 0, 0);
	struct listener listener = listener_of(sk);

	if (socket)
		listening_add(sk, socket);
	bpf_map_delete_elem(&listening, &listener);
}
