// SPDX-License-Identifier: Apache-2.0
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <time.h>
#include <unistd.h>

static int output = STDOUT_FILENO;

void report_to(int fd)
{
	output = fd;
}

static void put(const char *text, size_t length)
{
	while (length) {
		ssize_t written = write(output, text, length);

		if (written <= 0)
			_exit(1);
		text += written;
		length -= written;
	}
}

void report(const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0)
		_exit(1);
	put(text, length);
	put("\n", 1);
	free(text);
}

noreturn void give_up(const char *format, ...)
{
	char text[1000];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	for (char *c = text; *c; c++)
		if (*c == '"' || *c == '\\' || (unsigned char)*c < ' ')
			*c = '\'';
	report("{\"event\":\"error\",\"message\":\"%s\"}", text);
	exit(1);
}

uint64_t monotonic_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}
