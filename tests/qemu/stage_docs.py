# SPDX-License-Identifier: GPL-2.0-or-later
"""What is written down in two places says the same in both.

The netlink spec against the wire header and the module's policies, the JSON
Schema against the policies that are known to be good, the completions and the
manual against the command line's own list (`cordon help --json`), the threat
model against the tests that there are.
"""
import json
import pathlib
import re
import subprocess
import time

import cache

TREE = cache.TREE
HEADER = TREE / "kmod/uapi/linux/cordon.h"
SPEC = TREE / "docs/spec/cordon.yaml"


def stage(report, args) -> None:
    """Each comparison is a case."""
    del args
    report.say("-- docs")
    for check in (spec_enums, spec_requests, manual_of_netlink, schema, bash, zsh, fish, manual,
                  findings, causes, threat_model):
        start = time.monotonic()
        wrong = check()
        report.one("docs", check.__name__, not wrong, "\n".join(wrong),
                   int((time.monotonic() - start) * 1000))


def compare(what: str, one, other) -> list[str]:
    """Two lists that should be equal."""
    return [] if list(one) == list(other) else [f"{what}: {list(one)} is not {list(other)}"]


# ---- netlink

def spec() -> dict:
    """The YNL file."""
    import yaml
    return yaml.safe_load(SPEC.read_text())


def header(prefix: str) -> list[str]:
    """The names behind a prefix, in the order of the header, spelled as in the spec."""
    found = re.findall(rf"^\tCORDON_{prefix}_([A-Z0-9_]+)\b(?:,| = |$)", HEADER.read_text(), re.M)
    return [name.lower().replace("_", "-") for name in found]


def spec_enums() -> list[str]:
    """Constants, attributes and commands are in the spec, in the header's order."""
    there = spec()
    wrong = []
    for name, prefix, skip in (("reason", "REASON", ()), ("hook", "HOOK", ()),
                               ("event-type", "EVENT", ()), ("finding", "FINDING", ()),
                               ("place", "PLACE", ()), ("zone", "ZONE", ("last",))):
        entries = next(d["entries"] for d in there["definitions"] if d["name"] == name)
        # Flags of the ruleset's bytes (..._F_...) are no business of netlink.
        wrong += compare(name, entries, [n for n in header(prefix) if n not in skip and not n.startswith("f-")])
    attributes = [a["name"] for a in there["attribute-sets"][0]["attributes"]]
    wrong += compare("attributes", attributes, [n for n in header("A") if n != "unspec"])
    commands = [o["name"] for o in there["operations"]["list"]]
    return wrong + compare("commands", commands, [n for n in header("CMD") if n != "unspec"])


def kernel_requests() -> dict[str, list[str]]:
    """Command -> the attributes that the module's policy for it takes."""
    text = (TREE / "kmod/segment/netlink.c").read_text()
    taken = {name: [a.lower().replace("_", "-") for a in re.findall(r"\[CORDON_A_(\w+)\]", body)]
             for name, body in re.findall(r"nla_policy (\w+)\[\] = \{(.*?)\n\};", text, re.S)}
    found = {}
    for body in re.findall(r"\.cmd = CORDON_CMD_(.*?)\n\t\},", text, re.S):
        command = body.split(",")[0].lower().replace("_", "-")
        policy = re.search(r"\.policy = (\w+)", body)
        found[command] = sorted(taken[policy.group(1)]) if policy else []
    return found


def spec_requests() -> list[str]:
    """The attributes of each request."""
    wrong = []
    module = kernel_requests()
    for operation in spec()["operations"]["list"]:
        if "event" in operation:
            continue
        request = operation.get("do", {}).get("request", {})
        wrong += compare(operation["name"], sorted(request.get("attributes", [])),
                         module.pop(operation["name"], ["not an operation of the module"]))
    return wrong + [f"{name}: not in the spec" for name in module]


def manual_of_netlink() -> list[str]:
    """docs/netlink.md names every command, attribute of a request and finding."""
    text = (TREE / "docs/netlink.md").read_text()
    names = [f"CORDON_CMD_{n}" for n in header("CMD") if n != "unspec"]
    names += [f"CORDON_FINDING_{n}" for n in header("FINDING")]
    spelled = [n.upper().replace("-", "_") for n in names]
    return [f"docs/netlink.md: no {n}" for n in spelled
            if n not in text and n.split("_", 2)[2] not in text]


# ---- policies

def schema() -> list[str]:
    """The JSON Schema takes what the loader takes."""
    import jsonschema
    import yaml
    validator = jsonschema.Draft202012Validator(
        json.loads(next((TREE / "policy/schema").glob("*.json")).read_text()))
    wrong = []
    files = [*(TREE / "policy/examples").glob("*.yaml"), *(TREE / "tests/golden").rglob("*.yaml"),
             *(TREE / "tests/kselftest/policies").glob("*.yaml")]
    for path in sorted(files):
        if not loads(path):
            continue
        for error in validator.iter_errors(json.loads(json.dumps(yaml.safe_load(path.read_text())))):
            wrong.append(f"{path.relative_to(TREE)}: {error.json_path}: {error.message[:200]}")
    return wrong


def loads(path: pathlib.Path) -> bool:
    """Whether `cordon check` takes the file."""
    return subprocess.run([TREE / "build/cordon", "check", path], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False).returncode == 0


# ---- the command line

def commands() -> tuple[dict[str, list[str]], list[str]]:
    """Command -> its own options; the options of all."""
    done = subprocess.run([TREE / "build/cordon", "help", "--json"], capture_output=True, text=True,
                          check=True)
    said = json.loads(done.stdout)
    return {c["name"]: sorted(c["options"]) for c in said["commands"]}, said["options"]


def completes(words: list[str]) -> list[str]:
    """What bash offers behind these words."""
    script = f""". {TREE}/userland/completion/cordon.bash
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _cordon; printf '%s\\n' "${{COMPREPLY[@]}}" """
    done = subprocess.run(["bash", "-c", script, "bash", *words], capture_output=True, text=True,
                          check=True)
    return sorted(done.stdout.split())


def bash() -> list[str]:
    """Every command, and for each exactly its options."""
    own, common = commands()
    wrong = compare("commands", completes(["cordon", ""]), sorted(own))
    for name, options in own.items():
        wrong += compare(name, completes(["cordon", name, "--"]),
                         sorted(f"--{o}" for o in [*options, *common]))
    return wrong


def zsh() -> list[str]:
    """The same, as the script's text has it."""
    own, common = commands()
    text = (TREE / "userland/completion/_cordon").read_text()
    listed = re.search(r"commands=\((.*?)\n\t\)", text, re.S).group(1)
    wrong = compare("commands", re.findall(r"'([a-z]+):", listed), own)
    shared = re.search(r"common=\((.*?)\)\n", text, re.S).group(1)
    wrong += compare("common", sorted(re.findall(r"'--([a-z-]+)\[", shared)), sorted(common))
    cases = {name: sorted(re.findall(r"'\*?--([a-z-]+)\[", line))
             for names, line in re.findall(r"^\t([a-z |]+)\) (_arguments .*)$", text, re.M)
             for name in names.split(" | ")}
    for name, options in own.items():
        wrong += compare(name, cases.get(name, ["no case"]), options)
    return wrong


def fish() -> list[str]:
    """The same for fish."""
    own, common = commands()
    text = (TREE / "userland/completion/cordon.fish").read_text()
    wrong = compare("commands", re.findall(r"__fish_use_subcommand -a (\S+)", text), own)
    shared = re.findall(r"^complete -c cordon -l (\S+)", text, re.M)
    wrong += compare("common", sorted(shared), sorted(common))
    said = re.findall(r"__fish_seen_subcommand_from ([a-z ]+)' -l (\S+)", text)
    for name, options in own.items():
        found = sorted(o for names, o in said if name in names.split())
        wrong += compare(name, found, options)
    return wrong


def manual() -> list[str]:
    """cordon(8) has every command and every option."""
    own, common = commands()
    text = (TREE / "docs/man/cordon.8").read_text()
    wrong = [f"cordon.8: no command {n}" for n in own
             if not re.search(rf"^\.It Cm {n}\b", text, re.M)]
    options = sorted({o for some in own.values() for o in some} | set(common))
    return wrong + [f"cordon.8: no option --{o}" for o in options if f"Fl -{o}" not in text]


def findings() -> list[str]:
    """Each finding of `cordon doctor` is in cordon(8), provoked by a test, and absent behind the mend."""
    source = (TREE / "userland/cordon/cmd_doctor.c").read_text()
    ids = set(re.findall(r'finding\(list, "([a-z0-9-]+)"', source))
    fixes = re.search(r"fixes\[\] = \{(.*?)\n\t\};", source, re.S).group(1)
    ids |= {f"port-{name}" for name in re.findall(r'\{ "([a-z-]+)",', fixes)}
    page = (TREE / "docs/man/cordon.8").read_text().split(".Sh FINDINGS")[1].split(".Sh ")[0]
    named = {word for line in re.findall(r"^\.It (.*)$", page, re.M) for word in line.split(" , ")}
    wrong = compare("findings of cordon(8)", sorted(named), sorted(ids))
    guest = (TREE / "tests/kselftest/61_doctor.sh").read_text()
    host = (TREE / "tests/unit/userland/doctor.c").read_text()
    provoked = set(re.findall(r"^\s*finding ([a-z0-9-]+) ", guest, re.M))
    provoked |= set(re.findall(r'"([a-z0-9-]+)"\), "\1 is found', host))
    # `finding` has both cases; what is provoked by hand has to be seen gone, too.
    by_hand = set(re.findall(r'^case_begin "([a-z-]+) is found', guest, re.M))
    gone = set(re.findall(r'"([a-z-]+) is gone', guest))
    wrong += [f"{name}: no test sees it gone" for name in sorted(by_hand - gone)]
    return wrong + [f"{name}: no test provokes it" for name in sorted(ids - provoked - by_hand)]


def causes() -> list[str]:
    """Each cause that `cordon coverage` gives is in cordon(8)."""
    source = (TREE / "userland/lib/coverage.c").read_text()
    names = re.findall(r'"([a-z-]+)"', re.search(r"name\[COVERAGE_CAUSES\] = \{(.*?)\};", source, re.S).group(1))
    page = (TREE / "docs/man/cordon.8").read_text().split(".Sh COVERAGE")[1].split(".Sh ")[0]
    return compare("causes of cordon(8)", re.findall(r"^\.It (.*)$", page, re.M), names)


# ---- the threat model

def threat_model() -> list[str]:
    """Each promise names a test, each test named is there, and each finding and cause is one."""
    text = (TREE / "docs/threat-model.md").read_text()
    promises = re.findall(r"^\| (?!promise|---)(.*?) \| (.*?) \|$", text.split("## What cordon promises")[1].split("## ")[0], re.M)
    wrong = [f"no test: {promise}" for promise, tests in promises if not tests.strip()]
    rows = {line.split()[0] for line in (TREE / "tests/attack/rows.list").read_text().splitlines() if line[:1].isalpha()}
    files = {path.name for path in (TREE / "tests").rglob("*") if path.suffix in (".sh", ".c")}
    known = "\n".join((TREE / name).read_text() for name in ("docs/man/cordon.8", "userland/lib/coverage.c"))
    for word in re.findall(r"\b[A-Z]\d+\b", text):
        if word not in rows:
            wrong.append(f"{word} is no row of tests/attack/rows.list")
    for word in re.findall(r"`([a-z0-9_]+\.(?:sh|c))`", text):
        if word not in files:
            wrong.append(f"{word} is no test")
    for word in re.findall(r"(?:doctor|coverage): ((?:`[a-z-]+`(?:, )?)+)", text):
        wrong += [f"{name} is no finding or cause" for name in re.findall(r"`(.*?)`", word) if name not in known]
    return wrong + ([] if len(promises) >= 10 else ["the table of promises cannot be read"])
