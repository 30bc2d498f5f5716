// SPDX-License-Identifier: Apache-2.0
/* Who was held up by whom: which pairs have rows of their own. */
#include <stdlib.h>
#include "ledger_parts.h"

/*
 * Pairs of victim and culprit that an interval can add to, and of each victim those that are among them in any case. A node
 * has more only where a thousand containers crowd the same CPUs: then a line of all pairs would be of no use to anybody.
 */
#define PAIRS 32768
#define PAIRS_OF_VICTIM 8

static int by_size(const void *left, const void *right)
{
	const struct sum_row *l = *(struct sum_row *const *)left;
	const struct sum_row *r = *(struct sum_row *const *)right;

	if (l->rank != r->rank)
		return l->rank < r->rank ? -1 : 1;
	return l->ns > r->ns ? -1 : l->ns < r->ns;
}

static int by_victim_and_size(const void *left, const void *right)
{
	const struct sum_row *l = *(struct sum_row *const *)left;
	const struct sum_row *r = *(struct sum_row *const *)right;

	if (l->a != r->a)
		return l->a < r->a ? -1 : 1;
	return l->ns > r->ns ? -1 : l->ns < r->ns;
}

/* Brings those that stay to the front: the largest of each victim, then the largest. Leaves the table without order. */
static void rank(struct sums *pairs)
{
	uint64_t of_victim = 0;

	qsort(pairs->rows, pairs->used, sizeof(*pairs->rows), by_victim_and_size);
	for (size_t i = 0; i < pairs->used; i++) {
		of_victim = i && pairs->rows[i]->a == pairs->rows[i - 1]->a ? of_victim + 1 : 0;
		pairs->rows[i]->rank = of_victim < PAIRS_OF_VICTIM ? of_victim : PAIRS_OF_VICTIM;
	}
	qsort(pairs->rows, pairs->used, sizeof(*pairs->rows), by_size);
	pairs->sorted = false;
}

void ledger_add_pairs(struct ledger *l)
{
	struct sums *arrived = &l->arrived;

	if (arrived->used > PAIRS)
		rank(arrived);
	for (size_t i = 0; i < arrived->used; i++) {
		const struct sum_row *pair = arrived->rows[i];
		uint64_t code = i < PAIRS ? pair->b : what(KIND_OTHER, 0);
		struct sum_row *row = sums_at(&l->cells, pair->a, code, 0);

		l->folded += i >= PAIRS;
		if (row)
			ledger_touch(l, row, pair->ns, pair->count);
	}
	sums_forget(arrived, ledger_every_row, NULL);
}

bool ledger_has_too_many_pairs(const struct ledger *l)
{
	size_t pairs = 0;

	for (size_t i = 0; i < l->cells.used; i++)
		pairs += what_is_culprit(l->cells.rows[i]->b);
	return pairs > PAIRS;
}
