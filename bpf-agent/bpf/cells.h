/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums kept by (victim, what): one small table a CPU and epoch, written without atomics by that CPU only, read and
 * emptied by the sensor while the other epoch's table is in use. Pure arithmetic; knows no kernel structure.
 */
#pragma once

#define CELLS 1024 /* a power of two */
#define WAYS 4 /* places where a key may be; 4 cells are two cache lines */

struct cell {
	__u64 victim; /* cgroup id; 0 marks a free cell */
	__u64 what; /* what.h */
	__u64 ns;
	__u64 count;
};

struct cells {
	struct cell cell[CELLS];
};

/* First place of a key. Multiplying by odd constants spreads ids that differ in few bits; the high bits are the best. */
static __always_inline __u32 cells_home(__u64 victim, __u64 what)
{
	__u64 hash = (victim ^ what * 0x9e3779b97f4a7c15ull) * 0xd6e8feb86659fd93ull;

	return (__u32)(hash >> 40) & (CELLS - WAYS);
}

/* Adds to the key's cell, taking a free one if it has none. False if all its places are taken by other keys. */
static __always_inline bool cells_add(struct cells *cells, __u64 victim, __u64 what, __u64 ns, __u64 count)
{
	__u32 home = cells_home(victim, what);

	for (__u32 way = 0; way < WAYS; way++) {
		struct cell *cell = &cells->cell[(home + way) & (CELLS - 1)];

		if (!cell->victim) {
			cell->victim = victim;
			cell->what = what;
		} else if (cell->victim != victim || cell->what != what) {
			continue;
		}
		cell->ns += ns;
		cell->count += count;
		return true;
	}
	return false;
}

/*
 * For a culprit that finds no room anywhere: may give it the place of another key among its own, that of the smallest culprit
 * or of whatever is none, as that has room elsewhere. The larger it is beside that one the likelier, so that who matters
 * gets a place however late and in however small pieces it comes. Leaves in `cell` what has no place then: the arriving one or
 * the other.
 */
static __always_inline void cells_replace(struct cells *cells, struct cell *cell, __u32 random)
{
	__u32 home = cells_home(cell->victim, cell->what);
	__u32 smallest = 0;
	__u64 least = ~0ull;

	for (__u32 way = 0; way < WAYS; way++) {
		const struct cell *other = &cells->cell[(home + way) & (CELLS - 1)];
		__u64 ns = what_is_culprit(other->what) ? other->ns : 0;

		if (ns < least) {
			least = ns;
			smallest = way;
		}
	}
	if (random % (least + cell->ns + 1) > cell->ns)
		return;
	/* Through memory: else clang makes an OR without a mask of it, which the verifier of 6.1 does not follow. */
	volatile __u16 at = home + smallest;
	struct cell *place = &cells->cell[at & (CELLS - 1)];
	struct cell arriving = *cell;

	*cell = *place;
	*place = arriving;
}
