/* SPDX-License-Identifier: MIT */
/* text_history.c - what the store knows of a domain, for people. */
#include "render/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "render/chain.h"
#include "render/finding_text.h"
#include "render/headline.h"
#include "render/text.h"

#define DAYS_SHOWN    31
#define SENDERS_SHOWN 5
#define INDENT        2
#define BESIDE        20 /* a time and its distance */

static int by_name(const void *left, const void *right)
{
    const struct session_sums *const *a = left, *const *b = right;

    return strcmp((*a)->name, (*b)->name);
}

const struct session_sums **history_sorted(TALLOC_CTX *ctx, const struct names *sessions)
{
    const struct session_sums **list =
        talloc_array(ctx, const struct session_sums *, (unsigned)sessions->count + 1);

    for (size_t i = 0; list && i < sessions->count; i++)
        list[i] = names_at(sessions, i);
    if (list && sessions->count)
        qsort(list, sessions->count, sizeof(*list), by_name);
    return list;
}

/* ---- words ----------------------------------------------------------------------------------- */

/* "2026-11-23 15:00" */
static char *minute(TALLOC_CTX *ctx, int64_t when)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format_minute(when, text);
    return talloc_strdup(ctx, text);
}

static char *shown(TALLOC_CTX *ctx, const char *text)
{
    return text_printable(ctx, text, strlen(text), 200);
}

static enum verdict verdict_of(const char *name)
{
    static const enum verdict all[] = {VERDICT_OK, VERDICT_WARNING, VERDICT_CRITICAL};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (strcmp(name, verdict_name(all[i])) == 0)
            return all[i];
    return VERDICT_UNKNOWN;
}

/* That of a newer version is not known here. */
static enum severity severity_of(const char *name)
{
    enum severity severity = severity_by_name(name);

    return severity == SEVERITY_NONE ? SEVERITY_UNKNOWN : severity;
}

static const char *delivery_words(const char *name)
{
    static const char *const words[] = {
        [DELIVERY_UNKNOWN] = N_("mail delivery was unknown"),
        [DELIVERY_PROTECTED] = N_("mail was protected"),
        [DELIVERY_REPORTED] = N_("failures were only reported"),
        [DELIVERY_UNPROTECTED] = N_("mail was not protected"),
        [DELIVERY_PARTLY_REFUSED] = N_("some mail servers were refused"),
        [DELIVERY_REFUSED] = N_("mail was refused"),
        [DELIVERY_UNDELIVERABLE] = N_("mail was undeliverable"),
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(name, delivery_name((enum delivery)i)) == 0)
            return _(words[i]);
    return name;
}

static const char *posture_words(const char *name)
{
    static const char *const words[] = {
        [POSTURE_ABSENT] = N_("no MTA-STS"),    [POSTURE_BROKEN] = N_("MTA-STS unusable"),
        [POSTURE_NONE] = N_("mode none"),       [POSTURE_TESTING] = N_("mode testing"),
        [POSTURE_ENFORCE] = N_("mode enforce"), [POSTURE_NONEXISTENT] = N_("no such domain"),
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(name, posture_name((enum posture)i)) == 0)
            return _(words[i]);
    return name;
}

/* ---- checks ---------------------------------------------------------------------------------- */

/* "The certificate has expired (mx1.example.com) [mx-cert-expired]" */
static char *code_words(TALLOC_CTX *ctx, const struct logged_code *code)
{
    enum finding_code known = finding_by_name(code->code);
    const char *title = known == FINDING_COUNT ? NULL : _(finding_info(known)->title);
    const char *subject =
        code->subject ? talloc_asprintf(ctx, " (%s)", shown(ctx, code->subject)) : "";

    return talloc_asprintf(ctx, "%s%s [%s]", title ? title : "", subject, shown(ctx, code->code));
}

static void codes(struct textout *out, const struct logged_codes *from, bool gone)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct logged_code *code = &from->list[i];
        enum severity severity = severity_of(code->severity);
        const char *words = code_words(out, code);

        if (gone)
            textout_wrap(out, INDENT + BESIDE, STYLE_GOOD, _("resolved: "), STYLE_FAINT, words);
        else
            textout_wrap(out, INDENT + BESIDE, text_mark_style(severity), text_mark(out, severity),
                         STYLE_PLAIN,
                         talloc_asprintf(out, "%s: %s", text_severity(severity), words));
    }
}

static void entry(struct textout *out, const struct same_checks *from)
{
    enum verdict verdict = verdict_of(from->verdict);
    char *line = talloc_asprintf(out, "%s: %s, %s", text_verdict_word(verdict),
                                 posture_words(from->posture), delivery_words(from->delivery));

    if (from->checks > 1)
        line = talloc_asprintf_append(line, _(" (%zu checks, until %s)"), from->checks,
                                      minute(out, from->last));
    textout_wrap(out, INDENT, STYLE_PLAIN,
                 talloc_asprintf(out, "%-*s", BESIDE, minute(out, from->first)),
                 text_verdict_style(verdict), line);
    codes(out, &from->appeared, false);
    codes(out, &from->gone, true);
}

static void checks(struct textout *out, const struct domain_history *from)
{
    textout_blank(out);
    textout_line(out, 0, STYLE_BOLD, _("Checks with changes (times are UTC):"));
    if (!from->runs.count)
        textout_wrap(
            out, INDENT, STYLE_FAINT, "", STYLE_FAINT,
            talloc_asprintf(out, _("none yet; start with: mtasts check --save %s"), from->domain));
    for (size_t i = 0; i < from->runs.count; i++)
        entry(out, &from->runs.list[i]);
}

/* ---- policies -------------------------------------------------------------------------------- */

static void policy(struct textout *out, const struct domain_history *from,
                   const struct served *policy)
{
    int64_t held_until = copies_expire(policy, from->now);

    textout_wrap(out, INDENT, STYLE_PLAIN,
                 talloc_asprintf(out, "%-*s", BESIDE, minute(out, policy->first_seen)), STYLE_PLAIN,
                 talloc_asprintf(out, _("id %s: %s"), shown(out, policy->id),
                                 chain_policy_text(out, policy->mode, policy->max_age, policy->mx,
                                                   policy->mx_count)));
    textout_wrap(out, INDENT + BESIDE, STYLE_FAINT, "", STYLE_FAINT,
                 talloc_asprintf(out,
                                 held_until > from->now
                                     ? _("last seen %s; senders may have it cached until %s")
                                     : _("last seen %s; expired from all caches since %s"),
                                 minute(out, policy->last_seen), minute(out, held_until)));
}

static void policies(struct textout *out, const struct domain_history *from)
{
    if (!from->policy_count)
        return;
    textout_blank(out);
    textout_line(out, 0, STYLE_BOLD, _("Policies served, by first day seen:"));
    for (size_t i = 0; i < from->policy_count; i++)
        policy(out, from, &from->policies[i]);
}

/* ---- reports --------------------------------------------------------------------------------- */

static char *numbers(TALLOC_CTX *ctx, int64_t successful, int64_t failed)
{
    char *text = talloc_asprintf(ctx, "%lld", (long long)successful);

    if (failed)
        text = talloc_asprintf_append(text, _(" + %lld failed"), (long long)failed);
    return text;
}

/* Those with failures first, then the busiest. */
static int by_weight(const void *left, const void *right)
{
    const struct session_sums *const *a = left, *const *b = right;

    if ((*a)->failed != (*b)->failed)
        return (*a)->failed > (*b)->failed ? -1 : 1;
    if ((*a)->successful != (*b)->successful)
        return (*a)->successful > (*b)->successful ? -1 : 1;
    return by_name(left, right);
}

static char *senders(TALLOC_CTX *ctx, const struct names *from)
{
    const struct session_sums **list = history_sorted(ctx, from);
    char *text = talloc_strdup(ctx, "");

    if (list && from->count)
        qsort(list, from->count, sizeof(*list), by_weight);
    for (size_t i = 0; list && i < from->count && i < SENDERS_SHOWN; i++)
        text = talloc_asprintf_append(text, "%s%s %s", i ? ", " : "",
                                      *list[i]->name ? shown(ctx, list[i]->name) : "?",
                                      numbers(ctx, list[i]->successful, list[i]->failed));
    if (from->count > SENDERS_SHOWN)
        text = talloc_strdup_append(text, " ...");
    return text;
}

static void reports(struct textout *out, const struct domain_history *from)
{
    const struct session_sums **list = history_sorted(out, &from->days);
    size_t first = from->days.count > DAYS_SHOWN ? from->days.count - DAYS_SHOWN : 0;

    textout_blank(out);
    textout_line(out, 0, STYLE_BOLD, _("Reported sessions, by day:"));
    if (!from->days.count)
        textout_line(out, INDENT, STYLE_FAINT, _("none yet; start with: mtasts ingest PATH"));
    if (first)
        textout_line(
            out, INDENT, STYLE_FAINT,
            talloc_asprintf(out,
                            ngettext("... %zu earlier day; --json shows all days.",
                                     "... %zu earlier days; --json shows all days.", first),
                            first));
    for (size_t i = first; list && i < from->days.count; i++)
        textout_wrap(out, INDENT, STYLE_PLAIN, talloc_asprintf(out, "%-*s", BESIDE, list[i]->name),
                     list[i]->failed ? STYLE_BAD : STYLE_PLAIN,
                     talloc_asprintf(out, "%s (%s)",
                                     numbers(out, list[i]->successful, list[i]->failed),
                                     senders(out, &list[i]->senders)));
}

/* ---- the page -------------------------------------------------------------------------------- */

/* "12 checks, 1 policy, 0 reports" */
static char *stored(TALLOC_CTX *ctx, const struct domain_history *from)
{
    char *text =
        talloc_asprintf(ctx, ngettext("%zu check", "%zu checks", from->checks), from->checks);

    text = talloc_asprintf_append(
        text, ngettext(", %zu policy", ", %zu policies", from->policy_count), from->policy_count);
    return talloc_asprintf_append(text, ngettext(", %zu report", ", %zu reports", from->reports),
                                  from->reports);
}

/* ": the policy is empty (policy-empty) and 1 more", as the first line of check; "": only notes. */
static char *worst_found(TALLOC_CTX *ctx, const struct logged_codes *found)
{
    enum severity worst = SEVERITY_INFO;
    const char *code = "";
    enum finding_code known;
    size_t more = 0;
    char *text;

    for (size_t i = 0; i < found->count; i++) {
        enum severity severity = severity_of(found->list[i].severity);

        more += severity > SEVERITY_INFO;
        if (severity > worst) {
            worst = severity;
            code = found->list[i].code;
        }
    }
    if (!more--)
        return talloc_strdup(ctx, "");
    known = finding_by_name(code);
    text = headline_worst(ctx, known == FINDING_COUNT ? "?" : finding_text_title_clause(ctx, known),
                          shown(ctx, code), more);
    return text ? talloc_asprintf(ctx, ": %s", text) : NULL;
}

static void head(struct textout *out, const struct domain_history *from)
{
    const struct same_checks *last =
        from->runs.count ? &from->runs.list[from->runs.count - 1] : NULL;
    char *counts = stored(out, from);
    const char *name = shown(out, from->domain);

    if (domain_history_is_empty(from))
        textout_wrap(out, 0, STYLE_ASK, "", STYLE_ASK,
                     talloc_asprintf(out,
                                     from->since_known
                                         ? _("%s: nothing is stored for that period.")
                                         : _("%s: nothing is stored yet; start with mtasts check "
                                             "--save %s or mtasts ingest PATH."),
                                     name, name));
    else if (last)
        textout_line(out, 0, text_verdict_style(verdict_of(last->verdict)),
                     talloc_asprintf(out, _("%s: %s since %s%s; %s. %s."), name,
                                     text_verdict_word(verdict_of(last->verdict)),
                                     minute(out, last->first), worst_found(out, &last->found),
                                     delivery_words(last->delivery), counts));
    else
        textout_line(out, 0, STYLE_ASK, talloc_asprintf(out, "%s: %s.", name, counts));
}

char *text_history(TALLOC_CTX *ctx, const struct domain_history *from,
                   const struct textout_options *options)
{
    struct textout *out = textout_new(ctx, options);

    if (!out)
        return NULL;
    head(out, from);
    if (!options->quiet && !domain_history_is_empty(from)) {
        checks(out, from);
        policies(out, from);
        reports(out, from);
    }
    return textout_end(out);
}
