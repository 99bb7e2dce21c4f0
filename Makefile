# SPDX-License-Identifier: MIT
# The front door.  Meson does the work; see CONTRIBUTING.md.
#
#   make            build/mtasts, without the tests
#   make check      install what is missing, build, pass all tests
#   make demo       install what is missing, build, raise the lab, diagnose a few domains there
#   make demo-web   the web service there, with 40 domains and 90 days behind them, at http://127.0.0.1:PORT/ (8460)
#   make install    as meson install (DESTDIR, PREFIX: /usr/local, or what the build was made with)
#   make dist       the source archive mtasts-VERSION.tar.xz of the last commit
#   make deb        the Debian packages of the last commit, in build-deb/
#   make check-monitoring   Icinga 2, Nagios and Prometheus read the files of monitoring/
#   make check-packages   these in a bare chroot: installed, used in the lab, upgraded, removed, purged
#   make check-units      their units on a running systemd in a chroot: started, killed, reloaded; a report leaves
#   make postfix-bed   mail through real Postfix 3.7, and 3.10 and 3.11 where a mirror has them, with mtasts policyd;
#                   10,000 more while that is killed, restarted, cut off from DNS and out of disk
#   make check-debian13   the last commit in a chroot of Debian 13: built, all tests, the lab, packages
#   make asan       the tests with address and undefined-behaviour sanitizers
#   make tsan       the tests of what has threads with the thread sanitizer
#   make golden     write the expected outputs of test/golden/ anew, after a text or a format changed
#   make fuzz       every fuzz target for FUZZ_SECONDS (60)
#   make fuzz-merge what that found becomes part of the corpus, as few files as reach all of it
#   make mutants    do the tests notice small faults?  MUTANTS (56) of them, drawn by SEED
#   make lint       static checks: gcc -fanalyzer, clang-tidy, clang's warnings, layout
#   make bench      latency of one check, speed of a scan and of the policy daemon beside peers and the limit, in the lab
#   make bench-store    lists of a large store, and the first pass of watch
#   make bench-serve    the web service beside nginx, pages a second and idle connections; reports posted to it
#   make bench-report   reading TLS reports: beside other JSON parsers, and into the store

FUZZ_SECONDS ?= 60
PORT ?= 8460
MUTANTS ?= 56
SEED ?= 8461
MESON = meson setup --prefix=$(or $(PREFIX),/usr/local)

all: build/build.ninja
	ninja -C build

build/build.ninja: | packages-build
	$(MESON) build -Dtests=false

packages-build:
	@tools/install-packages build run
packages-lab:
	@tools/install-packages build run lab
packages-test:
	@tools/install-packages build run lab test
packages:
	@tools/install-packages

# The tests need what the plain build can do without.
tested: packages-test build/build.ninja
	tools/install-browser
	meson configure build -Dtests=true -Dwerror=true
	ninja -C build

# Each has a lab of its own; the program under test is $MTASTS, else build/mtasts.  The longest first.
LAB_TESTS = scan scan_shared behaviour dane_senders addresses report_check dns_floods imap watch_lab plugin lmtp policyd policyd_store collect send_reports serve_mail hosting orders \
    life serve_watch serve_check serve_live tutorial habits browser_check

# Tests wait more than they compute.
AT_A_TIME := $(shell echo $$((2 * $$(nproc))))

check: tested
	meson test -C build --num-processes $(AT_A_TIME) --print-errorlogs
	lab/each --jobs $(AT_A_TIME) $(LAB_TESTS)
	test/browser_demo.py
	test/postfix_bed.py
	test/postfix_chaos.py
	lab/run --commands
	lab/run

# Icinga, Nagios and promtool read what is in monitoring/; they are large, so this is no part of check.
check-monitoring: tested
	tools/install-packages monitoring
	test/monitoring.py build/mtasts --daemons

demo: packages-lab all
	@lab/demo
demo-web: packages-lab all
	@lab/demo-web --port $(PORT)

golden: tested
	test/golden.py build/mtasts --update
	ninja -C build $$(ls src/*/expected/ | sed -n 's,\(test_.*\).txt,test/\1,p')
	for test in $$(ls src/*/expected/ | sed -n 's/\(test_.*\).txt/\1/p'); do SOURCE_ROOT=$(CURDIR) UPDATE=1 build/test/$$test || exit 1; done

# A PREFIX given here wins over the one that the build was made with.
install: all
	$(if $(PREFIX),meson configure build --prefix=$(PREFIX))
	meson install -C build

# The same bytes wherever it is made: xz with several threads would depend on their number.
VERSION = $(shell sed -n "s/^  version: '\(.*\)',/\1/p" meson.build)
dist:
	git archive --prefix=mtasts-$(VERSION)/ --output=mtasts-$(VERSION).tar HEAD
	xz -9 -T1 -f mtasts-$(VERSION).tar

packages-deb:
	@tools/install-packages build run lab test deb
deb: packages-deb
	tools/make-deb
check-packages: deb
	tools/check-packages
check-units: deb
	tools/check-units
check-debian13: packages-deb
	tools/check-debian13

postfix-bed: tested packages-deb
	test/postfix_bed.py --all
	test/postfix_chaos.py --mails 10000
	test/postfix_chaos.py --all --mails 1000

asan: packages
	test -f build-asan/build.ninja || CC=clang $(MESON) build-asan -Dwerror=true \
	    -Db_sanitize=address,undefined -Db_lundef=false -Dbuildtype=debug
	ninja -C build-asan
	meson test -C build-asan --num-processes $(AT_A_TIME) --print-errorlogs
	MTASTS=$$PWD/build-asan/mtasts lab/each --jobs $(AT_A_TIME) \
	    $(filter-out plugin orders life hosting dane_senders habits tutorial browser_check,$(LAB_TESTS))
	MTASTS=$$PWD/build-asan/mtasts lab/run

TSAN_TESTS = jobs loop semaphore lookup_cache rate_limiter short queue journal list i18n store_threads watcher
# Not the one that compares with single checks: so slow, the program is too late for many peers.
TSAN_CASES = those_who_hang_hold_up_nobody few_files_lead_to_waiting \
    a_killed_scan_is_continued_without_loss an_interrupt_ends_what_is_begun_and_begins_no_more \
    those_who_show_a_closed_port_are_knocked_at_once
tsan: packages
	test -f build-tsan/build.ninja || CC=clang $(MESON) build-tsan -Dwerror=true \
	    -Db_sanitize=thread -Db_lundef=false -Dbuildtype=debug
	ninja -C build-tsan mtasts $(TSAN_TESTS:%=test/test_%)
	meson test -C build-tsan --no-rebuild --print-errorlogs $(TSAN_TESTS)
	MTASTS=$$PWD/build-tsan/mtasts lab/enter test/scan.py $(TSAN_CASES)

fuzz: packages
	test -f build-fuzz/build.ninja || CC=clang $(MESON) build-fuzz -Dlibfuzzer=true \
	    -Db_sanitize=address,undefined -Db_lundef=false -Ddebug=true -Doptimization=1
	ninja -C build-fuzz
	tools/run-fuzz build-fuzz $(FUZZ_SECONDS)

fuzz-merge:
	tools/run-fuzz --merge build-fuzz

mutants: packages
	tools/mutants --count $(MUTANTS) --seed $(SEED)

lint: packages
	tools/lint

bench: tested
	tools/install-packages bench
	ninja -C build bench/handshakes bench/socketmap
	bench/run
	bench/scan --profile
	bench/policyd

bench-store: tested
	ninja -C build bench/pages
	bench/watch
	folder=$$(mktemp -d) && build/bench/pages $$folder/store.db 100000; rm -rf $$folder

bench-serve: tested
	tools/install-packages bench
	ninja -C build bench/load bench/posts
	bench/serve
	bench/post
	bench/large

bench-report: tested
	tools/install-packages bench
	ninja -C build bench/parse
	bench/report

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

clean:
	rm -rf build build-deb build-asan build-tsan build-fuzz build-lint

.PHONY: all check-units check-monitoring postfix-bed packages packages-build packages-lab packages-test packages-deb tested check demo demo-web install dist deb check-packages check-debian13 golden asan tsan fuzz fuzz-merge mutants lint bench bench-store bench-serve bench-report format clean
