/* SPDX-License-Identifier: MIT */
/* message_json.c - a message as JSON: the body of a webhook, and what a command gets. */
#include "alerts/message.h"

#include "alerts/shown_alert.h"
#include "base/i18n.h"
#include "base/json_write.h"

static void write_alert(struct json_writer *json, const struct alert_copy *alert,
                        const struct message_site *site)
{
    TALLOC_CTX *ctx = json->ctx;
    char *url = talloc_asprintf(ctx, "%salerts/%lld", site->base, (long long)alert->row.id);
    char *text = shown_alert_title(ctx, alert->row.kind, alert->row.cause, alert->row.subject);

    json_write_integer(json, "id", alert->row.id);
    json_write_string(json, "group", alert->row.group_name);
    json_write_string(json, "kind", alert->row.kind);
    json_write_string(json, "cause", alert->row.cause);
    json_write_string(json, "subject", alert->row.subject);
    json_write_string(json, "severity", alert->row.severity);
    json_write_string(json, "title", text ? text : "");
    json_write_time_if(json, "begun", alert->row.begun);
    json_write_time_if(json, "ended", alert->row.ended);
    if (*site->base)
        json_write_string(json, "url", url ? url : "");
    json_write_integer(json, "domain_count", alert->row.domains);
    json_write_begin(json, "domains", '[');
    for (size_t i = 0; i < alert->domain_count; i++) {
        const struct store_alert_domain *domain = &alert->domains[i];
        char *detail = shown_alert_detail(ctx, domain->detail);

        json_write_begin(json, NULL, '{');
        json_write_string(json, "domain", domain->domain);
        json_write_time_if(json, "begun", domain->begun);
        json_write_time_if(json, "ended", domain->ended);
        json_write_string(json, "text", detail ? detail : "");
        json_write_end(json, '}');
    }
    json_write_end(json, ']');
}

static void write_list(struct json_writer *json, const char *name, const struct alert_copy *list,
                       size_t count, const struct message_site *site)
{
    json_write_begin(json, name, '[');
    for (size_t i = 0; i < count; i++) {
        json_write_begin(json, NULL, '{');
        write_alert(json, &list[i], site);
        json_write_end(json, '}');
    }
    json_write_end(json, ']');
}

static void write_data(struct json_writer *json, const struct message *m,
                       const struct message_site *site)
{
    json_write_begin(json, "data", '{');
    if (message_is_digest(m)) {
        json_write_time_if(json, "since", m->delivery.since);
        write_list(json, "changed", m->alerts.list, m->alerts.count, site);
        write_list(json, "open", m->open.list, m->open.count, site);
    } else if (m->alerts.count) {
        json_write_begin(json, "alert", '{');
        write_alert(json, &m->alerts.list[0], site);
        json_write_end(json, '}');
    }
    json_write_end(json, '}');
}

char *message_json(TALLOC_CTX *ctx, const struct message *m, const struct message_site *site)
{
    enum i18n_language before = message_speak(m);
    TALLOC_CTX *work = talloc_new(ctx);
    struct json_writer json = {.ctx = work};
    char *type = talloc_asprintf(
        work, "%s%s", m->alerts.count && !message_is_digest(m) ? "alert." : "", m->delivery.event);
    char *text = NULL;

    json_write_begin(&json, NULL, '{');
    json_write_string(&json, "format", "mtasts.alert/1");
    json_write_string(&json, "type", type ? type : "");
    json_write_time_if(&json, "timestamp", m->delivery.created);
    write_data(&json, m, site);
    json_write_end(&json, '}');
    if (work && type && !json.no_memory)
        text = talloc_strndup(ctx, json.text, json.length);
    talloc_free(work);
    i18n_use(before);
    return text;
}
