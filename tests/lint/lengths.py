#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""No function over 80 lines, no file over 800.  lengths.py FILE..."""
import ast
import pathlib
import re
import sys

FUNCTION, FILE = 80, 800


def c_functions(lines: list[str]):
    """(name, first line, length) of bodies that open and close in column 0."""
    start = name = None
    for number, line in enumerate(lines, 1):
        if line.startswith("{"):
            start, name = number, head_name(lines, number - 2)
        elif line.startswith("}") and start:
            if not line.rstrip().endswith((";", ",")):
                yield name, start, number - start + 1
            start = None


def head_name(lines: list[str], index: int) -> str:
    """The function's name from the lines above its brace."""
    for back in range(index, max(index - 12, -1), -1):
        found = re.match(r"^\w[\w\s\*]*?(\w+)\(", lines[back])
        if found:
            return found.group(1)
    return "?"


def shell_functions(lines: list[str]):
    """(name, first line, length) of `name() {` ... `}`."""
    start = name = None
    for number, line in enumerate(lines, 1):
        found = re.match(r"^(\w+)\(\) \{\s*$", line)
        if found:
            start, name = number, found.group(1)
        elif line.startswith("}") and start:
            yield name, start, number - start + 1
            start = None


def python_functions(text: str):
    """(name, first line, length) of every def."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno - node.lineno + 1


def functions(path: pathlib.Path, text: str):
    """The functions of a file, by its language."""
    if path.suffix in (".c", ".h"):
        return list(c_functions(text.splitlines()))
    if path.suffix == ".py":
        return list(python_functions(text))
    return list(shell_functions(text.splitlines()))


def main(names) -> int:
    """Prints what is too long."""
    bad, lengths = 0, []
    for path in map(pathlib.Path, names):
        text = path.read_text(errors="replace")
        if text.count("\n") > FILE:
            print(f"{path}: {text.count(chr(10))} lines, at most {FILE}")
            bad += 1
        for name, line, length in functions(path, text):
            lengths.append(length)
            if length > FUNCTION:
                print(f"{path}:{line}: {name} has {length} lines, at most {FUNCTION}")
                bad += 1
    lengths.sort()
    print(f"{len(lengths)} functions, median {lengths[len(lengths) // 2] if lengths else 0} lines")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
