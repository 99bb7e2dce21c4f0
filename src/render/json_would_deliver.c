/* SPDX-License-Identifier: MIT */
/* json_would_deliver.c - what becomes of a mail for programs: mtasts.would-deliver/1. */
#include "render/json_parts.h"
#include "render/would_deliver.h"

static struct json_object *one_attempt(TALLOC_CTX *ctx, const struct mail_attempt *attempt)
{
    struct json_object *object = json_object_new_object();

    if (!object)
        return NULL;
    json_add(object, "host", json_string(ctx, attempt->host));
    json_add(object, "address", json_string(ctx, attempt->address));
    json_add(object, "outcome", json_string(ctx, mail_fate_name(attempt->fate)));
    json_add(object, "tls", json_string(ctx, attempt->tls));
    json_add(object, "dsn", json_string(ctx, attempt->dsn));
    json_add(object, "log", json_string(ctx, attempt->log));
    return object;
}

char *json_would_deliver(TALLOC_CTX *ctx, const char *domain, const struct would_deliver *would)
{
    struct json_object *object = json_begin("mtasts.would-deliver/1");
    struct json_object *attempts = json_object_new_array();

    if (!object || !attempts) {
        json_object_put(object);
        json_object_put(attempts);
        return NULL;
    }
    for (size_t i = 0; i < would->attempt_count; i++)
        json_append(attempts, one_attempt(ctx, &would->attempts[i]));
    json_add(object, "domain", json_string(ctx, domain));
    json_add(object, "as", json_string(ctx, mailer_name(would->mailer)));
    json_add(object, "outcome", json_string(ctx, mail_fate_name(would->fate)));
    json_add(object, "answer", json_string(ctx, policy_answer_name(would->answer)));
    json_add(object, "reply", json_string(ctx, would->reply));
    json_add(object, "attempts", attempts);
    return json_line(ctx, object);
}
