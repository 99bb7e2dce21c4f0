/* SPDX-License-Identifier: MIT */
/* sandbox.h - give up what the program does not need: files by Landlock, system calls by seccomp.
 *
 * Both hold for this process, for all threads and processes that it begins afterwards, and until
 * its end.  What the kernel or the build does not offer is left out, and the rest still holds: it
 * is a second wall, and nothing depends on it.  What is refused fails with EACCES (files) or EPERM
 * (calls); nobody is killed, so that a library that tries something unforeseen takes its other way.
 *
 * MTASTS_SANDBOX=off in the environment leaves all of it out, for debuggers and tracers; so does a
 * build with a sanitizer, whose runtime traces the process itself. */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#define SANDBOX_VARIABLE "MTASTS_SANDBOX"

enum sandbox_access {
    SANDBOX_READ, /* a file, or all below a folder */
    SANDBOX_WRITE /* the same, and write, make and remove files and folders there */
};

struct sandbox_path {
    const char *path; /* NULL, or not there: passed over */
    enum sandbox_access access;
};

struct sandbox_wish {
    const struct sandbox_path *paths;
    size_t path_count;
    bool network; /* sockets of the internet, to connect; else of this machine only */
    bool accepts; /* connections, on sockets that listen already; else none */
};

enum sandbox_state {
    SANDBOX_IN_FORCE,
    SANDBOX_ABSENT,  /* the kernel does not offer it, or whoever runs us forbids it */
    SANDBOX_OFF,     /* switched off by the environment */
    SANDBOX_TRACED,  /* a build with a sanitizer */
    SANDBOX_UNBUILT, /* built without libseccomp */
};

struct sandbox {
    enum sandbox_state files, calls;
    int landlock_abi; /* where files is IN_FORCE */
};

/* Before the first thread.  Tells what is in force, which may be nothing. */
struct sandbox sandbox_enter(const struct sandbox_wish *wish);

/* What a process keeps that only computes: read, write and close what it has open, memory, time,
 * its own end.  Nothing can be opened, no process begun.  Before the first thread. */
struct sandbox sandbox_enter_strictly(void);

/* Each process in which sandbox_enter() was called remembers what came of it. */
const struct sandbox *sandbox_now(void);

/* ---- the pieces ------------------------------------------------------------------------------ */

/* Landlock (landlock.c).  The ABI in force; 0: none. */
int landlock_enter(const struct sandbox_wish *wish);
/* seccomp (seccomp.c). */
enum sandbox_state seccomp_enter(const struct sandbox_wish *wish);
enum sandbox_state seccomp_enter_strictly(void);

#endif
