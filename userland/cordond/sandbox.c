// SPDX-License-Identifier: GPL-2.0-or-later
/* Capabilities, limits, system calls. */
#include "userland/cordond/sandbox.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cap-ng.h>
#include <seccomp.h>

#include "userland/lib/log.h"

int identity_find(const char *user, struct identity *id, struct failure *f)
{
	const struct passwd *entry;

	id->uid = (uid_t)-1;
	id->gid = (gid_t)-1;
	if (!user || geteuid() != 0)
		return 0;
	entry = getpwnam(user);
	if (!entry)
		return fail(f, CORDON_EXIT_USAGE, ENOENT, "there is no user %s", user);
	id->uid = entry->pw_uid;
	id->gid = entry->pw_gid;
	return 0;
}

static void common_limits(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

int sandbox_privileged(const struct identity *id, struct failure *f)
{
	bool bounding = geteuid() == 0;
	int err;

	capng_clear(CAPNG_SELECT_BOTH);
	capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_ADMIN);
	if (id->uid != (uid_t)-1)
		err = capng_change_id((int)id->uid, (int)id->gid, CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING);
	else
		err = capng_apply(bounding ? CAPNG_SELECT_BOTH : CAPNG_SELECT_CAPS);
	if (err)
		return fail(f, CORDON_EXIT_FAILED, EPERM, "cannot drop privileges (%d): is CAP_NET_ADMIN there?", err);
	common_limits();
	return 0;
}

/* What the core does: files of the state directory, its sockets, memory, time. No exec, no ptrace, no mount, no module. */
static const char *const allowed_calls[] = {
	"read", "write", "readv", "writev", "pread64", "pwrite64", "close", "open", "openat", "fstat", "stat", "lstat",
	"newfstatat", "statx", "lseek", "mmap", "munmap", "mprotect", "mremap", "brk", "madvise", "fcntl", "flock",
	"ftruncate", "fallocate", "fsync", "fdatasync", "unlink", "unlinkat", "rename", "renameat", "renameat2", "mkdir",
	"mkdirat", "rmdir", "chmod", "fchmod", "fchmodat", "fchown", "getdents64", "getcwd", "access", "faccessat",
	"faccessat2", "readlink", "readlinkat", "fstatfs", "statfs", "utimensat", "umask", "ioctl", "dup", "pipe2",
	"socket", "connect", "bind", "listen", "accept", "accept4", "getsockname", "getpeername", "setsockopt",
	"getsockopt", "sendto", "recvfrom", "sendmsg", "recvmsg", "shutdown", "poll", "ppoll", "select", "pselect6",
	"epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd2", "timerfd_create",
	"timerfd_settime", "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time",
	"getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getrandom", "futex", "exit",
	"exit_group", "kill", "tgkill", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "prlimit64",
	"getrlimit", "getrusage", "sysinfo", "uname", "set_robust_list", "rseq", "sched_yield", "sched_getaffinity",
	"restart_syscall", "membarrier",
};

static int load_filter(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int err = ctx ? 0 : -ENOMEM;

	for (size_t i = 0; i < sizeof(allowed_calls) / sizeof(allowed_calls[0]) && !err; i++) {
		int call = seccomp_syscall_resolve_name(allowed_calls[i]);

		/* A call that this architecture does not have needs no permission. */
		if (call != __NR_SCMP_ERROR && call >= 0)
			err = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, call, 0);
	}
	if (!err)
		err = seccomp_load(ctx);
	if (ctx)
		seccomp_release(ctx);
	return err;
}

int sandbox_core(bool no_seccomp, struct failure *f)
{
	int err;

	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_apply(CAPNG_SELECT_CAPS) || capng_get_caps_process() || capng_have_capabilities(CAPNG_SELECT_CAPS) > CAPNG_NONE)
		return fail(f, CORDON_EXIT_FAILED, EPERM, "cannot drop the capabilities");
	common_limits();
	if (no_seccomp)
		return 0;
	err = load_filter();
	if (err == -EINVAL || err == -ENOSYS || err == -ECANCELED || err == -EFAULT) {
		log_warn("this kernel has no seccomp filter: the core runs without");
		return 0;
	}
	return err ? fail_sys(f, -err, "cannot load the list of system calls") : 0;
}
