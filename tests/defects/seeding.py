# SPDX-License-Identifier: GPL-2.0-or-later
"""The test build that carries every seeded defect, each asleep until it is named.

A copy of kmod/ gets every substitution of table.py, a header with one static key a
defect, and a module parameter: `modprobe cordon defect=NAME` wakes one, an unknown
name fails the load, without a name the module is as the release build. The tree's own
sources hold nothing of it. For the host the same copy reads CORDON_DEFECT from the
environment.
"""
import pathlib
import re
import shutil

KERNEL_HEADER = """/* SPDX-License-Identifier: GPL-2.0-only */
/* Made by tests/defects/seeding.py: the seeded defects' keys. */
#ifndef CORDON_DEFECTS_H
#define CORDON_DEFECTS_H

#ifdef __KERNEL__
#include <linux/jump_label.h>

#define DEFECT(name) static_branch_unlikely(&cordon_defect_##name)
{keys}
#else
extern int cordon_defect;

enum {{
{numbers}
}};
#define DEFECT(name) (cordon_defect == CORDON_DEFECT_##name)
#endif

#endif
"""

KERNEL_SOURCE = """// SPDX-License-Identifier: GPL-2.0-only
/* Made by tests/defects/seeding.py: defect=NAME, one a load. */
#include <linux/module.h>
#include <linux/string.h>

{keys}

static const struct {{
	const char *name;
	struct static_key_false *key;
}} defects[] = {{
{table}
}};
static const char *chosen = "";

static int set(const char *name, const struct kernel_param *kp)
{{
	int i;

	if (*chosen)
		return -EBUSY;
	for (i = 0; i < ARRAY_SIZE(defects); i++) {{
		if (strcmp(defects[i].name, name))
			continue;
		static_branch_enable(defects[i].key);
		chosen = defects[i].name;
		return 0;
	}}
	pr_err("cordon: no seeded defect is called %s\\n", name);
	return -EINVAL;
}}

static int get(char *buffer, const struct kernel_param *kp)
{{
	return sysfs_emit(buffer, "%s\\n", chosen);
}}

static const struct kernel_param_ops ops = {{ .set = set, .get = get }};
module_param_cb(defect, &ops, NULL, 0444);
MODULE_PARM_DESC(defect, "the seeded defect to wake; a test build, never for use");
"""

HOST_SOURCE = """// SPDX-License-Identifier: GPL-2.0-or-later
/* Made by tests/defects/seeding.py: CORDON_DEFECT=NAME. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cordon_defect;

static const char *const names[] = {{
{names}
}};

__attribute((constructor)) static void choose(void)
{{
	const char *name = getenv("CORDON_DEFECT");

	for (size_t i = 0; name && i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i], name))
			cordon_defect = (int)i + 1;
	if (name && *name && !cordon_defect) {{
		fprintf(stderr, "no seeded defect is called %s\\n", name);
		exit(2);
	}}
}}
"""

KBUILD = """
# The seeded defects of the tests.
cordon-y += kmod/defects.o
ccflags-y += -include $(cordon-src)/kmod/defects.h
"""
# What a release module must not have: the test of that looks for these.
TRACES = re.compile(r"cordon_(?:defect|mutant)\w*|parm(?:type)?=(?:defect|mutant)\w*|seeded defect|kmod/(?:defects|mutants)\.c")


class SeedError(Exception):
    """An entry of the table does not fit the code."""


def sources(tree: pathlib.Path) -> dict[str, str]:
    """Path in the tree -> text, of all that the module is built of."""
    found = {"Kbuild": (tree / "Kbuild").read_text()}
    for path in sorted((tree / "kmod").rglob("*")):
        if path.is_file() and path.suffix in (".c", ".h", ".S", ".mk", "") and not path.name.startswith("."):
            found[str(path.relative_to(tree))] = path.read_text()
    return found


def substitute(texts: dict[str, str], defects) -> dict[str, str]:
    """The texts with every entry in its place, or a SeedError that names all that do not fit."""
    original, texts, wrong = texts, dict(texts), []
    for defect in defects:
        for edit in defect.edits:
            name = f"kmod/{edit.file}"
            there = original.get(name, "").count(edit.old)
            now = texts.get(name, "").count(edit.old)
            if there != 1:
                wrong.append(f"{defect.name}: {name} has the text {edit.old!r} {there} times; the table must follow the code")
            elif now != 1:
                wrong.append(f"{defect.name}: another entry rewrites {edit.old!r} of {name}, too")
            elif f"DEFECT({defect.name})" not in "".join(one.new for one in defect.edits):
                wrong.append(f"{defect.name}: none of its texts asks DEFECT({defect.name})")
            else:
                texts[name] = texts[name].replace(edit.old, edit.new)
    if wrong:
        raise SeedError("\n".join(wrong))
    return texts


def header(defects) -> str:
    """kmod/defects.h"""
    return KERNEL_HEADER.format(
        keys="\n".join(f"DECLARE_STATIC_KEY_FALSE(cordon_defect_{d.name});" for d in defects),
        numbers="\n".join(f"\tCORDON_DEFECT_{d.name} = {n}," for n, d in enumerate(defects, 1)))


def module_source(defects) -> str:
    """kmod/defects.c"""
    return KERNEL_SOURCE.format(
        keys="\n".join(f"DEFINE_STATIC_KEY_FALSE(cordon_defect_{d.name});" for d in defects),
        table="\n".join(f'\t{{ "{d.name}", &cordon_defect_{d.name} }},' for d in defects))


def put(target: pathlib.Path, texts: dict[str, str]) -> None:
    """Writes what differs, so that make builds what changed, and removes what is no source any more."""
    for name, text in texts.items():
        path = target / name
        if path.is_file() and not path.is_symlink() and path.read_text() == text:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(text)
    for path in (target / "kmod").rglob("*.[ch]"):
        if str(path.relative_to(target)) not in texts and not path.name.endswith(".mod.c"):
            path.unlink()


def write_kernel(tree: pathlib.Path, target: pathlib.Path, defects) -> None:
    """The sources of the module that carries these defects."""
    texts = substitute(sources(tree), defects)
    texts["kmod/defects.h"] = header(defects)
    texts["kmod/defects.c"] = module_source(defects)
    texts["Kbuild"] += KBUILD
    put(target, texts)


def write_host(tree: pathlib.Path, target: pathlib.Path, defects) -> None:
    """The sources of the core that carries them, for the host."""
    texts = substitute(sources(tree), defects)
    texts["kmod/defects.h"] = header(defects)
    texts["kmod/defects_host.c"] = HOST_SOURCE.format(names="\n".join(f'\t"{d.name}",' for d in defects))
    put(target, texts)


def forget(target: pathlib.Path) -> None:
    """A build directory is made anew."""
    shutil.rmtree(target, ignore_errors=True)


def traces(module: pathlib.Path) -> list[str]:
    """The words in a module that only a test build has."""
    data = module.read_bytes().decode("latin-1")
    return sorted({found.group(0) for found in TRACES.finditer(data)})
