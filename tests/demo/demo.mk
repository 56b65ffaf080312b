# SPDX-License-Identifier: GPL-2.0-or-later
# Included by the top Makefile, which has the target `demo`. The control run is
# a step of `make check` too (tests/qemu/stage_demo.py).

.PHONY: demo-control
demo-control: deps
	@$(PYTHON) tests/demo/demo.py control
