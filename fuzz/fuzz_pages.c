/* SPDX-License-Identifier: MIT */
/* fuzz_pages.c - any observation in every form there is: text, JSON, commands, plan, rollback.
 * Each form names the same findings, none lets a control character through. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "facts/facts_json.h"
#include "render/advisory.h"
#include "render/commands.h"
#include "render/json.h"
#include "render/plugin.h"
#include "render/prometheus.h"
#include "render/text.h"
#include "rollout/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

/* Bytes are UTF-8 by now, so a lone 0x80 to 0x9f behind 0xc2 is a C1 control. */
static const char *clean(const char *text)
{
    demand(text != NULL);
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        demand((*at >= ' ' || *at == '\n' || *at == '\t' || *at == '\r') && *at != 0x7f);
        demand(!(at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0));
    }
    return text;
}

/* As a program would read it. */
static void check_json(const char *text, const struct diagnosis *d)
{
    struct json_object *object = json_tokener_parse(clean(text)), *list = NULL;

    demand(object && !strchr(text, '\n'));
    if (d) {
        demand(json_object_object_get_ex(object, "findings", &list));
        demand(json_object_array_length(list) == d->finding_count);
    }
    for (size_t i = 0; d && i < d->finding_count; i++) {
        struct json_object *code;

        demand(json_object_object_get_ex(json_object_array_get_idx(list, i), "code", &code));
        demand(!strcmp(json_object_get_string(code), finding_info(d->findings[i].code)->name));
    }
    json_object_put(object);
}

static void check_text(const char *text, const struct diagnosis *d)
{
    clean(text);
    for (size_t i = 0; i < d->finding_count; i++)
        demand(strstr(text, finding_info(d->findings[i].code)->name) != NULL);
}

static void check_outlines(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    static void (*const makers[])(struct advisory *, const struct situation *,
                                  const struct plan_wish *) = {plan_next, plan_remove,
                                                               plan_rollback, plan_migration};
    static const char *const moved[] = {"mx9.d.example"};
    static const struct textout_options options = {.width = 80, .utf8 = true};
    struct plan_wish wish = {.new_mx = moved, .new_mx_count = 1, .nsupdate = true};
    struct history past = {0};
    int64_t now = d->facts->observed_at;

    for (size_t i = 0; i < sizeof(makers) / sizeof(*makers); i++) {
        struct advisory *a = advisory_new(ctx, d->facts->domain, d->facts, now);
        struct situation s;

        demand(a != NULL);
        situation_read(&s, d, &past, 0, now);
        makers[i](a, &s, &wish);
        demand(!a->no_memory);
        clean(text_advisory(ctx, a, true, &options));
        check_json(json_advisory(ctx, a, "mtasts.plan/1"), NULL);
    }
}

/* A line and nothing else, short enough, with one bar. */
static void check_plugin(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    struct plugin_view view = {.diagnosis = d, .timeout = 50};
    struct expiry *list;
    const char *line;

    demand(expiries(ctx, d->facts, d->now, &list, &view.expiry_count) == STS_OK);
    view.expiries = list;
    line = clean(plugin_text(ctx, &view));
    demand(strlen(line) < 1024 && strchr(line, '\n') == line + strlen(line) - 1);
    demand(strchr(line, '|') && !strchr(strchr(line, '|') + 1, '|'));
    view.verbosity = 3;
    clean(plugin_text(ctx, &view));
}

/* Any text as that of the last pass. */
static void check_metrics_before(TALLOC_CTX *ctx, struct bytes before)
{
    struct prometheus *prometheus = prometheus_new(ctx, false);

    demand(prometheus != NULL);
    prometheus_continue(prometheus, before);
    prometheus_seen(prometheus, "d.example", true);
    clean(prometheus_text(ctx, prometheus));
}

static void check_pages(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    static const struct textout_options pages[] = {
        {.width = 60, .utf8 = true, .verbose = true}, {.width = 0}, {.width = 20}};
    struct command_list *commands = command_list_new(ctx, d);
    struct prometheus *prometheus = prometheus_new(ctx, true);

    for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++)
        check_text(text_check(ctx, d, &pages[i]), d);
    clean(text_headline(ctx, d));
    check_json(json_check(ctx, d), d);
    demand(commands && prometheus);
    clean(text_command_list(ctx, commands, &pages[0]));
    check_json(json_command_list(ctx, commands), NULL);
    check_plugin(ctx, d);
    prometheus_add(prometheus, d, NULL);
    clean(prometheus_text(ctx, prometheus));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct diagnosis *diagnosis;
    struct facts *facts;
    char *why;

    check_metrics_before(ctx, (struct bytes){(const char *)data, size});
    if (facts_read(ctx, (const char *)data, size, &facts, &why) == STS_OK) {
        demand(diagnose(ctx, facts, facts->observed_at, &diagnosis) == STS_OK);
        check_pages(ctx, diagnosis);
        check_outlines(ctx, diagnosis);
    }
    talloc_free(ctx);
    return 0;
}
