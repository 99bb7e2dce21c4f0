/* SPDX-License-Identifier: MIT */
/* look_view.c - a look at a domain as far as it has come. */
#include "render/look_view.h"

#include <string.h>

#include "base/i18n.h"
#include "render/chain.h"

static const char *const names[LOOK_STEPS] = {
    [LOOK_DNS] = "dns",       [LOOK_POLICY_HOST] = "policy-host",
    [LOOK_POLICY] = "policy", [LOOK_CERTIFICATE] = "certificate",
    [LOOK_MX] = "mx",         [LOOK_TLSRPT] = "tlsrpt",
    [LOOK_DANE] = "dane",
};

static const char *state_of(enum severity severity)
{
    static const char *const states[] = {
        [SEVERITY_NONE] = "good",       [SEVERITY_INFO] = "good", [SEVERITY_LOW] = "warning",
        [SEVERITY_MEDIUM] = "warning",  [SEVERITY_HIGH] = "bad",  [SEVERITY_CRITICAL] = "bad",
        [SEVERITY_UNKNOWN] = "unknown",
    };

    return states[severity];
}

static struct look_row *add(struct look_view *view, enum look_step step, const char *label,
                            const char *host)
{
    struct look_row *row = &view->rows[view->row_count++];

    *row = (struct look_row){
        .name = names[step], .label = label, .host = host, .state = "pending", .elapsed_ms = -1};
    return row;
}

static void set(struct look_row *row, enum severity severity, const char *text)
{
    row->severity = severity;
    row->state = state_of(severity);
    row->text = text;
}

/* All that the event says; what it is about follows from its place. */
static bool take_event(struct look_row *row, enum look_step step, size_t host,
                       const struct look_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (events[i].step == step && events[i].host == host) {
            row->number = i + 1;
            row->elapsed_ms = events[i].ms;
            return true;
        }
    return false;
}

static char *host_text(TALLOC_CTX *ctx, const struct chain_host *host)
{
    char *text = talloc_strdup(ctx, host->text);

    for (size_t i = 0; text && i < host->title_count; i++)
        text = talloc_asprintf_append(text, "%s%s", i ? " · " : ": ", host->titles[i]);
    return text;
}

static bool add_host(struct look_view *view, const struct chain *chain, size_t i,
                     const struct look_event *events, size_t count)
{
    const struct chain_host *host = &chain->hosts[i];
    struct look_row *row = add(view, LOOK_MX, host->name, host->name);
    char *text;

    if (!take_event(row, LOOK_MX, i, events, count))
        return true;
    text = host_text(view, host);
    set(row, host->severity, text);
    return text;
}

struct look_view *look_view_new(TALLOC_CTX *ctx, const struct diagnosis *diagnosis,
                                const struct look_event *events, size_t count)
{
    struct look_view *view = talloc_zero(ctx, struct look_view);
    struct chain *chain = view && diagnosis ? chain_new(view, diagnosis) : NULL;
    bool made = view && (chain || !diagnosis);

    for (size_t i = 0; made && i < LOOK_STEPS; i++) {
        enum look_step step = (enum look_step)i;
        struct look_row *row = add(view, step, chain_label(step), NULL);

        if (chain && take_event(row, step, LOOK_NO_HOST, events, count))
            set(row, chain->steps[i].severity, chain->steps[i].text);
        for (size_t j = 0;
             chain && step == LOOK_MX && made && j < chain->host_count && j < LOOK_HOSTS_MAX; j++)
            made = add_host(view, chain, j, events, count);
    }
    if (!made)
        TALLOC_FREE(view);
    return view;
}

const struct look_row *look_view_row(const struct look_view *view, size_t number)
{
    for (size_t i = 0; number && i < view->row_count; i++)
        if (view->rows[i].number == number)
            return &view->rows[i];
    return NULL;
}
