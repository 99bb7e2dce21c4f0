/* SPDX-License-Identifier: MIT */
/* sandbox.c - is it wanted, and what came of it. */
#include "sandbox/sandbox.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||                               \
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define TRACED true
#else
#define TRACED false
#endif

static struct sandbox now = {SANDBOX_ABSENT, SANDBOX_ABSENT, 0};

const struct sandbox *sandbox_now(void)
{
    return &now;
}

/* IN_FORCE: it shall be. */
static enum sandbox_state wanted(void)
{
    const char *set = getenv(SANDBOX_VARIABLE);

    if (set && strcmp(set, "off") == 0)
        return SANDBOX_OFF;
    return TRACED ? SANDBOX_TRACED : SANDBOX_IN_FORCE;
}

static bool may_begin(void)
{
    enum sandbox_state state = wanted();

    now = (struct sandbox){state, state, 0};
    /* The kernel asks for it, so that no program with other rights is misled. */
    if (state == SANDBOX_IN_FORCE && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        now = (struct sandbox){SANDBOX_ABSENT, SANDBOX_ABSENT, 0};
    return now.files == SANDBOX_IN_FORCE;
}

static void set_files(const struct sandbox_wish *wish)
{
    now.landlock_abi = landlock_enter(wish);
    now.files = now.landlock_abi ? SANDBOX_IN_FORCE : SANDBOX_ABSENT;
}

struct sandbox sandbox_enter(const struct sandbox_wish *wish)
{
    if (may_begin()) {
        set_files(wish);
        now.calls = seccomp_enter(wish);
    }
    return now;
}

struct sandbox sandbox_enter_strictly(void)
{
    if (may_begin()) {
        set_files(&(struct sandbox_wish){.path_count = 0});
        now.calls = seccomp_enter_strictly();
    }
    return now;
}
