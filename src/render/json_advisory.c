/* SPDX-License-Identifier: MIT */
/* json_advisory.c - an advisory as JSON, through json-c only. */
#include "render/json_advisory.h"

#include <string.h>

#include "base/i18n.h"
#include "render/advisory.h"
#include "render/expand.h"
#include "render/json_parts.h"
#include "render/text.h"

/* 0: null. */
static struct json_object *when(int64_t seconds)
{
    return seconds ? json_time(seconds) : NULL;
}

static struct json_object *words(TALLOC_CTX *scratch, const struct sentence *s)
{
    struct expand_params params = {s->params, s->param_count, false};

    return s->text ? json_string(scratch, expand_text(scratch, _(s->text), params)) : NULL;
}

static struct json_object *evidence(const struct sentence *s, const struct advisory *a)
{
    struct json_object *object = json_object_new_object();

    /* The general places stand behind the sentence's own.  A title is the only one for people. */
    for (size_t i = 0; object && i + a->general_count < s->param_count; i++) {
        const struct param *param = &s->params[i];
        bool title = strcmp(param->name, "title") == 0;

        json_add(object, param->name, json_string(NULL, title ? _(param->value) : param->value));
    }
    return object;
}

static struct json_object *list_of(const struct member *member)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; array && i < member->list_count; i++)
        json_append(array, json_string(NULL, member->list[i]));
    return array;
}

static struct json_object *value_of(const struct member *member)
{
    switch (member->kind) {
    case MEMBER_TEXT:
        return json_string(NULL, member->text);
    case MEMBER_NUMBER:
        return json_object_new_int64(member->number);
    case MEMBER_TIME:
        return when(member->number);
    case MEMBER_BOOL:
        return json_object_new_boolean(member->number != 0);
    default:
        return list_of(member);
    }
}

struct json_object *json_advisory_note(TALLOC_CTX *scratch, const struct note *note,
                                       const struct advisory *a)
{
    struct json_object *object = json_object_new_object();

    json_add(object, "code", json_string(scratch, note->code));
    json_add(object, "severity", json_string(scratch, severity_name(note->severity)));
    json_add(object, "text", words(scratch, &note->sentence));
    json_add(object, "evidence", evidence(&note->sentence, a));
    return object;
}

static struct json_object *step(TALLOC_CTX *scratch, const struct step *step,
                                const struct advisory *a)
{
    struct expand_params params = {a->general, a->general_count, false};
    struct json_object *object = json_object_new_object();
    struct json_object *commands = json_object_new_array();

    json_add(object, "code", json_string(scratch, step->code));
    json_add(object, "from", when(step->from));
    json_add(object, "text", words(scratch, &step->sentence));
    json_add(object, "artefact", json_string(scratch, step->artefact));
    for (size_t i = 0; step->commands && step->commands[i]; i++)
        json_append(commands,
                    json_string(scratch, expand_command(scratch, step->commands[i], params)));
    json_add(object, "commands", commands);
    return object;
}

static struct json_object *effective_by(const struct effective_by *by)
{
    struct json_object *object = json_object_new_object();

    json_add(object, "senders", json_string(NULL, behaviour_name(by->behaviour)));
    json_add(object, "until", when(by->until));
    return object;
}

static struct json_object *artefact(TALLOC_CTX *scratch, const struct artefact *artefact,
                                    const struct advisory *a)
{
    struct expand_params params = {a->general, a->general_count, false};
    struct json_object *object = json_object_new_object();

    json_add(object, "file", json_string(scratch, artefact->file));
    json_add(object, "title",
             json_string(scratch, expand_text(scratch, _(artefact->title), params)));
    json_add(object, "text", json_string(scratch, artefact->text));
    return object;
}

static void add_lists(TALLOC_CTX *scratch, struct json_object *object, const struct advisory *a)
{
    struct json_object *notes = json_object_new_array(), *steps = json_object_new_array();
    struct json_object *horizons = json_object_new_array(), *files = json_object_new_array();

    for (size_t i = 0; i < a->note_count; i++)
        json_append(notes, json_advisory_note(scratch, &a->notes[i], a));
    for (size_t i = 0; i < a->step_count; i++)
        json_append(steps, step(scratch, &a->steps[i], a));
    for (size_t i = 0; i < a->effective_by_count; i++)
        json_append(horizons, effective_by(&a->effective_by[i]));
    for (size_t i = 0; i < a->artefact_count; i++)
        json_append(files, artefact(scratch, &a->artefacts[i], a));
    json_add(object, "notes", notes);
    json_add(object, "steps", steps);
    json_add(object, "horizons", horizons);
    json_add(object, "artefacts", files);
}

void json_advisory_into(struct json_object *object, const struct advisory *a)
{
    TALLOC_CTX *scratch = talloc_new(NULL);

    if (!scratch)
        return;
    for (size_t i = 0; i < a->member_count; i++)
        json_add(object, a->members[i].name, value_of(&a->members[i]));
    json_add(object, "headline", words(scratch, &a->headline));
    json_add(object, "severity", json_string(scratch, severity_name(a->severity)));
    add_lists(scratch, object, a);
    talloc_free(scratch);
}

static struct json_object *begun(TALLOC_CTX *ctx, const struct advisory *a, const char *format)
{
    struct json_object *object = json_begin(format);

    if (!object)
        return NULL;
    json_add(object, "domain", json_string(ctx, a->domain));
    json_add(object, "now", when(a->now));
    json_advisory_into(object, a);
    return object;
}

char *json_advisory(TALLOC_CTX *ctx, const struct advisory *a, const char *format)
{
    struct json_object *object = begun(ctx, a, format);

    return object ? json_line(ctx, object) : NULL;
}

char *json_news(TALLOC_CTX *ctx, const struct advisory *a, const struct diagnosis *diagnosis)
{
    struct json_object *object = begun(ctx, a, "mtasts.watch/1");
    TALLOC_CTX *scratch = talloc_new(ctx);

    if (object && scratch)
        json_add(object, "check_headline",
                 diagnosis ? json_string(scratch, text_headline(scratch, diagnosis)) : NULL);
    talloc_free(scratch);
    return object ? json_line(ctx, object) : NULL;
}
