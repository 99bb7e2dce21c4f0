/* SPDX-License-Identifier: MIT */
/* text.c - the pages people read, put together; and the verdict. */
#include "render/text.h"
#include "verdict/place.h"

#include <stdint.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "render/finding_text.h"
#include "render/headline.h"
#include "render/value_names.h"

/* By severity. */
static const struct {
    const char *mark, *ascii;
    enum style style;
} marks[] = {
    [SEVERITY_NONE] = {"✓ ", "+ ", STYLE_GOOD},    [SEVERITY_INFO] = {"✓ ", "+ ", STYLE_GOOD},
    [SEVERITY_LOW] = {"! ", "! ", STYLE_WARN},     [SEVERITY_MEDIUM] = {"! ", "! ", STYLE_WARN},
    [SEVERITY_UNKNOWN] = {"? ", "? ", STYLE_ASK},  [SEVERITY_HIGH] = {"✗ ", "x ", STYLE_BAD},
    [SEVERITY_CRITICAL] = {"✗ ", "x ", STYLE_BAD},
};

const char *text_mark(const struct textout *out, enum severity severity)
{
    return textout_options(out)->utf8 ? marks[severity].mark : marks[severity].ascii;
}

enum style text_mark_style(enum severity severity)
{
    return marks[severity].style;
}

/* ---- the verdict ----------------------------------------------------------------------------- */

enum style text_verdict_style(enum verdict verdict)
{
    static const enum style styles[] = {
        [VERDICT_OK] = STYLE_GOOD,
        [VERDICT_WARNING] = STYLE_WARN,
        [VERDICT_UNKNOWN] = STYLE_ASK,
        [VERDICT_CRITICAL] = STYLE_BAD,
    };

    return styles[verdict];
}

/* The name, and beside it the one the person typed where that says more. */
static char *shown_name(TALLOC_CTX *ctx, const struct facts *facts)
{
    char *name = text_printable(ctx, facts->domain, strlen(facts->domain), 0);

    if (!name || !facts->domain_given || strncmp(facts->domain_given, "xn--", 4) == 0 ||
        !strstr(name, "xn--"))
        return name;
    return talloc_asprintf(
        ctx, "%s (%s)", name,
        text_printable(ctx, facts->domain_given, strlen(facts->domain_given), 0));
}

char *text_headline(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    return talloc_asprintf(ctx, "%s: %s", text_verdict_word(d->verdict), headline(ctx, d));
}

/* One line, so that a monitoring system can show it. */
void text_verdict(struct textout *out, const struct diagnosis *d)
{
    char *line = talloc_asprintf(out, "%s: %s", shown_name(out, d->facts), text_headline(out, d));

    textout_line(out, 0, text_verdict_style(d->verdict), line);
}

/* ---- whole pages ----------------------------------------------------------------------------- */

/* Else there are no links, or a paragraph says it all. */
bool text_has_chain(const struct diagnosis *d)
{
    return d->posture != POSTURE_NONEXISTENT && !place_is_blind(d->facts);
}

static void full(struct textout *out, const struct diagnosis *d)
{
    if (text_has_chain(d)) {
        textout_blank(out);
        text_chain(out, d);
    }
    text_show_findings(out, d->findings, d->finding_count);
    if (textout_options(out)->next) {
        textout_blank(out);
        text_next(out, d, SIZE_MAX);
    }
}

char *text_check(TALLOC_CTX *ctx, const struct diagnosis *d, const struct textout_options *options)
{
    struct textout *out = textout_new(ctx, options);

    if (!out)
        return NULL;
    if (options->brief && !options->quiet) {
        textout_piece(out, STYLE_PLAIN, text_short(out, d, options));
    } else {
        text_verdict(out, d);
        if (!options->quiet)
            full(out, d);
    }
    if (options->verbose)
        text_transcript(out, d->facts);
    return textout_end(out);
}

static void lint_policy_lines(struct textout *out, const struct lint *lint)
{
    if (lint->policy) {
        textout_wrap(out, 2, STYLE_FAINT, "", STYLE_PLAIN,
                     talloc_asprintf(out, _("mode %s, max_age %lld, mx lines: %zu"),
                                     sts_mode_name(lint->policy->mode),
                                     (long long)lint->policy->max_age, lint->policy->mx_count));
    }
    for (size_t i = 0; i < lint->mx_count; i++) {
        const struct lint_mx *mx = &lint->mx[i];
        enum severity severity = mx->covered ? SEVERITY_NONE : SEVERITY_CRITICAL;
        char *text = mx->covered
                         ? talloc_asprintf(out, _("%s is covered by %s"), mx->host, mx->pattern)
                         : talloc_asprintf(out, _("%s is not covered"), mx->host);

        textout_wrap(out, 2, text_mark_style(severity), text_mark(out, severity), STYLE_PLAIN,
                     text);
    }
}

/* "postfix-tlspol before 1.11", in the reader's language */
static char *sender_name(struct textout *out, const struct lint_sender *sender)
{
    return value_name_translated(out, "senders",
                                 talloc_asprintf(out, "%s %s", sender->name, sender->version));
}

static char *sender_line(struct textout *out, const struct lint_sender *sender)
{
    const char *why = sender->why ? _(sender->why) : _("it tolerates what the standard does not");

    if (sender->rejects)
        return talloc_asprintf(out, _("%s rejects the policy: %s"), sender_name(out, sender), why);
    return talloc_asprintf(out, _("%s reads mode %s, max_age %lld: %s"), sender_name(out, sender),
                           sender->reads_as, (long long)sender->max_age, why);
}

/* One line for each sender that reads or matches otherwise than the standard. */
static void lint_sender_lines(struct textout *out, const struct lint *lint)
{
    for (size_t i = 0; i < lint->sender_count; i++) {
        const struct lint_sender *sender = &lint->senders[i];

        if (sender->differs)
            textout_wrap(out, 2, STYLE_WARN, "- ", STYLE_PLAIN, sender_line(out, sender));
        for (size_t j = 0; j < sender->mx_count; j++)
            textout_wrap(out, 2, STYLE_WARN, "- ", STYLE_PLAIN,
                         talloc_asprintf(out,
                                         _("%s considers %s covered: there, a wildcard matches any "
                                           "number of labels"),
                                         sender_name(out, sender), sender->mx[j]));
    }
}

/* The worst that was found, and what the standard says. */
static char *lint_headline(struct textout *out, const struct lint *lint)
{
    const char *valid =
        lint->valid ? _("complies with the standard.") : _("does not comply with the standard.");

    if (!headline_count(lint->findings, lint->finding_count))
        return talloc_strdup(out, valid);
    return talloc_asprintf(out, "%s %s",
                           headline_findings(out, lint->findings, lint->finding_count),
                           headline_sentence(out, valid));
}

char *text_lint(TALLOC_CTX *ctx, const struct lint *lint, const char *file,
                const struct textout_options *options)
{
    enum verdict verdict = findings_verdict(lint->findings, lint->finding_count);
    struct textout *out = textout_new(ctx, options);

    if (!out)
        return NULL;
    textout_line(out, 0, text_verdict_style(verdict),
                 talloc_asprintf(out, "%s: %s: %s", text_printable(out, file, strlen(file), 0),
                                 text_verdict_word(verdict), lint_headline(out, lint)));
    if (options->quiet)
        return textout_end(out);
    lint_policy_lines(out, lint);
    lint_sender_lines(out, lint);
    for (size_t i = 0; i < lint->rua_count; i++)
        textout_line(out, 2, STYLE_PLAIN,
                     text_printable(out, lint->rua[i], strlen(lint->rua[i]), 0));
    text_show_findings(out, lint->findings, lint->finding_count);
    return textout_end(out);
}
