/* SPDX-License-Identifier: MIT */
/* text_report.c - what TLS reports tell, for people. */
#include "render/text_report.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "render/headline.h"
#include "dkim/signature.h"
#include "render/text.h"

#define DAYS_SHOWN    31
#define DOMAINS_SHOWN 50
#define NAMES_SHOWN   10
#define REVISED_SHOWN 20
#define UNREAD_SHOWN  50
#define NOTES_SHOWN   200
#define BAR_MIN       10 /* columns of the busiest day */
#define BAR_MAX       40
#define BESIDE_BAR    40 /* columns of the day, the numbers and the words */

static char *shown(TALLOC_CTX *ctx, const char *text)
{
    return text_printable(ctx, text ? text : "", text ? strlen(text) : 0, 200);
}

/* "98.7 %", never rounded up to 100. */
static char *rate(TALLOC_CTX *ctx, int64_t successful, int64_t failed)
{
    double all = (double)successful + (double)failed;
    double part = all > 0 ? 1000.0 * (double)successful / all : 1000.0;
    int tenths = failed && part > 999.0 ? 999 : (int)(part + 0.5);

    return talloc_asprintf(ctx, _("%d.%d %%"), tenths / 10, tenths % 10);
}

/* ---- the verdict ----------------------------------------------------------------------------- */

static char *day_of(TALLOC_CTX *ctx, int64_t when)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format(when, text);
    return talloc_strndup(ctx, text, strcspn(text, "T"));
}

/* "2026-11-01 to 2026-11-08" */
static char *days_of(TALLOC_CTX *ctx, int64_t from, int64_t to)
{
    char *first = day_of(ctx, from), *last = day_of(ctx, to);

    if (first && last && strcmp(first, last) == 0)
        return first;
    return talloc_asprintf(ctx, _("%s to %s"), first, last);
}

/* "; 2 parts could not be read" */
static char *with_unread(char *sentence, size_t unread)
{
    if (!sentence || !unread)
        return sentence;
    return talloc_asprintf_append(
        sentence, ngettext(" %zu part could not be read.", " %zu parts could not be read.", unread),
        unread);
}

/* "12 reports from 3 senders about 1 domain" */
static char *extent(TALLOC_CTX *ctx, const struct tally *tally)
{
    size_t senders = tally->senders.count, domains = tally->domains.count;
    char *text =
        talloc_asprintf(ctx, ngettext("%zu report", "%zu reports", tally->reports), tally->reports);

    text = talloc_asprintf_append(text, ngettext(" from %zu sender", " from %zu senders", senders),
                                  senders);
    return talloc_asprintf_append(
        text, ngettext(" about %zu domain", " about %zu domains", domains), domains);
}

static char *sentence(TALLOC_CTX *ctx, const struct tally *tally)
{
    char *all;

    if (!tally->reports)
        return talloc_strdup(ctx, _("no TLS report was found."));
    all = extent(ctx, tally);
    if (all && tally->range_known)
        all = talloc_asprintf(ctx, "%s, %s", all, days_of(ctx, tally->from, tally->to));
    if (!tally->failed)
        return talloc_asprintf(ctx,
                               ngettext("%s: %lld session was secure.",
                                        "%s: all %lld sessions were secure.",
                                        (unsigned long)tally->successful),
                               all, (long long)tally->successful);
    return talloc_asprintf(
        ctx,
        ngettext("%s: %lld session failed, %s were secure.",
                 "%s: %lld sessions failed, %s were secure.", (unsigned long)tally->failed),
        all, (long long)tally->failed, rate(ctx, tally->successful, tally->failed));
}

/* ---- lists that are cut ---------------------------------------------------------------------- */

static size_t shown_of(const struct report_page *from, size_t count, size_t most)
{
    return from->all || count < most ? count : most;
}

static void more_line(struct textout *out, const struct report_page *from, size_t count,
                      size_t most)
{
    if (count > most && !from->all)
        textout_line(out, 2, STYLE_FAINT,
                     talloc_asprintf(out, _("... and %zu more; --all shows all."), count - most));
}

/* ---- a domain -------------------------------------------------------------------------------- */

static size_t bar_room(const struct textout *out)
{
    size_t width = textout_options(out)->width;

    if (!width || width > BESIDE_BAR + BAR_MAX)
        return BAR_MAX;
    return width > BESIDE_BAR + BAR_MIN ? width - BESIDE_BAR : BAR_MIN;
}

static char *bar(struct textout *out, int64_t part, int64_t most, const char *utf8,
                 const char *ascii)
{
    double room = (double)bar_room(out);
    size_t columns = most > 0 ? (size_t)((double)part * room / (double)most + 0.5) : 0;
    char *text = talloc_strdup(out, "");

    if (part > 0 && !columns)
        columns = 1;
    for (size_t i = 0; i < columns; i++)
        text = talloc_strdup_append(text, textout_options(out)->utf8 ? utf8 : ascii);
    return text;
}

static int64_t sessions_of(const struct tally_count *count)
{
    return count->successful > INT64_MAX - count->failed ? INT64_MAX
                                                         : count->successful + count->failed;
}

static char *session_counts(struct textout *out, int64_t successful, int64_t failed)
{
    char *text = talloc_asprintf(out, "%lld", (long long)successful);

    return failed ? talloc_asprintf_append(text, _(" + %lld failed"), (long long)failed) : text;
}

/* Those that there is no room for, in one line. */
static void earlier_days(struct textout *out, const struct tally_count **list, size_t count)
{
    int64_t successful = 0, failed = 0;

    for (size_t i = 0; i < count; i++) {
        successful += list[i]->successful > INT64_MAX - successful ? 0 : list[i]->successful;
        failed += list[i]->failed > INT64_MAX - failed ? 0 : list[i]->failed;
    }
    if (count)
        textout_line(out, 2, failed ? STYLE_WARN : STYLE_FAINT,
                     talloc_asprintf(out, _("earlier days (%zu): %s"), count,
                                     session_counts(out, successful, failed)));
}

static void days(struct textout *out, const struct report_page *from, const struct names *counts)
{
    const struct tally_count **list = tally_sorted(out, counts);
    size_t first = counts->count - shown_of(from, counts->count, DAYS_SHOWN);
    int64_t most = 0;

    if (!list)
        return;
    earlier_days(out, list, first);
    for (size_t i = first; i < counts->count; i++)
        most = sessions_of(list[i]) > most ? sessions_of(list[i]) : most;
    for (size_t i = first; i < counts->count; i++) {
        const struct tally_count *day = list[i];

        textout_line(out, 2, day->failed ? STYLE_BAD : STYLE_PLAIN,
                     talloc_asprintf(out, "%-10s %s%s %s", *day->name ? day->name : "?",
                                     bar(out, day->successful, most, "█", "#"),
                                     bar(out, day->failed, most, "░", "x"),
                                     session_counts(out, day->successful, day->failed)));
    }
}

/* "Google Inc. 120, Microsoft Corporation 30 + 2 failed" */
static void counts_line(struct textout *out, const struct report_page *from, const char *title,
                        const struct names *counts)
{
    size_t most = shown_of(from, counts->count, NAMES_SHOWN);
    const struct tally_count **list =
        most < counts->count ? tally_worst(out, counts) : tally_sorted(out, counts);
    char *line = talloc_strdup(out, "");

    if (!counts->count)
        return;
    for (size_t i = 0; list && i < most; i++) {
        line = talloc_asprintf_append(line, "%s%s", i ? ", " : "",
                                      *list[i]->name ? shown(out, list[i]->name) : "?");
        if (list[i]->successful || !list[i]->failed)
            line = talloc_asprintf_append(line, " %lld", (long long)list[i]->successful);
        if (list[i]->failed)
            line = talloc_asprintf_append(line, _(" + %lld failed"), (long long)list[i]->failed);
    }
    if (counts->count > most)
        line = talloc_strdup_append(line, " ...");
    textout_wrap(out, 2, STYLE_FAINT, title, STYLE_PLAIN, line);
}

static void one_domain(struct textout *out, const struct report_page *from,
                       const struct tally_domain *domain)
{
    const char *name = *domain->name ? shown(out, domain->name) : _("(unknown domain)");

    textout_blank(out);
    textout_line(out, 0, STYLE_BOLD,
                 talloc_asprintf(out, _("%s: %lld secure, %lld failed (%s)%s"), name,
                                 (long long)domain->successful, (long long)domain->failed,
                                 rate(out, domain->successful, domain->failed),
                                 domain->inferred ? _(", domain partly inferred") : ""));
    days(out, from, &domain->days);
    counts_line(out, from, _("Senders: "), &domain->senders);
    counts_line(out, from, _("By policy type, as reported: "), &domain->policy_types);
    counts_line(out, from, _("Failures: "), &domain->result_types);
    counts_line(out, from, _("Mail servers: "), &domain->mx);
}

static void domains(struct textout *out, const struct report_page *from)
{
    const struct names *all = &from->view->tally->domains;
    size_t most = shown_of(from, all->count, DOMAINS_SHOWN);
    const struct tally_count **list =
        most < all->count ? tally_worst(out, all) : tally_sorted(out, all);

    for (size_t i = 0; list && i < most; i++)
        one_domain(out, from, names_find(all, list[i]->name));
    if (most < all->count)
        textout_line(
            out, 0, STYLE_FAINT,
            talloc_asprintf(out,
                            ngettext("... and %zu more domain, with no more failures than "
                                     "these; --all shows all.",
                                     "... and %zu more domains, with no more failures than "
                                     "these; --all shows all.",
                                     all->count - most),
                            all->count - most));
}

/* ---- what was set aside ---------------------------------------------------------------------- */

/* "mail 4: a.json.gz: line 3", the place in a file as --json has it, in the reader's language. */
static char *part_words(struct textout *out, const char *part)
{
    static const struct {
        const char *counted, *word;
    } words[] = {{"mail ", N_("message")}, {"line ", N_("line")}, {"byte ", N_("byte")}};
    char *text = talloc_strdup(out, "");

    for (const char *end; *part; part = end) {
        size_t taken = 0;

        end = strstr(part, ": ");
        end = end ? end + 2 : part + strlen(part);
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && !taken; i++)
            if (strncmp(part, words[i].counted, strlen(words[i].counted)) == 0) {
                text = talloc_asprintf_append(text, "%s ", _(words[i].word));
                taken = strlen(words[i].counted);
            }
        text = talloc_strndup_append(text, part + taken, (size_t)(end - part) - taken);
    }
    return text;
}

static char *place(struct textout *out, const char *path, const char *part)
{
    return part ? talloc_asprintf(out, "%s (%s)", shown(out, path),
                                  shown(out, part_words(out, part)))
                : shown(out, path);
}

void text_show_rejected(struct textout *out, const struct report_rejected *list, size_t count)
{
    if (!count)
        return;
    textout_blank(out);
    textout_line(out, 0, STYLE_BOLD, _("Could not be read:"));
    for (size_t i = 0; i < count; i++) {
        const struct report_rejected *one = &list[i];
        char *text = talloc_asprintf(out, "%s: %s", place(out, one->path, one->part), _(one->why));

        if (text && one->detail)
            text = talloc_asprintf_append(text, ": %s", shown(out, _(one->detail)));
        textout_wrap(out, 2, text_mark_style(SEVERITY_HIGH), text_mark(out, SEVERITY_HIGH),
                     STYLE_PLAIN, text);
    }
}

/* Of no day: they count in the sums, and in no chart. */
static void undated(struct textout *out, const struct report_page *from)
{
    if (from->view->tally->undated)
        textout_line(out, 0, STYLE_FAINT,
                     talloc_asprintf(out, _("Reports without a date, counted under \"?\": %zu"),
                                     from->view->tally->undated));
    if (from->undated_left_out)
        textout_line(
            out, 0, STYLE_FAINT,
            talloc_asprintf(out, _("Reports without a date, excluded by --since or --until: %zu"),
                            from->undated_left_out));
}

static void copies(struct textout *out, const struct report_page *from)
{
    const struct tally *tally = from->view->tally;
    const struct reports_revised *revised;
    size_t count;

    if (tally->undated || from->undated_left_out || tally->duplicates || tally->revisions ||
        from->other_mails)
        textout_blank(out);
    if (tally->duplicates)
        textout_line(out, 0, STYLE_FAINT,
                     talloc_asprintf(out, _("Duplicates, counted once: %zu"), tally->duplicates));
    revised = reports_revised(from->reports, &count);
    for (size_t i = 0; i < shown_of(from, count, REVISED_SHOWN); i++)
        textout_wrap(out, 0, STYLE_FAINT, "", STYLE_FAINT,
                     talloc_asprintf(out,
                                     _("Revised by the sender; the latest version counts: %s (%s)"),
                                     shown(out, revised[i].id), shown(out, revised[i].path)));
    more_line(out, from, count, REVISED_SHOWN);
    undated(out, from);
    if (from->other_mails)
        textout_line(
            out, 0, STYLE_FAINT,
            talloc_asprintf(out, _("Other messages in the mailboxes: %zu"), from->other_mails));
}

/* ---- who sent them --------------------------------------------------------------------------- */

/* "not signed: 2 (Google Inc., Example)" */
static void one_trust(struct textout *out, const struct tally *tally, enum signature_level trust)
{
    char *names = talloc_strdup(out, "");
    size_t reports = 0, senders = 0;

    for (size_t i = 0; i < tally->trusts.count; i++) {
        const struct tally_trust *one = names_at(&tally->trusts, i);

        if (signature_level_named(one->trust) != trust)
            continue;
        reports += one->reports;
        if (senders++ < NAMES_SHOWN)
            names = talloc_asprintf_append(names, "%s%s", senders > 1 ? ", " : "",
                                           *one->sender ? shown(out, one->sender) : "?");
    }
    if (reports)
        textout_wrap(out, 2,
                     trust == SIGNATURE_ALIGNED ? text_mark_style(SEVERITY_NONE)
                                                : text_mark_style(SEVERITY_LOW),
                     text_mark(out, trust == SIGNATURE_ALIGNED ? SEVERITY_NONE : SEVERITY_LOW),
                     STYLE_PLAIN,
                     talloc_asprintf(out, "%s: %zu (%s%s)", _(signature_level_text(trust)), reports,
                                     names, senders > NAMES_SHOWN ? " ..." : ""));
}

static void trusts(struct textout *out, const struct tally *tally)
{
    if (!tally->trusts.count)
        return;
    textout_blank(out);
    textout_line(out, 0, STYLE_BOLD, _("Report senders, according to DKIM:"));
    for (int i = 0; i < SIGNATURE_LEVEL_COUNT; i++)
        one_trust(out, tally, (enum signature_level)i);
}

static void deviations(struct textout *out, const struct report_page *from)
{
    if (!from->deviation_count || !from->verbose)
        return;
    textout_blank(out);
    textout_line(out, 0, STYLE_BOLD, _("Where senders deviate from RFC 8460:"));
    for (size_t i = 0; i < shown_of(from, from->deviation_count, NOTES_SHOWN); i++) {
        const struct report_deviation *one = &from->deviations[i];
        char *text = talloc_asprintf(out, "%s: %s", place(out, one->path, one->part), one->code);

        if (text && one->member && *one->member)
            text = talloc_asprintf_append(text, " (%s)", shown(out, one->member));
        if (text && one->found && *one->found)
            text = talloc_asprintf_append(text, ": %s", one->found);
        textout_wrap(out, 2, STYLE_PLAIN, "", STYLE_FAINT, text);
    }
    more_line(out, from, from->deviation_total, shown_of(from, from->deviation_count, NOTES_SHOWN));
}

/* With the worst finding, where there is one above a note. */
static char *headline_of(TALLOC_CTX *ctx, const struct report_page *from)
{
    const struct report_view *view = from->view;
    char *text = with_unread(sentence(ctx, view->tally), from->unread);

    if (!headline_count(view->findings, view->finding_count))
        return text;
    return talloc_asprintf(
        ctx, "%s %s", text,
        headline_sentence(ctx, headline_findings(ctx, view->findings, view->finding_count)));
}

char *text_report(TALLOC_CTX *ctx, const struct report_page *from,
                  const struct textout_options *options)
{
    const struct report_view *view = from->view;
    enum verdict verdict = view->tally->reports ? view->verdict : VERDICT_UNKNOWN;
    struct textout *out = textout_new(ctx, options);

    if (!out)
        return NULL;
    textout_line(
        out, 0, text_verdict_style(verdict),
        talloc_asprintf(out, "%s: %s", text_verdict_word(verdict), headline_of(out, from)));
    if (options->quiet)
        return textout_end(out);
    text_failures(out, from);
    domains(out, from);
    text_show_findings(out, view->findings, view->finding_count);
    if (view->left_out)
        textout_line(
            out, 0, STYLE_FAINT,
            talloc_asprintf(out,
                            ngettext("... and %zu more kind of failure; --json has the sums.",
                                     "... and %zu more kinds of failure; --json has the sums.",
                                     view->left_out),
                            view->left_out));
    trusts(out, view->tally);
    text_show_rejected(out, from->rejected, shown_of(from, from->rejected_count, UNREAD_SHOWN));
    more_line(out, from, from->rejected_count, UNREAD_SHOWN);
    copies(out, from);
    deviations(out, from);
    return textout_end(out);
}
