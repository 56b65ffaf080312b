// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cordond: one binary, two processes. This one prepares directories and the lock, starts the core from the same binary, keeps CAP_NET_ADMIN and
 * nothing else, and becomes the privileged part.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "userland/cordond/core.h"
#include "userland/cordond/options.h"
#include "userland/cordond/priv.h"
#include "userland/cordond/sandbox.h"
#include "userland/lib/file.h"
#include "userland/lib/log.h"

#define LOCK_SECONDS 20
#define MOST_ARGUMENTS 64

struct channels {
	int requests[2], events[2];	/* [0] ours, [1] the core's */
	int lock;
	int ready;
};

/* Directories and lock -------------------------------------------------------------------------------------------- */

static int make_directory(const char *path, mode_t mode, const struct identity *id, struct failure *f)
{
	if (mkdir(path, mode) < 0 && errno != EEXIST)
		return fail_sys(f, errno, "cannot make %s", path);
	if (id->uid != (uid_t)-1 && chown(path, id->uid, id->gid) < 0)
		return fail_sys(f, errno, "cannot give %s to its user", path);
	return 0;
}

static int make_directories(const struct options *o, const struct identity *id, struct failure *f)
{
	char copy[PATH_MAX];
	int err;

	umask(0022);
	if (snprintf(copy, sizeof(copy), "%s", o->socket) >= (int)sizeof(copy))
		return fail_sys(f, ENAMETOOLONG, "%s", o->socket);
	err = make_directory(dirname(copy), 0755, id, f);
	return err ? err : make_directory(o->state_dir, 0700, id, f);
}

/* Held by both processes: a new daemon waits until the last of the old one is gone. */
static int take_lock(const struct options *o, const struct identity *id, struct failure *f)
{
	const struct timespec nap = { .tv_nsec = 10000000 };
	char path[PATH_MAX];
	int fd;

	if (file_path(path, sizeof(path), o->state_dir, "lock"))
		return fail_sys(f, ENAMETOOLONG, "%s", o->state_dir);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return fail_sys(f, errno, "cannot open %s", path);
	if (id->uid != (uid_t)-1 && fchown(fd, id->uid, id->gid) < 0)
		log_warn("cannot give %s to its user", path);
	for (int i = 0; i < LOCK_SECONDS * 100; i++) {
		if (!flock(fd, LOCK_EX | LOCK_NB))
			return fd;
		nanosleep(&nap, NULL);
	}
	close(fd);
	return fail(f, CORDON_EXIT_FAILED, EBUSY, "another cordond uses %s", o->state_dir);
}

/* Starting the core ----------------------------------------------------------------------------------------------- */

/* Put a descriptor where the core expects it. All of them lie above first, so that none is overwritten. */
static int place(int fd, int at)
{
	return dup2(fd, at) < 0 ? -errno : 0;
}

static int raise_fd(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 64);
}

static void become_core(const struct channels *c, const struct identity *id, int argc, char **argv)
{
	static char role[] = "--role=core";
	char *arguments[MOST_ARGUMENTS + 2];
	int requests = raise_fd(c->requests[1]), events = raise_fd(c->events[1]), lock = raise_fd(c->lock),
	    ready = raise_fd(c->ready), n = 0;

	if (place(requests, CORE_FD_REQUESTS) || place(events, CORE_FD_EVENTS) || place(lock, CORE_FD_LOCK) ||
	    place(ready, CORE_FD_READY))
		_exit(CORDON_EXIT_FAILED);
	if (id->uid != (uid_t)-1 && (setgroups(0, NULL) < 0 || setgid(id->gid) < 0 || setuid(id->uid) < 0))
		_exit(CORDON_EXIT_FAILED);
	for (; n < argc && n < MOST_ARGUMENTS; n++)
		arguments[n] = argv[n];
	arguments[n++] = role;
	arguments[n] = NULL;
	execv("/proc/self/exe", arguments);
	log_error("cannot start the core: %s", strerror(errno));
	_exit(CORDON_EXIT_FAILED);
}

static int open_channels(struct channels *c, struct failure *f)
{
	int size = 1 << 20;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, c->requests) < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, c->events) < 0)
		return fail_sys(f, errno, "cannot open the channels");
	setsockopt(c->events[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return 0;
}

static int run(const struct options *o, int ready, int argc, char **argv, struct failure *f)
{
	struct channels c = { .ready = ready };
	struct identity id;
	pid_t child;
	int err = identity_find(o->user, &id, f);

	if (!err)
		err = make_directories(o, &id, f);
	if (err)
		return f->exit;
	c.lock = take_lock(o, &id, f);
	if (c.lock < 0 || open_channels(&c, f))
		return f->exit;
	child = fork();
	if (child < 0) {
		fail_sys(f, errno, "cannot start the core");
		return f->exit;
	}
	if (!child)
		become_core(&c, &id, argc, argv);
	close(c.requests[1]);
	close(c.events[1]);
	close(ready);
	if (sandbox_privileged(&id, f)) {
		kill(child, SIGKILL);
		return f->exit;
	}
	return priv_run(c.requests[0], c.events[0], child);
}

/* Foreground or not ----------------------------------------------------------------------------------------------- */

/* Return: the descriptor to say "ready" to; the parent does not return. */
static int detach(void)
{
	char byte;
	int ends[2], null;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	switch (fork()) {
	case -1:
		return -1;
	case 0:
		break;
	default:
		close(ends[1]);
		_exit(read(ends[0], &byte, 1) == 1 ? CORDON_EXIT_OK : CORDON_EXIT_FAILED);
	}
	close(ends[0]);
	setsid();
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 || chdir("/") < 0)
		return -1;
	return ends[1];
}

int main(int argc, char **argv)
{
	struct options o;
	struct failure f = { 0 };
	int code = options_parse(&o, argc, argv), ready;

	if (code)
		return code == 1 ? CORDON_EXIT_OK : CORDON_EXIT_USAGE;
	signal(SIGPIPE, SIG_IGN);
	if (o.core) {
		log_open("cordond[core]");
		return core_run(&o);
	}
	log_open("cordond[priv]");
	ready = o.foreground ? open("/dev/null", O_WRONLY | O_CLOEXEC) : detach();
	if (ready < 0) {
		log_error("cannot detach");
		return CORDON_EXIT_FAILED;
	}
	code = run(&o, ready, argc, argv, &f);
	if (*f.text)
		log_error("%s", f.text);
	return code;
}
