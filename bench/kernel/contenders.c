// SPDX-License-Identifier: Apache-2.0
#include "contenders.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "hierarchy.h"
#include "owners.h"
#include "programs.h"

#define EXTRAS (shed_bit(SHED_ANATOMY) | shed_bit(SHED_INTERRUPTS) | shed_bit(SHED_BURN))

static struct hierarchy hierarchy;
static struct owners owners;

noreturn void die(const char *what, const char *name)
{
	fprintf(stderr, "bench: %s %s\n", what, name);
	exit(1);
}

static bool is_typed_tracepoint(const struct bpf_program *program)
{
	return !strncmp(bpf_program__section_name(program), "tp_btf/", 7);
}

static bool is_at_sockets(const struct bpf_program *program)
{
	return !strncmp(bpf_program__section_name(program), "cgroup_skb/", 11);
}

static void find_machine(void)
{
	const char *reason;

	if (!hierarchy.mount[0] && !hierarchy_find(&hierarchy, &reason))
		die(reason, "");
	owners_find(&owners);
}

void contender_open(struct contender *c, char *argument)
{
	static const struct {
		const char *name;
		uint32_t shed;
	} sensors[] = {
		{ "sensor", 0 },
		{ "base", EXTRAS },
		{ "requests", EXTRAS & ~shed_bit(SHED_ANATOMY) },
	};
	char *path = strchr(argument, '=');
	struct bpf_program *program;

	if (!path)
		die("not NAME=OBJECT:", argument);
	*path++ = '\0';
	c->name = argument;
	find_machine();
	for (size_t i = 0; i < sizeof(sensors) / sizeof(*sensors); i++) {
		if (strcmp(path, sensors[i].name))
			continue;
		c->shed = sensors[i].shed;
		return;
	}
	c->object = bpf_object__open(path);
	if (libbpf_get_error(c->object))
		die("cannot open", path);
	bpf_object__for_each_program(program, c->object)
		bpf_program__set_autoload(program, is_typed_tracepoint(program) || is_at_sockets(program));
	if (bpf_object__load(c->object))
		die("cannot load", path);
}

static struct bpf_link *attach_program(const struct bpf_program *program)
{
	struct bpf_link *link;
	int root;

	if (is_typed_tracepoint(program))
		return bpf_program__attach(program);
	root = open(owners.unified.mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	link = bpf_program__attach_cgroup(program, root);
	close(root);
	return link;
}

void contender_attach(struct contender *c)
{
	struct bpf_program *program;
	char error[1024];

	if (!c->object) {
		c->sensor = programs_start(hierarchy.unified, hierarchy.id, error, sizeof(error));
		if (!c->sensor)
			die(error, "");
		programs_shed(c->sensor, c->shed);
		return;
	}
	bpf_object__for_each_program(program, c->object) {
		if (!bpf_program__autoload(program) || c->link_count == MAX_LINKS)
			continue;
		c->links[c->link_count] = attach_program(program);
		if (libbpf_get_error(c->links[c->link_count++]))
			die("cannot attach", c->name);
	}
}

void contender_detach(struct contender *c)
{
	if (c->sensor)
		programs_stop(c->sensor);
	c->sensor = NULL;
	while (c->link_count)
		bpf_link__destroy(c->links[--c->link_count]);
}
