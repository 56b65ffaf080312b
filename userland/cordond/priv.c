// SPDX-License-Identifier: GPL-2.0-or-later
/* The privileged loop. A request that is not in the table ends both processes: the core that sent it is not to be trusted. */
#include "userland/cordond/priv.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "userland/cordond/priv_events.h"
#include "userland/cordond/priv_request.h"
#include "userland/lib/log.h"

#define LAST_WORDS_MS 5000	/* for a core that closed its channel to end by itself */

/* Loop ------------------------------------------------------------------------------------------------------------ */

static int signal_fd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Return: exit code when the process shall end, else -1. */
static int on_signal(int child, int fd)
{
	struct signalfd_siginfo info;
	int status = 0;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return -1;
	if (info.ssi_signo != SIGCHLD) {
		kill(child, SIGTERM);
		return -1;	/* the core ends, then SIGCHLD says how */
	}
	if (waitpid(child, &status, WNOHANG) != child)
		return -1;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	log_error("the core was killed by signal %d", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	return 1;
}

static int loop(struct priv *p, int child, struct priv_events *events, int signals)
{
	struct pollfd fds[4] = {
		{ .fd = signals, .events = POLLIN }, { .fd = p->requests, .events = POLLIN },
		{ .fd = priv_events_module_fd(events), .events = POLLIN },
		{ .fd = priv_events_nft_fd(events), .events = POLLIN },
	};
	int code = -1, err = 0, ready;

	while (code < 0) {
		ready = poll(fds, 4, err ? LAST_WORDS_MS : -1);
		if (ready < 0 && errno != EINTR)
			return 1;
		if (fds[0].revents)
			code = on_signal(child, signals);
		/* The end of the channel is the end of the core; its exit code comes with SIGCHLD. */
		if (code < 0 && !err && fds[1].revents)
			err = priv_serve(p);
		if (err)
			fds[1].fd = -1;
		if (fds[2].revents)
			priv_events_module(events);
		if (fds[3].revents)
			priv_events_nft(events);
		if (err && (err != -EPIPE || !ready))
			kill(child, SIGKILL);
	}
	return code;
}

int priv_run(int requests, int event_channel, int child)
{
	struct priv p = { .requests = requests };
	struct priv_events events;
	struct failure f = { 0 };
	int signals = signal_fd(), code = 1;

	p.kernel = direct_open(&f);
	if (!p.kernel || signals < 0 || priv_events_open(&events, event_channel, &f)) {
		log_error("%s", f.text);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		direct_close(p.kernel);
		return f.exit ? f.exit : 1;
	}
	code = loop(&p, child, &events, signals);
	priv_events_close(&events);
	direct_close(p.kernel);
	buf_free(&p.body);
	return code;
}
