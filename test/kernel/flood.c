// SPDX-License-Identifier: Apache-2.0
/*
 * flood send ADDRESS PORT SECONDS CPU PER_MS: sends so many UDP packets in each millisecond, and says how many that were.
 * flood sink ADDRESS PORT: has a socket there, prints "ready" and reads nothing until its input ends. What it is sent is
 * received by the kernel alone, and dropped by a filter that takes some microseconds for it.
 */
#include <arpa/inet.h>
#include <linux/filter.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static long flood(int socket, double seconds, int per_ms)
{
	static const char payload[64];
	double begin = now();
	long sent = 0;

	for (double next = begin; next < begin + seconds; next += 0.9e-3 + 0.2e-3 * drand48()) {
		while (now() < next)
			;
		for (int i = 0; i < per_ms && now() < begin + seconds; i++)
			sent += send(socket, payload, sizeof(payload), 0) > 0;
	}
	return sent;
}

static int drop_slowly(int socket)
{
	static struct sock_filter steps[BPF_MAXINSNS];
	struct sock_fprog filter = { .len = BPF_MAXINSNS, .filter = steps };

	for (int i = 0; i < BPF_MAXINSNS - 1; i++)
		steps[i] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_MUL | BPF_K, 3);
	steps[BPF_MAXINSNS - 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
	return setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter));
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	cpu_set_t cpus;
	char byte;

	if (argc < 4 || fd < 0 || !inet_pton(AF_INET, argv[2], &address.sin_addr))
		return 2;
	address.sin_port = htons(atoi(argv[3]));
	if (!strcmp(argv[1], "sink")) {
		if (drop_slowly(fd) || bind(fd, (struct sockaddr *)&address, sizeof(address)))
			return 1;
		puts("ready");
		fflush(stdout);
		return read(STDIN_FILENO, &byte, 1) < 0;
	}
	if (argc < 7 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return 1;
	CPU_ZERO(&cpus);
	CPU_SET(atoi(argv[5]), &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		return 1;
	printf("%ld\n", flood(fd, atof(argv[4]), atoi(argv[6])));
	return 0;
}
