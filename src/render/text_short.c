/* SPDX-License-Identifier: MIT */
/* text_short.c - a diagnosis in brief: what is wrong, a command, the first step.
 *
 * It is made again with less until it fits the height: first the chain shrinks to its marks, then
 * blank lines go, then details, then commands and steps of the lesser findings, then these.  What
 * is left out is counted, with the command that shows it. */
#include "render/shown_finding.h"
#include "render/text.h"

#include <stdint.h>
#include <string.h>

#include "base/i18n.h"
#include "render/finding_text.h"
#include "render/headline.h"

#define INDENT         ((size_t)2)
#define SUBJECTS_SHOWN 5
#define PIECES         ((size_t)2) /* of a group: a step and a command */

/* Findings of one code and severity. */
struct group {
    const struct finding *first;
    const struct finding **all;
    size_t count;
};

struct groups {
    struct group *list;
    size_t count;
};

/* How much is shown. */
struct amount {
    bool chain;  /* with what was seen at each step */
    bool blanks; /* between the parts */
    size_t next; /* commands at the end */
    size_t
        details;   /* groups with the sentence that has the values; of others the title has to do */
    size_t pieces; /* steps and commands: of one group after the other first the step */
    size_t groups; /* at all */
};

/* ---- kinds of findings ----------------------------------------------------------------------- */

static struct group *group_of(struct groups *groups, const struct finding *finding)
{
    for (size_t i = 0; i < groups->count; i++)
        if (groups->list[i].first->code == finding->code &&
            groups->list[i].first->severity == finding->severity)
            return &groups->list[i];
    return NULL;
}

/* In the order of the findings.  False: no memory. */
static bool gather(TALLOC_CTX *ctx, const struct diagnosis *d, struct groups *groups)
{
    size_t count = d->finding_count;

    *groups = (struct groups){talloc_zero_array(ctx, struct group, count + 1), 0};
    for (size_t i = 0; groups->list && i < count; i++) {
        struct group *group = group_of(groups, &d->findings[i]);

        if (!group) {
            group = &groups->list[groups->count++];
            group->first = &d->findings[i];
            group->all = talloc_zero_array(ctx, const struct finding *, count - i);
            if (!group->all)
                return false;
        }
        group->all[group->count++] = &d->findings[i];
    }
    return groups->list;
}

/* ---- one kind -------------------------------------------------------------------------------- */

/* "mx1.example.com, mx2.example.com and 3 more" */
static char *subjects(struct textout *out, const struct group *group)
{
    size_t shown = group->count <= SUBJECTS_SHOWN ? group->count : SUBJECTS_SHOWN;
    size_t more = group->count - shown;
    char *text = talloc_strdup(out, "");

    for (size_t i = 0; text && i < shown; i++)
        text =
            talloc_asprintf_append(text, "%s%s", i ? ", " : "", shown_subject(out, group->all[i]));
    return headline_more(text, more);
}

/* There is one of these, or the text above it has said which one it is. */
static bool is_known(const struct diagnosis *d, const char *subject, const char *text)
{
    return strstr(text, subject) || strcmp(subject, d->facts->domain) == 0 ||
           strcmp(subject, d->facts->policy_host.name) == 0 || subject[0] == '_';
}

/* "critical: the certificate of mx1.example.com has expired [mx-cert-expired]"; of several, the
 * title that is true of all, and a list. */
static void title(struct textout *out, const struct diagnosis *d, const struct group *group,
                  bool details)
{
    const struct finding *finding = group->first;
    bool several = group->count > 1;
    char *text = several ? finding_text_title(out, finding) : finding_text_brief(out, finding);
    char *subject = subjects(out, group);
    bool named = text && subject && *subject && (several || !details) &&
                 (several || !is_known(d, subject, text));

    text = talloc_asprintf(out, named ? "%s: %s (%s) [%s]" : "%s: %s%s [%s]",
                           text_severity(finding->severity), text, named ? subject : "",
                           finding_info(finding->code)->name);
    textout_wrap(out, 0, text_mark_style(finding->severity), text_mark(out, finding->severity),
                 STYLE_BOLD, text);
}

static char *command_of(struct textout *out, const struct finding *finding)
{
    char **commands =
        finding_text_lines(out, finding->code, FINDING_TEXT_COMMANDS, finding_text_params(finding));

    return commands ? commands[0] : NULL;
}

static char *step_of(struct textout *out, const struct finding *finding)
{
    char **steps = finding_text_fix(out, finding);

    if (!steps || !steps[0])
        return NULL;
    return talloc_asprintf(out, "%s%s", steps[1] ? _("First step: ") : _("How to fix it: "),
                           steps[0]);
}

static bool same(const char *text, const char *before)
{
    return text && before && strcmp(text, before) == 0;
}

/* before: the group above, whose command and step are not said again. */
static void body(struct textout *out, const struct group *group, const struct group *before,
                 size_t pieces)
{
    const struct finding *finding = group->first;
    char *command = pieces > 1 ? command_of(out, finding) : NULL;
    char *step = pieces ? step_of(out, finding) : NULL;

    if (!before || !same(command, command_of(out, before->first)))
        textout_line(out, 2 * INDENT, STYLE_BOLD, command);
    if (!before || !same(step, step_of(out, before->first)))
        textout_wrap(out, INDENT, STYLE_FAINT, "", STYLE_PLAIN, step);
}

/* The group with that number, as far as it is shown. */
static void show_group(struct textout *out, const struct diagnosis *d, const struct group *groups,
                       size_t number, const struct amount *amount)
{
    const struct group *group = &groups[number];
    bool details = number < amount->details;

    title(out, d, group, details);
    if (details)
        textout_wrap(out, INDENT, STYLE_PLAIN, "", STYLE_PLAIN,
                     finding_text_detail(out, group->first));
    if (amount->pieces > PIECES * number)
        body(out, group, number ? group - 1 : NULL, amount->pieces - PIECES * number);
}

/* ---- the page -------------------------------------------------------------------------------- */

static void say_left_out(struct textout *out, const struct groups *groups, size_t from,
                         const char *domain)
{
    size_t count = 0;

    for (size_t i = from; i < groups->count; i++)
        count += groups->list[i].count;
    if (count)
        textout_line(
            out, 0, STYLE_PLAIN,
            talloc_asprintf(out,
                            ngettext("... and %zu more finding: mtasts check --full %s",
                                     "... and %zu more findings: mtasts check --full %s", count),
                            count, domain));
}

static char *page(TALLOC_CTX *ctx, const struct diagnosis *d, const struct groups *groups,
                  const struct amount *amount, const struct textout_options *options)
{
    struct textout *out = textout_new(ctx, options);

    if (!out)
        return NULL;
    text_verdict(out, d);
    if (amount->blanks && text_has_chain(d))
        textout_blank(out);
    if (text_has_chain(d))
        (amount->chain ? text_chain : text_chain_marks)(out, d);
    for (size_t i = 0; i < groups->count && i < amount->groups; i++) {
        if (amount->blanks && PIECES * i <= amount->pieces)
            textout_blank(out);
        show_group(out, d, groups->list, i, amount);
    }
    say_left_out(out, groups, amount->groups, d->facts->domain);
    if (amount->blanks)
        textout_blank(out);
    text_next(out, d, amount->next);
    return textout_end(out);
}

/* ---- less and less --------------------------------------------------------------------------- */

/* The next smaller amount.  False: it is as small as it gets. */
static bool lessen(struct amount *amount)
{
    if (amount->chain)
        amount->chain = false;
    else if (amount->blanks)
        amount->blanks = false;
    else if (amount->next > 1)
        amount->next = 1;
    else if (amount->details)
        amount->details--;
    else if (amount->pieces > PIECES)
        amount->pieces--;
    else if (amount->groups > 1)
        amount->groups--;
    else
        return false;
    return true;
}

/* Notes are worth a line each. */
static size_t above_notes(const struct groups *groups)
{
    size_t count = 0;

    while (count < groups->count && groups->list[count].first->severity > SEVERITY_INFO)
        count++;
    return count;
}

char *text_short(TALLOC_CTX *ctx, const struct diagnosis *d, const struct textout_options *options)
{
    TALLOC_CTX *scratch = talloc_new(ctx);
    struct amount amount = {.chain = true, .blanks = true, .next = SIZE_MAX};
    struct groups groups;
    char *text = NULL;

    if (scratch && gather(scratch, d, &groups)) {
        amount.groups = groups.count;
        amount.details = above_notes(&groups);
        amount.pieces = PIECES * amount.details;
        text = page(scratch, d, &groups, &amount, options);
        while (text && options->height && textout_rows(text, options->width) > options->height &&
               lessen(&amount)) {
            talloc_free(text);
            text = page(scratch, d, &groups, &amount, options);
        }
    }
    text = talloc_steal(ctx, text);
    talloc_free(scratch);
    return text;
}
