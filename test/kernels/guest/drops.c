// SPDX-License-Identifier: Apache-2.0
#include "drops.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cgroups.h"
#include "guest.h"
#include "networks.h"
#include "report.h"

#define MAX "/proc/sys/net/netfilter/nf_conntrack_max"
#define REFUSED 9999 /* the port to which a rule drops everything */
#define TRACKED 9998
#define SILENT 9997 /* the port of somebody who reads nothing */
#define FLOWS 300

const char *drops_obstacle(int hierarchy)
{
	/* Tables of all namespaces are made small, and sockets are told by cgroups of one hierarchy here. */
	return !in_guest() || hierarchy != 2 ? "only in a guest: here test/kernel/net-drops.test.mjs does this" : NULL;
}

/* One packet from each of so many new sockets, which the kernel may refuse. */
static void send_to(uint16_t port, int flows)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (int i = 0; i < flows; i++) {
		int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

		if (fd < 0)
			give_up("socket: %s", strerror(errno));
		sendto(fd, "", 1, 0, (struct sockaddr *)&address, sizeof(address));
		close(fd);
	}
}

static pid_t send_from(const char *cgroup, struct network network, uint16_t port, int flows)
{
	pid_t pid = cgroup_fork_bound(cgroup);

	if (!pid) {
		network_enter(network);
		send_to(port, flows);
		_exit(0);
	}
	return pid;
}

/* Sends itself what it does not read, through a queue; and waits until that is empty. */
static pid_t send_in_vain(const char *cgroup, struct network network)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(SILENT) };
	static const char payload[200];
	pid_t pid = cgroup_fork_bound(cgroup);
	int to, from, room = 1;

	if (pid)
		return pid;
	network_enter(network);
	to = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	from = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (to < 0 || from < 0 || bind(to, (struct sockaddr *)&address, sizeof(address)) ||
	    setsockopt(to, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)))
		give_up("cannot receive: %s", strerror(errno));
	/* Whether the queue takes it, it says. */
	for (int i = 0; i < FLOWS; i++)
		sendto(from, payload, sizeof(payload), 0, (struct sockaddr *)&address, sizeof(address));
	sleep(1);
	_exit(0);
}

static void await(pid_t sender)
{
	int status;

	if (waitpid(sender, &status, 0) != sender || status)
		give_up("a sender failed");
}

/* A column of /proc/net/stat/nf_conntrack, of all CPUs. */
static uint64_t tracking_counts(struct network network, const char *name)
{
	char text[65536], *rest = text, *line, *word;
	int column = -1;
	uint64_t sum = 0;

	network_read(network, "/proc/net/stat/nf_conntrack", text, sizeof(text));
	while ((line = strsep(&rest, "\n"))) {
		bool heading = column < 0;

		for (int i = 0; (word = strsep(&line, " ")); i++) {
			if (!*word) {
				i--;
				continue;
			}
			if (heading && !strcmp(word, name))
				column = i;
			else if (!heading && i == column)
				sum += strtoull(word, NULL, 16);
		}
		if (column < 0)
			give_up("connection tracking does not count '%s'", name);
	}
	return sum;
}

static uint64_t rule_counts(struct network network)
{
	char text[4096], *found;

	network_ask(network, text, sizeof(text), "nft list chain ip test out");
	found = strstr(text, "packets ");
	if (!found)
		give_up("the rule has no counter");
	return strtoull(found + strlen("packets "), NULL, 10);
}

static uint64_t queue_counts(struct network network)
{
	char text[4096], *found;

	network_ask(network, text, sizeof(text), "tc -s qdisc show dev lo");
	found = strstr(text, "dropped ");
	if (!found)
		give_up("the queue has no counter");
	return strtoull(found + strlen("dropped "), NULL, 10);
}

/* Packets of UDP for which a socket had no room: a line with names, and one with numbers. */
static uint64_t socket_counts(struct network network)
{
	char text[16384], *names, *numbers, *name, *number;

	network_read(network, "/proc/net/snmp", text, sizeof(text));
	names = strstr(text, "\nUdp: ");
	numbers = names ? strstr(names + 1, "\nUdp: ") : NULL;
	if (!numbers)
		give_up("/proc/net/snmp says nothing of UDP");
	*numbers++ = 0;
	names++;
	numbers[strcspn(numbers, "\n")] = 0;
	while ((name = strsep(&names, " ")) && (number = strsep(&numbers, " ")))
		if (!strcmp(name, "RcvbufErrors"))
			return strtoull(number, NULL, 10);
	give_up("/proc/net/snmp has no RcvbufErrors");
}

static void limit_tables(const char *entries)
{
	FILE *file = fopen(MAX, "we");

	if (!file || fputs(entries, file) < 0 || fclose(file))
		give_up("cannot write %s to " MAX, entries);
}

struct dropped drops_play(const char *cgroup)
{
	struct network network;
	struct dropped dropped;
	pid_t tracked, refused;

	modules_load();
	network = network_make();
	network_run(network, "nft add table ip test");
	network_run(network, "nft add chain ip test out { type filter hook output priority 0 ; }");
	network_run(network, "nft add rule ip test out ct state invalid continue");
	network_run(network, "nft add rule ip test out udp dport %d counter drop", REFUSED);
	network_run(network, "tc qdisc add dev lo root tbf rate 100kbit burst 2kb limit 4kb");
	await(send_in_vain(cgroup, network));
	dropped.by_queue = queue_counts(network);
	dropped.by_socket = socket_counts(network);
	network_run(network, "tc qdisc del dev lo root");
	await(send_from(cgroup, network, REFUSED, 40));
	limit_tables("100");
	tracked = send_from(cgroup, network, TRACKED, FLOWS);
	refused = send_from(cgroup, network, REFUSED, FLOWS);
	await(tracked);
	await(refused);
	limit_tables("65536");
	await(send_from(cgroup, network, REFUSED, 40));
	dropped.by_rule = rule_counts(network);
	dropped.by_tracking = tracking_counts(network, "drop");
	network_end(network);
	return dropped;
}
