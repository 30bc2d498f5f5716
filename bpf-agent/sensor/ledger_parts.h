/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the ledger say to each other. Nobody else includes this. */
#pragma once

#include "ledger.h"

/* Adds to a row, in this frame. */
static inline void ledger_touch(const struct ledger *l, struct sum_row *row, uint64_t ns, uint64_t count)
{
	row->ns += ns;
	row->count += count;
	row->touched = l->sequence;
}

/* For sums_forget(): every row. */
static inline bool ledger_every_row(const struct sum_row *row, void *context)
{
	(void)row;
	(void)context;
	return true;
}

/* Adds this interval's pairs to what was counted before: the largest to their own rows, the rest to "other" of their victims. */
void ledger_add_pairs(struct ledger *ledger);

/* Whether there are more pairs than an interval can add to. */
bool ledger_has_too_many_pairs(const struct ledger *ledger);

/*
 * Forgets what is long gone, once this interval is added: a row that begins anew was absent from a frame, so that nobody takes it
 * for the old one.
 */
void ledger_forget(struct ledger *ledger);

/* Prints the member `health`, with a comma before it: what the frame says of itself. */
void ledger_print_health(const struct ledger *ledger, FILE *out);
