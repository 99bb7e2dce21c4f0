/* SPDX-License-Identifier: MIT */
/* submit.c - a list on its way into the store. */
#include "scan/submit.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <mtasts/match.h>

#include "base/array.h"
#include "base/pasted.h"
#include "render/scan_line.h"
#include "scan/list.h"
#include "scan/shards.h"
#include "store/hash.h"

#define PIECE 65536

struct submission {
    TALLOC_CTX *mem;
    const struct submit_request *request;
    struct store *store;
    struct listed *names;
    size_t count;
    struct store_scan_line *lines; /* of what is no domain */
    size_t line_count;
    enum submit_outcome outcome;
    struct submitted *ret;
};

/* ---- reading --------------------------------------------------------------------------------- */

static bool add_unusable(struct submission *submission, int64_t number, const char *given)
{
    char *line = scan_line_error(submission->mem, SCAN_JSON, number, given, "not a domain name");
    struct store_scan_line *added;
    const char *subject;
    size_t length;

    subject = line ? scan_line_subject(SCAN_JSON, line, &length) : NULL;
    added = subject ? array_grow(submission->mem, &submission->lines, &submission->line_count,
                                 sizeof(*added))
                    : NULL;
    if (!added)
        return false;
    added->domain = talloc_strndup(submission->mem, subject, length);
    line[strcspn(line, "\n")] = '\0';
    added->line = line;
    return added->domain;
}

static bool add_name(struct submission *submission, const char *name, const char *given)
{
    struct listed *added =
        array_grow(submission->mem, &submission->names, &submission->count, sizeof(*added));

    if (!added)
        return false;
    added->place = submission->count;
    added->name = talloc_strdup(submission->mem, name);
    added->given = strcmp(name, given) == 0 ? added->name : talloc_strdup(submission->mem, given);
    return added->name && added->given;
}

static bool take_name(void *arg, int64_t line, const char *given)
{
    struct submission *submission = arg;
    char ascii[STS_NAME_SIZE];
    enum pasted_form form;
    bool added;

    if (submission->count + submission->line_count >= SUBMIT_MAX) {
        submission->outcome = SUBMIT_TOO_LONG;
        return false;
    }
    if (pasted_domain(given, ascii, &form) == STS_OK)
        added = add_name(submission, ascii, form == PASTED_PLAIN ? given : ascii);
    else
        added = add_unusable(submission, line, given);
    if (!added)
        submission->outcome = SUBMIT_NO_MEMORY;
    return added;
}

static void read_all(struct submission *submission, struct list *list, char *piece)
{
    bool more = true;

    while (more) {
        ssize_t got = read(submission->request->in, piece, PIECE);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            submission->outcome = SUBMIT_READ_FAILED;
        if (got <= 0)
            break;
        more = list_feed(list, piece, (size_t)got);
    }
    if (more && submission->outcome == SUBMIT_DONE)
        list_end(list);
    if (list_lacks_column(list))
        submission->outcome = SUBMIT_NO_COLUMN;
}

static void read_list(struct submission *submission)
{
    char *piece = talloc_size(submission->mem, PIECE);
    struct list *list;

    if (piece && list_new(submission->mem, submission->request->column, take_name, submission,
                          &list) == STS_OK)
        read_all(submission, list, piece);
    else
        submission->outcome = SUBMIT_NO_MEMORY;
}

/* ---- storing --------------------------------------------------------------------------------- */

static enum sts_status hash_all(const struct submission *submission,
                                uint8_t digest[STORE_HASH_SIZE])
{
    struct hash *hash = hash_new(submission->mem);

    if (!hash)
        return STS_E_NOMEM;
    for (size_t i = 0; i < submission->count; i++)
        hash_text(hash, submission->names[i].given);
    for (size_t i = 0; i < submission->line_count; i++)
        hash_text(hash, submission->lines[i].line);
    return hash_end(hash, digest);
}

static enum sts_status add_shards(struct submission *submission)
{
    size_t size = (size_t)submission->request->shard;
    enum sts_status status = STS_OK;
    int64_t number = 0;

    for (size_t from = 0; from < submission->count && !status; from += size) {
        size_t left = submission->count - from;
        char *text = shards_text(submission->mem, submission->names, submission->count, from, size);

        status = text ? store_scan_add_shard(submission->store, submission->ret->scan, ++number,
                                             text, (int64_t)(left < size ? left : size))
                      : STS_E_NOMEM;
        talloc_free(text);
    }
    return status;
}

static enum sts_status put(struct store *store, void *arg)
{
    struct submission *submission = arg;
    const struct submit_request *request = submission->request;
    struct submitted *ret = submission->ret;
    uint8_t digest[STORE_HASH_SIZE];
    enum sts_status status = hash_all(submission, digest);
    const struct store_scan scan = {.name = request->name,
                                    .content = {(const char *)digest, sizeof(digest)},
                                    .created = request->now,
                                    .domains = ret->domains,
                                    .unusable = ret->unusable,
                                    .shards = ret->shards};

    if (!status)
        status = store_scan_add(store, &scan, &ret->added, &ret->scan);
    if (status || ret->added != STORE_SCAN_NEW)
        return status;
    status = add_shards(submission);
    return status
               ? status
               : store_scan_add_lines(store, ret->scan, submission->lines, submission->line_count);
}

enum submit_outcome submit(struct store *store, const struct submit_request *request,
                           struct submitted *ret)
{
    struct submission submission = {
        .mem = talloc_new(store), .request = request, .store = store, .ret = ret};
    enum sts_status status;

    *ret = (struct submitted){0};
    if (!submission.mem)
        return SUBMIT_NO_MEMORY;
    read_list(&submission);
    if (submission.outcome == SUBMIT_DONE) {
        submission.count = shards_order(submission.names, submission.count);
        ret->domains = (int64_t)submission.count;
        ret->unusable = (int64_t)submission.line_count;
        ret->shards = (ret->domains + request->shard - 1) / request->shard;
        status = store_batch(store, put, &submission);
        if (status)
            submission.outcome = status == STS_E_NOMEM ? SUBMIT_NO_MEMORY : SUBMIT_STORE_FAILED;
    }
    talloc_free(submission.mem);
    return submission.outcome;
}
