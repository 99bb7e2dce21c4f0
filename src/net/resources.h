/* SPDX-License-Identifier: MIT */
/* resources.h - what this process may still have: files and memory.  Where they run out, nothing
 * that was seen says anything about a peer; the facts name the shortage, and no rule judges the
 * rest. */
#ifndef NET_RESOURCES_H
#define NET_RESOURCES_H

#include <stdbool.h>
#include <stddef.h>

struct facts;

/* The `error` of a session or fetch that ended, or waits, for want of something of our own. */
#define OUT_OF_MEMORY "out of memory"
#define OUT_OF_FILES  "out of files"
#define OUT_OF_PORTS  "out of ports"

/* How many files may be open at a time, after asking for all that we can get. */
size_t resources_files(void);
/* Could so much memory be had now?  Nothing is kept. */
bool resources_memory(size_t bytes);
/* "memory", "files" or "ports", where that is what the error says; NULL: it speaks of the peer. */
const char *resources_shortage(const char *error);
/* The same for all that the facts hold. */
const char *resources_shortage_of(const struct facts *facts);

#endif
