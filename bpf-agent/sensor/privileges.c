// SPDX-License-Identifier: Apache-2.0
#include "privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the system call filter does not know this architecture"
#endif

#define DATA(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
/* The low half of an argument; both architectures are little endian. */
#define ARGUMENT(n) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[n]))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)
#define REFUSE RETURN(SECCOMP_RET_ERRNO | EPERM)
/* Lets a system call through, whatever its arguments. */
#define ALLOW(number)                                                                                                  \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), RETURN(SECCOMP_RET_ALLOW)
/* Lets it through if none of the bits is set in argument n. */
#define ALLOW_WITHOUT(number, n, bits)                                                                                 \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 4), ARGUMENT(n),                                              \
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 0, 1), REFUSE, RETURN(SECCOMP_RET_ALLOW)

static struct sock_filter filter[] = {
	DATA(arch),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
	RETURN(SECCOMP_RET_KILL_PROCESS),
	DATA(nr),
	ALLOW(SYS_write),
	ALLOW(SYS_read),
	ALLOW(SYS_ppoll),
	ALLOW(SYS_membarrier),
	ALLOW(SYS_clock_gettime),
	ALLOW(SYS_clock_nanosleep),
	ALLOW(SYS_close),
	ALLOW(SYS_fstat),
	ALLOW(SYS_newfstatat),
	ALLOW(SYS_getdents64),
	ALLOW(SYS_lseek),
	ALLOW(SYS_brk),
	ALLOW(SYS_munmap),
	ALLOW(SYS_mremap),
	ALLOW(SYS_madvise),
	ALLOW(SYS_futex),
	ALLOW(SYS_fcntl),
	ALLOW(SYS_rt_sigreturn),
	ALLOW(SYS_rt_sigprocmask),
	ALLOW(SYS_restart_syscall),
	ALLOW(SYS_exit),
	ALLOW(SYS_exit_group),
	ALLOW_WITHOUT(SYS_mmap, 2, PROT_EXEC),
	ALLOW_WITHOUT(SYS_openat, 2, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND),
	/*
	 * bpf(2): read and empty maps, start an iterator, and attach to a tracepoint what has been loaded before: nothing else can be,
	 * as there is no load. No update, no new map.
	 */
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 0, 8),
	ARGUMENT(0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, BPF_MAP_LOOKUP_ELEM, 5, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, BPF_MAP_DELETE_ELEM, 4, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, BPF_MAP_GET_NEXT_KEY, 3, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, BPF_RAW_TRACEPOINT_OPEN, 2, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, BPF_ITER_CREATE, 1, 0),
	REFUSE,
	RETURN(SECCOMP_RET_ALLOW),
	REFUSE,
};

bool privileges_drop(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = {};
	struct sock_fprog program = { .len = sizeof(filter) / sizeof(*filter), .filter = filter };

	/* EINVAL ends the loop: the first number that this kernel does not know. */
	for (int capability = 0; capability < 64; capability++) {
		if (!prctl(PR_CAPBSET_DROP, capability, 0, 0, 0))
			continue;
		/* Without CAP_SETPCAP the bounding set stays, unless it is empty already. */
		if (errno == EINVAL)
			break;
		if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1)
			return false;
	}
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0))
		return false;
	if (syscall(SYS_capset, &header, none))
		return false;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return false;
	return !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

static void tried(const char *what, long result)
{
	printf("%s: %s\n", what, result < 0 && errno == EPERM ? "refused" : "allowed");
}

void privileges_check(void)
{
	union bpf_attr nothing = {};
	char *const none[] = { NULL };
	long pid;

	tried("socket", syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0));
	tried("open for writing", syscall(SYS_openat, AT_FDCWD, "/dev/null", O_WRONLY, 0));
	tried("create a file", syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY | O_CREAT, 0600));
	pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	if (!pid)
		_exit(0);
	tried("fork", pid);
	tried("execve", syscall(SYS_execve, "/bin/true", none, none));
	tried("kill another process", syscall(SYS_kill, getppid(), 0));
	tried("ptrace", syscall(SYS_ptrace, 0, 0, 0, 0));
	tried("bpf: load a program", syscall(SYS_bpf, BPF_PROG_LOAD, &nothing, sizeof(nothing)));
	tried("bpf: make a map", syscall(SYS_bpf, BPF_MAP_CREATE, &nothing, sizeof(nothing)));
	tried("bpf: write to a map", syscall(SYS_bpf, BPF_MAP_UPDATE_ELEM, &nothing, sizeof(nothing)));
	tried("bpf: attach a loaded program", syscall(SYS_bpf, BPF_RAW_TRACEPOINT_OPEN, &nothing, sizeof(nothing)));
	tried("executable memory", syscall(SYS_mmap, 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	tried("open for reading", syscall(SYS_openat, AT_FDCWD, "/proc/self/status", O_RDONLY, 0));
}
