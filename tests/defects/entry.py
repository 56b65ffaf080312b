# SPDX-License-Identifier: GPL-2.0-or-later
"""One seeded defect: what is wrong, in which exact text, and who has to see it."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Edit:
    """`old` stands exactly once in kmod/<file>; the defect build has `new` there."""
    file: str
    old: str
    new: str


@dataclasses.dataclass(frozen=True)
class Sight:
    """Where a defect has to show.

    vehicle: uml, stock, attack or host; test: a file of tests/kselftest, a row of the attack
    table or a host program;
    what: words of the name of a case that fails; with ! a pattern of the kernel log;
    "!leak" is kmemleak's report.
    """
    vehicle: str
    test: str
    what: str


def sight(text: str) -> Sight:
    """"[vehicle ]test: what" as a Sight."""
    where, _, what = text.partition(": ")
    *vehicle, test = where.split()
    return Sight(vehicle[0] if vehicle else "uml", test, what)


@dataclasses.dataclass(frozen=True)
class Defect:
    """`name` is the module's defect=NAME; `seen` as for sight(); `was` names the published bug."""
    name: str
    wrong: str
    edits: list
    seen: list
    was: str = ""

    def sights(self) -> list[Sight]:
        """All places where it has to show; one is enough to be caught."""
        return [sight(text) for text in self.seen]
