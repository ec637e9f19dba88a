# make | make demo | make tour | make test | make check          (README.md says what each does)
MODE ?= release
OUT := .build/$(MODE)
PKGS := libuv libwebsockets libcurl openssl jansson sqlite3 yaml-0.1
LIBS = $(shell pkg-config --libs $(PKGS))
CPPFLAGS += -D_GNU_SOURCE -Iinclude $(shell pkg-config --cflags $(PKGS))
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wformat=2 -Wundef -Wvla -Wcast-qual -Wnull-dereference \
	-Wimplicit-fallthrough -Wdouble-promotion -Wswitch-enum -Werror
HARDEN := -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2
CFLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS += -std=c11 $(WARN) $(HARDEN) $(CFLAGS_$(MODE))
LDFLAGS_asan := -fsanitize=address,undefined
LDFLAGS += -pie -Wl,-z,relro,-z,now $(LDFLAGS_$(MODE))

BOT_SRC := $(filter-out bot/main.c,$(wildcard bot/*.c bot/*/*.c)) $(wildcard handlers/*.c)
BOT_OBJ := $(BOT_SRC:%.c=$(OUT)/%.o)
SANDBOX_SRC := $(wildcard tests/sandbox/*.c)
UNIT_SRC := $(wildcard tests/unit/test_*.c)
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$(OUT)/%)

all: $(OUT)/cppo-bot $(OUT)/cppo-sandbox

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

$(OUT)/libcppo.a: $(BOT_OBJ)
	@rm -f $@
	ar rcs $@ $^

$(OUT)/cppo-bot: $(OUT)/bot/main.o $(OUT)/libcppo.a
	$(CC) $(LDFLAGS) $^ $(LIBS) -o $@

$(OUT)/cppo-sandbox: $(SANDBOX_SRC:%.c=$(OUT)/%.o) $(OUT)/bot/mem.o $(OUT)/bot/err.o $(OUT)/bot/text.o
	$(CC) $(LDFLAGS) $^ $(LIBS) -o $@

$(OUT)/test_%: $(OUT)/tests/unit/test_%.o $(OUT)/libcppo.a
	$(CC) $(LDFLAGS) $^ $(LIBS) $(shell pkg-config --libs cmocka) -o $@

unit: $(UNIT_BIN)
	@for t in $(UNIT_BIN); do $$t || exit 1; done

clean:
	rm -rf .build

.PHONY: all unit clean
.SECONDARY:
-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
