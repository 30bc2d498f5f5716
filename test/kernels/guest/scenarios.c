// SPDX-License-Identifier: Apache-2.0
/*
 * Scenarios of contention in kubelet-shaped cgroups, and what the kernel's own books say about each: reported as JSON
 * lines beside the sensor's frames. Judges nothing. As process 1 it is also all that a guest needs.
 *
 * Everything that waits is on the last CPU; the sensor and the observer are on the first.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "cgroups.h"
#include "drops.h"
#include "frames.h"
#include "guest.h"
#include "load.h"
#include "queues.h"
#include "report.h"
#include "requests.h"

/* Pods have one letter each; a container belongs to the pod of the same letter. */
struct container {
	const char *role;
	char pod;
	enum load_kind kind;
	int threads;
	int quota_ms; /* of each 100 ms; 0 for none */
	bool spread; /* over the CPUs, instead of all threads on the last one */
};

#define CONTAINERS 2

struct scenario {
	const char *name;
	struct container containers[CONTAINERS];
	int pod_quota_ms; /* of pod a */
	int short_lived; /* this many short containers come and go meanwhile */
};

static const struct scenario scenarios[] = {
	{ "neighbour", { { "victim", 'a', SLEEPER, 1 }, { "neighbour", 'b', HOG, 1 } } },
	{ "self", { { "victim", 'a', HOG, 3 } } },
	{ "container-quota", { { "victim", 'a', HOG, 1, .quota_ms = 30 } } },
	{ "crowded-quota", { { "victim", 'a', HOG, 2, .quota_ms = 30 } } },
	{ "spread-quota", { { "victim", 'a', HOG, 2, .quota_ms = 60, .spread = true } } },
	{ "woken-quota", { { "victim", 'a', SLEEPER, 3, .quota_ms = 30 } } },
	{ "pod-quota", { { "victim", 'a', HOG, 1 } }, .pod_quota_ms = 30 },
	{ "nested-quota",
	  { { "victim", 'a', HOG, 1, .quota_ms = 20 }, { "sidecar", 'a', HOG, 1 } },
	  .pod_quota_ms = 60 },
	{ "sidecar", { { "victim", 'a', SLEEPER, 1 }, { "sidecar", 'a', HOG, 1 } }, .pod_quota_ms = 50 },
	{ "quota-and-neighbour", { { "victim", 'a', HOG, 1, .quota_ms = 20 }, { "neighbour", 'b', HOG, 1 } } },
	{ "short-lived", { { "neighbour", 'b', HOG, 1 } }, .short_lived = 20 },
};

/* Played in another way: containers that ask each other. */
static const struct {
	const char *name;
	int connections;
	uint32_t delay_us;
} request_scenarios[] = {
	{ "requests", 1, 20000 },
	{ "requests-at-once", 8, 50000 },
};

/*
 * And containers that send packets through a device, a, b and c. Where it lets through 240 kbit/s, a and b send a tenth more
 * than that together, 9:1 or 1:1: a packet takes 41 ms, beside which its way to there is short on an emulated CPU, too. At last
 * each may send 120 kbit/s, or asks for that itself, and only a sends a tenth more than that, or each packet is delayed: nobody
 * stands behind anybody else.
 */
#define BULK 1200
#define MIXED(a, b) { { BULK, 26.6 * (a) / ((a) + (b)) }, { BULK, 26.6 * (b) / ((a) + (b)) }, { 60, 20 } }
#define PACED { { BULK, 13.3 }, { BULK, 6 }, { 60, 20 } }
#define MOST_LINES 4
#define ROOT(number) "qdisc replace dev nic0 root handle " number ": "
#define CHILD(number) "qdisc add dev nic0 parent " number ":1 "
#define TBF "tbf rate 240kbit burst 3kb limit 2mb"
#define HTB "htb default 1"
#define HTB_CLASS(number) \
	"class add dev nic0 parent " number ": classid " number ":1 htb rate 240kbit burst 3kb cburst 3kb"
#define FQ "fq limit 10000 flow_limit 2000 orphan_mask 65535"

static const struct queue_scenario {
	const char *name, *discipline;
	const char *shape[MOST_LINES];
	struct sending sendings[SENDERS];
	bool prepaid;
} queue_scenarios[] = {
	{ "queue-tbf", "tbf", { ROOT("1") TBF }, MIXED(9, 1), .prepaid = true },
	{ "queue-tbf-fq", "fq", { ROOT("2") TBF, CHILD("2") FQ }, MIXED(1, 1), .prepaid = true },
	{ "queue-htb-fq-codel", "fq_codel", { ROOT("3") HTB, HTB_CLASS("3"), CHILD("3") "fq_codel" }, MIXED(9, 1) },
	{ "queue-htb-fq", "fq", { ROOT("4") HTB, HTB_CLASS("4"), CHILD("4") FQ }, MIXED(9, 1) },
	{ "queue-fq-maxrate",
	  "fq",
	  { ROOT("5") FQ " maxrate 120kbit" },
	  PACED },
	{ "queue-fq-paced", "fq", { ROOT("7") FQ }, { { BULK, 13.3, .pace = 15000 }, { BULK, 6 }, { 60, 20 } } },
	{ "queue-netem", "netem", { ROOT("8") "netem delay 200ms" }, PACED },
	{ "queue-mq-fq",
	  "fq",
	  { ROOT("6") "mq", CHILD("6") FQ " maxrate 120kbit", "qdisc add dev nic0 parent 6:2 " FQ " maxrate 120kbit" },
	  PACED },
};

static const struct {
	const char *name;
} drop_scenarios[] = {
	{ "drops", },
};

/*
 * CPU time of a short life, below the 50 ms that a poller of cgroups would miss, and long enough that a tenth of a
 * millisecond of uncertainty at the edges of its books is below 1 %.
 */
#define SHORT_RUN_NS 16000000

/* Short containers begin this far apart, so that they are spread over frames. */
#define SHORT_PAUSE_US 40000

static void report_cgroup(const char *scenario, const char *role, const char *path, uint64_t id)
{
	report("{\"event\":\"cgroup\",\"scenario\":\"%s\",\"role\":\"%s\",\"path\":\"%s\",\"id\":\"%llu\"}", scenario, role,
	       path, (unsigned long long)id);
}

static void report_quota(const char *scenario, const char *role, struct quota_ledger ledger)
{
	report("{\"event\":\"quota\",\"scenario\":\"%s\",\"role\":\"%s\",\"throttledNs\":\"%llu\",\"periods\":%llu,"
	       "\"throttledPeriods\":%llu}",
	       scenario, role, (unsigned long long)ledger.throttled_ns, (unsigned long long)ledger.periods,
	       (unsigned long long)ledger.throttled_periods);
}

static void report_books(const char *scenario, const char *role, int threads, struct books books)
{
	report("{\"event\":\"books\",\"scenario\":\"%s\",\"role\":\"%s\",\"threads\":%d,\"runNs\":\"%llu\",\"waitNs\":\"%llu\"}",
	       scenario, role, threads, (unsigned long long)books.run_ns, (unsigned long long)books.wait_ns);
}

/* What the hypervisor has taken from a CPU, ns, by the kernel's books, which count in hundredths of a second. */
static uint64_t stolen_ns(int cpu)
{
	FILE *file = fopen("/proc/stat", "re");
	char line[512], format[100];
	unsigned long long stolen = 0;

	if (!file)
		give_up("cannot read /proc/stat");
	snprintf(format, sizeof(format), "cpu%d %%*u %%*u %%*u %%*u %%*u %%*u %%*u %%llu", cpu);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, format, &stolen) == 1)
			break;
	fclose(file);
	return stolen * 10000000;
}

static void live_shortly(const struct scenario *s, const char *pod, int cpu)
{
	for (int i = 0; i < s->short_lived; i++) {
		struct short_life life;
		char path[200];
		uint64_t id;

		cgroup_container_path(path, pod);
		id = cgroup_make(path);
		life = load_short(path, SHORT_RUN_NS, cpu);
		cgroup_remove(path);
		report("{\"event\":\"short\",\"scenario\":\"%s\",\"id\":\"%llu\",\"path\":\"%s\",\"runNs\":\"%llu\","
		       "\"waitNs\":\"%llu\",\"birthWaitNs\":\"%llu\",\"livedNs\":\"%llu\"}",
		       s->name, (unsigned long long)id, path, (unsigned long long)life.books.run_ns,
		       (unsigned long long)life.books.wait_ns, (unsigned long long)life.birth_wait_ns,
		       (unsigned long long)life.lived_ns);
		usleep(SHORT_PAUSE_US);
	}
}

static void play(const struct scenario *s, uint64_t duration_ns, int cpu)
{
	char pods[2][200], paths[CONTAINERS][200];
	struct quota_ledger ledgers[CONTAINERS], pod_ledger;
	struct books before[CONTAINERS];
	struct load loads[CONTAINERS];
	uint64_t began_ns, ended_ns, pod_id, stolen;
	int count = 0;

	report("{\"event\":\"begin\",\"scenario\":\"%s\"}", s->name);
	for (int i = 0; i < 2; i++) {
		cgroup_pod_path(pods[i]);
		pod_id = cgroup_make(pods[i]);
		if (i == 0)
			report_cgroup(s->name, "pod", pods[i], pod_id);
	}
	if (s->pod_quota_ms)
		cgroup_limit(pods[0], s->pod_quota_ms * 1000);
	for (; count < CONTAINERS && s->containers[count].role; count++) {
		const struct container *c = &s->containers[count];

		cgroup_container_path(paths[count], pods[c->pod - 'a']);
		report_cgroup(s->name, c->role, paths[count], cgroup_make(paths[count]));
		if (c->quota_ms)
			cgroup_limit(paths[count], c->quota_ms * 1000);
		loads[count] = load_start(paths[count], c->kind, c->threads, c->spread ? SPREAD : cpu);
	}

	frames_forget();
	frames_settle();
	for (int i = 0; i < count; i++)
		before[i] = load_books(&loads[i]);
	stolen = stolen_ns(cpu);
	began_ns = monotonic_ns();
	/* However long the short lives take, there is somebody to wait for. */
	loads_begin(loads, count, s->short_lived ? UINT64_MAX : began_ns + duration_ns);
	live_shortly(s, pods[0], cpu);
	loads_end_at(began_ns + duration_ns);
	loads_wait(loads, count);
	ended_ns = monotonic_ns();
	/* At once: what a quota does to queues that are empty now is nobody's wait. */
	for (int i = 0; i < count; i++)
		ledgers[i] = cgroup_ledger(paths[i]);
	pod_ledger = cgroup_ledger(pods[0]);
	stolen = stolen_ns(cpu) - stolen;
	frames_settle();

	report("{\"event\":\"window\",\"scenario\":\"%s\",\"fromNs\":\"%llu\",\"toNs\":\"%llu\",\"stolenNs\":\"%llu\"}",
	       s->name, (unsigned long long)began_ns, (unsigned long long)ended_ns, (unsigned long long)stolen);
	for (int i = 0; i < count; i++) {
		const struct container *c = &s->containers[i];
		struct books books = load_books(&loads[i]);

		books.run_ns -= before[i].run_ns;
		books.wait_ns -= before[i].wait_ns;
		report_books(s->name, c->role, c->threads, books);
		if (c->quota_ms)
			report_quota(s->name, c->role, ledgers[i]);
	}
	if (s->pod_quota_ms)
		report_quota(s->name, "pod", pod_ledger);
	frames_report(s->name);
	loads_end(loads, count);
	for (int i = 0; i < count; i++)
		cgroup_remove(paths[i]);
	for (int i = 0; i < 2; i++)
		cgroup_remove(pods[i]);
	report("{\"event\":\"end\",\"scenario\":\"%s\"}", s->name);
}

static void report_requests(const char *scenario, const char *role, struct durations d)
{
	report("{\"event\":\"requests\",\"scenario\":\"%s\",\"role\":\"%s\",\"count\":%llu,\"leastNs\":\"%llu\","
	       "\"mostNs\":\"%llu\",\"unstamped\":%llu}",
	       scenario, role, (unsigned long long)d.count, (unsigned long long)d.least_ns,
	       (unsigned long long)d.most_ns, (unsigned long long)d.unstamped);
}

static void play_requests(const char *name, int connections, uint32_t delay_us, uint64_t duration_ns)
{
	static const char *const roles[] = { "server", "client" };
	struct durations_of durations;
	char pods[2][200], paths[2][200];
	uint64_t began_ns, ended_ns;

	report("{\"event\":\"begin\",\"scenario\":\"%s\"}", name);
	for (int i = 0; i < 2; i++) {
		cgroup_pod_path(pods[i]);
		cgroup_make(pods[i]);
		cgroup_container_path(paths[i], pods[i]);
		report_cgroup(name, roles[i], paths[i], cgroup_make(paths[i]));
	}
	frames_forget();
	frames_settle();
	began_ns = monotonic_ns();
	durations = requests_play(paths[0], paths[1], connections, delay_us, began_ns + duration_ns);
	ended_ns = monotonic_ns();
	frames_settle();
	report("{\"event\":\"window\",\"scenario\":\"%s\",\"fromNs\":\"%llu\",\"toNs\":\"%llu\"}", name,
	       (unsigned long long)began_ns, (unsigned long long)ended_ns);
	report_requests(name, "server", durations.server);
	report_requests(name, "client", durations.client);
	frames_report(name);
	for (int i = 0; i < 2; i++) {
		cgroup_remove(paths[i]);
		cgroup_remove(pods[i]);
	}
	report("{\"event\":\"end\",\"scenario\":\"%s\"}", name);
}

static void report_skip(const char *scenario, const char *why)
{
	report("{\"event\":\"skip\",\"scenario\":\"%s\",\"why\":\"%s\"}", scenario, why);
}

static void play_queue(const struct queue_scenario *s, int hierarchy, uint64_t duration_ns)
{
	static const char *const roles[SENDERS] = { "a", "b", "c" };
	struct arrivals_of arrivals[SENDERS];
	char pods[SENDERS][200], paths[SENDERS][200];
	uint64_t began_ns, ended_ns;
	char why[100];

	report("{\"event\":\"begin\",\"scenario\":\"%s\"}", s->name);
	snprintf(why, sizeof(why), "this kernel has no %s", s->discipline);
	if (hierarchy != 2)
		return report_skip(s->name, "sockets have cgroups of another hierarchy: see test/kernel/net-queue.test.mjs");
	if (!queues_shape(s->shape))
		return report_skip(s->name, why);
	for (int i = 0; i < SENDERS; i++) {
		cgroup_pod_path(pods[i]);
		cgroup_make(pods[i]);
		cgroup_container_path(paths[i], pods[i]);
		report_cgroup(s->name, roles[i], paths[i], cgroup_make(paths[i]));
	}
	frames_forget();
	frames_settle();
	began_ns = monotonic_ns();
	queues_play(paths, s->sendings, began_ns + duration_ns, s->prepaid, arrivals);
	ended_ns = monotonic_ns();
	frames_settle();
	report("{\"event\":\"window\",\"scenario\":\"%s\",\"fromNs\":\"%llu\",\"toNs\":\"%llu\"}", s->name,
	       (unsigned long long)began_ns, (unsigned long long)ended_ns);
	for (int i = 0; i < SENDERS; i++) {
		const struct arrivals_of *of = &arrivals[i];

		report("{\"event\":\"arrivals\",\"scenario\":\"%s\",\"role\":\"%s\",\"sent\":%llu,\"count\":%llu,"
		       "\"ns\":\"%llu\",\"behindA\":\"%llu\",\"behindB\":\"%llu\",\"behindC\":\"%llu\"}",
		       s->name, roles[i], (unsigned long long)of->sent, (unsigned long long)of->count,
		       (unsigned long long)of->ns, (unsigned long long)of->behind_ns[0],
		       (unsigned long long)of->behind_ns[1], (unsigned long long)of->behind_ns[2]);
	}
	frames_report(s->name);
	for (int i = 0; i < SENDERS; i++) {
		cgroup_remove(paths[i]);
		cgroup_remove(pods[i]);
	}
	report("{\"event\":\"end\",\"scenario\":\"%s\"}", s->name);
}

static void play_drops(const char *name, int hierarchy)
{
	const char *obstacle = drops_obstacle(hierarchy);
	uint64_t began_ns, ended_ns;
	char pod[200], path[200];
	struct dropped dropped;

	report("{\"event\":\"begin\",\"scenario\":\"%s\"}", name);
	if (obstacle)
		return report_skip(name, obstacle);
	cgroup_pod_path(pod);
	cgroup_make(pod);
	cgroup_container_path(path, pod);
	report_cgroup(name, "sender", path, cgroup_make(path));
	frames_forget();
	frames_settle();
	began_ns = monotonic_ns();
	dropped = drops_play(path);
	ended_ns = monotonic_ns();
	frames_settle();
	report("{\"event\":\"window\",\"scenario\":\"%s\",\"fromNs\":\"%llu\",\"toNs\":\"%llu\"}", name,
	       (unsigned long long)began_ns, (unsigned long long)ended_ns);
	report("{\"event\":\"drops\",\"scenario\":\"%s\",\"role\":\"sender\",\"queue\":%llu,\"socket\":%llu,"
	       "\"policy\":%llu,\"conntrack\":%llu}",
	       name, (unsigned long long)dropped.by_queue, (unsigned long long)dropped.by_socket,
	       (unsigned long long)dropped.by_rule, (unsigned long long)dropped.by_tracking);
	frames_report(name);
	cgroup_remove(path);
	cgroup_remove(pod);
	report("{\"event\":\"end\",\"scenario\":\"%s\"}", name);
}

static bool wanted(const char *name, char **names, int count)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return true;
	return !count;
}

static void play_all(const char *sensor, double seconds, char **names, int count)
{
	int cpus = sysconf(_SC_NPROCESSORS_ONLN), hierarchy;
	struct utsname kernel;

	if (cpus < 2)
		give_up("the scenarios need two CPUs: one for whoever waits, one for whoever looks");
	uname(&kernel);
	hierarchy = cgroups_begin();
	report("{\"event\":\"kernel\",\"release\":\"%s\",\"hierarchy\":%d}", kernel.release, hierarchy);
	pin(0);
	sensor_start(sensor, 0);
	for (size_t i = 0; i < sizeof(scenarios) / sizeof(*scenarios); i++)
		if (wanted(scenarios[i].name, names, count))
			play(&scenarios[i], seconds * 1e9, cpus - 1);
	for (size_t i = 0; i < sizeof(request_scenarios) / sizeof(*request_scenarios); i++)
		if (wanted(request_scenarios[i].name, names, count))
			play_requests(request_scenarios[i].name, request_scenarios[i].connections,
				      request_scenarios[i].delay_us, seconds * 1e9);
	for (size_t i = 0; i < sizeof(queue_scenarios) / sizeof(*queue_scenarios); i++)
		if (wanted(queue_scenarios[i].name, names, count))
			play_queue(&queue_scenarios[i], hierarchy, seconds * 1e9);
	for (size_t i = 0; i < sizeof(drop_scenarios) / sizeof(*drop_scenarios); i++)
		if (wanted(drop_scenarios[i].name, names, count))
			play_drops(drop_scenarios[i].name, hierarchy);
	sensor_end();
	queues_end();
	cgroups_end();
	report("{\"event\":\"done\"}");
}

int main(int argc, char **argv)
{
	double seconds = argc > 2 ? strtod(argv[2], NULL) : 0;

	if (getpid() == 1)
		return guest(play_all);
	if (argc < 3 || !(seconds > 0)) {
		fputs("Usage: scenarios SENSOR SECONDS [NAME...]\n", stderr);
		return 2;
	}
	play_all(argv[1], seconds, argv + 3, argc - 3);
	return 0;
}
