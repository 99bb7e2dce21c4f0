/* SPDX-License-Identifier: MIT */
/* condition_sessions.c - what reports say, and what it says that there are none.
 *
 * Of each sender its newest report counts: one with failed sessions is a failure until the sender
 * reports a day without any, or reports no more.  A sender that reported often and stopped is
 * missed; where all of them stopped, that is one condition and not one a sender. */
#include <inttypes.h>
#include <string.h>

#include "alerts/condition_work.h"
#include "alerts/limits.h"
#include "base/array.h"
#include "base/clock.h"
#include "history/sender_names.h"

#define DAY ((int64_t)86400)

struct sender {
    const char *name;
    int64_t reports;
    int64_t ends;   /* of the newest */
    int64_t failed; /* in it */
};

struct senders {
    struct sender *list;
    size_t count;
};

static struct sender *sender_of(TALLOC_CTX *ctx, struct senders *senders, const char *name)
{
    struct sender *made;

    for (size_t i = 0; i < senders->count; i++)
        if (strcmp(senders->list[i].name, name) == 0)
            return &senders->list[i];
    made = array_grow(ctx, &senders->list, &senders->count, sizeof(*made));
    if (made)
        made->name = name;
    return made;
}

static bool gather(TALLOC_CTX *ctx, const struct session_log *log, struct senders *senders)
{
    for (size_t i = 0; i < log->count; i++) {
        const struct reported *report = &log->reports[i];
        struct sender *sender = sender_of(ctx, senders, report->submitter);

        if (!sender)
            return false;
        sender->reports++;
        if (report->ends > sender->ends)
            sender->failed = 0;
        if (report->ends >= sender->ends) {
            sender->ends = report->ends;
            sender->failed += report->failed;
        }
    }
    return true;
}

/* ---- failures -------------------------------------------------------------------------------- */

static void add_failure(TALLOC_CTX *ctx, const struct senders *senders, const struct names *written,
                        int64_t now, struct conditions *to)
{
    char *names = NULL;
    int64_t failed = 0;
    struct condition *made;

    for (size_t i = 0; i < senders->count; i++) {
        const struct sender *sender = &senders->list[i];

        if (!sender->failed || sender->ends < now - LIMIT_FAILURE_LASTS)
            continue;
        const char *name = sender_names_find(written, sender->name);

        failed += sender->failed;
        names = names ? talloc_asprintf(ctx, "%s, %s", names, name) : talloc_strdup(ctx, name);
    }
    made = failed ? condition_add(ctx, to, ALERT_FAILURE, "reports-failing", "") : NULL;
    if (!made)
        return;
    struct param params[] = {{"failed", talloc_asprintf(ctx, "%" PRId64, failed)},
                             {"senders", names}};

    made->severity = SEVERITY_HIGH;
    made->detail = condition_sentence(
        ctx, N_("The latest reports of {senders} show failed sessions: {failed}."), params, 2);
}

/* ---- silence --------------------------------------------------------------------------------- */

static bool is_silent(const struct sender *sender, int64_t now, int64_t days)
{
    return sender->ends < now - (days + 1) * DAY; /* a report comes up to a day later */
}

static void add_silence(TALLOC_CTX *ctx, struct conditions *to, const struct sender *sender,
                        const struct names *written, int64_t now)
{
    bool all = !*sender->name;
    struct condition *made = condition_add(ctx, to, all ? ALERT_NO_REPORTS : ALERT_SILENT,
                                           all ? "no-reports" : "sender-silent", sender->name);
    char since[CLOCK_TEXT_SIZE];

    if (!made)
        return;
    clock_format(sender->ends, since);
    struct param params[] = {{"sender", sender_names_find(written, sender->name)},
                             {"since", since}};

    made->severity = SEVERITY_MEDIUM;
    made->days = (now - sender->ends) / DAY;
    made->detail = condition_sentence(
        ctx,
        all ? N_("No TLS reports since {since}. Check the address in the rua and its mailbox.")
            : N_("No TLS report from {sender} since {since}; it used to report regularly."),
        params, 2);
}

void conditions_of_sessions(TALLOC_CTX *ctx, const struct session_log *log,
                            const struct names *written, int64_t now,
                            const struct condition_settings *settings, struct conditions *ret)
{
    struct senders senders = {0};
    struct sender last = {.name = ""};
    bool any = false;

    if (!gather(ctx, log, &senders)) {
        ret->no_memory = true;
        return;
    }
    add_failure(ctx, &senders, written, now, ret);
    for (size_t i = 0; i < senders.count; i++) {
        last.reports += senders.list[i].reports;
        if (senders.list[i].ends > last.ends)
            last.ends = senders.list[i].ends;
        any = any || !is_silent(&senders.list[i], now, settings->silent_days);
    }
    if (!any && last.reports >= LIMIT_USUAL_REPORTS)
        add_silence(ctx, ret, &last, written, now);
    for (size_t i = 0; any && i < senders.count; i++)
        if (senders.list[i].reports >= LIMIT_USUAL_REPORTS &&
            is_silent(&senders.list[i], now, settings->silent_days))
            add_silence(ctx, ret, &senders.list[i], written, now);
}
