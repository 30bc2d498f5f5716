// SPDX-License-Identifier: Apache-2.0
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include "report.h"

#define MAX_NAMES 32

static bool here;

bool in_guest(void)
{
	return here;
}

static void mount_on(const char *type, const char *directory)
{
	mkdir(directory, 0755);
	if (mount(type, directory, type, 0, NULL))
		give_up("cannot mount %s on %s: %s", type, directory, strerror(errno));
}

static void bring_loopback_up(void)
{
	struct ifreq interface = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &interface))
		give_up("cannot bring loopback up: %s", strerror(errno));
	close(fd);
}

/* The second serial line, without any translation of what goes over it. */
static int open_line(void)
{
	int fd = open("/dev/ttyS1", O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct termios settings;

	if (fd < 0 || tcgetattr(fd, &settings))
		give_up("/dev/ttyS1: %s", strerror(errno));
	cfmakeraw(&settings);
	tcsetattr(fd, TCSANOW, &settings);
	return fd;
}

static void read_command_line(double *seconds, char **names, int *count)
{
	static char line[4096];
	FILE *file = fopen("/proc/cmdline", "re");
	char *rest = line, *word;

	if (!file || !fgets(line, sizeof(line), file))
		give_up("/proc/cmdline cannot be read");
	fclose(file);
	while ((word = strsep(&rest, " \n"))) {
		char *list = word + strlen("scenarios="), *name;

		if (!strncmp(word, "seconds=", strlen("seconds=")))
			*seconds = strtod(word + strlen("seconds="), NULL);
		if (strncmp(word, "scenarios=", strlen("scenarios=")))
			continue;
		while ((name = strsep(&list, ",")))
			if (*name && *count < MAX_NAMES)
				names[(*count)++] = name;
	}
}

static void switch_off(void)
{
	sync();
	syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_POWER_OFF, NULL);
}

int guest(void (*play)(const char *sensor, double seconds, char **names, int count))
{
	char *names[MAX_NAMES];
	double seconds = 0;
	int count = 0;
	pid_t child;

	here = true;
	/* Process 1 only waits: giving up must not panic the kernel before the line is drained. */
	child = fork();
	if (!child) {
		mount_on("proc", "/proc");
		mount_on("sysfs", "/sys");
		mount_on("devtmpfs", "/dev");
		mount_on("cgroup2", "/sys/fs/cgroup");
		mount_on("tracefs", "/sys/kernel/tracing");
		report_to(open_line());
		setenv("PATH", "/bin", 1);
		bring_loopback_up();
		read_command_line(&seconds, names, &count);
		play("/bin/contention-sensor", seconds, names, count);
		exit(0);
	}
	while (child > 0 && wait(NULL) != child)
		;
	switch_off();
	return 1;
}
