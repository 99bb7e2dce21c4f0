/* SPDX-License-Identifier: MIT */
/* text_failures.c - what failed, in short: who saw it, whose fault it is, whether it still fails.
 */
#include "render/text_report.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "render/text.h"
#include "rules/failures_now.h"

#define FAILURES_SHOWN 10

/* Of the finding's parameters, printable; "" where it has none of the name. */
static const char *value(struct textout *out, const struct finding *finding, const char *name)
{
    for (size_t i = 0; i < finding->param_count; i++) {
        const char *text = finding->params[i].value;

        if (!strcmp(finding->params[i].name, name) && text)
            return text_printable(out, text, strlen(text), 200);
    }
    return "";
}

/* ---- does it still fail? --------------------------------------------------------------------- */

static char *now_text(struct textout *out, const struct report_page *from,
                      const struct finding *failure)
{
    const struct finding *check = report_failure_checked(from->view, failure);

    if (!from->checked)
        return talloc_strdup(out, _("not checked (use --check)"));
    if (!check)
        return talloc_strdup(out, _("a check cannot determine this"));
    if (check->code == FINDING_REPORT_NOT_CONFIRMED)
        return talloc_strdup(out, _("not seen in the check"));
    return talloc_asprintf(out, _("persists (%s)"), value(out, check, "codes"));
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
static const char *mail_text(struct textout *out, const struct finding *failure)
{
    const char *type = value(out, failure, "result_type"), *mode = value(out, failure, "mode");

    if (!strncmp(type, "sts-", 4))
        return _("delivered without protection, or according to a cached policy");
    if (!strcmp(value(out, failure, "policy_types"), "tlsa"))
        return _("held back by the sender because of DANE");
    if (!strcmp(mode, "enforce"))
        return _("held back by the sender: its cached policy has mode enforce");
    if (*mode)
        return _("still delivered: the sender's cached policy does not have mode enforce");
    return NULL;
}

static char *seen_by(struct textout *out, const struct report_view *view,
                     const struct finding *failure)
{
    const struct tally_domain *domain =
        names_find(&view->tally->domains, value(out, failure, "domain"));
    const char *names = value(out, failure, "senders");
    const char *count = value(out, failure, "sender_count");

    if (domain && domain->senders.count > 1 &&
        !strcmp(count, talloc_asprintf(out, "%zu", domain->senders.count)))
        return talloc_asprintf(out, _("all %s senders: %s"), count, names);
    return talloc_strdup(out, names);
}

static char *time_text(struct textout *out, const struct finding *failure)
{
    const char *first = value(out, failure, "first"), *last = value(out, failure, "last");

    if (!*first)
        return talloc_strdup(out, "");
    if (!strcmp(first, last))
        return talloc_asprintf(out, ", %s", first);
    return talloc_asprintf(out, _(", %s to %s"), first, last);
}

static void row(struct textout *out, const char *title, const char *text)
{
    textout_wrap(out, 4, STYLE_FAINT, title, STYLE_PLAIN, text);
}

static void one_failure(struct textout *out, const struct report_page *from,
                        const struct finding *failure)
{
    const char *subject = text_printable(out, failure->subject, strlen(failure->subject), 0);
    const char *type = value(out, failure, "result_type");
    char *head = talloc_asprintf(out, _("%s: %s, sessions: %s%s"), subject,
                                 strcmp(type, "-") != 0 ? type : _("failures without details"),
                                 value(out, failure, "count"), time_text(out, failure));

    textout_wrap(out, 2, text_mark_style(failure->severity), text_mark(out, failure->severity),
                 STYLE_BOLD, head);
    if (from->view->tally->domains.count > 1 && strcmp(value(out, failure, "domain"), subject) != 0)
        row(out, _("Domain: "), value(out, failure, "domain"));
    row(out, _("Reported by: "), seen_by(out, from->view, failure));
    if (mail_text(out, failure))
        row(out, _("Mail: "), mail_text(out, failure));
    if (*value(out, failure, "uncovered"))
        row(out, _("Policy: "), _("the sender's cached policy does not list this host"));
    row(out, _("Cause: "), fault_text(value(out, failure, "fault")));
    row(out, _("Now: "), now_text(out, from, failure));
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

void text_failures(struct textout *out, const struct report_page *from)
{
    const struct report_view *view = from->view;
    struct ranked *list = talloc_array(out, struct ranked, view->finding_count + 1);
    size_t count = 0, shown;

    for (size_t i = 0; list && i < view->finding_count; i++)
        if (report_finding_is_failure(&view->findings[i]))
            list[count++] = (struct ranked){
                &view->findings[i], strtoll(value(out, &view->findings[i], "count"), NULL, 10)};
    if (!count)
        return;
    qsort(list, count, sizeof(*list), by_sessions);
    textout_blank(out);
    textout_line(out, 0, STYLE_BOLD, _("What failed:"));
    shown = from->all || count < FAILURES_SHOWN ? count : FAILURES_SHOWN;
    for (size_t i = 0; i < shown; i++)
        one_failure(out, from, list[i].failure);
    if (count > shown)
        textout_line(
            out, 2, STYLE_FAINT,
            talloc_asprintf(out,
                            ngettext("... and %zu more kind of failure, below",
                                     "... and %zu more kinds of failure, below", count - shown),
                            count - shown));
}
