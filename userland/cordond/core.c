// SPDX-License-Identifier: GPL-2.0-or-later
/* The core's life: sandbox, reconcile, listen, loop. */
#include "userland/cordond/core.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <event2/event.h>

#include "userland/cordond/broker.h"
#include "userland/cordond/modwatch.h"
#include "userland/cordond/netwatch.h"
#include "userland/cordond/notify.h"
#include "userland/cordond/sandbox.h"
#include "userland/cordond/server.h"
#include "userland/lib/file.h"
#include "userland/lib/log.h"

void core_trouble(struct core *core, const char *format, ...)
{
	char text[sizeof(core->trouble)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (*text && strcmp(text, core->trouble))
		log_warn("%s", text);
	memcpy(core->trouble, text, sizeof(text));
}

void running_clear(struct core *core)
{
	name_index_free(core->running.names);
	compiled_free(&core->running.c);
	memset(&core->running, 0, sizeof(core->running));
}

void running_set(struct core *core, struct compiled *c, uint64_t generation)
{
	running_clear(core);
	core->running.c = *c;
	core->running.generation = generation;
	core->running.names = name_index_make(c->policy);
	core->running.valid = true;
	memset(c, 0, sizeof(*c));
	core->zones.n = 0;
	if (kernel_list(core->kernel, CORDON_CMD_ZONE_GET, api_add_zone, &core->zones, NULL))
		core->zones.n = 0;
}

/* Start ----------------------------------------------------------------------------------------------------------- */

static int prepare_work(struct core *core, struct failure *f)
{
	if (file_path(core->work, sizeof(core->work), core->options->state_dir, "work"))
		return fail_sys(f, ENAMETOOLONG, "%s", core->options->state_dir);
	if (mkdir(core->work, 0700) < 0 && errno != EEXIST)
		return fail_sys(f, errno, "cannot make %s", core->work);
	return 0;
}

/* First start with --policy: as if root had applied it. */
static void first_policy(struct core *core)
{
	static const struct caller self = { .role = ROLE_ADMIN, .name = "cordond" };
	struct failure f = { 0 };
	struct bundle bundle;
	struct buf packed = { 0 };
	json_t *args;
	uint64_t known = 0;

	if (!core->options->policy || core->disarmed || core->running.valid ||
	    store_max_generation(core->store, &known, NULL) || known)
		return;
	if (bundle_read(core->options->policy, &bundle, &f)) {
		core_trouble(core, "%s", f.text);
		return;
	}
	bundle_pack(&bundle, &packed);
	bundle_free(&bundle);
	args = json_pack("{s:s}", "what", "first start");
	json_decref(core_apply(core, &self, args, &packed, &f));
	json_decref(args);
	buf_free(&packed);
	if (!core->running.valid)
		core_trouble(core, "%s", f.text);
}

static int start(struct core *core, struct failure *f)
{
	int err;

	roles_load(&core->roles);
	err = sandbox_core(core->options->no_seccomp, f);
	if (!err)
		err = prepare_work(core, f);
	if (!err)
		err = store_open(core->options->state_dir, false, &core->store, f);
	if (!err)
		err = reconcile(core, f);
	if (!err)
		err = server_start(core, f);
	if (!err)
		err = netwatch_start(core, f);
	if (!err && (repair_start(core) || modwatch_start(core, CORE_FD_EVENTS)))
		err = fail_sys(f, ENOMEM, "cannot start the event loop");
	if (!err)
		first_policy(core);
	return err;
}

static void stop(struct core *core)
{
	modwatch_stop();
	repair_stop();
	netwatch_stop();
	server_stop(core);
	running_clear(core);
	store_close(core->store);
	api_list_free(&core->zones);
}

/* Loop ------------------------------------------------------------------------------------------------------------ */

static void on_term(evutil_socket_t number, short what, void *arg)
{
	(void)number;
	(void)what;
	notify("STOPPING=1");
	event_base_loopbreak(arg);
}

static void on_watchdog(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	notify("WATCHDOG=1");
}

static void say_ready(void)
{
	if (write(CORE_FD_READY, "1", 1) < 0)
		log_warn("nobody waits for the start");
	close(CORE_FD_READY);
	notify("READY=1");
}

static int loop(struct core *core)
{
	struct event *term = evsignal_new(core->base, SIGTERM, on_term, core->base);
	struct event *interrupt = evsignal_new(core->base, SIGINT, on_term, core->base);
	struct event *watchdog = event_new(core->base, -1, EV_PERSIST, on_watchdog, NULL);
	uint64_t us = notify_watchdog_us() / 3;
	struct timeval period = { .tv_sec = (time_t)(us / 1000000), .tv_usec = (suseconds_t)(us % 1000000) };
	int code = CORDON_EXIT_FAILED;

	if (term && interrupt && watchdog && !event_add(term, NULL) && !event_add(interrupt, NULL)) {
		if (us)
			event_add(watchdog, &period);
		say_ready();
		event_base_dispatch(core->base);
		code = CORDON_EXIT_OK;
	}
	if (term)
		event_free(term);
	if (interrupt)
		event_free(interrupt);
	if (watchdog)
		event_free(watchdog);
	return code;
}

int core_run(const struct options *o)
{
	struct core core = { .options = o };
	struct failure f = { 0 };
	int code;

	/* The privileged part is the parent: without it there is nothing to do. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	umask(0077);
	api_list_init(&core.zones, sizeof(struct api_zone));
	core.base = event_base_new();
	core.kernel = broker_open(CORE_FD_REQUESTS);
	if (!core.base || !core.kernel)
		return CORDON_EXIT_FAILED;
	if (start(&core, &f)) {
		log_error("%s", f.text);
		code = f.exit ? f.exit : CORDON_EXIT_FAILED;
	} else {
		log_info("ready%s%s", *core.trouble ? ", but: " : "", core.trouble);
		code = loop(&core);
	}
	stop(&core);
	broker_close(core.kernel);
	event_base_free(core.base);
	return code;
}
