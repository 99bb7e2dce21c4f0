/* SPDX-License-Identifier: MIT */
/* domain_past.c - who reports on a domain, what changed, and which policies may still be cached. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "pages/domain_parts.h"
#include "render/domain_text.h"

#define SENDERS_MAX 50

static const char *shown(TALLOC_CTX *ctx, const char *text)
{
    const char *printable = text ? text_printable(ctx, text, strlen(text), 200) : NULL;

    return printable ? printable : "";
}

/* ---- senders --------------------------------------------------------------------------------- */

static const char *rhythm(TALLOC_CTX *ctx, const struct logged_sender *sender)
{
    unsigned long days = (unsigned long)domain_sender_interval(sender);

    if (!sender->interval)
        return "";
    if (days == 1)
        return _("daily");
    return talloc_asprintf(ctx, ngettext("every %lu day", "every %lu days", days), days);
}

static const char *silence(TALLOC_CTX *ctx, const struct domain_summary *s,
                           const struct logged_sender *sender)
{
    unsigned long days = (unsigned long)domain_sender_silence(s, sender);

    return sender->silent
               ? talloc_asprintf(ctx, ngettext("silent for %lu day", "silent for %lu days", days),
                                 days)
               : NULL;
}

void domain_senders(TALLOC_CTX *ctx, struct domain_page *page, const struct domain_summary *summary)
{
    size_t count = summary->senders.count < SENDERS_MAX ? summary->senders.count : SENDERS_MAX;

    page->reporters = talloc_array(ctx, struct domain_sender, (unsigned)count + 1);
    for (size_t i = 0; page->reporters && i < count; i++) {
        const struct logged_sender *from = &summary->senders.senders[i];
        struct mark_page mark = mark_of_severity(from->silent ? SEVERITY_MEDIUM : SEVERITY_NONE);

        mark.word = NULL;
        page->reporters[page->reporter_count++] = (struct domain_sender){
            .mark = mark,
            .name = shown(ctx, domain_sender_name(summary, from->name)),
            .reports = (int64_t)from->reports,
            .successful = from->successful,
            .failed = from->failed,
            .last = from->last,
            .rhythm = rhythm(ctx, from),
            .silence = silence(ctx, summary, from),
        };
    }
}

/* ---- changes --------------------------------------------------------------------------------- */

static char *list_codes(char *text, const char *title, const struct logged_codes *codes)
{
    if (!codes->count)
        return text;
    text = talloc_asprintf_append(text, "%s%s ", text && *text ? "; " : "", title);
    for (size_t i = 0; i < codes->count; i++)
        text = talloc_asprintf_append(text, "%s%s", i ? ", " : "", codes->list[i].code);
    return text;
}

static struct domain_change change_of(TALLOC_CTX *ctx, const struct same_checks *run, bool first)
{
    char *text = talloc_strdup(ctx, "");
    enum severity worst = SEVERITY_NONE;

    for (size_t i = 0; i < run->found.count; i++) {
        enum severity one = severity_by_name(run->found.list[i].severity);

        worst = one > worst ? one : worst;
    }
    text = list_codes(text, first ? _("found:") : _("new:"), &run->appeared);
    text = list_codes(text, _("resolved:"), &run->gone);
    return (struct domain_change){mark_of_severity(worst), run->first, run->last,
                                  text && *text ? text : _("no problems found")};
}

/* The newest first. */
void domain_changes(TALLOC_CTX *ctx, struct domain_page *page, const struct domain_summary *summary,
                    size_t most)
{
    const struct check_runs *runs = &summary->runs;

    page->changes = talloc_array(ctx, struct domain_change, (unsigned)most);
    for (size_t i = runs->count; page->changes && i-- && page->change_count < most;)
        page->changes[page->change_count++] = change_of(ctx, &runs->list[i], i == 0);
}

/* ---- certificates ---------------------------------------------------------------------------- */

/* The newest first. */
void domain_certificates(TALLOC_CTX *ctx, struct domain_page *page,
                         const struct domain_summary *summary, size_t most)
{
    const struct certificate_log *log = &summary->certificates;

    page->certificates = talloc_array(ctx, struct domain_certificate, (unsigned)most);
    for (size_t i = log->count; page->certificates && i-- && page->certificate_count < most;) {
        const struct certificate_change *from = &log->changes[i];

        page->certificates[page->certificate_count++] = (struct domain_certificate){
            from->at, from->ends, shown(ctx, from->host), !strcmp(from->service, "https")};
    }
}

/* ---- policies -------------------------------------------------------------------------------- */

static const char **mx_list(TALLOC_CTX *ctx, const struct served *policy)
{
    const char **list = talloc_zero_array(ctx, const char *, (unsigned)policy->mx_count + 1);

    for (size_t i = 0; list && i < policy->mx_count; i++)
        list[i] = shown(ctx, policy->mx[i]);
    return list;
}

void domain_policies(TALLOC_CTX *ctx, struct domain_page *page,
                     const struct domain_summary *summary)
{
    const struct history *past = summary->past;

    page->policies = talloc_array(ctx, struct domain_policy, (unsigned)past->policy_count + 1);
    for (size_t i = past->policy_count; page->policies && i--;) {
        const struct served *from = &past->policies[i];
        unsigned long days = (unsigned long)(from->max_age / ADVISORY_DAY);
        int64_t until = copies_expire(from, summary->now);

        page->policies[page->policy_count++] = (struct domain_policy){
            .mode = sts_mode_name(from->mode),
            .id = shown(ctx, from->id),
            .max_age = talloc_asprintf(ctx, ngettext("%lu day", "%lu days", days), days),
            .mx = mx_list(ctx, from),
            .first_seen = from->first_seen,
            .last_seen = from->last_seen,
            .held_until = until,
            .held = until > summary->now,
        };
    }
}
