# SPDX-License-Identifier: GPL-2.0-or-later
"""Does the demo's verdict see what is wrong? Made-up worlds, no guest."""
import building as tables
import verdict
from building import Cell
from ktap import Case

CAMERA_TO_RECORDER = Cell("d1", "d7", "http", "4")      # allowed
CAMERA_TO_SENSOR = Cell("d1", "d3", "http", "6")        # denied, staff may
RECORDER_SSH = Cell("staff1", "d7", "ssh", "4")         # denied, nobody may


class World:
    """All as the policy says; a test changes one thing."""

    def __init__(self):
        self.building = tables.Building()
        self.allowed = tables.expected(self.building)
        cells = self.building.cells()
        self.first = {c: "ok" if c in self.allowed else "silent" for c in cells}
        self.later = {phase.tag: dict(self.first) for phase in verdict.PHASES}
        self.control = {c: "ok" for c in cells}
        self.real = {c: "ok" for c in self.building.real_cells(self.allowed)}
        self.live = [Case("an attack", True)]

    def tally(self) -> verdict.Tally:
        """The verdict on this world."""
        out = verdict.Tally()
        out.matrix(self.building, self.allowed, self.first, self.control)
        out.phases(self.building, self.allowed, self.later)
        out.real(self.building, self.allowed, self.real)
        out.live(self.live)
        return out

    def uncounted(self) -> list[Cell]:
        """The cells that prove nothing."""
        return verdict.judge(self.building.cells(), self.allowed, self.first, self.control).uncounted


def _opens(world):
    world.first[CAMERA_TO_SENSOR] = "ok"


def _is_refused(world):
    world.first[CAMERA_TO_SENSOR] = "refused"


def _shuts(world):
    world.first[CAMERA_TO_RECORDER] = "silent"


def _is_not_measured(world):
    del world.first[CAMERA_TO_SENSOR]


def _opens_without_daemon(world):
    world.later["killed"][CAMERA_TO_SENSOR] = "ok"


def _opens_without_nft(world):
    world.later["flushed"][CAMERA_TO_SENSOR] = "ok"


def _opens_while_flushed(world):
    world.later["flushing"][CAMERA_TO_SENSOR] = "ok"


def _stays_shut_after_repair(world):
    world.later["repaired"][CAMERA_TO_RECORDER] = "silent"


def _phase_is_missing(world):
    del world.later["flushing"]


def _program_is_not_served(world):
    del world.real[CAMERA_TO_RECORDER]


def _attack_succeeds(world):
    world.live[0].ok = False


def _control_is_empty(world):
    world.control = {}


BROKEN = (_opens, _is_refused, _shuts, _is_not_measured, _opens_without_daemon, _opens_without_nft,
          _opens_while_flushed, _stays_shut_after_repair, _phase_is_missing, _program_is_not_served,
          _attack_succeeds, _control_is_empty)


def cases() -> list[Case]:
    """One case for each way to be wrong, and for what may be counted."""
    whole = World().tally()
    out = [Case("all_as_the_policy_says", not whole.bad)]
    for broken in BROKEN:
        world = World()
        broken(world)
        tally = world.tally()
        out.append(Case(f"sees{broken.__name__}", bool(tally.bad) and tally.good < whole.good))
    world = World()
    out.append(Case("counts_no_cell_of_a_silent_server", RECORDER_SSH in world.uncounted()))
    world.control[CAMERA_TO_SENSOR] = "silent"
    out.append(Case("counts_no_cell_without_its_control", CAMERA_TO_SENSOR in world.uncounted()))
    return out
