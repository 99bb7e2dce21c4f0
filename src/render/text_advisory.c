/* SPDX-License-Identifier: MIT */
/* text_advisory.c - an advisory for a person: headline, notes, steps, effective dates, files. */
#include "render/advisory.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "render/expand.h"
#include "render/text.h"

#define INDENT ((size_t)2)

static const char *const behaviours[] = {
    [BEHAVIOUR_EACH_DELIVERY] =
        N_("check the id before each delivery (postfix-mta-sts-resolver, mox, maddy, KumoMTA)"),
    [BEHAVIOUR_DAILY] = N_("check once a day, as RFC 8461 suggests (Momentum)"),
    [BEHAVIOUR_MAX_AGE] =
        N_("keep the old policy until its max_age expires, whatever the id is (postfix-tlspol)"),
};

static struct expand_params params_of(const struct sentence *s)
{
    return (struct expand_params){s->params, s->param_count, false};
}

char *advisory_text_of(TALLOC_CTX *ctx, const struct sentence *s)
{
    return s->text ? expand_text(ctx, _(s->text), params_of(s)) : NULL;
}

char *advisory_note_text(TALLOC_CTX *ctx, const struct note *note)
{
    return advisory_text_of(ctx, &note->sentence);
}

/* "2026-11-23 15:00 UTC" */
static const char *when(struct textout *out, int64_t time)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format_minute(time, text);
    return talloc_asprintf(out, "%s UTC", text);
}

static void show_notes(struct textout *out, const struct advisory *a)
{
    for (size_t i = 0; i < a->note_count; i++) {
        const struct note *note = &a->notes[i];
        bool told = note->severity <= SEVERITY_INFO; /* and not judged */

        textout_wrap(out, INDENT, told ? STYLE_PLAIN : text_mark_style(note->severity),
                     told ? "- " : text_mark(out, note->severity), STYLE_PLAIN,
                     advisory_text_of(out, &note->sentence));
    }
}

/* One that lacks a value is left out. */
char **advisory_commands(TALLOC_CTX *ctx, const struct advisory *a, const struct step *step)
{
    struct expand_params params = {a->general, a->general_count, false};
    size_t count = 0, most = 0;
    char **list;

    while (step->commands && step->commands[most])
        most++;
    list = talloc_zero_array(ctx, char *, (unsigned)most + 1);
    for (size_t i = 0; list && i < most; i++) {
        list[count] = expand_command(list, step->commands[i], params);
        count += list[count] != NULL;
    }
    return list;
}

/* Commands are never wrapped: they are there to be copied. */
static void show_commands(struct textout *out, const struct advisory *a, const struct step *step)
{
    char **commands = advisory_commands(out, a, step);

    for (size_t i = 0; commands && commands[i]; i++)
        textout_line(out, 3 * INDENT, STYLE_BOLD, commands[i]);
}

static void show_step(struct textout *out, const struct advisory *a, size_t i)
{
    const struct step *step = &a->steps[i];
    char *number = talloc_asprintf(out, "%zu. ", i + 1);
    char *text = advisory_text_of(out, &step->sentence);

    if (step->from)
        text = talloc_asprintf(out, _("From %s: %s"), when(out, step->from), text);
    if (step->artefact)
        text = talloc_asprintf(out, "%s [%s]", text, step->artefact);
    if (number)
        textout_wrap(out, INDENT, STYLE_BOLD, number, STYLE_PLAIN, text);
    show_commands(out, a, step);
}

const char *advisory_behaviour_text(enum behaviour behaviour)
{
    return _(behaviours[behaviour]);
}

static void show_effective_by(struct textout *out, const struct advisory *a)
{
    textout_blank(out);
    if (a->effective_from)
        textout_line(
            out, 0, STYLE_BOLD,
            talloc_asprintf(out, _("When the change has reached all senders, if published by %s:"),
                            when(out, a->effective_from)));
    else
        textout_line(out, 0, STYLE_BOLD, _("When the change has reached all senders:"));
    for (size_t i = 0; i < a->effective_by_count; i++) {
        const struct effective_by *h = &a->effective_by[i];
        char *first = h->until ? talloc_asprintf(out, "%s  ", when(out, h->until))
                               : talloc_asprintf(out, "%-20s  ", _("not known"));

        if (first)
            textout_wrap(out, INDENT, STYLE_BOLD, first, STYLE_PLAIN,
                         talloc_asprintf(out, _("at the latest: senders that %s"),
                                         advisory_behaviour_text(h->behaviour)));
    }
}

char *advisory_title(TALLOC_CTX *ctx, const struct advisory *a, const struct artefact *artefact)
{
    struct expand_params params = {a->general, a->general_count, false};

    return expand_text(ctx, _(artefact->title), params);
}

/* Line by line at the margin, ready to be copied. */
static void show_file(struct textout *out, const struct artefact *artefact,
                      const struct advisory *a)
{
    const char *at = artefact->text;

    textout_blank(out);
    textout_wrap(out, 0, STYLE_BOLD, "# ", STYLE_BOLD,
                 talloc_asprintf(out, "%s: %s", artefact->file, advisory_title(out, a, artefact)));
    while (*at) {
        size_t length = strcspn(at, "\r\n");

        textout_line(out, 0, STYLE_PLAIN, talloc_strndup(out, at, length));
        at += length;
        at += *at == '\r';
        at += *at == '\n';
    }
}

void text_advisory_body(struct textout *out, const struct advisory *a, bool with_files)
{
    if (a->note_count)
        textout_blank(out);
    show_notes(out, a);
    if (a->step_count) {
        textout_blank(out);
        textout_line(out, 0, STYLE_BOLD, _("What to do:"));
    }
    for (size_t i = 0; i < a->step_count; i++)
        show_step(out, a, i);
    if (a->effective_by_count)
        show_effective_by(out, a);
    for (size_t i = 0; with_files && i < a->artefact_count; i++)
        show_file(out, &a->artefacts[i], a);
}

/* diagnosis NULL: it has nothing to say beside the advisory. */
static char *headline_of(struct textout *out, const struct advisory *a,
                         const struct diagnosis *diagnosis)
{
    char *headline = advisory_text_of(out, &a->headline);

    if (a->domain)
        headline = talloc_asprintf(out, "%s: %s", a->domain, headline ? headline : "");
    if (headline && diagnosis)
        headline = talloc_asprintf(out, "%s %s", headline, text_headline(out, diagnosis));
    return headline;
}

static char *advisory_page(TALLOC_CTX *ctx, const struct advisory *a,
                           const struct diagnosis *diagnosis, bool with_files,
                           const struct textout_options *options)
{
    struct textout *out = textout_new(ctx, options);

    if (!out)
        return NULL;
    textout_wrap(out, 0, text_mark_style(a->severity), text_mark(out, a->severity), STYLE_BOLD,
                 headline_of(out, a, diagnosis));
    if (!options->quiet)
        text_advisory_body(out, a, with_files);
    return textout_end(out);
}

char *text_advisory(TALLOC_CTX *ctx, const struct advisory *a, bool with_files,
                    const struct textout_options *options)
{
    return advisory_page(ctx, a, NULL, with_files, options);
}

char *text_news(TALLOC_CTX *ctx, const struct advisory *a, const struct diagnosis *diagnosis,
                const struct textout_options *options)
{
    return advisory_page(ctx, a, diagnosis, false, options);
}
