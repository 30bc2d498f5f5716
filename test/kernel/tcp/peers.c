// SPDX-License-Identifier: Apache-2.0
/*
 * The sensor's memory of peers without a kernel: a cgroup that asks a thousand others, one that only tries to, and has one peer
 * after that, and what is left of them when one peer alone goes on. Prints the frame's members of the first frame and of the
 * last one, a line each.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include "peers.h"

#define CROWD 7
#define OTHER 8
#define SCANNER 9

static struct peers peers;

static void add(uint64_t sequence, uint64_t cgroup, uint8_t role, uint32_t number, bool answered)
{
	struct peer_key key = { .cgroup = cgroup, .role = role, .address = { 0, 0, 0, htonl(number) }, .what = PEER_COUNTS };
	struct peer_sums sums = { .counts.segments = { [TRANSMIT] = 1, [RECEIVE] = answered } };

	if (role == ROLE_CLIENT)
		key.port = 80;
	peers_add(&peers, sequence, &key, &sums);
}

static bool none_gone(uint64_t cgroup, uint64_t touched, void *context)
{
	(void)cgroup;
	(void)touched;
	(void)context;
	return false;
}

static void print(void)
{
	fputs("{\"version\":1", stdout);
	peers_print(&peers, stdout);
	puts("}");
}

int main(void)
{
	uint64_t sequence = 1;

	for (uint32_t i = 1; i <= 1000; i++)
		add(sequence, CROWD, ROLE_CLIENT, i, true);
	add(sequence, CROWD, ROLE_SERVER, 1, true);
	add(sequence, OTHER, ROLE_CLIENT, 1, true);
	for (uint32_t i = 1; i <= 1000; i++)
		add(sequence, SCANNER, ROLE_CLIENT, i, false);
	add(sequence, SCANNER, ROLE_CLIENT, 1000, true);
	peers_forget(&peers, sequence, none_gone, NULL);
	print();
	for (; sequence <= 2 + PEERS_REST; sequence++) {
		add(sequence, CROWD, ROLE_CLIENT, 1, true);
		peers_forget(&peers, sequence, none_gone, NULL);
	}
	add(sequence, CROWD, ROLE_CLIENT, 1000, true);
	print();
	return 0;
}
