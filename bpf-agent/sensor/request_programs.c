// SPDX-License-Identifier: Apache-2.0
#include "request_programs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <mntent.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "peer_programs.h"
#include "programs.skel.h"

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

/* Runs an iterator once, from begin to end. */
static bool run_once(struct bpf_program *program)
{
	struct bpf_link *link = bpf_program__attach(program);
	char nothing[64];
	ssize_t got;
	int fd;

	if (libbpf_get_error(link))
		return false;
	fd = bpf_iter_create(bpf_link__fd(link));
	do
		got = fd < 0 ? -1 : read(fd, nothing, sizeof(nothing));
	while (got > 0 || (got < 0 && fd >= 0 && errno == EAGAIN));
	if (fd >= 0)
		close(fd);
	bpf_link__destroy(link);
	return !got;
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
	if (libbpf_get_error(s->links.on_tcp_state) || !run_once(s->progs.find_listeners))
		return false;
	root = open_root();
	s->links.on_tcp_read = bpf_program__attach(s->progs.on_tcp_read);
	s->links.on_tcp_in = bpf_program__attach_cgroup(s->progs.on_tcp_in, root);
	s->links.on_tcp_out = bpf_program__attach_cgroup(s->progs.on_tcp_out, root);
	if (root >= 0)
		close(root);
	return !libbpf_get_error(s->links.on_tcp_read) && !libbpf_get_error(s->links.on_tcp_in) &&
	       !libbpf_get_error(s->links.on_tcp_out) && peer_programs_attach(s) && run_once(s->progs.find_connections);
}

void request_programs_resume(struct programs_bpf *s)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	s->bss->requests_since = now.tv_sec * 1000000000ull + now.tv_nsec;
}

static void read_anatomy(struct programs_bpf *s, uint32_t epoch, const struct programs_reader *reader, struct map_use *use)
{
	int fd = bpf_map__fd(s->maps.anatomy);
	struct anatomy_key key, next;
	struct sum sum;
	bool more;

	*use = (struct map_use){ "anatomy", 0, bpf_map__max_entries(s->maps.anatomy) };
	more = !bpf_map_get_next_key(fd, NULL, &next);
	while (more) {
		key = next;
		more = !bpf_map_get_next_key(fd, &key, &next);
		if (key.epoch != epoch || bpf_map_lookup_elem(fd, &key, &sum))
			continue;
		bpf_map_delete_elem(fd, &key);
		use->used++;
		reader->anatomy(reader->context, &key, sum.ns);
	}
}

static void read_slowest(struct programs_bpf *s, uint32_t epoch, const struct programs_reader *reader, struct map_use *use)
{
	int fd = bpf_map__fd(s->maps.slowest);
	struct slowest_key key, next;
	struct slowest request;
	bool more;

	*use = (struct map_use){ "slowest", 0, bpf_map__max_entries(s->maps.slowest) };
	more = !bpf_map_get_next_key(fd, NULL, &next);
	while (more) {
		key = next;
		more = !bpf_map_get_next_key(fd, &key, &next);
		if (key.epoch != epoch || bpf_map_lookup_elem(fd, &key, &request))
			continue;
		bpf_map_delete_elem(fd, &key);
		use->used++;
		reader->slowest(reader->context, &key, &request);
	}
}

static void read_longest(struct programs_bpf *s, uint32_t epoch, const struct programs_reader *reader, struct map_use *use)
{
	int fd = bpf_map__fd(s->maps.long_waits);
	struct long_wait_key key, next;
	struct long_wait wait;
	bool more;

	*use = (struct map_use){ "longWaits", 0, bpf_map__max_entries(s->maps.long_waits) };
	more = !bpf_map_get_next_key(fd, NULL, &next);
	while (more) {
		key = next;
		more = !bpf_map_get_next_key(fd, &key, &next);
		if (key.epoch != epoch || bpf_map_lookup_elem(fd, &key, &wait))
			continue;
		bpf_map_delete_elem(fd, &key);
		use->used++;
		reader->longest(reader->context, key.cgroup, &wait);
	}
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

static void read_requests(struct programs_bpf *s, uint32_t epoch, const struct programs_reader *reader, struct map_use *use)
{
	int fd = bpf_map__fd(s->maps.requests);
	struct request_key key, next;
	struct request_sums sums;
	bool more;

	*use = (struct map_use){ "requests", 0, bpf_map__max_entries(s->maps.requests) };
	more = !bpf_map_get_next_key(fd, NULL, &next);
	while (more) {
		key = next;
		more = !bpf_map_get_next_key(fd, &key, &next);
		if (key.epoch != epoch || bpf_map_lookup_elem(fd, &key, &sums))
			continue;
		bpf_map_delete_elem(fd, &key);
		use->used++;
		read_sums(reader, &key, &sums);
	}
}

static void read_unread(struct programs_bpf *s, uint32_t epoch, const struct programs_reader *reader, struct map_use *use)
{
	int fd = bpf_map__fd(s->maps.unread);
	struct unread_key key, next;
	struct unread_sums sums;
	bool more;

	*use = (struct map_use){ "unread", 0, bpf_map__max_entries(s->maps.unread) };
	more = !bpf_map_get_next_key(fd, NULL, &next);
	while (more) {
		key = next;
		more = !bpf_map_get_next_key(fd, &key, &next);
		if (key.epoch != epoch || bpf_map_lookup_elem(fd, &key, &sums))
			continue;
		bpf_map_delete_elem(fd, &key);
		use->used++;
		for (int i = 0; i < UNREAD_OCTAVE; i++) {
			if (!sums.count[i])
				continue;
			/* The sum is one of all buckets, and told with the first. */
			reader->unread(reader->context, key.cgroup, key.bucket + i, sums.ns, sums.count[i]);
			sums.ns = 0;
		}
	}
}

void request_programs_read(struct programs_bpf *s, uint32_t epoch, const struct programs_reader *reader,
			   struct map_use use[REQUEST_MAPS])
{
	read_requests(s, epoch, reader, &use[0]);
	read_anatomy(s, epoch, reader, &use[1]);
	read_slowest(s, epoch, reader, &use[2]);
	read_longest(s, epoch, reader, &use[3]);
	read_unread(s, epoch, reader, &use[4]);
}
