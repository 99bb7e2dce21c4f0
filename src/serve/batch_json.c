/* SPDX-License-Identifier: MIT */
/* batch_json.c - batches for programs. */
#include <stdio.h>

#include "app/domain_watch.h"
#include "base/i18n.h"
#include "base/json_write.h"
#include "serve/batch_service.h"
#include "serve/limits.h"

const char *batch_verdict(size_t verdict)
{
    return domain_watch_verdict(verdict);
}

static char *end(TALLOC_CTX *ctx, struct json_writer *json, const char *line_end)
{
    char *text = json->no_memory
                     ? NULL
                     : talloc_asprintf(ctx, "%.*s%s", (int)json->length, json->text, line_end);

    talloc_free(json->text);
    return text;
}

char *batch_domains_json(TALLOC_CTX *ctx, const struct domain_import *import)
{
    struct json_writer json = {.ctx = ctx};

    json_write_begin(&json, NULL, '[');
    for (size_t i = 0; i < import->domain_count; i++)
        json_write_string(&json, NULL, import->domains[i].name);
    json_write_end(&json, ']');
    return end(ctx, &json, "");
}

/* ---- a batch --------------------------------------------------------------------------------- */

static const char *state_of(const struct batch_view *view)
{
    if (view->batch.cancelled)
        return "cancelled";
    if (view->batch.ended)
        return "done";
    return view->counts.done || view->counts.running ? "running" : "queued";
}

/* As fast as it went so far. */
static int64_t estimate(const struct batch_view *view)
{
    int64_t left = view->counts.waiting + view->counts.running, done = view->counts.done;

    if (view->batch.ended || !done)
        return 0;
    return view->now + (view->now - view->batch.created) * left / done;
}

static void put_refused(struct json_writer *json, const struct domain_import *import)
{
    size_t shown =
        import->refused_count < LIMIT_BATCH_REFUSED ? import->refused_count : LIMIT_BATCH_REFUSED;

    json_write_integer(json, "refused_count", (int64_t)import->refused_count);
    json_write_begin(json, "refused", '[');
    for (size_t i = 0; i < shown; i++) {
        const struct import_refused *refused = &import->refused[i];

        json_write_begin(json, NULL, '{');
        json_write_integer(json, "line", refused->line);
        json_write_string(json, "given", refused->given);
        json_write_string(json, "detail", _(import_fault_text(refused->fault)));
        json_write_end(json, '}');
    }
    json_write_end(json, ']');
}

void batch_write(struct json_writer *json, const struct batch_view *view,
                 const struct domain_import *import)
{
    const struct store_domain_batch *batch = &view->batch;
    char id[24];

    (void)snprintf(id, sizeof id, "%lld", (long long)batch->id);
    json_write_begin(json, NULL, '{');
    json_write_string(json, "id", id);
    json_write_string(json, "name", batch->name);
    json_write_integer(json, "group", batch->group);
    json_write_string(json, "requested_by", batch->who);
    json_write_string(json, "state", state_of(view));
    json_write_time_or_null(json, "created_at", batch->created);
    json_write_time_or_null(json, "ended_at", batch->ended);
    json_write_time_or_null(json, "estimated_end_at", estimate(view));
    json_write_integer(json, "domains", batch->domains);
    json_write_begin(json, "counts", '{');
    json_write_integer(json, "waiting", view->counts.waiting);
    json_write_integer(json, "running", view->counts.running);
    json_write_integer(json, "done", view->counts.done);
    json_write_end(json, '}');
    json_write_begin(json, "verdicts", '{');
    for (size_t i = 0; i < BATCH_VERDICTS; i++)
        json_write_integer(json, batch_verdict(i), view->verdicts[i]);
    json_write_end(json, '}');
    if (import)
        put_refused(json, import);
    json_write_end(json, '}');
}

char *batch_json(TALLOC_CTX *ctx, const struct batch_view *view, const struct domain_import *import)
{
    struct json_writer json = {.ctx = ctx};

    batch_write(&json, view, import);
    return end(ctx, &json, "\n");
}
