/* SPDX-License-Identifier: MIT */
/* plugin.c - one line for a monitoring system, and more lines for whoever asks for them. */
#include "render/plugin.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "render/finding_text.h"
#include "render/headline.h"
#include "render/perfdata.h"
#include "render/text.h"
#include "verdict/cert.h"

#define WHOLE_MAX 1000 /* bytes: the old NRPE cuts at 1024, and then perfdata is lost */
#define EXPIRED   "0:" /* days left */
#define WIDTH     100

/* "CRITICAL" */
static const char *plugin_word(int status)
{
    static const char *const words[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

    return words[status >= 0 && status < 3 ? status : 3];
}

/* "|" would begin the perfdata. */
static char *without_bars(char *text)
{
    for (char *bar = text; bar && (bar = strchr(bar, '|')); bar++)
        *bar = '/';
    return text;
}

/* ---- the sentence ---------------------------------------------------------------------------- */

static const char *service_name(const struct expiry *expiry)
{
    return strcmp(expiry->service, "https") == 0 ? "policy host" : "mail server";
}

static char *expiry_sentence(TALLOC_CTX *ctx, const struct expiry *expiry)
{
    char date[CLOCK_TEXT_SIZE];

    clock_format_minute(expiry->cert->not_after, date);
    if (expiry->days < 0)
        return talloc_asprintf(ctx, "the certificate of %s (%s) expired on %s UTC; ", expiry->host,
                               service_name(expiry), date);
    return talloc_asprintf(ctx, "the certificate of %s (%s) expires in %lld day%s (%s UTC); ",
                           expiry->host, service_name(expiry), (long long)expiry->days,
                           expiry->days == 1 ? "" : "s", date);
}

/* At the end of a character. */
static void cut(char *text, size_t most)
{
    size_t length = strlen(text), at = 0, next;

    if (length <= most)
        return;
    while ((next = at + text_character(text + at, length - at)) <= most - 3)
        at = next;
    memcpy(text + at, "...", 4);
}

/* Behind a certificate that a range complains of, "no problems found" would belie it. */
static const char *said_of(TALLOC_CTX *ctx, const struct plugin_view *view)
{
    const struct diagnosis *d = view->diagnosis;

    return view->cause && !headline_count(d->findings, d->finding_count) ? headline_mail(ctx, d)
                                                                         : headline(ctx, d);
}

static char *sentence(TALLOC_CTX *ctx, const struct plugin_view *view)
{
    const struct diagnosis *d = view->diagnosis;
    const char *said = said_of(ctx, view);
    char *cause = view->cause ? expiry_sentence(ctx, view->cause) : talloc_strdup(ctx, "");
    char *text =
        cause && said ? talloc_asprintf(ctx, "%s: %s%s", d->facts->domain, cause, said) : NULL;

    if (text && !text_is_printable(text, strlen(text)))
        text = text_printable(ctx, text, strlen(text), 0);
    if (text)
        cut(without_bars(text), PLUGIN_SAID_MAX);
    return text;
}

/* ---- the perfdata ---------------------------------------------------------------------------- */

/* Where it does not fit it is left out: half of one would be worse than none. */
static void add(char **line, const struct perfdatum *datum)
{
    char *text = *line ? perfdata_text(*line, datum) : NULL;

    if (text && strlen(*line) + 1 + strlen(text) <= WHOLE_MAX)
        *line = talloc_asprintf_append_buffer(*line, " %s", text);
    else if (!text)
        *line = NULL;
}

static void add_max_age(char **line, const struct live_policy *policy)
{
    char *value =
        *line && policy ? talloc_asprintf(*line, "%lld", (long long)policy->max_age) : NULL;

    if (value)
        add(line, &(struct perfdatum){.label = "max_age", .value = value, .unit = "s", .min = "0"});
}

static void add_time(char **line, const struct plugin_view *view)
{
    int64_t ms = view->diagnosis->facts->elapsed_ms;
    char *value =
        *line ? talloc_asprintf(*line, "%lld.%03d", (long long)(ms / 1000), (int)(ms % 1000))
              : NULL;
    char *most = *line ? talloc_asprintf(*line, "%lld", (long long)view->timeout) : NULL;

    if (value && most)
        add(line, &(struct perfdatum){
                      .label = "time", .value = value, .unit = "s", .min = "0", .max = most});
}

static void add_sessions(char **line, const struct recent_sessions *sessions)
{
    char *value = *line && sessions && sessions->any
                      ? talloc_asprintf(*line, "%lld", (long long)sessions->failed)
                      : NULL;

    if (value)
        add(line, &(struct perfdatum){.label = "failed_sessions", .value = value, .min = "0"});
}

static void add_expiry(char **line, const struct plugin_view *view, const struct expiry *expiry)
{
    int64_t before = cert_warned_before(expiry->cert, view->warn_days);
    char *label =
        *line ? talloc_asprintf(*line, "%s_%s_days", expiry->host, expiry->service) : NULL;
    char *value = *line ? talloc_asprintf(*line, "%lld", (long long)expiry->days) : NULL;
    char *warn = *line ? talloc_asprintf(*line, "%lld:", (long long)before / 86400) : NULL;

    if (label && value && warn)
        add(line, &(struct perfdatum){.label = label,
                                      .value = value,
                                      .warn = view->warning ? view->warning : warn,
                                      .crit = view->critical ? view->critical : EXPIRED});
}

/* Where there are too many the first to expire are shown. */
static void add_expiries(char **line, const struct plugin_view *view)
{
    bool *done = *line ? talloc_zero_array(*line, bool, view->expiry_count + 1) : NULL;

    for (size_t round = 0; done && round < view->expiry_count; round++) {
        size_t first = view->expiry_count;

        for (size_t i = 0; i < view->expiry_count; i++)
            if (!done[i] && (first == view->expiry_count ||
                             view->expiries[i].days < view->expiries[first].days))
                first = i;
        done[first] = true;
        add_expiry(line, view, &view->expiries[first]);
    }
}

/* ---- more lines ------------------------------------------------------------------------------ */

static void add_finding(char **text, const struct finding *finding)
{
    TALLOC_CTX *work = talloc_new(*text);
    char *detail = work ? finding_text_detail(work, finding) : NULL;
    char *subject =
        detail ? text_printable(work, finding->subject, strlen(finding->subject), 0) : NULL;

    if (subject)
        *text = talloc_asprintf_append_buffer(*text, "%s: %s (%s): %s\n",
                                              severity_name(finding->severity),
                                              finding_info(finding->code)->name, subject, detail);
    talloc_free(work);
}

static char *more_lines(TALLOC_CTX *ctx, const struct plugin_view *view)
{
    const struct diagnosis *d = view->diagnosis;
    const struct textout_options page = {.width = WIDTH, .verbose = view->verbosity > 2};
    char *text;

    if (view->verbosity > 1)
        return text_check(ctx, d, &page);
    text = talloc_strdup(ctx, "");
    for (size_t i = 0; text && view->verbosity && i < d->finding_count; i++)
        add_finding(&text, &d->findings[i]);
    return text;
}

/* ---- all of it ------------------------------------------------------------------------------- */

char *plugin_text(TALLOC_CTX *ctx, const struct plugin_view *view)
{
    TALLOC_CTX *work = talloc_new(ctx);
    char *said = work ? sentence(work, view) : NULL;
    char *more = said ? more_lines(work, view) : NULL;
    char *line =
        more ? talloc_asprintf(work, PLUGIN_FIRST_WORD "%s - %s |", plugin_word(view->status), said)
             : NULL;

    if (line) {
        add_time(&line, view);
        add_max_age(&line, view->diagnosis->policy);
        add_sessions(&line, view->sessions);
        add_expiries(&line, view);
    }
    line = line ? talloc_asprintf(ctx, "%s\n%s", line, without_bars(more)) : NULL;
    talloc_free(work);
    return line;
}
