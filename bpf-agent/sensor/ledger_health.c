// SPDX-License-Identifier: Apache-2.0
/* What a frame says of itself: what it cost, what was lost or switched off, and whether its sums agree. */
#include <inttypes.h>
#include "ledger_parts.h"

static void print_budget(const struct ledger *l, FILE *out)
{
	static const char *const names[] = NAMES_OF_SHEDS;
	const char *comma = "";

	fputs(",\"shed\":[", out);
	for (int i = 0; i < SHEDS; i++) {
		if (!((l->governor.shed | l->without) & shed_bit(i)))
			continue;
		fprintf(out, "%s\"%s\"", comma, names[i]);
		comma = ",";
	}
	fputs("],\"shedNs\":{", out);
	comma = "";
	for (int i = 0; i < SHEDS; i++) {
		if (!((l->governor.exists | l->without) & shed_bit(i)))
			continue;
		fprintf(out, "%s\"%s\":\"%" PRIu64 "\"", comma, names[i], l->shed_ns[i]);
		comma = ",";
	}
	fprintf(out, "},\"budget\":{\"share\":%g,\"spentNs\":\"%" PRIu64 "\",\"allowedNs\":\"%" PRIu64 "\"}",
		l->governor.share, l->spending.overhead_ns, governor_allowed_ns(l->governor.share, &l->spending));
}

void ledger_print_health(const struct ledger *l, FILE *out)
{
	static const char *const programs[] = NAMES_OF_PROGRAMS;
	static const char *const reasons[] = LOST_NAMES_OF_REASONS;

	fputs(",\"health\":{\"events\":{", out);
	for (int i = 0; i < PROGRAMS; i++)
		fprintf(out, "%s\"%s\":\"%" PRIu64 "\"", i ? "," : "", programs[i],
			(uint64_t)l->overhead.seen[i].runs);
	fputs("},\"lost\":{", out);
	for (int i = 0; i < LOST_REASONS; i++)
		fprintf(out, "%s\"%s\":\"%" PRIu64 "\"", i ? "," : "", reasons[i], l->lost[i]);
	fprintf(out, ",\"culprits\":\"%" PRIu64 "\"", l->folded);
	fputs("},\"overheadNs\":{", out);
	for (int i = 0; i < PROGRAMS; i++)
		fprintf(out, "\"%s\":\"%" PRIu64 "\",", programs[i], l->overhead.ns[i]);
	fprintf(out, "\"sensor\":\"%" PRIu64 "\"},\"maps\":[", l->sensor_ns);
	for (int i = 0; i < MAPS && l->maps[i].name; i++)
		fprintf(out, "%s{\"name\":\"%s\",\"used\":%" PRIu64 ",\"capacity\":%" PRIu64 "}", i ? "," : "",
			l->maps[i].name, l->maps[i].used, l->maps[i].capacity);
	fprintf(out,
		"],\"conservation\":{\"victims\":%" PRIu64 ",\"unequal\":%" PRIu64 ",\"differenceNs\":\"%" PRIu64
		"\"},\"missing\":[",
		l->compared, l->unequal, l->difference_ns);
	for (size_t i = 0; l->missing[i]; i++)
		fprintf(out, "%s\"%s\"", i ? "," : "", l->missing[i]);
	fputc(']', out);
	print_budget(l, out);
	fputc('}', out);
}
