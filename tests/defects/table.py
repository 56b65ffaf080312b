# SPDX-License-Identifier: GPL-2.0-or-later
"""The seeded defects: deliberate bugs that the tests have to see.

An entry names the bug, says what is wrong, gives the exact text of kmod/ and what
stands there instead, under DEFECT(name), and the tests that should see it:

    "12_device.sh: VID 0 twice"          a case of that name fails, in a User-Mode Linux guest
    "stock 24_swap.sh: !Oops|BUG"        the kernel log says that, in a guest with the stock kernel
    "10_module.sh: !leak"                kmemleak reports an object
    "attack C9: C9 armed"                a case of that name fails in row C9 of the attack table
    "host core_test: every shorter length" a case of that name fails in a host program

A text that does not stand there exactly once fails the build: the table follows the code.
"""
import table_core
import table_segment
from entry import Sight  # noqa: F401

DEFECTS = [*table_core.DEFECTS, *table_segment.DEFECTS]
BY_NAME = {defect.name: defect for defect in DEFECTS}
assert len(BY_NAME) == len(DEFECTS), "two defects have one name"
