// SPDX-License-Identifier: Apache-2.0
#include "peer_programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "iterate.h"
#include "programs.skel.h"
#include "walk.h"

void peer_programs_choose(struct programs_bpf *s, bool chosen)
{
	bpf_program__set_autoload(s->progs.on_tcp_retransmit, chosen);
	bpf_program__set_autoload(s->progs.on_tcp_retransmit_synack, chosen);
	bpf_program__set_autoload(s->progs.on_tcp_send_reset, chosen);
	bpf_program__set_autoload(s->progs.on_tcp_receive_reset, chosen);
	bpf_program__set_autoload(s->progs.sweep_connections, chosen);
	bpf_program__set_autoload(s->progs.sweep_listening, chosen);
}

/* An iterator over the sockets that have something in the map. */
static struct bpf_link *attach_sweep(struct bpf_program *program, const struct bpf_map *map)
{
	union bpf_iter_link_info info = { .map.map_fd = bpf_map__fd(map) };
	DECLARE_LIBBPF_OPTS(bpf_iter_attach_opts, options, .link_info = &info, .link_info_len = sizeof(info));

	return bpf_program__attach_iter(program, &options);
}

bool peer_programs_attach(struct programs_bpf *s)
{
	if (!bpf_program__autoload(s->progs.sweep_connections))
		return true;
	s->links.on_tcp_retransmit = bpf_program__attach(s->progs.on_tcp_retransmit);
	s->links.on_tcp_retransmit_synack = bpf_program__attach(s->progs.on_tcp_retransmit_synack);
	s->links.on_tcp_send_reset = bpf_program__attach(s->progs.on_tcp_send_reset);
	s->links.on_tcp_receive_reset = bpf_program__attach(s->progs.on_tcp_receive_reset);
	s->links.sweep_connections = attach_sweep(s->progs.sweep_connections, s->maps.connections);
	s->links.sweep_listening = attach_sweep(s->progs.sweep_listening, s->maps.listening_sockets);
	return !libbpf_get_error(s->links.on_tcp_retransmit) && !libbpf_get_error(s->links.on_tcp_retransmit_synack) &&
	       !libbpf_get_error(s->links.on_tcp_send_reset) && !libbpf_get_error(s->links.on_tcp_receive_reset) &&
	       !libbpf_get_error(s->links.sweep_connections) && !libbpf_get_error(s->links.sweep_listening);
}

void peer_programs_sweep(struct programs_bpf *s)
{
	if (!s->links.sweep_connections)
		return;
	iterate(s->links.sweep_connections, NULL, NULL);
	iterate(s->links.sweep_listening, NULL, NULL);
}

static void forget_rooms(struct programs_bpf *s, uint32_t epoch)
{
	__u64 key;
	struct walk walk = walk_over(s->maps.peer_rooms, &key);

	while (walk_on(&walk))
		if ((key & 1) == epoch)
			walk_remove(&walk);
	s->bss->peers_named[epoch] = 0;
}

struct map_use peer_programs_read(struct programs_bpf *s, uint32_t epoch, const struct programs_reader *reader)
{
	struct peer_key key;
	struct peer_sums sums;
	struct walk walk = walk_over(s->maps.peers, &key);

	while (walk_on(&walk))
		if (key.epoch == epoch && walk_take(&walk, &sums))
			reader->peer(reader->context, &key, &sums);
	forget_rooms(s, epoch);
	return walk_use(&walk, "peers");
}
