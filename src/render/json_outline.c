/* SPDX-License-Identifier: MIT */
/* json_outline.c - an outline as JSON, through json-c only. */
#include "render/json_outline.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "render/expand.h"
#include "render/outline.h"

/* json-c takes UTF-8 on trust; what is none must not leave here. */
static struct json_object *string(const char *text)
{
    struct json_object *value;
    char *printable;

    if (!text)
        return NULL;
    if (text_is_utf8(text, strlen(text)))
        return json_object_new_string(text);
    printable = text_printable(NULL, text, strlen(text), 0);
    value = printable ? json_object_new_string(printable) : NULL;
    talloc_free(printable);
    return value;
}

/* Adds what may be null; takes the value over. */
static void add(struct json_object *object, const char *name, struct json_object *value)
{
    if (json_object_object_add(object, name, value))
        json_object_put(value);
}

static void append(struct json_object *array, struct json_object *value)
{
    if (json_object_array_add(array, value))
        json_object_put(value);
}

/* 0: null. */
static struct json_object *when(int64_t seconds)
{
    char text[CLOCK_TEXT_SIZE];

    if (!seconds)
        return NULL;
    clock_format(seconds, text);
    return json_object_new_string(text);
}

static struct json_object *words(TALLOC_CTX *scratch, const struct sentence *s)
{
    struct expand_params params = {s->params, s->param_count, false};

    return s->text ? string(expand_text(scratch, _(s->text), params)) : NULL;
}

static struct json_object *evidence(const struct sentence *s, const struct outline *o)
{
    struct json_object *object = json_object_new_object();

    /* The general places stand behind the sentence's own. */
    for (size_t i = 0; object && i + o->general_count < s->param_count; i++)
        add(object, s->params[i].name, string(s->params[i].value));
    return object;
}

static struct json_object *list_of(const struct member *member)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; array && i < member->list_count; i++)
        append(array, string(member->list[i]));
    return array;
}

static struct json_object *value_of(const struct member *member)
{
    switch (member->kind) {
    case MEMBER_TEXT:
        return string(member->text);
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

static struct json_object *note(TALLOC_CTX *scratch, const struct note *note,
                                const struct outline *o)
{
    struct json_object *object = json_object_new_object();

    add(object, "code", string(note->code));
    add(object, "severity", string(severity_name(note->severity)));
    add(object, "text", words(scratch, &note->sentence));
    add(object, "evidence", evidence(&note->sentence, o));
    return object;
}

static struct json_object *step(TALLOC_CTX *scratch, const struct step *step,
                                const struct outline *o)
{
    struct expand_params params = {o->general, o->general_count, false};
    struct json_object *object = json_object_new_object();
    struct json_object *commands = json_object_new_array();

    add(object, "code", string(step->code));
    add(object, "from", when(step->from));
    add(object, "text", words(scratch, &step->sentence));
    add(object, "artefact", string(step->artefact));
    for (size_t i = 0; step->commands && step->commands[i]; i++)
        append(commands, string(expand_command(scratch, step->commands[i], params)));
    add(object, "commands", commands);
    return object;
}

static struct json_object *horizon(const struct horizon *horizon)
{
    struct json_object *object = json_object_new_object();

    add(object, "senders", string(behaviour_name(horizon->behaviour)));
    add(object, "until", when(horizon->until));
    return object;
}

static struct json_object *artefact(TALLOC_CTX *scratch, const struct artefact *artefact,
                                    const struct outline *o)
{
    struct expand_params params = {o->general, o->general_count, false};
    struct json_object *object = json_object_new_object();

    add(object, "file", string(artefact->file));
    add(object, "title", string(expand_text(scratch, _(artefact->title), params)));
    add(object, "text", string(artefact->text));
    return object;
}

static void add_lists(TALLOC_CTX *scratch, struct json_object *object, const struct outline *o)
{
    struct json_object *notes = json_object_new_array(), *steps = json_object_new_array();
    struct json_object *horizons = json_object_new_array(), *files = json_object_new_array();

    for (size_t i = 0; i < o->note_count; i++)
        append(notes, note(scratch, &o->notes[i], o));
    for (size_t i = 0; i < o->step_count; i++)
        append(steps, step(scratch, &o->steps[i], o));
    for (size_t i = 0; i < o->horizon_count; i++)
        append(horizons, horizon(&o->horizons[i]));
    for (size_t i = 0; i < o->artefact_count; i++)
        append(files, artefact(scratch, &o->artefacts[i], o));
    add(object, "notes", notes);
    add(object, "steps", steps);
    add(object, "horizons", horizons);
    add(object, "artefacts", files);
}

void json_outline_into(struct json_object *object, const struct outline *o)
{
    TALLOC_CTX *scratch = talloc_new(NULL);

    if (!scratch)
        return;
    for (size_t i = 0; i < o->member_count; i++)
        add(object, o->members[i].name, value_of(&o->members[i]));
    add(object, "headline", words(scratch, &o->headline));
    add(object, "severity", string(severity_name(o->severity)));
    add_lists(scratch, object, o);
    talloc_free(scratch);
}

char *json_outline(TALLOC_CTX *ctx, const struct outline *o, const char *format)
{
    struct json_object *object = json_object_new_object();
    const char *text;
    char *line;

    if (!object)
        return NULL;
    add(object, "format", string(format));
    add(object, "domain", string(o->domain));
    add(object, "now", when(o->now));
    json_outline_into(object, o);
    text = json_object_to_json_string_ext(object,
                                          JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
    line = text ? talloc_strdup(ctx, text) : NULL;
    json_object_put(object);
    return line;
}
