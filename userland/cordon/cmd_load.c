// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon load [FILE]: no daemon, straight to the kernel; for early boot. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "userland/cordon/cli.h"
#include "userland/cordon/direct_view.h"
#include "userland/lib/file.h"
#include "userland/lib/pipeline.h"

/* Quarantines come before the ruleset: no device that is cut off gets a moment of freedom. */
static int apply_quarantines(const struct cli *cli, struct kernel *k, size_t *n, struct failure *f)
{
	struct stored_quarantine *v;
	struct store *store;
	int err = store_open(cli->state_dir, true, &store, f);

	*n = 0;
	if (err == -ENOENT)
		return 0;
	if (err)
		return err;
	err = store_quarantines(store, &v, n, f);
	store_close(store);
	for (size_t i = 0; i < *n && !err; i++)
		err = k->ops->device_set(k, v[i].mac, v[i].vlan, true, f);
	free(v);
	return err;
}

static uint64_t stored_generation(const struct cli *cli)
{
	struct store *store;
	uint64_t max = 0;

	if (store_open(cli->state_dir, true, &store, NULL))
		return 0;
	store_max_generation(store, &max, NULL);
	store_close(store);
	return max;
}

static int compile(struct cli *cli, uint64_t running, struct compiled *c, uint64_t *generation, struct failure *f)
{
	struct policy_diags diags = { 0 };
	struct stored stored = { 0 };
	int err;

	if (!cli->argc) {
		err = direct_active(cli, &stored, c, f);
		*generation = stored.generation;
		stored_free(&stored);
		return err;
	}
	err = compiled_load(cli->argv[0], NULL, &diags, c, f);
	policy_diags_print(&diags, stderr, isatty(STDERR_FILENO) && cli->colour);
	policy_diags_free(&diags);
	*generation = pipeline_next_generation(stored_generation(cli), running);
	return err;
}

static int install(struct cli *cli, struct kernel *k, const struct compiled *c, uint64_t generation,
		   const struct api_info *info, struct failure *f)
{
	struct failure warning = { 0 };
	uint64_t running = info->armed ? info->generation : 0;
	bool same = running == generation && info->has_digest && !memcmp(info->digest, c->digest, sizeof(c->digest));
	int err = 0;

	if (!same)
		err = pipeline_clean(k, running, f);
	if (!err && same)
		err = pipeline_nft(k, c, generation, f);
	else if (!err)
		err = pipeline_install(k, c, generation, NULL, running, &warning, f);
	if (!err && warning.sys)
		fprintf(stderr, "cordon: warning: %s\n", warning.text);
	(void)cli;
	return err;
}

/* A daemon keeps what it applied in force: it must not be worked against. Return: descriptor, -1: nothing to lock, -EBUSY with @f. */
static int take_lock(const struct cli *cli, struct failure *f)
{
	char path[4096];
	int fd;

	if (file_path(path, sizeof(path), cli->state_dir, "lock"))
		return -1;
	fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || !flock(fd, LOCK_EX | LOCK_NB))
		return fd < 0 ? -1 : fd;
	close(fd);
	return fail(f, CORDON_EXIT_FAILED, EBUSY, "cordond runs: use cordon apply");
}

static int load(struct cli *cli, struct kernel *k, uint64_t *generation, size_t *quarantines, struct failure *f)
{
	struct compiled c = { 0 };
	struct api_info info;
	int err = kernel_info(k, &info, f);

	if (!err)
		err = compile(cli, info.armed ? info.generation : 0, &c, generation, f);
	if (!err && !cli->argc && info.armed && info.generation != *generation &&
	    ((info.generation ^ *generation) & 1) == 0)
		err = fail(f, CORDON_EXIT_FAILED, EBUSY,
			   "generation %llu is enforced and generation %llu cannot stand beside it: start cordond, or disarm",
			   (unsigned long long)info.generation, (unsigned long long)*generation);
	if (!err)
		err = apply_quarantines(cli, k, quarantines, f);
	if (!err)
		err = install(cli, k, &c, *generation, &info, f);
	compiled_free(&c);
	return err;
}

int cmd_load(struct cli *cli)
{
	struct failure f = { 0 };
	int lock = take_lock(cli, &f), err;
	struct kernel *k = lock == -EBUSY ? NULL : direct_open(&f);
	uint64_t generation = 0;
	size_t quarantines = 0;

	if (!k)
		return cli_fail(cli, &f);
	err = load(cli, k, &generation, &quarantines, &f);
	direct_close(k);
	if (lock >= 0)
		close(lock);
	if (err)
		return cli_fail(cli, &f);
	if (cli->json)
		return cli_json(json_pack("{s:b, s:I, s:i}", "ok", 1, "generation", (json_int_t)generation,
					  "quarantines", (int)quarantines));
	printf("generation %llu is in force, %zu quarantined\n", (unsigned long long)generation, quarantines);
	return CORDON_EXIT_OK;
}
