// SPDX-License-Identifier: Apache-2.0
#include "sums.h"

#include <stdlib.h>
#include <string.h>

static size_t home(const struct sums *sums, uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t hash = a * 0x9e3779b97f4a7c15ull;

	hash = (hash ^ b) * 0xd6e8feb86659fd93ull;
	hash = (hash ^ c) * 0xff51afd7ed558ccdull;
	return (hash >> 24) & (sums->slot_count - 1);
}

static void put(struct sums *sums, struct sum_row *row)
{
	size_t slot = home(sums, row->a, row->b, row->c);

	while (sums->slots[slot])
		slot = (slot + 1) & (sums->slot_count - 1);
	sums->slots[slot] = row;
}

static bool resize(struct sums *sums, size_t slot_count)
{
	struct sum_row **slots = calloc(slot_count, sizeof(*slots));

	if (!slots)
		return false;
	free(sums->slots);
	sums->slots = slots;
	sums->slot_count = slot_count;
	for (size_t i = 0; i < sums->used; i++)
		put(sums, sums->rows[i]);
	return true;
}

struct sum_row *sums_at(struct sums *sums, uint64_t a, uint64_t b, uint64_t c)
{
	struct sum_row *row;

	if (sums->used * 2 >= sums->slot_count && !resize(sums, sums->slot_count ? sums->slot_count * 2 : 256))
		return NULL;
	for (size_t slot = home(sums, a, b, c); (row = sums->slots[slot]); slot = (slot + 1) & (sums->slot_count - 1))
		if (row->a == a && row->b == b && row->c == c)
			return row;
	if (sums->used == sums->room) {
		size_t room = sums->room ? sums->room * 2 : 128;
		struct sum_row **rows = realloc(sums->rows, room * sizeof(*rows));

		if (!rows)
			return NULL;
		sums->rows = rows;
		sums->room = room;
	}
	row = calloc(1, sizeof(*row));
	if (!row)
		return NULL;
	row->a = a;
	row->b = b;
	row->c = c;
	sums->rows[sums->used++] = row;
	sums->sorted = false;
	put(sums, row);
	return row;
}

static int by_key(const void *left, const void *right)
{
	const struct sum_row *l = *(struct sum_row *const *)left;
	const struct sum_row *r = *(struct sum_row *const *)right;

	if (l->a != r->a)
		return l->a < r->a ? -1 : 1;
	if (l->b != r->b)
		return l->b < r->b ? -1 : 1;
	if (l->c != r->c)
		return l->c < r->c ? -1 : 1;
	return 0;
}

void sums_sort(struct sums *sums)
{
	if (!sums->sorted && sums->used)
		qsort(sums->rows, sums->used, sizeof(*sums->rows), by_key);
	sums->sorted = true;
}

void sums_forget(struct sums *sums, bool (*gone)(const struct sum_row *row, void *context), void *context)
{
	size_t kept = 0;

	for (size_t i = 0; i < sums->used; i++) {
		if (gone(sums->rows[i], context))
			free(sums->rows[i]);
		else
			sums->rows[kept++] = sums->rows[i];
	}
	if (kept == sums->used)
		return;
	sums->used = kept;
	memset(sums->slots, 0, sums->slot_count * sizeof(*sums->slots));
	for (size_t i = 0; i < kept; i++)
		put(sums, sums->rows[i]);
}
