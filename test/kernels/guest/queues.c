// SPDX-License-Identifier: Apache-2.0
#include "queues.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "cgroups.h"
#include "networks.h"
#include "report.h"

#define PORT 7777
#define MOST_PACKETS 65536

/* Nothing has come for so long: all has. Longer than a packet can stand for the one before it. */
#define QUIET_MS 1000

struct arrival {
	int sender;
	uint64_t sent, came; /* CLOCK_REALTIME */
};

/* Between the scenario, the senders' processes and the sink's. */
struct road {
	atomic_ullong sent[SENDERS];
	atomic_bool open, quiet;
	uint64_t count;
	struct arrival arrivals[MOST_PACKETS];
};

static struct {
	struct network node, sink, pods[SENDERS];
	bool made;
} networks;

static uint64_t real_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

/*
 * A device of the node, with two queues, with another one at its end in a network; both have addresses of 10.SUBNET.0.0/24.
 * Which queue a packet is for the kernel decides by its flow.
 */
static void cable(struct network network, const char *device, int subnet)
{
	network_run(networks.node, "ip link add %s numtxqueues 2 type veth peer name eth0 netns %d", device,
		    network.holder);
	network_run(networks.node, "ip addr add 10.%d.0.1/24 dev %s", subnet, device);
	network_run(networks.node, "ip link set %s up", device);
	network_run(network, "ip addr add 10.%d.0.2/24 dev eth0", subnet);
	network_run(network, "ip link set eth0 up");
	network_run(network, "ip route add default via 10.%d.0.1", subnet);
}

static void make_networks(void)
{
	networks.made = true;
	modules_load();
	networks.node = network_make();
	network_write(networks.node, "/proc/sys/net/ipv4/ip_forward", "1");
	networks.sink = network_make();
	cable(networks.sink, "nic0", 10 + SENDERS);
	for (int i = 0; i < SENDERS; i++) {
		char device[16];

		networks.pods[i] = network_make();
		snprintf(device, sizeof(device), "to-%d", i);
		cable(networks.pods[i], device, 10 + i);
	}
}

void queues_end(void)
{
	if (!networks.made)
		return;
	for (int i = 0; i < SENDERS; i++)
		network_end(networks.pods[i]);
	network_end(networks.sink);
	network_end(networks.node);
}

bool queues_shape(const char *const shape[])
{
	if (!networks.made)
		make_networks();
	for (int i = 0; shape[i]; i++)
		if (!network_can(networks.node, "tc %s", shape[i]))
			return false;
	return true;
}

static struct sockaddr_in sink_address(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(PORT) };

	address.sin_addr.s_addr = htonl(10u << 24 | (10 + SENDERS) << 16 | 2);
	return address;
}

/* In even steps, each packet with the time at which it is sent. */
static void send_all(struct road *road, int sender, const struct sending *sending, uint64_t deadline_ns)
{
	struct sockaddr_in address = sink_address();
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	uint64_t began = monotonic_ns();
	static char payload[2048];

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    (sending->pace && setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &sending->pace, sizeof(sending->pace))))
		give_up("cannot send: %s", strerror(errno));
	for (uint64_t i = 0;; i++) {
		uint64_t next = began + i * 1e9 / sending->per_second, time = monotonic_ns();

		if (next >= deadline_ns)
			_exit(0);
		if (next > time)
			usleep((next - time) / 1000);
		time = real_ns();
		memcpy(payload, &time, sizeof(time));
		if (send(fd, payload, sending->bytes, 0) < 0)
			give_up("cannot send: %s", strerror(errno));
		atomic_fetch_add(&road->sent[sender], 1);
	}
}

static void take(int fd, struct road *road)
{
	char payload[2048], control[256];
	struct sockaddr_in from;
	struct iovec vector = { payload, sizeof(payload) };
	struct msghdr message = { .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &vector, .msg_iovlen = 1,
				  .msg_control = control, .msg_controllen = sizeof(control) };
	struct arrival *arrival = &road->arrivals[road->count];
	struct timespec came;

	if (recvmsg(fd, &message, 0) < (ssize_t)sizeof(arrival->sent) || !CMSG_FIRSTHDR(&message))
		give_up("what came to the sink has no stamp");
	if (road->count == MOST_PACKETS)
		give_up("more packets than the sink has room for");
	memcpy(&arrival->sent, payload, sizeof(arrival->sent));
	memcpy(&came, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(came));
	arrival->came = came.tv_sec * 1000000000ull + came.tv_nsec;
	arrival->sender = (ntohl(from.sin_addr.s_addr) >> 16 & 255) - 10;
	/* Of those that the node sends itself, which has the sink's subnet, there is one. */
	if (arrival->sender == SENDERS)
		arrival->sender = 0;
	if (arrival->sender < 0 || arrival->sender >= SENDERS)
		give_up("a packet of nobody's");
	road->count++;
}

/* What comes, by the time at which the kernel got it, until nothing does. */
static void sink_all(struct road *road)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1, room = 8 << 20;
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	struct sockaddr_in address = sink_address();

	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)))
		give_up("cannot receive: %s", strerror(errno));
	/* The kernel begins to stamp some time after it is asked to. */
	usleep(200000);
	atomic_store(&road->open, true);
	for (;;) {
		bool all = atomic_load(&road->quiet);

		if (poll(&poller, 1, QUIET_MS) > 0)
			take(fd, road);
		else if (all)
			_exit(0);
	}
}

static int by_time(const void *a, const void *b)
{
	const struct arrival *left = a, *right = b;

	return left->came < right->came ? -1 : left->came > right->came;
}

/* Packet by packet, stretch by stretch. */
static void add_up(struct road *road, bool prepaid, struct arrivals_of arrivals[SENDERS])
{
	const struct arrival *list = road->arrivals;

	qsort(road->arrivals, road->count, sizeof(*road->arrivals), by_time);
	for (uint64_t i = 0; i < road->count; i++) {
		struct arrivals_of *of = &arrivals[list[i].sender];

		of->count++;
		of->ns += list[i].came - list[i].sent;
		for (uint64_t k = i; k > 0 && list[k].came > list[i].sent; k--) {
			uint64_t from = list[k - 1].came > list[i].sent ? list[k - 1].came : list[i].sent;

			of->behind_ns[list[prepaid ? k : k - 1].sender] += list[k].came - from;
		}
	}
}

void queues_play(char cgroups[SENDERS][200], const struct sending sendings[SENDERS], uint64_t deadline_ns, bool prepaid,
		 struct arrivals_of arrivals[SENDERS])
{
	struct road *road = mmap(NULL, sizeof(*road), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t sink, senders[SENDERS];
	int status;

	if (road == MAP_FAILED)
		give_up("no room for packets");
	sink = fork();
	if (!sink) {
		network_enter(networks.sink);
		sink_all(road);
	}
	while (!atomic_load(&road->open))
		usleep(1000);
	for (int i = 0; i < SENDERS; i++) {
		senders[i] = cgroup_fork_bound(cgroups[i]);
		if (!senders[i]) {
			network_enter(sendings[i].pace ? networks.node : networks.pods[i]);
			send_all(road, i, &sendings[i], deadline_ns);
		}
	}
	for (int i = 0; i < SENDERS; i++)
		if (waitpid(senders[i], &status, 0) != senders[i] || status)
			give_up("a sender failed");
	atomic_store(&road->quiet, true);
	if (waitpid(sink, &status, 0) != sink || status)
		give_up("the sink failed");
	memset(arrivals, 0, SENDERS * sizeof(*arrivals));
	add_up(road, prepaid, arrivals);
	for (int i = 0; i < SENDERS; i++)
		arrivals[i].sent = road->sent[i];
	munmap(road, sizeof(*road));
}
