// SPDX-License-Identifier: Apache-2.0
#include "print.h"

#include <inttypes.h>
#include <linux/types.h>
#include "../bpf/bounds.h"
#include "../bpf/shared.h"

void print_string(FILE *out, const char *s)
{
	fputc('"', out);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			fprintf(out, "\\%c", *s);
		else if ((unsigned char)*s < ' ')
			fprintf(out, "\\u%04x", *s);
		else
			fputc(*s, out);
	}
	fputc('"', out);
}

const char *kind_name(uint32_t kind)
{
	static const char *const names[] = {
		[KIND_CGROUP] = "cgroup",
		[KIND_KERNEL] = "kernel",
		[KIND_THROTTLED] = "throttled",
		[KIND_STEAL] = "steal",
		[KIND_INTERRUPT] = "interrupt",
		[KIND_SOFTIRQ] = "softirq",
		[KIND_IDLE] = "idle",
		[KIND_OTHER] = "other",
		[KIND_UNATTRIBUTED] = "unattributed",
	};

	return names[kind];
}

size_t print_histogram(const struct sums *sums, size_t first, enum bucket_place place, FILE *out)
{
	const struct sum_row *head = sums->rows[first];
	uint64_t ns = 0, count = 0, zeros = 0;
	size_t end = first;
	const char *comma = "";

	for (; end < sums->used; end++) {
		const struct sum_row *row = sums->rows[end];
		uint64_t bucket = place == BUCKET_IN_C ? row->c : row->b & WHAT_ID;

		if (row->a != head->a || (place == BUCKET_IN_C ? row->b != head->b : what_kind(row->b) != KIND_WAIT))
			break;
		ns += row->ns;
		count += row->count;
		if (bucket == WAIT_ZERO)
			zeros = row->count;
	}
	fprintf(out, "\"sumNs\":\"%" PRIu64 "\",\"count\":\"%" PRIu64 "\",\"zeroCount\":\"%" PRIu64 "\",\"buckets\":[", ns,
		count, zeros);
	for (size_t i = first; i < end; i++) {
		const struct sum_row *row = sums->rows[i];
		uint64_t bucket = place == BUCKET_IN_C ? row->c : row->b & WHAT_ID;

		if (bucket == WAIT_ZERO)
			continue;
		fprintf(out, "%s[%" PRId64 ",\"%" PRIu64 "\"]", comma, (int64_t)bucket + BUCKET_FIRST, row->count);
		comma = ",";
	}
	fputc(']', out);
	return end;
}
