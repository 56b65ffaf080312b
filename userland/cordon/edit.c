// SPDX-License-Identifier: GPL-2.0-or-later
/* A change of the devices: show, write, apply; what is refused is written back as it was. */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "userland/cordon/apply.h"
#include "userland/lib/file.h"

/** struct change - the file that cordon owns, before and after */
struct change {
	char path[PATH_MAX];
	char *text, *diff;
	const struct bundle_file *before;	/* in the bundle that was read; NULL: no such file */
};

static int make(const struct cli *cli, const struct policy_edit *edit, struct change *c, struct failure *f)
{
	struct policy_diags diags = { 0 };
	struct policy *policy = policy_load(cli->policy, &diags);
	char error[512] = "";
	int err = -EINVAL;

	if (!policy) {
		policy_diags_print(&diags, stderr, false);
		fail(f, CORDON_EXIT_USAGE, EINVAL, "%s has errors: nothing was changed", cli->policy);
	} else {
		err = policy_edit_make(cli->policy, policy, edit, &c->text, &c->diff, error, sizeof(error));
		if (err)
			fail(f, CORDON_EXIT_USAGE, -err, "%s", *error ? error : strerror(-err));
	}
	policy_free(policy);
	policy_diags_free(&diags);
	return err;
}

static int set_path(const struct cli *cli, struct change *c, struct failure *f)
{
	char copy[PATH_MAX], dir[PATH_MAX];

	if (snprintf(copy, sizeof(copy), "%s", cli->policy) >= (int)sizeof(copy) ||
	    file_path(dir, sizeof(dir), dirname(copy), BUNDLE_DIR) ||
	    file_path(c->path, sizeof(c->path), dir, strrchr(BUNDLE_DEVICES, '/') + 1))
		return fail_sys(f, ENAMETOOLONG, "%s", cli->policy);
	if (mkdir(dir, 0755) < 0 && errno != EEXIST)
		return fail_sys(f, errno, "cannot make %s", dir);
	return 0;
}

static const struct bundle_file *find(const struct bundle *b, const char *name)
{
	for (size_t i = 0; i < b->n; i++) {
		if (!strcmp(b->v[i].name, name))
			return &b->v[i];
	}
	return NULL;
}

static void write_back(const struct change *c)
{
	struct failure f = { 0 };

	if (!c->before)
		unlink(c->path);
	else if (file_write(c->path, c->before->text, c->before->len, 0644, &f))
		fprintf(stderr, "cordon: warning: %s\n", f.text);
}

static int carry_out(struct cli *cli, const struct bundle *before, struct change *c, const char *what)
{
	struct failure f = { 0 };
	struct bundle after = { 0 };
	int err = 0, code;

	for (size_t i = 0; i < before->n && !err; i++)
		err = bundle_set(&after, before->v[i].name, before->v[i].text, before->v[i].len, &f);
	if (!err)
		err = bundle_set(&after, BUNDLE_DEVICES, c->text, strlen(c->text), &f);
	c->before = find(before, BUNDLE_DEVICES);
	if (!err)
		err = file_write(c->path, c->text, strlen(c->text), 0644, &f);
	if (err) {
		code = cli_fail(cli, &f);
	} else {
		json_t *shown = json_pack("{s:s, s:s}", "file", c->path, "change", c->diff);

		code = cli_check(cli, cli->policy);
		if (!code)
			code = cli_apply(cli, &after, what, shown);
		json_decref(shown);
		if (code == CORDON_EXIT_UNKNOWN && !cli->json)
			fprintf(stderr, "cordon: %s keeps the change: cordon apply puts it into force\n", c->path);
		else if (code && code != CORDON_EXIT_UNKNOWN)
			write_back(c);
	}
	bundle_free(&after);
	return code;
}

int cli_edit(struct cli *cli, const struct policy_edit *edit, const char *what)
{
	struct failure f = { 0 };
	struct change c = { .text = NULL };
	struct bundle before = { 0 };
	int lock = cli_lock(cli->policy), code, err = make(cli, edit, &c, &f);

	if (!err)
		err = set_path(cli, &c, &f);
	if (!err)
		err = bundle_read(cli->policy, &before, &f);
	if (err) {
		code = cli_fail(cli, &f);
	} else {
		if (!cli->json)
			printf("%s:\n%s", c.path, c.diff);
		fflush(stdout);
		code = carry_out(cli, &before, &c, what);
	}
	bundle_free(&before);
	free(c.text);
	free(c.diff);
	if (lock >= 0)
		close(lock);
	return code;
}
