// SPDX-License-Identifier: Apache-2.0
#include "request_programs.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <mntent.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "clock.h"
#include "iterate.h"
#include "peer_programs.h"
#include "programs.skel.h"
#include "walk.h"

static bool may_administer_network(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[2] = {};

	return !syscall(SYS_capget, &header, sets) && sets[0].effective & 1u << CAP_NET_ADMIN;
}

/* A descriptor of the root of the unified hierarchy, with controllers or without; -1 if it is not mounted. */
static int open_root(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *mount;
	int root = -1;

	if (!mounts)
		return -1;
	while (root < 0 && (mount = getmntent(mounts)))
		if (!strcmp(mount->mnt_type, "cgroup2"))
			root = open(mount->mnt_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	endmntent(mounts);
	return root;
}

bool request_programs_choose(struct programs_bpf *s, const char **why)
{
	int root = open_root();
	bool chosen = false;

	if (root < 0)
		*why = "requests are not timed: no unified cgroup hierarchy (cgroup2) is mounted here";
	else if (!may_administer_network())
		*why = "requests are not timed: that takes CAP_NET_ADMIN";
	else
		chosen = true;
	if (root >= 0)
		close(root);
	bpf_program__set_autoload(s->progs.on_tcp_state, chosen);
	bpf_program__set_autoload(s->progs.on_tcp_read, chosen);
	bpf_program__set_autoload(s->progs.on_tcp_in, chosen);
	bpf_program__set_autoload(s->progs.on_tcp_out, chosen);
	bpf_program__set_autoload(s->progs.find_listeners, chosen);
	bpf_program__set_autoload(s->progs.find_connections, chosen);
	peer_programs_choose(s, chosen);
	return chosen;
}

bool request_programs_attach(struct programs_bpf *s)
{
	int root;

	if (!bpf_program__autoload(s->progs.on_tcp_in))
		return true;
	/*
	 * New connections first, so that none is between them and those that exist; and who listens, which tells the ends of those,
	 * before anybody can meet one.
	 */
	s->links.on_tcp_state = bpf_program__attach(s->progs.on_tcp_state);
	if (libbpf_get_error(s->links.on_tcp_state) || !iterate_once(s->progs.find_listeners))
		return false;
	root = open_root();
	s->links.on_tcp_read = bpf_program__attach(s->progs.on_tcp_read);
	s->links.on_tcp_in = bpf_program__attach_cgroup(s->progs.on_tcp_in, root);
	s->links.on_tcp_out = bpf_program__attach_cgroup(s->progs.on_tcp_out, root);
	if (root >= 0)
		close(root);
	return !libbpf_get_error(s->links.on_tcp_read) && !libbpf_get_error(s->links.on_tcp_in) &&
	       !libbpf_get_error(s->links.on_tcp_out) && peer_programs_attach(s) && iterate_once(s->progs.find_connections);
}

void request_programs_resume(struct programs_bpf *s)
{
	s->bss->requests_since = clock_ns(CLOCK_MONOTONIC);
	s->bss->request_era++;
}

static struct map_use read_anatomy(struct programs_bpf *s, uint32_t epoch, const struct programs_reader *reader)
{
	struct anatomy_key key;
	struct sum sum;
	struct walk walk = walk_over(s->maps.anatomy, &key);

	while (walk_on(&walk))
		if (key.epoch == epoch && walk_take(&walk, &sum))
			reader->anatomy(reader->context, &key, sum.ns);
	return walk_use(&walk, "anatomy");
}

static struct map_use read_slowest(struct programs_bpf *s, uint32_t epoch, const struct programs_reader *reader)
{
	struct slowest_key key;
	struct slowest request;
	struct walk walk = walk_over(s->maps.slowest, &key);

	while (walk_on(&walk))
		if (key.epoch == epoch && walk_take(&walk, &request))
			reader->slowest(reader->context, &key, &request);
	return walk_use(&walk, "slowest");
}

static struct map_use read_longest(struct programs_bpf *s, uint32_t epoch, const struct programs_reader *reader)
{
	struct long_wait_key key;
	struct long_wait wait;
	struct walk walk = walk_over(s->maps.long_waits, &key);

	while (walk_on(&walk))
		if (key.epoch == epoch && walk_take(&walk, &wait))
			reader->longest(reader->context, key.cgroup, &wait);
	return walk_use(&walk, "longWaits");
}

static void read_sums(const struct programs_reader *reader, const struct request_key *octave, const struct request_sums *sums)
{
	struct anatomy_key part = { .cgroup = octave->cgroup, .role = octave->role, .estimated = octave->estimated };
	struct request_key key = *octave;
	uint64_t ns = sums->ns;

	for (int i = 0; i < OCTAVE_BUCKETS; i++) {
		key.bucket = octave->bucket + i;
		if (!sums->count[i])
			continue;
		/* The sum is one of all buckets, and told with the first. */
		reader->request(reader->context, &key, ns, sums->count[i]);
		ns = 0;
	}
	part.band = band_of_bucket(octave->bucket);
	for (int i = 0; i < PART_PLACES; i++) {
		part.what = part_at(i, octave->cgroup);
		if (sums->part[i])
			reader->anatomy(reader->context, &part, sums->part[i]);
	}
}

static struct map_use read_requests(struct programs_bpf *s, uint32_t epoch, const struct programs_reader *reader)
{
	struct request_key key;
	struct request_sums sums;
	struct walk walk = walk_over(s->maps.requests, &key);

	while (walk_on(&walk))
		if (key.epoch == epoch && walk_take(&walk, &sums))
			read_sums(reader, &key, &sums);
	return walk_use(&walk, "requests");
}

static void read_unread_sums(const struct programs_reader *reader, const struct unread_key *octave, const struct unread_sums *sums)
{
	uint64_t ns = sums->ns;

	for (int i = 0; i < UNREAD_OCTAVE; i++) {
		if (!sums->count[i])
			continue;
		/* The sum is one of all buckets, and told with the first. */
		reader->unread(reader->context, octave->cgroup, octave->bucket + i, ns, sums->count[i]);
		ns = 0;
	}
}

static struct map_use read_unread(struct programs_bpf *s, uint32_t epoch, const struct programs_reader *reader)
{
	struct unread_key key;
	struct unread_sums sums;
	struct walk walk = walk_over(s->maps.unread, &key);

	while (walk_on(&walk))
		if (key.epoch == epoch && walk_take(&walk, &sums))
			read_unread_sums(reader, &key, &sums);
	return walk_use(&walk, "unread");
}

/* What a CPU has kept for itself, which is emptied. A place that two have said is theirs is nobody's. */
static void read_cpu(struct cpu_sums *sums, const struct programs_reader *reader)
{
	for (int i = 0; i < CPU_REQUESTS; i++)
		if (sums->requests[i].key.cgroup)
			read_sums(reader, &sums->requests[i].key, &sums->requests[i].sums);
	for (int i = 0; i < CPU_UNREAD; i++)
		if (sums->unread[i].key.cgroup)
			read_unread_sums(reader, &sums->unread[i].key, &sums->unread[i].sums);
	for (int i = 0; i < CPU_PEERS; i++) {
		const struct peer_sums peer = { .durations = sums->peers[i].sums };

		if (sums->peers[i].key.cgroup)
			reader->peer(reader->context, &sums->peers[i].key, &peer);
	}
	memset(sums, 0, sizeof(*sums));
}

void request_programs_read_cpus(struct cpu_sums *sums, int cpus, uint32_t epoch, const struct programs_reader *reader)
{
	for (int cpu = 0; cpu < cpus; cpu++)
		read_cpu(&sums[2 * cpu + epoch], reader);
}

void request_programs_read(struct programs_bpf *s, uint32_t epoch, const struct programs_reader *reader,
			   struct map_use use[REQUEST_MAPS])
{
	use[0] = read_requests(s, epoch, reader);
	use[1] = read_anatomy(s, epoch, reader);
	use[2] = read_slowest(s, epoch, reader);
	use[3] = read_longest(s, epoch, reader);
	use[4] = read_unread(s, epoch, reader);
}
