/* SPDX-License-Identifier: MIT */
/* check_log.c - the stored checks of one domain. */
#include "history/check_log.h"

#include <string.h>

#include "history/reading.h"

struct log_reader {
    struct history_reading reading; /* into the log */
    struct check_log *log;
};

/* ---- codes ----------------------------------------------------------------------------------- */

static bool is_same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool logged_code_is_same(const struct logged_code *a, const struct logged_code *b)
{
    return is_same_text(a->code, b->code) && is_same_text(a->severity, b->severity) &&
           is_same_text(a->subject, b->subject);
}

bool logged_code_is_among(const struct logged_code *code, const struct logged_codes *codes)
{
    for (size_t i = 0; i < codes->count; i++)
        if (logged_code_is_same(code, &codes->list[i]))
            return true;
    return false;
}

static struct logged_code borrowed_code(const struct store_code *code)
{
    return (struct logged_code){code->code, code->severity, code->subject};
}

static bool found_the_same(const struct logged_check *before, const struct store_check *check)
{
    if (before->found.count != check->code_count)
        return false;
    for (size_t i = 0; i < check->code_count; i++) {
        struct logged_code code = borrowed_code(&check->codes[i]);

        if (!logged_code_is_same(&before->found.list[i], &code))
            return false;
    }
    return true;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void copy_codes(struct history_reading *reading, const struct store_check *check,
                       struct logged_codes *ret)
{
    for (size_t i = 0; i < check->code_count; i++) {
        const struct store_code *code = &check->codes[i];
        struct logged_code *one = reading_grow(reading, &ret->list, &ret->count, sizeof(*one));

        if (one)
            *one = (struct logged_code){reading_copy(reading, code->code),
                                        reading_copy(reading, code->severity),
                                        reading_copy(reading, code->subject)};
    }
}

/* The text of the check before, where it is the same. */
static const char *share(struct history_reading *reading, const char *before, const char *text)
{
    return before && strcmp(before, text) == 0 ? before : reading_copy(reading, text);
}

static bool add_check(void *arg, const struct store_check *check)
{
    struct log_reader *reader = arg;
    struct history_reading *reading = &reader->reading;
    struct check_log *log = reader->log;
    struct logged_check before = {0}, *made;

    if (log->count)
        before = log->checks[log->count - 1];
    made = reading_grow(reading, &log->checks, &log->count, sizeof(*made));
    if (!made)
        return false;
    *made = (struct logged_check){.seq = check->seq,
                                  .observed_at = check->observed_at,
                                  .verdict = share(reading, before.verdict, check->verdict),
                                  .posture = share(reading, before.posture, check->posture),
                                  .delivery = share(reading, before.delivery, check->delivery)};
    if (found_the_same(&before, check))
        made->found = before.found;
    else
        copy_codes(reading, check, &made->found);
    return !reading->no_memory;
}

enum sts_status check_log_read(TALLOC_CTX *ctx, struct store *store, const char *domain,
                               int64_t since, struct check_log **ret)
{
    struct check_log *log = talloc_zero(ctx, struct check_log);
    struct log_reader reader = {.reading = {.model = log}, .log = log};
    enum sts_status status =
        log ? store_history(store, domain, since, add_check, &reader) : STS_E_NOMEM;

    status = reading_status(&reader.reading, status);
    if (status)
        talloc_free(log);
    else
        *ret = log;
    return status;
}

size_t check_log_until(const struct check_log *log, int64_t at)
{
    size_t count = log->count;

    while (count && log->checks[count - 1].observed_at > at)
        count--;
    return count;
}
