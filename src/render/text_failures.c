/* SPDX-License-Identifier: MIT */
/* text_failures.c - what failed, in short: who saw it, whose fault it is, whether it still fails.
 */
#include "render/text_report.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "render/text.h"

#define FAILURES_SHOWN 10

/* Of the finding's parameters, printable; "" where it has none of the name. */
static const char *value(struct page *page, const struct finding *finding, const char *name)
{
    for (size_t i = 0; i < finding->param_count; i++) {
        const char *text = finding->params[i].value;

        if (!strcmp(finding->params[i].name, name) && text)
            return text_printable(page, text, strlen(text), 200);
    }
    return "";
}

static bool same_value(struct page *page, const struct finding *a, const struct finding *b,
                       const char *name)
{
    return !strcmp(value(page, a, name), value(page, b, name));
}

/* ---- does it still fail? --------------------------------------------------------------------- */

/* What the check says of this failure; NULL: nothing. */
static const struct finding *joined(struct page *page, const struct report_view *view,
                                    const struct finding *failure)
{
    for (size_t i = 0; i < view->finding_count; i++) {
        const struct finding *finding = &view->findings[i];

        if ((finding->code == FINDING_REPORT_CONFIRMED ||
             finding->code == FINDING_REPORT_NOT_CONFIRMED) &&
            !strcmp(finding->subject, failure->subject) &&
            same_value(page, finding, failure, "domain") &&
            same_value(page, finding, failure, "result_type"))
            return finding;
    }
    return NULL;
}

static char *now_text(struct page *page, const struct report_page *from,
                      const struct finding *failure)
{
    const struct finding *check = joined(page, from->view, failure);

    if (!from->checked)
        return talloc_strdup(page, _("not checked (use --check)"));
    if (!check)
        return talloc_strdup(page, _("a check cannot determine this"));
    if (check->code == FINDING_REPORT_NOT_CONFIRMED)
        return talloc_strdup(page, _("not seen in the check"));
    return talloc_asprintf(page, _("persists (%s)"), value(page, check, "codes"));
}

/* ---- who and whose --------------------------------------------------------------------------- */

static const char *fault_text(const char *fault)
{
    static const struct {
        const char *name, *text;
    } texts[] = {
        {"yours", N_("most likely on your side")},
        {"sender", N_("on the sender's side (its settings)")},
        {"provider", N_("at the provider of this mail server")},
        {"between", N_("most likely between the two: network, filters, TLS versions")},
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (!strcmp(texts[i].name, fault))
            return _(texts[i].text);
    return _("unclear from the reports");
}

/* What became of the mail; NULL: the reports do not tell. */
static const char *mail_text(struct page *page, const struct finding *failure)
{
    const char *type = value(page, failure, "result_type"), *mode = value(page, failure, "mode");

    if (!strncmp(type, "sts-", 4))
        return _("delivered without protection, or according to a cached policy");
    if (!strcmp(value(page, failure, "policy_types"), "tlsa"))
        return _("held back by the sender because of DANE");
    if (!strcmp(mode, "enforce"))
        return _("held back by the sender: its cached policy has mode enforce");
    if (*mode)
        return _("still delivered: the sender's cached policy does not have mode enforce");
    return NULL;
}

static char *seen_by(struct page *page, const struct report_view *view,
                     const struct finding *failure)
{
    const struct tally_domain *domain =
        names_find(&view->tally->domains, value(page, failure, "domain"));
    const char *names = value(page, failure, "senders");
    const char *count = value(page, failure, "sender_count");

    if (domain && domain->senders.count > 1 &&
        !strcmp(count, talloc_asprintf(page, "%zu", domain->senders.count)))
        return talloc_asprintf(page, _("all %s senders: %s"), count, names);
    return talloc_strdup(page, names);
}

static char *time_text(struct page *page, const struct finding *failure)
{
    const char *first = value(page, failure, "first"), *last = value(page, failure, "last");

    if (!*first)
        return talloc_strdup(page, "");
    if (!strcmp(first, last))
        return talloc_asprintf(page, ", %s", first);
    return talloc_asprintf(page, _(", %s to %s"), first, last);
}

static void row(struct page *page, const char *title, const char *text)
{
    page_wrap(page, 4, STYLE_FAINT, title, STYLE_PLAIN, text);
}

static void one_failure(struct page *page, const struct report_page *from,
                        const struct finding *failure)
{
    const char *subject = text_printable(page, failure->subject, strlen(failure->subject), 0);
    const char *type = value(page, failure, "result_type");
    char *head = talloc_asprintf(page, _("%s: %s, sessions: %s%s"), subject,
                                 strcmp(type, "-") != 0 ? type : _("failures without details"),
                                 value(page, failure, "count"), time_text(page, failure));

    page_wrap(page, 2, text_mark_style(failure->severity), text_mark(page, failure->severity),
              STYLE_BOLD, head);
    if (from->view->tally->domains.count > 1 &&
        strcmp(value(page, failure, "domain"), subject) != 0)
        row(page, _("Domain: "), value(page, failure, "domain"));
    row(page, _("Reported by: "), seen_by(page, from->view, failure));
    if (mail_text(page, failure))
        row(page, _("Mail: "), mail_text(page, failure));
    if (*value(page, failure, "uncovered"))
        row(page, _("Policy: "), _("the sender's cached policy does not list this host"));
    row(page, _("Cause: "), fault_text(value(page, failure, "fault")));
    row(page, _("Now: "), now_text(page, from, failure));
}

/* ---- all ------------------------------------------------------------------------------------- */

struct ranked {
    const struct finding *failure;
    int64_t sessions;
};

/* The most sessions first; else as the findings stand. */
static int by_sessions(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;

    if (a->sessions != b->sessions)
        return a->sessions < b->sessions ? 1 : -1;
    return (a->failure > b->failure) - (a->failure < b->failure);
}

void text_failures(struct page *page, const struct report_page *from)
{
    const struct report_view *view = from->view;
    struct ranked *list = talloc_array(page, struct ranked, view->finding_count + 1);
    size_t count = 0, shown;

    for (size_t i = 0; list && i < view->finding_count; i++)
        if (*value(page, &view->findings[i], "fault"))
            list[count++] = (struct ranked){
                &view->findings[i], strtoll(value(page, &view->findings[i], "count"), NULL, 10)};
    if (!count)
        return;
    qsort(list, count, sizeof(*list), by_sessions);
    page_blank(page);
    page_line(page, 0, STYLE_BOLD, _("What failed:"));
    shown = from->all || count < FAILURES_SHOWN ? count : FAILURES_SHOWN;
    for (size_t i = 0; i < shown; i++)
        one_failure(page, from, list[i].failure);
    if (count > shown)
        page_line(
            page, 2, STYLE_FAINT,
            talloc_asprintf(page,
                            ngettext("... and %zu more kind of failure, below",
                                     "... and %zu more kinds of failure, below", count - shown),
                            count - shown));
}
