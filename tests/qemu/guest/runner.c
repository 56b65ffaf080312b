// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs one test: its own process group, standard output and error through a
 * pipe, a time limit. Lines of TAP are passed on as they come, indented; all
 * else becomes a comment.
 */
#include "guest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define KSFT_SKIP 4

struct tally {
	char line[2048];
	size_t len;
	int ok, not_ok, skipped;
};

static bool starts(const char *line, const char *word)
{
	return !strncmp(line, word, strlen(word));
}

static void take_line(struct tally *tally)
{
	const char *line = tally->line;

	tally->line[tally->len] = '\0';
	tally->len = 0;
	if (starts(line, "ok ")) {
		tally->ok++;
		tally->skipped += strstr(line, "# SKIP") != NULL;
	} else if (starts(line, "not ok ")) {
		tally->not_ok++;
	} else if (!starts(line, "1..") && !starts(line, "TAP version") &&
		   !starts(line, "KTAP version")) {
		say("    # %s\n", starts(line, "# ") ? line + 2 : line);
		return;
	}
	say("    %s\n", line);
}

static bool drain(int fd, struct tally *tally)
{
	char chunk[4096];
	ssize_t n = read(fd, chunk, sizeof(chunk));

	for (ssize_t i = 0; i < n; i++) {
		if (chunk[i] != '\n' && chunk[i] != '\r')
			tally->line[tally->len++] = chunk[i];
		if (chunk[i] == '\n' || tally->len == sizeof(tally->line) - 1)
			take_line(tally);
	}
	return n > 0 || (n < 0 && errno == EINTR);
}

static pid_t start(const char *name, int out)
{
	char path[256];
	pid_t child = fork();

	if (child)
		return child;
	setsid();
	snprintf(path, sizeof(path), "/tests/%s", name);
	dup2(out, 1);
	dup2(out, 2);
	dup2(open("/dev/null", O_RDONLY), 0);
	signal(SIGPIPE, SIG_DFL);
	if (strstr(name, ".sh"))
		execl("/bin/bash", "bash", path, NULL);
	else
		execl(path, path, NULL);
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	_exit(127);
}

/* True when the test ended by itself; its status is in *status. */
static bool watch(pid_t child, int fd, long deadline, struct tally *tally, int *status)
{
	struct pollfd pipe_end = { .fd = fd, .events = POLLIN };
	bool open = true;

	for (;;) {
		pid_t dead;

		if (open && poll(&pipe_end, 1, 20) > 0)
			open = drain(fd, tally);
		while ((dead = waitpid(-1, status, WNOHANG)) > 0)
			if (dead == child)
				return true;
		if (now_ms() > deadline)
			return false;
		if (!open)
			poll(NULL, 0, 5);
	}
}

static void drain_rest(int fd, struct tally *tally)
{
	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (drain(fd, tally))
		;
	if (tally->len)
		take_line(tally);
}

static enum outcome judge(const struct tally *tally, bool ended, int status,
			  char *reason, size_t size)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

	if (!ended)
		snprintf(reason, size, "timed out");
	else if (WIFSIGNALED(status))
		snprintf(reason, size, "killed by signal %d", WTERMSIG(status));
	else if (code == KSFT_SKIP && !tally->not_ok)
		return OUTCOME_SKIP;
	else if (code)
		snprintf(reason, size, "exit status %d", code);
	else if (tally->not_ok)
		snprintf(reason, size, "%d cases failed", tally->not_ok);
	else if (!tally->ok)
		snprintf(reason, size, "no case was reported");
	else
		return OUTCOME_OK;
	return OUTCOME_FAIL;
}

enum outcome run_test(const struct test *test, char *reason, size_t size)
{
	long deadline = now_ms() + 1000L * test->timeout_s * scale;
	struct tally tally = { .len = 0 };
	int ends[2], status = 0;
	bool ended;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC))
		return OUTCOME_FAIL;
	child = start(test->name, ends[1]);
	close(ends[1]);
	ended = watch(child, ends[0], deadline, &tally, &status);
	if (!ended) {
		kill(-child, SIGKILL);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	drain_rest(ends[0], &tally);
	close(ends[0]);
	return judge(&tally, ended, status, reason, size);
}

static void forget_namespaces(void)
{
	DIR *dir = opendir("/run/netns");
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char path[300];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/run/netns/%s", entry->d_name);
		say("    # left behind: namespace %s\n", entry->d_name);
		umount2(path, MNT_DETACH);
		unlink(path);
	}
	if (dir)
		closedir(dir);
}

/* Nothing of one test reaches the next: processes, namespaces, the module. */
void kill_leftovers(void)
{
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	forget_namespaces();
	syscall(SYS_delete_module, "cordon", O_NONBLOCK);
}
