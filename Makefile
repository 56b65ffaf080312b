# SPDX-License-Identifier: GPL-2.0-or-later
# cordon: a kernel module and a daemon that segment devices on a Linux gateway.
# `make help` lists the targets. All that is built lands in build/.

B := build
CC ?= gcc
PYTHON := $(firstword $(wildcard /usr/bin/python3) python3)
RUN := $(PYTHON) tests/qemu/run.py

PREFIX ?= $(prefix)
ifeq ($(PREFIX),)
PREFIX := /usr/local
endif
sbindir ?= $(PREFIX)/sbin
bindir ?= $(PREFIX)/bin
mandir ?= $(PREFIX)/share/man
datadir ?= $(PREFIX)/share
docdir ?= $(datadir)/doc/cordon
sysconfdir ?= $(if $(filter /usr /usr/local,$(PREFIX)),/etc,$(PREFIX)/etc)
unitdir ?= $(PREFIX)/lib/systemd/system
sysusersdir ?= $(PREFIX)/lib/sysusers.d
bashdir ?= $(datadir)/bash-completion/completions
zshdir ?= $(datadir)/zsh/site-functions
fishdir ?= $(datadir)/fish/vendor_completions.d
INSTALL ?= install

# KDIR: the running kernel's build tree, else the newest installed headers.
ifeq ($(KDIR),)
KDIR := $(wildcard /lib/modules/$(shell uname -r)/build)
endif
ifeq ($(KDIR),)
KDIR := $(lastword $(shell ls -dv /usr/src/linux-headers-*-amd64 2>/dev/null))
endif
export KDIR

CPPFLAGS += -D_FORTIFY_SOURCE=2 -I. -Ikmod/uapi
CFLAGS ?= -O2 -g
CFLAGS += -std=gnu11 -Wall -Wextra -Werror -fstack-protector-strong -fPIE
CFLAGS += $(EXTRA_CFLAGS)

USERLAND_PROGS :=
USERLAND_TEST_PROGS :=
HOST_TESTS :=

.DEFAULT_GOAL := all
# The recipes' variables must not hang on what is installed for these.
FREE := help deps deps-full clean check check-full check-defects check-mutants demo attack lint shell
ifneq ($(filter-out $(FREE),$(or $(MAKECMDGOALS),all)),)
-include kmod/core/core.mk policy/policy.mk nft/nft.mk userland/userland.mk
-include $(sort $(wildcard tests/*/*.mk tests/unit/*/*.mk))
endif

.PHONY: all module userland tests deps deps-full check check-full host-check demo attack lint shell
.PHONY: install install-module clean help

all: module userland		## the module for KDIR, and the programs

module:				## cordon.ko for KDIR, in build/
	@$(PYTHON) tests/qemu/modules.py stock

userland: $(USERLAND_PROGS)	## cordon and cordond, in build/

tests: userland $(USERLAND_TEST_PROGS) $(HOST_TESTS)	## every test program of the host

deps:				## install what building and testing needs (apt)
	@tests/qemu/deps.sh

deps-full:
	@tests/qemu/deps.sh full

# A second make, so that it sees the packages that deps installed.
check: deps			## all tests: host, stock kernel, User-Mode Linux; T='glob' selects
	@$(MAKE) --no-print-directory check-run

check-full: deps-full		## check, and the QEMU debug kernel and the long forms
	@$(MAKE) --no-print-directory check-run FULL=--full

.PHONY: check-defects check-mutants
check-defects: deps		## wake every seeded defect; each has to be seen
	@$(MAKE) --no-print-directory -s -j$$(nproc) tests
	@$(PYTHON) tests/defects/defects.py $(T)

check-mutants: deps		## wake mechanical mutants of core and hooks; the tests kill them
	@$(MAKE) --no-print-directory -s -j$$(nproc) tests
	@$(PYTHON) tests/defects/mutants.py $(ARGS)

.PHONY: check-run
check-run:
	@echo "-- building"
	@$(MAKE) --no-print-directory -s -j$$(nproc) tests
	@$(RUN) check $(FULL) $(if $(T),-T '$(T)') --host $(HOST_TESTS)

host-check: tests		## the host's tests alone
	@$(RUN) host $(HOST_TESTS)

demo: deps			## cordon at work on real traffic, in a guest
	@echo "-- building"
	@$(MAKE) --no-print-directory -s -j$$(nproc) userland
	@$(PYTHON) tests/demo/demo.py

attack: deps			## the attack table; T=A10 selects, COUNT=small, full or a number, V=uml,stock,debug
	@echo "-- building"
	@$(MAKE) --no-print-directory -s -j$$(nproc) userland
	@$(PYTHON) tests/attack/bench.py $(if $(T),-T '$(T)') $(if $(COUNT),-c $(COUNT)) $(if $(V),-v $(V))

lint: deps			## checkpatch, sparse, W=1, both compilers, our own checks
	@tests/lint/lint.sh

shell: deps			## an interactive gateway guest
	@$(MAKE) --no-print-directory -s -j$$(nproc) userland
	@$(RUN) shell

MAN_PAGES = $(wildcard docs/man/*.[1-8])

install: userland		## programs, manuals, completion, units, users; DESTDIR and prefix
	$(INSTALL) -d $(DESTDIR)$(bindir) $(DESTDIR)$(sbindir) $(DESTDIR)$(sysconfdir)/cordon
	$(INSTALL) -m 755 $(B)/cordon $(DESTDIR)$(bindir)/cordon
	$(INSTALL) -m 755 $(B)/cordond $(DESTDIR)$(sbindir)/cordond
	$(INSTALL) -d $(DESTDIR)$(docdir)/examples $(DESTDIR)$(datadir)/cordon
	$(INSTALL) -m 644 $(wildcard policy/examples/*.yaml) $(DESTDIR)$(docdir)/examples
	$(INSTALL) -m 644 $(wildcard docs/*.md docs/spec/*.yaml) $(DESTDIR)$(docdir)
	$(foreach file,$(wildcard policy/schema/*.json),$(INSTALL) -m 644 $(file) $(DESTDIR)$(datadir)/cordon/ &&) :
	$(foreach page,$(MAN_PAGES),$(INSTALL) -D -m 644 $(page) \
		$(DESTDIR)$(mandir)/man$(patsubst .%,%,$(suffix $(page)))/$(notdir $(page)) &&) :
	$(foreach file,$(wildcard userland/completion/cordon.bash),$(INSTALL) -D -m 644 $(file) $(DESTDIR)$(bashdir)/cordon &&) :
	$(foreach file,$(wildcard userland/completion/_cordon),$(INSTALL) -D -m 644 $(file) $(DESTDIR)$(zshdir)/_cordon &&) :
	$(foreach file,$(wildcard userland/completion/cordon.fish),$(INSTALL) -D -m 644 $(file) $(DESTDIR)$(fishdir)/cordon.fish &&) :
	$(foreach unit,$(wildcard userland/systemd/*.service),$(INSTALL) -d $(DESTDIR)$(unitdir) && \
		sed 's,@sbindir@,$(sbindir),g;s,@bindir@,$(bindir),g' $(unit) > $(DESTDIR)$(unitdir)/$(notdir $(unit)) && \
		chmod 644 $(DESTDIR)$(unitdir)/$(notdir $(unit)) &&) :
	$(INSTALL) -D -m 644 userland/systemd/cordon.sysusers $(DESTDIR)$(sysusersdir)/cordon.conf

install-module:			## cordon.ko for KDIR, by the kernel's own modules_install
	@$(MAKE) --no-print-directory module
	$(MAKE) -C $(KDIR) M=$(abspath $(B))/kmod-$$(sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
		$(KDIR)/include/generated/utsrelease.h)-release \
		$(if $(DESTDIR),INSTALL_MOD_PATH=$(DESTDIR)) modules_install

clean:				## forget build/ (the cache outside the tree stays)
	rm -rf $(B)

help:				## this list
	@echo "cordon: make [target]    KDIR=$(KDIR)"
	@sed -n 's/^\([a-z-]*\):[^#]*## *\(.*\)/  \1|\2/p' Makefile | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'
	@echo "  cache: $${CORDON_CACHE:-$${XDG_CACHE_HOME:-~/.cache}/cordon}"
