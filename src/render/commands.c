/* SPDX-License-Identifier: MIT */
/* commands.c - the diagnosis commands of a domain, gathered and filled in. */
#include "render/commands.h"

#include <string.h>

#include "base/array.h"
#include "base/i18n.h"
#include "knowledge/advice.h"
#include "knowledge/command_note.h"
#include "render/expand.h"
#include "render/finding_text.h"
#include "verdict/place.h"

struct gathering {
    struct command_list *list;
    const struct diagnosis *diagnosis;
    const struct finding *finding; /* NULL: the seven */
    size_t number;
    bool no_memory;
};

static bool is_known(const struct command_list *list, const char *command)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->commands[i].command && strcmp(list->commands[i].command, command) == 0)
            return true;
    return false;
}

static void append(struct gathering *g, const char *command, const char *template)
{
    const struct command_note *note = template ? command_note_of(template) : NULL;
    const struct finding_info *info = g->finding ? finding_info(g->finding->code) : NULL;
    struct shown_command *more =
        array_grow(g->list, &g->list->commands, &g->list->count, sizeof(*more));

    if (!more) {
        g->no_memory = true;
        return;
    }
    *more = (struct shown_command){.command = command,
                                   .shows = note ? _(note->shows) : "",
                                   .expect = note ? _(note->expect) : "",
                                   .code = info ? info->name : NULL,
                                   .title = info ? _(info->title) : NULL,
                                   .number = g->number};
}

/* Does the template say something in this situation? */
static bool add(struct gathering *g, const char *template, struct expand_params params)
{
    char *command = expand_command(g->list, template, params);

    if (command && !is_known(g->list, command))
        append(g, command, template);
    return command;
}

/* Of twins, one for an option that was given and one without it, the first that can be filled in.
 */
static const char *const *add_twin(struct gathering *g, const char *const *template,
                                   struct expand_params params)
{
    while (finding_text_is_optional(*template) && template[1]) {
        if (add(g, *template, params))
            return template + 2;
        template ++;
    }
    add(g, *template, params);
    return template + 1;
}

/* ---- the seven ------------------------------------------------------------------------------- */

static struct expand_params places(struct gathering *g, const char *host)
{
    struct expand_params params = {NULL, 0, false};

    params.params =
        domain_params(g->list, g->diagnosis->facts, g->diagnosis->now, host, &params.count);
    if (!params.params)
        g->no_memory = true;
    return params;
}

/* An address where a name belongs has no certificate to look at; the null MX is no host. */
static bool is_mx_host(const struct mx_host *mx)
{
    return !mx->is_address && *mx->name && strcmp(mx->name, ".") != 0;
}

static void basics(struct gathering *g)
{
    const struct facts *facts = g->diagnosis->facts;
    struct expand_params params = places(g, NULL);
    bool any = false;

    g->number = 1;
    for (const char *const *template = basic_commands; *template; g->number++)
        template = add_twin(g, template, params);
    for (size_t i = 0; i < facts->mx_count; i++) {
        if (!is_mx_host(&facts->mx[i]))
            continue;
        any = true;
        add(g, basic_mx_command, places(g, facts->mx[i].name));
    }
    if (!any)
        add_twin(g, basic_all_mx_commands, params);
    g->number = 0;
}

/* ---- findings -------------------------------------------------------------------------------- */

static void of_finding(struct gathering *g, const struct finding *finding)
{
    const char *const *template = advice_for(finding->code)->commands;
    size_t before = g->list->count;

    g->finding = finding;
    while (*template)
        template = add_twin(g, template, finding_text_params(finding));
    if (g->list->count == before)
        append(g, NULL, NULL);
    g->finding = NULL;
}

/* A finding for each MX host is a group all the same. */
static bool is_first_of_its_code(const struct diagnosis *d, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (d->findings[j].code == d->findings[i].code)
            return false;
    return true;
}

static void of_code(struct gathering *g, size_t first)
{
    const struct diagnosis *d = g->diagnosis;

    for (size_t i = first; i < d->finding_count; i++)
        if (d->findings[i].code == d->findings[first].code)
            of_finding(g, &d->findings[i]);
}

static void of_findings(struct gathering *g)
{
    for (size_t i = 0; i < g->diagnosis->finding_count; i++)
        if (is_first_of_its_code(g->diagnosis, i))
            of_code(g, i);
}

struct command_list *command_list_new(TALLOC_CTX *ctx, const struct diagnosis *diagnosis)
{
    struct command_list *list = talloc_zero(ctx, struct command_list);
    struct gathering g = {.list = list, .diagnosis = diagnosis};
    /* Why nothing was seen comes before what is said of every domain. */
    bool blind = place_is_blind(diagnosis->facts);

    if (!list)
        return NULL;
    list->domain = diagnosis->facts->domain;
    if (blind)
        of_findings(&g);
    if (diagnosis->posture != POSTURE_NONEXISTENT)
        basics(&g);
    if (!blind)
        of_findings(&g);
    if (g.no_memory)
        TALLOC_FREE(list);
    return list;
}
