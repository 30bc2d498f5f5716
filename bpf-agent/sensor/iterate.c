// SPDX-License-Identifier: Apache-2.0
#include "iterate.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

bool iterate(const struct bpf_link *link, void (*each)(void *context, const struct task_record *record), void *context)
{
	struct task_record records[64];
	int fd = bpf_iter_create(bpf_link__fd(link));
	size_t held = 0;
	ssize_t got;

	if (fd < 0)
		return false;
	while ((got = read(fd, (char *)records + held, sizeof(records) - held)) > 0 || (got < 0 && errno == EAGAIN)) {
		size_t whole;

		if (got < 0)
			continue;
		held += got;
		whole = held / sizeof(*records);
		for (size_t i = 0; each && i < whole; i++)
			each(context, &records[i]);
		held -= whole * sizeof(*records);
		memmove(records, &records[whole], held);
	}
	close(fd);
	return !got;
}

bool iterate_once(const struct bpf_program *program)
{
	struct bpf_link *link = bpf_program__attach(program);
	bool whole;

	if (libbpf_get_error(link))
		return false;
	whole = iterate(link, NULL, NULL);
	bpf_link__destroy(link);
	return whole;
}
