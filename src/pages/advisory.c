/* SPDX-License-Identifier: MIT */
/* advisory.c - an advisory as a page draws it. */
#include "pages/advisory.h"

#include "base/i18n.h"
#include "render/advisory.h"
#include "render/headline.h"

static void add_notes(TALLOC_CTX *ctx, struct advisory_page *page, const struct advisory *a)
{
    page->notes = talloc_array(ctx, struct advisory_note, (unsigned)a->note_count + 1);
    for (size_t i = 0; page->notes && i < a->note_count; i++)
        page->notes[page->note_count++] =
            (struct advisory_note){mark_of_severity(a->notes[i].severity),
                                   lines_of_text(ctx, advisory_note_text(ctx, &a->notes[i]))};
}

static void add_steps(TALLOC_CTX *ctx, struct advisory_page *page, const struct advisory *a)
{
    page->steps = talloc_array(ctx, struct advisory_step, (unsigned)a->step_count + 1);
    for (size_t i = 0; page->steps && i < a->step_count; i++) {
        const struct step *step = &a->steps[i];

        page->steps[page->step_count++] = (struct advisory_step){
            lines_of_text(ctx, advisory_text_of(ctx, &step->sentence)),
            lines_of(ctx, advisory_commands(ctx, a, step)), step->from, step->artefact};
    }
}

static void add_effects(TALLOC_CTX *ctx, struct advisory_page *page, const struct advisory *a)
{
    page->effects = talloc_array(ctx, struct advisory_effect, BEHAVIOUR_COUNT);
    for (size_t i = 0; page->effects && i < a->effective_by_count; i++)
        page->effects[page->effect_count++] = (struct advisory_effect){
            a->effective_by[i].until, advisory_behaviour_text(a->effective_by[i].behaviour)};
}

static const char *shown(TALLOC_CTX *ctx, const char *text)
{
    char *copy = talloc_strdup(ctx, text), *to = copy;

    for (const char *at = copy; at && *at; at++)
        if (*at != '\r')
            *to++ = *at;
    if (to)
        *to = '\0';
    return copy;
}

static void add_files(TALLOC_CTX *ctx, struct advisory_page *page, const struct advisory *a)
{
    page->files = talloc_array(ctx, struct advisory_file, (unsigned)a->artefact_count + 1);
    for (size_t i = 0; page->files && i < a->artefact_count; i++) {
        const struct artefact *file = &a->artefacts[i];

        page->files[page->file_count++] =
            (struct advisory_file){.name = file->file,
                                   .title = advisory_title(ctx, a, file),
                                   .text = shown(ctx, file->text),
                                   .content = file->text};
    }
}

struct advisory_page advisory_page_of(TALLOC_CTX *ctx, const struct advisory *advisory)
{
    struct mark_page mark = mark_of_severity(advisory->severity);
    struct advisory_page page = {
        .checked = true,
        .mark = mark,
        .headline = headline_sentence(ctx, advisory_text_of(ctx, &advisory->headline))};

    add_notes(ctx, &page, advisory);
    add_steps(ctx, &page, advisory);
    add_effects(ctx, &page, advisory);
    add_files(ctx, &page, advisory);
    return page;
}
