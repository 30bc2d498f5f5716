/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums by key, in user space: an open hash table of (a, b, c) -> ns and count, and its rows in ascending order of key.
 * Knows nothing of what the keys mean.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sum_row {
	uint64_t a, b, c;
	uint64_t ns;
	uint64_t count;
	/* Largest value ever shown for this row, for values whose newest part is provisional. */
	uint64_t shown_ns;
	/* Sequence number of the frame that last added to this row. */
	uint64_t touched;
	/* Where rows are ranked: the smaller the earlier. */
	uint64_t rank;
};

struct sums {
	struct sum_row **rows; /* sorted after sums_sort() */
	size_t used;
	size_t room;
	struct sum_row **slots;
	size_t slot_count; /* a power of two */
	bool sorted;
};

/* The row of a key; a new one starts at zero. NULL only without memory. */
struct sum_row *sums_at(struct sums *sums, uint64_t a, uint64_t b, uint64_t c);

/* Brings sums->rows into ascending order of (a, b, c). */
void sums_sort(struct sums *sums);

/* Forgets the rows for which gone() is true. */
void sums_forget(struct sums *sums, bool (*gone)(const struct sum_row *row, void *context), void *context);
