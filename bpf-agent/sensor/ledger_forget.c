// SPDX-License-Identifier: Apache-2.0
/* What is not told any more, and when: rows of cgroups that went, and at last their names. */
#include "ledger_parts.h"

/* Frames for which a removed cgroup, and what was counted about it, is still shown; a wait of it may still close. */
#define KEEP_REMOVED 5

static bool long_gone(const struct ledger *l, uint64_t id)
{
	const struct cgroup_name *name = hierarchy_name((struct hierarchy *)&l->hierarchy, id);

	return name && name->removed_in && name->removed_in + KEEP_REMOVED < l->sequence;
}

/* The cgroup that a row speaks of besides its victim: who ran, or whose quota it was; 0 if there is none. */
static uint64_t culprit_of(const struct sum_row *row)
{
	return what_is_culprit(row->b) || what_kind(row->b) == KIND_BURN || what_kind(row->b) >= PART_QUEUE ?
		       row->b & WHAT_ID :
		       0;
}

static bool quiet(const struct ledger *l, const struct sum_row *row)
{
	return row->touched + KEEP_REMOVED < l->sequence;
}

/* A cgroup that is gone, and nothing of it has been counted any more. */
static bool life_gone(const struct sum_row *row, void *context)
{
	return quiet(context, row) && long_gone(context, row->a);
}

/*
 * Of a cgroup that is gone, all at once: the rows of a histogram are one figure, which must not shrink. Or quiet, of a culprit
 * that is gone or one of too many pairs: that starts anew at zero.
 */
static bool row_gone(const struct sum_row *row, void *context)
{
	struct ledger *l = context;
	const struct sum_row *life = sums_at(&l->lives, row->a, 0, 0);

	if (life && life_gone(life, l))
		return true;
	return quiet(l, row) && ((l->crowded && what_is_culprit(row->b)) || long_gone(l, culprit_of(row)));
}

static bool packets_gone(const struct sum_row *row, uint64_t culprit, void *context)
{
	const struct ledger *l = context;

	return quiet(l, row) && (long_gone(l, row->a) || long_gone(l, culprit));
}

static bool requests_gone(const struct sum_row *row, void *context)
{
	const struct ledger *l = context;

	return quiet(l, row) && (long_gone(l, row->a) || long_gone(l, culprit_of(row)));
}

static bool peer_gone(uint64_t cgroup, uint64_t touched, void *context)
{
	const struct ledger *l = context;

	return touched + KEEP_REMOVED < l->sequence && long_gone(l, cgroup);
}

static void need(struct ledger *l, uint64_t id)
{
	struct cgroup_name *name = hierarchy_name(&l->hierarchy, id);

	if (name)
		name->needed_in = l->sequence;
}

/* Notes which names the rows speak of. */
static void need_names(struct ledger *l, const struct sums *sums)
{
	for (size_t i = 0; i < sums->used; i++) {
		need(l, sums->rows[i]->a);
		need(l, culprit_of(sums->rows[i]));
	}
}

static void need_cgroup(uint64_t cgroup, void *context)
{
	need(context, cgroup);
}

/* The same where nothing but a cgroup is spoken of. */
static void need_victims(struct ledger *l, const struct sums *sums)
{
	for (size_t i = 0; i < sums->used; i++)
		need(l, sums->rows[i]->a);
}

static bool overdue(const struct ledger *l, const struct cgroup_name *name)
{
	return name->removed_in && name->removed_in + KEEP_REMOVED + 1 < l->sequence;
}

static bool name_gone(const struct cgroup_name *name, void *context)
{
	const struct ledger *l = context;

	return overdue(l, name) && name->needed_in != l->sequence;
}

/* A name outlives the rows that speak of it: without it nobody would know that they may go. */
static void forget_names(struct ledger *l)
{
	size_t i = 0;

	while (i < l->hierarchy.used && !overdue(l, &l->hierarchy.names[i]))
		i++;
	if (i == l->hierarchy.used)
		return;
	need_names(l, &l->cells);
	need_names(l, &l->stalls);
	need_names(l, &l->requests.durations);
	need_names(l, &l->requests.anatomy);
	peers_cgroups(&l->peers, need_cgroup, l);
	need_victims(l, &l->dns.durations);
	need_victims(l, &l->dns.failures);
	need_victims(l, &l->unread);
	packets_need(&l->packets, need_cgroup, l);
	hierarchy_forget(&l->hierarchy, name_gone, l);
}

void ledger_forget(struct ledger *l)
{
	l->crowded = ledger_has_too_many_pairs(l);
	sums_forget(&l->cells, row_gone, l);
	sums_forget(&l->stalls, row_gone, l);
	sums_forget(&l->lives, life_gone, l);
	requests_forget(&l->requests, requests_gone, l);
	peers_forget(&l->peers, l->sequence, peer_gone, l);
	dns_forget(&l->dns, life_gone, l);
	sums_forget(&l->unread, life_gone, l);
	packets_forget(&l->packets, packets_gone, l);
	forget_names(l);
}
