// SPDX-License-Identifier: Apache-2.0
/* attach OBJECT: loads a BPF object, attaches all its programs, and waits for SIGINT. */
#include <stdio.h>
#include <signal.h>
#include <bpf/libbpf.h>

int main(int argc, char **argv)
{
	struct bpf_object *object = argc == 2 ? bpf_object__open(argv[1]) : NULL;
	struct bpf_program *program;
	sigset_t signals;
	int signal;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	if (libbpf_get_error(object) || bpf_object__load(object))
		return 1;
	bpf_object__for_each_program(program, object)
		if (libbpf_get_error(bpf_program__attach(program)))
			return 1;
	sigwait(&signals, &signal);
	return 0;
}
