// SPDX-License-Identifier: Apache-2.0
#include "peer_programs.h"

#include <errno.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "programs.skel.h"

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

/* Lets an iterator run from begin to end. It prints nothing. */
static void sweep(struct bpf_link *link)
{
	int fd = link ? bpf_iter_create(bpf_link__fd(link)) : -1;
	char nothing[64];
	ssize_t got;

	if (fd < 0)
		return;
	do
		got = read(fd, nothing, sizeof(nothing));
	while (got > 0 || (got < 0 && errno == EAGAIN));
	close(fd);
}

void peer_programs_sweep(struct programs_bpf *s)
{
	sweep(s->links.sweep_connections);
	sweep(s->links.sweep_listening);
}

static void forget_rooms(struct programs_bpf *s, uint32_t epoch)
{
	int fd = bpf_map__fd(s->maps.peer_rooms);
	__u64 key, next;
	bool more = !bpf_map_get_next_key(fd, NULL, &next);

	while (more) {
		key = next;
		more = !bpf_map_get_next_key(fd, &key, &next);
		if ((key & 1) == epoch)
			bpf_map_delete_elem(fd, &key);
	}
	s->bss->peers_named[epoch] = 0;
}

void peer_programs_read(struct programs_bpf *s, uint32_t epoch, const struct programs_reader *reader, struct map_use *use)
{
	int fd = bpf_map__fd(s->maps.peers);
	struct peer_key key, next;
	struct peer_sums sums;
	bool more;

	*use = (struct map_use){ "peers", 0, bpf_map__max_entries(s->maps.peers) };
	more = !bpf_map_get_next_key(fd, NULL, &next);
	while (more) {
		key = next;
		more = !bpf_map_get_next_key(fd, &key, &next);
		if (key.epoch != epoch || bpf_map_lookup_elem(fd, &key, &sums))
			continue;
		bpf_map_delete_elem(fd, &key);
		use->used++;
		reader->peer(reader->context, &key, &sums);
	}
	forget_rooms(s, epoch);
}
