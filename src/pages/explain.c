/* SPDX-License-Identifier: MIT */
/* explain.c - entries of the knowledge base as pages draw them. */
#include "pages/explain.h"

#include <string.h>

#include "base/array.h"
#include "render/kb_entry.h"
#include "render/severity_text.h"
#include "render/shown_finding.h"

/* ---- links ----------------------------------------------------------------------------------- */

static void add_link(TALLOC_CTX *ctx, struct explain_links *links, struct explain_link link)
{
    struct explain_link *more = array_grow(ctx, &links->links, &links->link_count, sizeof(*more));

    if (more)
        *more = link;
}

struct explain_link explain_link_to(const char *code)
{
    const char *name;

    for (size_t i = 0; (name = kb_entry_name(i)); i++)
        if (strcmp(name, code) == 0)
            return (struct explain_link){name, kb_entry_head(i).title};
    return (struct explain_link){code, NULL};
}

static struct explain_links links_to(TALLOC_CTX *ctx, char *const *codes)
{
    struct explain_links links = {NULL, 0};

    for (; codes && *codes; codes++)
        add_link(ctx, &links, explain_link_to(*codes));
    return links;
}

/* Of "a|b". */
static struct explain_links links_of_types(TALLOC_CTX *ctx, const char *types)
{
    struct explain_links links = {NULL, 0};

    while (*types) {
        size_t length = strcspn(types, "|");
        char *type = talloc_strndup(ctx, types, length);

        if (type)
            add_link(ctx, &links, explain_link_to(type));
        types += length + (types[length] == '|');
    }
    return links;
}

/* ---- the list -------------------------------------------------------------------------------- */

/* Groups are numbered in the order of the entries, so that addresses of a language hold in all. */
static size_t group_number(const char *group)
{
    const char *last = "";
    size_t number = 0;

    for (size_t i = 0; i < kb_entry_count(); i++) {
        const char *title = kb_entry_head(i).group;

        if (strcmp(title, group) == 0)
            return number;
        number += strcmp(title, last) != 0;
        last = title;
    }
    return number;
}

static char *anchor_of(TALLOC_CTX *ctx, const char *group)
{
    return talloc_asprintf(ctx, "group-%zu", group_number(group));
}

static struct explain_group *group_named(TALLOC_CTX *ctx, struct explain_index_page *page,
                                         const char *title)
{
    struct explain_group *more;

    for (size_t i = 0; i < page->group_count; i++)
        if (strcmp(page->groups[i].title, title) == 0)
            return &page->groups[i];
    more = array_grow(ctx, &page->groups, &page->group_count, sizeof(*more));
    if (more)
        *more = (struct explain_group){.title = title, .anchor = anchor_of(ctx, title)};
    return more;
}

void explain_index_fill(TALLOC_CTX *ctx, struct explain_index_page *page, const size_t *found,
                        size_t count)
{
    count = found ? count : kb_entry_count();
    for (size_t i = 0; i < count; i++) {
        struct kb_entry_head head = kb_entry_head(found ? found[i] : i);
        struct explain_group *group = group_named(ctx, page, head.group);
        struct explain_link *link =
            group ? array_grow(ctx, &group->links, &group->link_count, sizeof(*link)) : NULL;

        if (link)
            *link = (struct explain_link){head.code, head.title};
        page->count += link != NULL;
    }
}

/* ---- an entry -------------------------------------------------------------------------------- */

/* Of "RFC 8461 section 4.2" or "RFC 8461"; NULL: it is nothing of the kind. */
static char *address_of(TALLOC_CTX *ctx, const char *spec)
{
    static const char rfc[] = "RFC ", section[] = " section ";
    size_t number;

    if (strncmp(spec, rfc, strlen(rfc)) != 0)
        return NULL;
    spec += strlen(rfc);
    number = strspn(spec, "0123456789");
    if (strncmp(spec + number, section, strlen(section)) != 0)
        return talloc_asprintf(ctx, "https://www.rfc-editor.org/rfc/rfc%.*s", (int)number, spec);
    return talloc_asprintf(ctx, "https://www.rfc-editor.org/rfc/rfc%.*s#section-%s", (int)number,
                           spec, spec + number + strlen(section));
}

static enum severity worst(enum severity a, enum severity b, enum severity c)
{
    enum severity two = a > b ? a : b;

    return two > c ? two : c;
}

static void fill_types(TALLOC_CTX *ctx, struct explain_entry_page *page,
                       const struct kb_entry *entry)
{
    page->types = talloc_array(ctx, struct explain_type, (unsigned)entry->type_count);
    for (size_t i = 0; page->types && i < entry->type_count; i++) {
        const struct kb_entry_type *type = &entry->types[i];
        enum severity severity = worst(type->enforce, type->testing, type->otherwise);

        page->types[page->type_count++] = (struct explain_type){
            .link = {type->code, type->title},
            .mark = {mark_of_severity(severity).kind, NULL},
            .severity = text_severities(ctx, type->enforce, type->testing, type->otherwise)};
    }
}

/* A note stands above its line, as far in. */
static const char *note_of(TALLOC_CTX *ctx, const struct kb_entry_sample_line *line)
{
    return line->note
               ? talloc_asprintf(ctx, "%*s# %s", (int)strspn(line->text, " "), "", line->note)
               : NULL;
}

static void fill_sample(TALLOC_CTX *ctx, struct explain_entry_page *page,
                        const struct kb_entry *entry)
{
    page->sample = talloc_array(ctx, struct explain_sample_line, (unsigned)entry->sample_count);
    for (size_t i = 0; page->sample && i < entry->sample_count; i++)
        page->sample[page->sample_count++] =
            (struct explain_sample_line){entry->sample[i].text, note_of(ctx, &entry->sample[i])};
}

static void fill_head(TALLOC_CTX *ctx, struct explain_entry_page *page,
                      const struct kb_entry *entry)
{
    enum severity severity = worst(entry->enforce, entry->testing, entry->otherwise);

    page->code = entry->code;
    page->title = entry->title;
    page->group = entry->group;
    page->anchor = anchor_of(ctx, entry->group);
    page->is_topic = strcmp(entry->kind, "topic") == 0;
    page->is_error = strcmp(entry->kind, "api-error") == 0;
    page->is_type = strcmp(entry->kind, "result-type") == 0;
    page->spec = shown_spec(ctx, entry->spec);
    page->spec_url = address_of(ctx, entry->spec);
    if (severity == SEVERITY_NONE)
        return;
    page->severity = text_severities(ctx, entry->enforce, entry->testing, entry->otherwise);
    page->mark = (struct mark_page){mark_of_severity(severity).kind, NULL};
}

void explain_entry_fill(TALLOC_CTX *ctx, struct explain_entry_page *page,
                        const struct kb_entry *entry)
{
    fill_head(ctx, page, entry);
    fill_types(ctx, page, entry);
    fill_sample(ctx, page, entry);
    page->fix = lines_of(ctx, entry->fix);
    page->meaning = lines_of_text(ctx, entry->meaning);
    page->causes = lines_of(ctx, entry->causes);
    page->commands = lines_of(ctx, entry->commands);
    page->differs = lines_of(ctx, entry->differs);
    if (!page->is_type)
        page->result_types = links_of_types(ctx, entry->result_types);
    page->findings = links_to(ctx, entry->findings);
    page->topics = links_to(ctx, entry->topics);
    page->variants = links_to(ctx, entry->variants);
}

/* ---- several by one word --------------------------------------------------------------------- */

void explain_variants_fill(TALLOC_CTX *ctx, struct explain_variants_page *page,
                           struct kb_entry *const *entries, size_t count)
{
    page->variants = talloc_array(ctx, struct explain_variant, (unsigned)count);
    for (size_t i = 0; page->variants && i < count; i++)
        page->variants[page->variant_count++] = (struct explain_variant){
            entries[i]->code, entries[i]->title, entries[i]->recognized, entries[i]->policy_lines};
    if (count && entries[0]->commands[0])
        page->commands = lines_of_text(ctx, entries[0]->commands[0]);
}
