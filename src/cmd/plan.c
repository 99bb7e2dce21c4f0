/* SPDX-License-Identifier: MIT */
/* plan.c - plan and rollback: what comes next for a domain, from its facts and the store. */
#include "cmd/cmd.h"

#include <string.h>

#include <mtasts/match.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/time_span.h"
#include "cmd/open_store.h"
#include "cmd/live.h"
#include "cmd/write_files.h"
#include "history/policy_history.h"
#include "cmd/console.h"
#include "cmd/from_file.h"
#include "rollout/plan.h"

typedef void (*advisory_fn)(struct advisory *a, const struct situation *s,
                            const struct plan_wish *wish);

struct job {
    const struct options *options;
    advisory_fn fn;
    const char *format;
    struct plan_wish wish;
    int64_t since;       /* as told; 0: not */
    struct store *store; /* NULL: nothing was ever kept, or it fails */
    bool unread;         /* it fails */
};

/* In an emergency what can be said without the past is wanted all the same. */
static bool is_emergency(const struct job *job)
{
    return job->fn == plan_rollback;
}

/* Owned by ctx.  NULL: it failed, and why has been said with *ret_status. */
static struct history *history_of(TALLOC_CTX *ctx, const struct options *options,
                                  const struct job *job, const char *domain, int64_t now,
                                  int *ret_status)
{
    struct history *past = NULL;
    enum sts_status status = STS_OK;

    if (job->store)
        status = policy_history_read(ctx, job->store, domain, now, &past);
    if (status) {
        *ret_status = say_store_failure(job->store, status);
        if (!is_emergency(job))
            return NULL;
    }
    if (!job->store || status)
        past = talloc_zero(ctx, struct history);
    if (!past) {
        *ret_status = console_no_memory();
        return NULL;
    }
    past->unread = job->unread || status;
    past->max_age_told = options->max_age_before;
    return past;
}

static enum sts_status show(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                            struct live_output *ret)
{
    const struct job *job = arg;
    const struct options *options = job->options;
    int64_t now = options->now == NOW_UNSET ? facts->observed_at : options->now;
    TALLOC_CTX *scratch = talloc_new(ctx);
    struct advisory *a = scratch ? advisory_new(scratch, facts->domain, facts, now) : NULL;
    struct situation situation;
    struct diagnosis *diagnosis;
    struct history *past;
    char *text = NULL;

    if (a && diagnose(scratch, facts, now, &diagnosis) == STS_OK) {
        past = history_of(scratch, options, job, facts->domain, now, &ret->status);
        if (!past) {
            talloc_free(scratch);
            return STS_OK; /* why has been said */
        }
        situation_read(&situation, diagnosis, past, job->since, now);
        job->fn(a, &situation, &job->wish);
        text = write_outline(ctx, options, a, job->format, &ret->status);
    }
    talloc_free(scratch);
    ret->text = text;
    return text ? STS_OK : STS_E_NOMEM;
}

static int run(TALLOC_CTX *ctx, const struct options *options, struct job *job)
{
    struct options own = *options;
    int status, store_status;
    bool absent;

    if (own.from && own.operand_count)
        return console_usage(_("--from and a domain (%s) cannot be combined"), own.operands[0]);
    if (own.out && own.operand_count > 1)
        return console_usage("%s", _("--out takes only one domain"));
    store_status = open_store_or_absent(ctx, &own, STORE_READ, &job->store, &absent);
    if (store_status && (store_status == EXIT_USAGE || absent || !is_emergency(job)))
        return store_status;
    job->unread = store_status;
    job->options = &own;
    status = own.from ? from_file_run(ctx, &own, show, job) : live_run(ctx, &own, show, job);
    talloc_free(job->store);
    return exit_status_worse(status, store_status);
}

static int read_since(const struct options *options, int64_t *ret)
{
    int64_t now = options->now == NOW_UNSET ? clock_now() : options->now;

    *ret = 0;
    if (!options->since || time_span_begin(options->since, now, ret))
        return 0;
    return console_usage(_("--since %s: expected a date such as 2026-11-23"), options->since);
}

static int read_hosts(TALLOC_CTX *ctx, const struct options *options, struct plan_wish *wish)
{
    const char **hosts = talloc_zero_array(ctx, const char *, (unsigned)options->new_mx_count + 1);

    for (size_t i = 0; hosts && i < options->new_mx_count; i++) {
        char name[STS_NAME_SIZE];

        if (sts_name_from_user(options->new_mx[i], name) != STS_OK)
            return console_usage(_("--new-mx %s: not a host name"), options->new_mx[i]);
        hosts[i] = talloc_strdup(hosts, name);
        if (!hosts[i])
            return console_no_memory();
    }
    wish->new_mx = hosts;
    wish->new_mx_count = options->new_mx_count;
    return hosts ? 0 : console_no_memory();
}

static int prepare(TALLOC_CTX *ctx, const struct options *options, struct job *job)
{
    int status = read_since(options, &job->since);

    job->wish.nsupdate = options->apply_dns != NULL;
    return status ? status : read_hosts(ctx, options, &job->wish);
}

int cmd_plan(TALLOC_CTX *ctx, const struct options *options)
{
    struct job job = {.fn = plan_next, .format = "mtasts.plan/1"};
    int status = prepare(ctx, options, &job);

    if (status)
        return status;
    if (options->remove && options->new_mx_count)
        return console_usage("%s", _("--remove and --new-mx cannot be combined"));
    if (options->remove)
        job.fn = plan_remove;
    else if (options->new_mx_count)
        job.fn = plan_migration;
    return run(ctx, options, &job);
}

int cmd_rollback(TALLOC_CTX *ctx, const struct options *options)
{
    struct job job = {.fn = plan_rollback, .format = "mtasts.rollback/1"};
    int status = prepare(ctx, options, &job);

    return status ? status : run(ctx, options, &job);
}
