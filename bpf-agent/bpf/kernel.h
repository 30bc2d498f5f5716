/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's types, as far as the programs look into them. Fields are found by name when the object is loaded (CO-RE),
 * so order and size here mean nothing. A name with three underscores is the same type as some kernels have it.
 */
#pragma once

#include <linux/bpf.h>

typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)

/* What is rare is kept out of the way of what is not: programs of packets and switches run from a cold cache. */
#define likely(condition) __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

#define PF_KTHREAD 0x00200000
#define TASK_ON_RQ_MIGRATING 2

enum cgroup_subsys_id {
	cpu_cgrp_id = 1,
};

struct kernfs_node {
	const char *name;
	__u64 id;
};

struct cgroup_root {
	int hierarchy_id;
};

struct cgroup;

struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct cgroup_subsys_state *parent;
};

struct cgroup {
	struct cgroup_subsys_state self;
	struct kernfs_node *kn;
	struct cgroup_root *root;
};

struct css_set {
	struct cgroup_subsys_state *subsys[16];
	struct cgroup *dfl_cgrp;
};

struct sched_info {
	unsigned long pcount;
	unsigned long long run_delay;
	unsigned long long last_arrival;
	unsigned long long last_queued;
};

struct rq {
	unsigned int nr_running;
	__u64 nr_switches;
	__u64 prev_steal_time; /* by ticks */
	__u64 prev_steal_time_rq; /* whenever the clock is refreshed: CONFIG_PARAVIRT_TIME_ACCOUNTING */
	__u64 clock;
	__u64 clock_task; /* without what the kernel counts as nobody's CPU time */
	__u64 clock_idle; /* 6.0 and newer */
	int cpu;
};

struct list_head {
	struct list_head *next;
};

struct hrtimer {
	void *function;
};

struct cfs_bandwidth {
	__s64 hierarchical_quota; /* the tightest on the way up; see burning.h for when it can be relied on */
	struct hrtimer period_timer;
	struct list_head throttled_cfs_rq;
	int nr_periods;
};

struct task_group {
	struct cgroup_subsys_state css;
	struct cfs_rq **cfs_rq;
	struct task_group *parent;
	struct cfs_bandwidth cfs_bandwidth;
};

struct cfs_rq {
	struct rq *rq;
	struct task_group *tg;
	int runtime_enabled;
	bool throttled : 1;
	int throttle_count;
	__u64 throttled_clock;
	__u64 throttled_clock_self;
	__u64 throttled_clock_self_time;
};

struct sched_entity {
	__u64 sum_exec_runtime;
	__u64 prev_sum_exec_runtime;
	struct sched_entity *parent;
	struct cfs_rq *cfs_rq;
	unsigned char sched_delayed; /* 6.12 and newer: asleep, and still on its queue */
};

struct task_struct {
	unsigned int flags;
	int on_cpu;
	int on_rq;
	int pid;
	struct sched_entity se;
	struct task_group *sched_task_group;
	struct sched_info sched_info;
	struct css_set *cgroups;
};

/* 6.18 and newer: quotas stop tasks, not queues. */
struct task_struct___task_throttling {
	bool throttled;
};

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

#pragma clang attribute pop

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
