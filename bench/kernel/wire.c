// SPDX-License-Identifier: Apache-2.0
#include "wire.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "contenders.h"

#define FAR_ADDRESS "10.0.0.2"

/* Makes a namespace with a loopback device and is in it. */
static int new_network(void)
{
	int network;

	if (unshare(CLONE_NEWNET) || system("ip link set lo up"))
		die("cannot make", "a network namespace");
	network = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (network < 0)
		die("cannot open", "/proc/self/ns/net");
	return network;
}

void wire_go(int network)
{
	if (setns(network, CLONE_NEWNET))
		die("cannot go to", "a network namespace");
}

struct wire wire_make(const char *name)
{
	struct wire wire = { .address = "127.0.0.1", .device = "lo" };
	char command[256];

	wire.far = wire.near = new_network();
	if (!strcmp(name, "loopback"))
		return wire;
	if (strcmp(name, "veth"))
		die("no such wire:", name);
	wire.near = new_network();
	wire.address = FAR_ADDRESS;
	wire.device = "eth0";
	snprintf(command, sizeof(command),
		 "ip link add eth0 type veth peer name eth0 netns /proc/%d/fd/%d && ip addr add 10.0.0.1/24 dev eth0 && "
		 "ip link set eth0 up",
		 getpid(), wire.far);
	if (system(command))
		die("cannot make", "a veth pair");
	wire_go(wire.far);
	if (system("ip addr add " FAR_ADDRESS "/24 dev eth0 && ip link set eth0 up"))
		die("cannot set up", "a veth pair");
	wire_go(wire.near);
	return wire;
}

uint64_t wire_sent(const struct wire *wire)
{
	FILE *devices = fopen("/proc/thread-self/net/dev", "r");
	uint64_t sent = 0;
	bool found = false;
	char line[512], name[64];

	if (!devices)
		die("cannot read", "/proc/thread-self/net/dev");
	while (!found && fgets(line, sizeof(line), devices))
		found = sscanf(line, " %63[^:]: %*u %*u %*u %*u %*u %*u %*u %*u %" SCNu64, name, &sent) == 2 &&
			!strcmp(name, wire->device);
	fclose(devices);
	if (!found)
		die("no such device:", wire->device);
	return sent;
}
