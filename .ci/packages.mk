# What each command needs of Debian 12. What is missing is installed once, then make starts anew:
# only then pkg-config can be asked. Elsewhere the command says what to install.

PACKAGES := build-essential pkg-config ca-certificates libuv1-dev libwebsockets-dev \
	libwebsockets-evlib-uv libcurl4-openssl-dev libssl-dev libjansson-dev libsqlite3-dev libyaml-dev \
	tzdata
# npm only fetches what tests/package-lock.json pins; any version that is there already will do.
PACKAGES_test := libcmocka-dev awscli chromium fonts-dejavu-core fonts-noto-color-emoji valgrind \
	$(shell command -v npm >/dev/null || echo nodejs npm)
PACKAGES_bench := golang-go golang-github-slack-go-slack-dev golang-github-mattn-go-sqlite3-dev \
	$(shell command -v npm >/dev/null || echo nodejs npm)
PACKAGES_coverage := $(PACKAGES_test)
PACKAGES_check := $(PACKAGES_test) clang clang-format clang-tidy clang-tools cppcheck
PACKAGES_faults := $(PACKAGES_test)
PACKAGES_fuzz := $(PACKAGES_test) clang libclang-rt-14-dev llvm
PACKAGES_format := clang-format

WANTED := $(PACKAGES) $(sort $(foreach goal,$(MAKECMDGOALS),$(PACKAGES_$(goal))))
MISSING := $(shell command -v dpkg-query >/dev/null && for p in $(WANTED); do \
	dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done)
HAVE_LIBS := $(shell pkg-config --exists libuv libwebsockets libcurl openssl jansson sqlite3 \
	yaml-0.1 2>/dev/null && echo yes)

ifneq ($(filter-out clean help,$(or $(MAKECMDGOALS),all)),)
ifneq ($(MISSING),)
ifndef INSTALLED
REEXEC := yes
endif
else ifneq ($(HAVE_LIBS),yes)
$(error The libraries are missing. Install what your system calls: $(WANTED))
endif
endif

ifdef REEXEC
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
.PHONY: $(or $(MAKECMDGOALS),all)
$(or $(MAKECMDGOALS),all):
	@if [ "$@" = "$(firstword $(or $(MAKECMDGOALS),all))" ]; then \
	  echo "Installing: $(MISSING)"; \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update -qq && \
	    apt-get install -y --no-install-recommends $(MISSING)' >.install.log 2>&1 \
	    || { tail -20 .install.log; exit 1; }; \
	  rm -f .install.log; \
	  $(MAKE) --no-print-directory INSTALLED=yes $(MAKECMDGOALS); \
	fi
endif
