/* SPDX-License-Identifier: MIT */
/* shown_alert.c - titles, sentences, words. */
#include "alerts/shown_alert.h"

#include <string.h>

#include "alerts/condition.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"
#include "render/expand.h"

#define DETAIL_DEPTH 4
#define SUBJECT_MAX  200 /* bytes that are shown */

/* ---- titles ---------------------------------------------------------------------------------- */

static const char *title_of(enum alert_kind kind, const char *cause)
{
    static const char *const titles[] = {
        [ALERT_PROBLEM] = "",
        [ALERT_CERTIFICATE] = N_("Certificate expires soon"),
        [ALERT_FAILURE] = N_("Senders report failed sessions"),
        [ALERT_POLICY] = N_("Policy or record changed"),
        [ALERT_SILENT] = N_("A sender no longer reports"),
        [ALERT_NO_REPORTS] = N_("No TLS reports arrive"),
        [ALERT_REPAIRED] = N_("Resolved: 48 hours without a problem"),
        [ALERT_CHANNEL] = N_("A channel for alerts is paused"),
        [ALERT_KIND_COUNT] = "",
    };
    enum finding_code code = kind == ALERT_PROBLEM ? finding_by_name(cause) : FINDING_COUNT;

    if (code < FINDING_COUNT)
        return _(finding_info(code)->title);
    return *titles[kind] ? _(titles[kind]) : cause;
}

char *shown_alert_title(TALLOC_CTX *ctx, const char *kind, const char *cause, const char *subject)
{
    const char *title = title_of(alert_kind_named(kind), cause);
    char *about;

    if (!*subject)
        return talloc_strdup(ctx, title);
    about = text_printable(ctx, subject, strlen(subject), SUBJECT_MAX);
    return about ? talloc_asprintf(ctx, "%s: %s", title, about) : NULL;
}

/* ---- sentences ------------------------------------------------------------------------------- */

static struct param *params_of(TALLOC_CTX *ctx, const struct json *object, size_t *ret_count)
{
    struct param *params;

    *ret_count = 0;
    if (!json_is(object, JSON_OBJECT))
        return NULL;
    params = talloc_zero_array(ctx, struct param, (unsigned)object->count + 1);
    for (size_t i = 0; params && i < object->count; i++)
        if (json_is(&object->items[i], JSON_STRING))
            params[(*ret_count)++] =
                (struct param){object->items[i].name.data, object->items[i].text.data};
    return params;
}

/* What stands in the store may be of another version: a place without a value leaves the sentence
 * out. */
static char *sentence_of(TALLOC_CTX *ctx, const struct json *item)
{
    const struct json *text = json_is(item, JSON_OBJECT) ? json_member(item, "text") : NULL;
    struct expand_params params = {0};

    if (!json_is(text, JSON_STRING) || !text->text.length)
        return NULL;
    params.params = params_of(ctx, json_member(item, "params"), &params.count);
    return expand_text(ctx, _(text->text.data), params);
}

char *shown_alert_detail(TALLOC_CTX *ctx, const char *detail)
{
    TALLOC_CTX *work = talloc_new(ctx);
    char *all = talloc_strdup(ctx, "");
    struct json *list = NULL;
    size_t at;

    if (!work || !all || !detail ||
        json_read(work, bytes_of(detail), false, DETAIL_DEPTH, &list, &at) != JSON_OK ||
        !json_is(list, JSON_ARRAY)) {
        talloc_free(work);
        return all;
    }
    for (size_t i = 0; all && i < list->count; i++) {
        char *sentence = sentence_of(work, &list->items[i]);

        if (sentence)
            all = talloc_asprintf_append(all, "%s%s", *all ? " " : "", sentence);
    }
    talloc_free(work);
    return all;
}

/* ---- words ----------------------------------------------------------------------------------- */

char *shown_alert_time(TALLOC_CTX *ctx, int64_t when)
{
    char text[CLOCK_TEXT_SIZE];

    if (!when)
        return talloc_strdup(ctx, "");
    clock_format_minute(when, text);
    return talloc_asprintf(ctx, "%s UTC", text);
}

struct word {
    const char *name, *text;
};

static const char *text_of(const struct word *words, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i].name, name) == 0)
            return _(words[i].text);
    return "";
}
#define TEXT_OF(words, name) text_of(words, sizeof(words) / sizeof(*(words)), name)

const char *shown_alert_event(const char *event)
{
    static const struct word words[] = {
        {"begun", N_("new alert")},
        {"joined", N_("more domains")},
        {"cleared", N_("resolved")},
        {"reminder", N_("reminder")},
        {"digest", N_("digest")},
        {"test", N_("test")},
        {"confirm", N_("request for confirmation")},
    };

    return TEXT_OF(words, event);
}

const char *shown_alert_state(const char *state)
{
    static const struct word words[] = {
        {"waiting", N_("waiting")},
        {"sent", N_("sent")},
        {"failed", N_("failed")},
        {"dropped", N_("not sent")},
    };

    return TEXT_OF(words, state);
}

const char *shown_channel_kind(const char *kind)
{
    static const struct word words[] = {
        {"mail", N_("Email")},
        {"webhook", N_("Webhook")},
        {"command", N_("Command")},
    };

    return TEXT_OF(words, kind);
}
