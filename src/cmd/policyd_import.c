/* SPDX-License-Identifier: MIT */
/* policyd_import.c - what another policy daemon has cached, into the store from which ours answers.
 *
 * The file is read wholly before anything is written, and all of it in one transaction: a file that
 * is damaged leaves the store as it was.  What the store has seen later stays. */
#include "cmd/policyd_verbs.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/console.h"
#include "cmd/open_store.h"
#include "intake/unpack.h"
#include "policyd/policy_import.h"
#include "policyd/limits.h"

static int say_too_large(const char *path)
{
    return console_usage(_("%s cannot be imported: it is larger than %d MiB"), path,
                         LIMIT_IMPORT_FILE >> 20);
}

/* postfix-tlspol packs its file; others may, too. */
static int unpack(TALLOC_CTX *ctx, const char *path, struct bytes *bytes)
{
    size_t left = LIMIT_IMPORT_FILE;
    unsigned deviations = 0;
    enum unpack_outcome outcome;

    if (!bytes_begin(*bytes, "\x1f\x8b"))
        return 0;
    outcome = gzip_unpack(ctx, *bytes, &left, &deviations, bytes);
    if (outcome == UNPACK_NO_MEMORY)
        return console_no_memory();
    if (outcome == UNPACK_TOO_LARGE)
        return say_too_large(path);
    return outcome ? console_usage(_("%s cannot be imported: %s"), path, _(unpack_text(outcome)))
                   : 0;
}

static int say_fault_of(const char *path, enum policy_import_fault fault,
                        const struct policy_import *import)
{
    const char *why = _(policy_import_fault_text(fault));

    if (fault == POLICY_IMPORT_NO_MEMORY)
        return console_no_memory();
    return fault == POLICY_IMPORT_BAD_LINE
               ? console_usage(_("%s cannot be imported: line %zu: %s"), path, import->line, why)
               : console_usage(_("%s cannot be imported: %s"), path, why);
}

static int read_file(TALLOC_CTX *ctx, const char *path, struct policy_import *import)
{
    size_t length = 0;
    char *text = NULL;
    struct bytes bytes;
    enum policy_import_fault fault;
    int status = input_read(ctx, path, LIMIT_IMPORT_FILE, &text, &length);

    if (status)
        return status;
    if (length > LIMIT_IMPORT_FILE)
        return say_too_large(path);
    bytes = (struct bytes){text, length};
    status = unpack(ctx, path, &bytes);
    if (status)
        return status;
    fault = policy_import_read(ctx, bytes, clock_now(), import);
    return fault ? say_fault_of(path, fault, import) : 0;
}

static int write_all(TALLOC_CTX *ctx, const struct options *options,
                     const struct policy_import *import)
{
    struct store *store;
    int exit_status = open_store(ctx, options, STORE_WRITE, &store);
    enum sts_status status;

    if (exit_status)
        return exit_status;
    status = store_begin(store);
    for (size_t i = 0; status == STS_OK && i < import->count; i++)
        status = store_put_cached_policy(store, &import->list[i]);
    if (status == STS_OK)
        status = store_commit(store);
    return status == STS_OK ? 0 : say_store_failure(store, status);
}

int policyd_import(TALLOC_CTX *ctx, const struct options *options)
{
    struct policy_import import = {.count = 0};
    int status;

    if (options->operand_count != 2)
        return console_usage("%s", _("import: expected one file, the cache of another daemon"));
    status = read_file(ctx, options->operands[1], &import);
    if (!status)
        status = write_all(ctx, options, &import);
    if (status)
        return status;
    if (import.expired)
        console_note(_("not imported, as they have expired: %zu"), import.expired);
    if (import.unusable)
        console_note(_("not imported, as they are not usable: %zu"), import.unusable);
    return options->quiet ? 0
                          : console_text(talloc_asprintf(ctx, _("imported: %zu\n"), import.count));
}
