# SPDX-License-Identifier: GPL-2.0-or-later
"""The demo's tables: endpoints, services, what the policy's text says.

guest/endpoints   NAME DEVICE PORT VLAN MAC IPV4 IPV6 ZONE
guest/gateway     vlan VID IPV4/LEN IPV6/LEN, office - IPV4/LEN IPV6/LEN
guest/services    NAME KIND PORT (KIND: what prober/kinds.c can say)
expected.tsv      who may start what: made by hand from the policy, see its head
"""
import dataclasses
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
GUEST = HERE / "guest"
FAMILIES = ("4", "6")
WAN = {"4": "198.51.100.2", "6": "2001:db8:f::ff:fe00:9902"}
NO_REAL_PROGRAM = ("dns-tcp",)      # nslookup asks by UDP; the prober does TCP


@dataclasses.dataclass(frozen=True, order=True)
class Cell:
    """One service of one endpoint, tried from another by one IP version."""
    source: str
    target: str
    service: str
    family: str

    def __str__(self) -> str:
        return f"{self.source} -> {self.target} {self.service} IPv{self.family}"


def rows(path: pathlib.Path) -> list[list[str]]:
    """The words of every line that is not a comment."""
    lines = (line.split() for line in path.read_text().splitlines()
             if not line.startswith("#"))
    return [words for words in lines if words]


class Building:
    """Who is there, and under which address whom reaches whom."""

    def __init__(self):
        self.endpoints = {words[0]: words for words in rows(GUEST / "endpoints")}
        self.names = list(self.endpoints)
        self.services = {words[0]: words[1:] for words in rows(GUEST / "services")}
        self.gateways = {words[1]: words[2:] for words in rows(GUEST / "gateway")}

    def address(self, source: str, target: str, family: str) -> str:
        """The target's address as this source knows it."""
        index = FAMILIES.index(family)
        if target != "gateway":
            return self.endpoints[target][5 + index]
        if source == "inet":
            return WAN[family]
        return self.gateways[self.endpoints[source][3].rstrip("t")][index].split("/")[0]

    def cells(self) -> list[Cell]:
        """Every ordered pair of endpoints x every service x both families."""
        return [Cell(source, target, service, family)
                for source in self.names for target in self.names if source != target
                for service in self.services for family in FAMILIES]

    def cell_lists(self) -> dict[str, str]:
        """What each prober is given to do."""
        lists = {name: [] for name in self.names}
        for cell in self.cells():
            kind, port = self.services[cell.service]
            where = self.address(cell.source, cell.target, cell.family)
            lists[cell.source].append(
                f"{cell.target}/{cell.service}/{cell.family} {kind} {where} {port}")
        lists["self"] = [f"self/{name}/{family} {kind} {here} {port}"
                         for name, (kind, port) in self.services.items()
                         for family, here in zip(FAMILIES, ("127.0.0.1", "::1"))]
        return {name: "\n".join(lines) + "\n" for name, lines in lists.items()}

    def wanted_lists(self, wanted: set[Cell]) -> dict[str, str]:
        """The names of the cells that should connect, for each source."""
        lists = {name: "" for name in self.names}
        for cell in sorted(wanted):
            lists[cell.source] += f"{cell.target}/{cell.service}/{cell.family}\n"
        return lists

    def real_cells(self, allowed: set[Cell]) -> list[Cell]:
        """The allowed cells for which there is a real client program."""
        return [cell for cell in sorted(allowed) if cell.service not in NO_REAL_PROGRAM]

    def real_lists(self, allowed: set[Cell]) -> dict[str, str]:
        """What the real client programs of each endpoint are to do."""
        lists = {name: "" for name in self.names}
        for cell in self.real_cells(allowed):
            where = self.address(cell.source, cell.target, cell.family)
            lists[cell.source] += \
                f"{cell.target}/{cell.service}/{cell.family} {cell.service} {where}\n"
        return lists


class TableError(Exception):
    """expected.tsv does not cover what is measured."""


def expected(building: Building) -> set[Cell]:
    """The cells that expected.tsv allows; it must have every pair and service."""
    head, *lines = rows(HERE / "expected.tsv")
    if head[:2] != ["from", "to"] or set(head[2:]) != set(building.services):
        raise TableError(f"expected.tsv: columns are {head}, measured are "
                         f"{list(building.services)}")
    allowed, pairs = set(), set()
    for words in lines:
        if len(words) != len(head) or not set("".join(words[2:])) <= set("46-"):
            raise TableError(f"expected.tsv: {' '.join(words)}")
        pairs.add((words[0], words[1]))
        allowed |= {Cell(words[0], words[1], service, family)
                    for service, value in zip(head[2:], words[2:])
                    for family in FAMILIES if family in value}
    wanted = {(cell.source, cell.target) for cell in building.cells()}
    if pairs != wanted or len(lines) != len(wanted):
        raise TableError(f"expected.tsv: pairs differ: {sorted(pairs ^ wanted)[:5]}")
    return allowed


def read_cell(source: str, ident: str) -> Cell:
    """A cell from a prober's name of it."""
    return Cell(source, *ident.split("/"))
