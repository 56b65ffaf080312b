#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# vehicles: stock debug
# form: long
# timeout: 1800
#
# 70_crash.sh with all of its hundred random times, where it does a share of them otherwise.
export CRASH_KILLS=100
exec bash "$(dirname "$0")/70_crash.sh"
