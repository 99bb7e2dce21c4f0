/* SPDX-License-Identifier: MIT */
/* open_store.h - the store on the command line: opened as --store says.
 *
 * Without --store it is that of the environment variable MTASTS_STORE, else of a
 * configuration file.  A password is refused on
 * the command line, where all users of the machine can read it, and is never shown.
 *
 * What goes wrong is said here, in one line on standard error that names the store.  All return 0
 * or the exit status: EXIT_INTERNAL, EXIT_LATER where the same may be tried again, or EXIT_USAGE
 * where nothing is named. */
#ifndef CMD_OPEN_STORE_H
#define CMD_OPEN_STORE_H

#include "app/fault.h"
#include "cmd/options.h"
#include "store/store.h"

/* The store of --store, else of the environment, else of a configuration file; NULL: the default
 * one. */
const char *open_store_where(const struct options *options);

/* The same, seen to be one that may be named so. */
int open_store_named(const struct options *options, const char **ret);

/* The store of --store, of MTASTS_STORE, else the default one.  With STORE_READ *ret is NULL where
 * the default one is not there, and nothing is said; a named one must be there.  One that is made
 * is said to be so. Owned by ctx; freeing it closes it. */
int open_store(TALLOC_CTX *ctx, const struct options *options, enum store_purpose purpose,
               struct store **ret);

/* The same; *ret_absent: it fails because nothing is there. */
int open_store_or_absent(TALLOC_CTX *ctx, const struct options *options, enum store_purpose purpose,
                         struct store **ret, bool *ret_absent);

/* Can it be a store?  0, or EXIT_USAGE after a line that calls the option `shown`. */
int open_store_check(const char *shown, const char *where);
bool open_store_has_password(const char *where);

/* Say what a verb of the store complains of. */
int say_store_failure(const struct store *store, enum sts_status status);
int say_store_fault(const struct store_fault *fault);
/* Say what a use case complains of. */
int say_fault(const struct fault *fault);

#endif
