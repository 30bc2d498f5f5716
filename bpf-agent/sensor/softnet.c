// SPDX-License-Identifier: Apache-2.0
#include "softnet.h"

#include <stdlib.h>

/* Columns: the CPU's number is in one since 5.10; before, lines are those of the CPUs that are online, in order. */
enum {
	PACKETS,
	DROPS,
	SQUEEZED,
	CPU = 12,
	COLUMNS,
};

bool softnet_parse(FILE *file, struct softnet *cpus, int possible_cpus)
{
	bool found = false;
	size_t room = 0;
	char *line = NULL;

	for (unsigned long next = 0; getline(&line, &room, file) > 0; next++) {
		unsigned long column[COLUMNS] = {}, cpu;
		int columns = 0;
		char *at = line, *end;

		while (columns < COLUMNS) {
			column[columns] = strtoul(at, &end, 16);
			if (end == at)
				break;
			at = end;
			columns++;
		}
		cpu = columns > CPU ? column[CPU] : next;
		if (columns <= SQUEEZED || cpu >= (unsigned long)possible_cpus)
			continue;
		cpus[cpu] = (struct softnet){ column[PACKETS], column[DROPS], column[SQUEEZED] };
		found = true;
	}
	free(line);
	return found;
}

bool softnet_read(struct softnet *cpus, int possible_cpus)
{
	FILE *file = fopen("/proc/net/softnet_stat", "re");
	bool found = file && softnet_parse(file, cpus, possible_cpus);

	if (file)
		fclose(file);
	return found;
}
