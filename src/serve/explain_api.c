/* SPDX-License-Identifier: MIT */
/* explain_api.c - the knowledge base for programs. */
#include <string.h>

#include "base/i18n.h"
#include "render/json.h"
#include "render/kb_find.h"
#include "serve/compute.h"
#include "serve/exchange.h"
#include "serve/tools.h"

struct explain_call {
    struct computed computed;
    const char *word; /* NULL: all of them */
    bool lines;       /* an object a line, as the command prints them */
    int64_t now;
};

static char *entry_json(struct explain_call *explain, size_t i)
{
    struct kb_entry *entry = kb_entry_new(explain, i, explain->now);
    char *json = entry ? json_explain(explain, entry) : NULL;

    talloc_free(entry);
    return json;
}

static void work_all(struct computed *computed)
{
    struct explain_call *explain = (struct explain_call *)computed;
    char *text = talloc_strdup(explain, explain->lines ? "" : "{\"items\":[");
    const char *between = explain->lines ? "" : ",", *behind = explain->lines ? "\n" : "";

    for (size_t i = 0; text && i < kb_entry_count(); i++) {
        char *json = entry_json(explain, i);

        text = json ? talloc_asprintf_append_buffer(text, "%s%s%s", i ? between : "", json, behind)
                    : NULL;
        talloc_free(json);
    }
    if (text && !explain->lines)
        text = talloc_strdup_append_buffer(text, "],\"next\":null}");
    computed_text(computed, explain->lines ? "application/x-ndjson" : "application/json", text);
    computed->stable = true;
}

/* Names in a sentence: "a, b, c". */
static char *names_of(struct explain_call *explain, const struct kb_found *found)
{
    size_t count = found->count ? found->count : found->near.count;
    char *text = talloc_strdup(explain, "");

    for (size_t i = 0; text && i < count; i++)
        text = talloc_asprintf_append_buffer(text, "%s%s", i ? ", " : "",
                                             found->count ? kb_entry_name(found->entries[i])
                                                          : found->near.names[i]);
    return text;
}

static void several(struct explain_call *explain, const struct kb_found *found)
{
    char *names = names_of(explain, found);
    char *text =
        names ? talloc_asprintf(explain, _("This word matches several entries: %s."), names) : NULL;

    computed_problem(&explain->computed, 300, "several", text ? text : "");
}

static void unknown(struct explain_call *explain, const struct kb_found *found)
{
    char *names = found->near.count ? names_of(explain, found) : NULL;
    char *text =
        names ? talloc_asprintf(explain, _("Unknown code or topic; similar ones: %s."), names)
              : NULL;

    computed_problem(&explain->computed, 404, "not-found",
                     text ? text : _("Unknown code or topic."));
}

static void work_word(struct computed *computed)
{
    struct explain_call *explain = (struct explain_call *)computed;
    const struct kb_entry *error = kb_entry_error(explain, explain->word, explain->now);
    struct kb_found found;

    if (kb_find(explain, explain->word, &found) != STS_OK) {
        computed_text(computed, "", NULL);
    } else if (found.count == 1) {
        computed_text(computed, "application/json", entry_json(explain, found.entries[0]));
        computed->stable = true;
    } else if (error) {
        computed_text(computed, "application/json", json_explain(explain, error));
        computed->stable = true;
    } else if (found.count) {
        several(explain, &found);
    } else {
        unknown(explain, &found);
    }
}

static void answer(struct exchange *exchange, const char *word)
{
    const char *accept = http_request_field(exchange_request(exchange), "accept");
    struct explain_call *explain = talloc_zero(exchange, struct explain_call);

    if (explain) {
        explain->computed.work = word ? work_word : work_all;
        explain->word = word ? talloc_strdup(explain, word) : NULL;
        explain->lines = accept && strstr(accept, "application/x-ndjson");
        explain->now = tools_example_time();
    }
    if (explain && word && !explain->word)
        TALLOC_FREE(explain);
    compute_answer(exchange, tools_of(exchange)->texts, explain ? &explain->computed : NULL);
}

void api_explain(struct exchange *exchange)
{
    answer(exchange, exchange_place(exchange, "word"));
}

void api_explain_all(struct exchange *exchange)
{
    answer(exchange, NULL);
}
