# SPDX-License-Identifier: GPL-2.0-or-later
"""Mechanical mutants: many small wrong programs in one build, one awake at a time.

Every condition, returned value, assigned value and call of the functions of a file is a
site. Its mutants are copies of the expression with one token changed: a comparison, a
constant by one, && and ||, an operator, a negation; a call that is left out. All of a
site's stand side by side,

    if (MUTANT(7) ? (a <= b) : MUTANT(8) ? (!(a < b)) : (a < b))

so that nothing is compiled for a mutant but once for all. In the kernel `mutant=N`
wakes one at load, on the host CORDON_MUTANT=N in the environment.
"""
import dataclasses
import hashlib
import pathlib
import re

import seeding

TOKEN = re.compile(r"""
    (?P<skip>\s+|/\*.*?\*/|//[^\n]*|^\#(?:\\\n|[^\n])*|\\\n)
  | (?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | (?P<number>0[xX][0-9a-fA-F]+[uUlL]*|\d+[uUlL]*)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<op><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-+*/%&|^~!<>=?:;,.(){}\[\]])
""", re.X | re.S | re.M)
SWAPS = {"<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "==": ("!=",), "!=": ("==",),
         "&&": ("||",), "||": ("&&",), "+": ("-",), "-": ("+",), "<<": (">>",), ">>": ("<<",), "&": ("|",), "|": ("&",),
         "^": ("|",), "*": ("/",), "/": ("*",), "%": ("/",)}
# These are binary only behind a value.
BINARY = {"+", "-", "*", "&"}
KEYWORDS = {"if", "while", "for", "switch", "return", "else", "do", "case", "default", "goto", "break", "continue", "sizeof"}
# Calls that are no statement of the program: proofs of locking, waiting, printing, and what has no other way to be undone.
LEFT_ALONE = re.compile(r"^(lockdep_|ASSERT_|BUILD_BUG|WARN|pr_|NL_SET|GENL_SET|mutex_|spin_|rcu_read_|rtnl_|cond_resched|"
                        r"cordon_yield|prefetch|kfree|kvfree|free|synchronize|netdev_put|module_put|list_|INIT_|"
                        r"cordon_test_|memzero)")
# The difference of two pointers has no sum.
NOT_C = re.compile(r"skb->data \+ skb_mac_header")
CORE = "kmod/core"
HOOKS = ("hook", "ct", "side", "unknown", "own", "ll", "meter")


@dataclasses.dataclass
class Token:
    """One token with where it stands."""
    kind: str
    text: str
    start: int
    end: int


@dataclasses.dataclass(frozen=True)
class Mutant:
    """One changed token of one site."""
    file: str
    line: int
    start: int      # of the site
    end: int
    old: str
    new: str
    how: str

    def title(self) -> str:
        """file:line and what is changed."""
        return f"{self.file}:{self.line}: {self.how}"

    def key(self) -> str:
        """The same without the line, which moves: what survivors.txt goes by."""
        return f"{self.file}: {' '.join(self.old.split())}: {self.how}"


def tokens(text: str) -> list[Token]:
    """The tokens of a file but blanks, comments and directives."""
    found, at = [], 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise ValueError(f"cannot read {text[at:at + 20]!r}")
        if match.lastgroup != "skip":
            found.append(Token(match.lastgroup, match.group(), match.start(), match.end()))
        at = match.end()
    return found


def closing(all_tokens: list[Token], at: int) -> int:
    """The index of the bracket that closes the one at `at`."""
    pairs = {"(": ")", "{": "}", "[": "]"}
    depth, opener = 0, all_tokens[at].text
    for i in range(at, len(all_tokens)):
        if all_tokens[i].text == opener:
            depth += 1
        elif all_tokens[i].text == pairs[opener]:
            depth -= 1
            if not depth:
                return i
    raise ValueError("a bracket is not closed")


def bodies(all_tokens: list[Token]):
    """(first, last, returns) of each function's body: token indices, and the tokens before its name."""
    i, start = 0, 0
    while i < len(all_tokens):
        token = all_tokens[i]
        if token.text == "{":
            end = closing(all_tokens, i)
            if i and all_tokens[i - 1].text == ")":
                yield i + 1, end, [t.text for t in all_tokens[start:i]]
            i = end
            start = i + 1
        elif token.text == ";":
            start = i + 1
        i += 1


def returns_struct(head: list[str]) -> bool:
    """Whether a function returns a struct by value."""
    before = head[:head.index("(")] if "(" in head else head
    return "struct" in before and "*" not in before


def statement_end(all_tokens: list[Token], at: int, last: int) -> int:
    """The index of the ; that ends the statement which begins at `at`."""
    i = at
    while i < last and all_tokens[i].text != ";":
        i = closing(all_tokens, i) if all_tokens[i].text in "({[" else i
        i += 1
    return i


def sites(all_tokens: list[Token]):
    """(kind, first, last) of every site: cond, value, result or call, as token indices."""
    for first, last, head in bodies(all_tokens):
        i = first
        while i < last:
            text = all_tokens[i].text
            if text in ("if", "while") and all_tokens[i + 1].text == "(":
                end = closing(all_tokens, i + 1)
                yield "cond", i + 2, end
                i = end + 1
            elif text == "for" and all_tokens[i + 1].text == "(":
                one = statement_end(all_tokens, i + 2, last)
                two = statement_end(all_tokens, one + 1, last)
                if two > one + 1:
                    yield "loop", one + 1, two
                i = closing(all_tokens, i + 1) + 1
            elif text in ("case", "goto", "default", "switch", "break", "continue", "else", "do"):
                i += 1
                if text in ("case",):
                    while all_tokens[i].text != ":":
                        i += 1
                elif text == "switch":
                    i = closing(all_tokens, i) + 1
            elif text in ("{", "}", ";", ":"):
                i += 1
            else:
                end = statement_end(all_tokens, i, last)
                yield from statement(all_tokens, i, end, head)
                i = end + 1


def statement(all_tokens: list[Token], at: int, end: int, head: list[str]):
    """The site of one expression statement, declaration or return."""
    words = [token.text for token in all_tokens[at:end]]
    if not words or "static" in words[:2] or "{" in words:
        return
    if words[0] == "return":
        if end > at + 1 and not returns_struct(head):
            yield "result", at + 1, end
        return
    depth = 0
    for i in range(at, end):
        text = all_tokens[i].text
        depth += (text in "([") - (text in ")]")
        if depth == 0 and text in ("=", "|=", "&=", "+=", "-=", "^=", "<<=", ">>="):
            if not any(t.text == "," for t in flat(all_tokens, at, end)):
                yield "value", i + 1, end
            return
    if len(words) > 2 and all_tokens[at].kind == "word" and words[1] == "(" and closing(all_tokens, at + 1) == end - 1 \
            and not LEFT_ALONE.match(words[0]) and words[0] not in KEYWORDS and not words[0].isupper():
        yield "call", at, end


def flat(all_tokens: list[Token], at: int, end: int):
    """The tokens of a statement outside all brackets."""
    i = at
    while i < end:
        yield all_tokens[i]
        i = closing(all_tokens, i) if all_tokens[i].text in "([" else i
        i += 1


def changes(all_tokens: list[Token], kind: str, first: int, last: int):
    """(index or None, replacement, how) of every mutant of a site."""
    if kind == "call":
        yield None, "", "left out"
        return
    if kind in ("cond", "result"):
        yield None, "!", "negated"
    for i in range(first, last):
        token, before = all_tokens[i], all_tokens[i - 1] if i > first else None
        if token.kind == "number":
            value = int(re.sub(r"[uUlL]+$", "", token.text), 0)
            suffix = token.text[len(token.text.rstrip("uUlL")):]
            for other in ({value + 1, value - 1} if value else {1}):
                yield i, f"{other}{suffix}", f"{token.text} is {other}"
        elif token.text in SWAPS and not (token.text in BINARY and not behind_value(before)) and \
                all_tokens[i + 1].text != ")":
            for other in SWAPS[token.text]:
                yield i, other, f"{token.text} is {other}"
        elif token.text == "!" and kind != "cond":
            yield i, "", "! is gone"


def behind_value(token: Token | None) -> bool:
    """Whether an operator behind this token is a binary one; a cast's ) is taken for a value's."""
    return token is not None and (token.kind in ("word", "number") or token.text in (")", "]"))


def mutants_of(name: str, text: str) -> list[Mutant]:
    """Every mutant of a file, in the order of the file."""
    all_tokens, found = tokens(text), []
    for kind, first, last in sites(all_tokens):
        start, end = all_tokens[first].start, all_tokens[last - 1].end
        old = text[start:end]
        if "\\\n" in old or "&&" == old:
            continue
        for at, other, how in changes(all_tokens, kind, first, last):
            if at is None:
                new = f"!({old})" if other else ""
                line = text.count("\n", 0, start) + 1
            else:
                token = all_tokens[at]
                new = text[start:token.start] + other + text[token.end:end]
                line = text.count("\n", 0, token.start) + 1
            if not NOT_C.search(new):
                found.append(Mutant(name, line, start, end, old, new, how))
    return found


def wanted(name: str) -> bool:
    """The pure core, and the hooks with what they read."""
    path = pathlib.PurePath(name)
    if name.startswith(CORE + "/"):
        return path.suffix == ".c"
    return path.suffix == ".c" and path.stem in HOOKS and name.startswith("kmod/segment/")


def every(texts: dict[str, str]) -> list[Mutant]:
    """All mutants of the tree; their numbers are their places in this list, plus one."""
    found = []
    for name in sorted(texts):
        if wanted(name):
            found += mutants_of(name, texts[name])
    return found


def rewrite(text: str, numbered: list[tuple[int, Mutant]]) -> str:
    """A file with its mutants in place."""
    by_site: dict[tuple[int, int], list[tuple[int, Mutant]]] = {}
    for number, mutant in numbered:
        by_site.setdefault((mutant.start, mutant.end), []).append((number, mutant))
    for (start, end), group in sorted(by_site.items(), reverse=True):
        old = text[start:end]
        if group[0][1].how == "left out":
            new = f"do {{ if (!MUTANT({group[0][0]})) {old}; }} while (0)"
        else:
            new = "".join(f"MUTANT({number}) ? ({mutant.new}) : " for number, mutant in group) + f"({old})"
        text = text[:start] + new + text[end:]
    return text


def written(texts: dict[str, str]) -> dict[str, str]:
    """The tree with every mutant in it."""
    numbered: dict[str, list[tuple[int, Mutant]]] = {}
    for number, mutant in enumerate(every(texts), 1):
        numbered.setdefault(mutant.file, []).append((number, mutant))
    return {name: rewrite(text, numbered.get(name, [])) for name, text in texts.items()}


HEADER = """/* SPDX-License-Identifier: GPL-2.0-only */
/* Made by tests/defects/mutating.py. */
#ifndef CORDON_MUTANTS_H
#define CORDON_MUTANTS_H
extern int cordon_mutant;
#define MUTANT(n) __builtin_expect(cordon_mutant == (n), 0)
#endif
"""
KERNEL_SOURCE = """// SPDX-License-Identifier: GPL-2.0-only
/* Made by tests/defects/mutating.py: mutant=N. */
#include <linux/module.h>

int cordon_mutant;
module_param_named(mutant, cordon_mutant, int, 0444);
MODULE_PARM_DESC(mutant, "the mutant to wake; a test build, never for use");
"""
HOST_SOURCE = """// SPDX-License-Identifier: GPL-2.0-or-later
/* Made by tests/defects/mutating.py: CORDON_MUTANT=N. */
#include <stdlib.h>

int cordon_mutant;

__attribute((constructor)) static void choose(void)
{
	const char *text = getenv("CORDON_MUTANT");

	cordon_mutant = text ? atoi(text) : 0;
}
"""
KBUILD = """
# The mutants of the tests.
cordon-y += kmod/mutants.o
ccflags-y += -include $(cordon-src)/kmod/mutants.h -w
"""


def write_kernel(tree: pathlib.Path, target: pathlib.Path) -> None:
    """The sources of the module that carries every mutant."""
    texts = written(seeding.sources(tree))
    texts |= {"kmod/mutants.h": HEADER, "kmod/mutants.c": KERNEL_SOURCE}
    texts["Kbuild"] += KBUILD
    seeding.put(target, texts)


def write_host(tree: pathlib.Path, target: pathlib.Path) -> None:
    """The sources of the core that carries them, for the host."""
    texts = written(seeding.sources(tree))
    seeding.put(target, texts | {"kmod/mutants.h": HEADER, "kmod/mutants_host.c": HOST_SOURCE})


def sample(found: list[Mutant], folder: str, count: int, seed: int) -> list[int]:
    """So many numbers of one folder's mutants; 0: all. Drawn by a hash of the seed and of what is
    changed: code that is added elsewhere leaves most of them as they were."""
    drawn, seen = [], {}
    for number, mutant in enumerate(found, 1):
        if mutant.file.startswith(folder + "/"):
            again = seen[mutant.key()] = seen.get(mutant.key(), 0) + 1
            drawn.append((hashlib.sha256(f"{seed} {again} {mutant.key()}".encode()).digest(), number))
    return sorted(number for _, number in sorted(drawn)[:count or None])
