/* SPDX-License-Identifier: MIT */
/* advisory.c - building an advisory. */
#include "rollout/advisory.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "base/array.h"
#include "mtasts/names.h"

#define LIST_MAX 4096 /* of anything in one advisory; whoever wants more has made a mistake */

const char *behaviour_name(enum behaviour behaviour)
{
    static const char *const names[] = {"each-delivery", "daily", "max-age"};

    return names[behaviour];
}

/* A string that is never NULL, so that callers need not look; the whole fails in the end. */
static const char *kept(struct advisory *o, const char *text)
{
    if (!text)
        o->no_memory = true;
    return text ? text : "";
}

/* Room for one more; NULL: no memory. */
static void *more(struct advisory *o, void *list, size_t *count, size_t size)
{
    void *place = *count < LIST_MAX ? array_grow(o, list, count, size) : NULL;

    if (!place)
        o->no_memory = true;
    return place;
}

/* ---- values ---------------------------------------------------------------------------------- */

const char *advisory_format(struct advisory *o, const char *format, ...)
{
    va_list ap;
    char *text;

    va_start(ap, format);
    text = talloc_vasprintf(o, format, ap);
    va_end(ap);
    return kept(o, text);
}

const char *advisory_time_text(struct advisory *o, int64_t time)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format_minute(time, text);
    return advisory_format(o, "%s UTC", text);
}

const char *const *advisory_command(struct advisory *o, const char *const *list,
                                    const char *template)
{
    static const char *const none[] = {NULL};
    size_t count = 0;
    const char **longer;

    while (list && list[count])
        count++;
    longer = talloc_zero_array(o, const char *, count + 2);
    if (!longer) {
        o->no_memory = true;
        return none;
    }
    for (size_t i = 0; i < count; i++)
        longer[i] = list[i];
    longer[count] = kept(o, talloc_strdup(o, template));
    return longer;
}

const char *advisory_join(struct advisory *o, const char *const *list, size_t count)
{
    const char *all = count ? list[0] : "";

    for (size_t i = 1; i < count; i++)
        all = advisory_format(o, "%s, %s", all, list[i]);
    return all;
}

/* ---- sentences ------------------------------------------------------------------------------- */

static void add_param(struct advisory *o, struct sentence *s, const char *name, const char *value)
{
    struct param *param = more(o, &s->params, &s->param_count, sizeof(*param));

    if (param)
        *param = (struct param){name, kept(o, talloc_strdup(o, value))};
}

static struct sentence sentence(struct advisory *o, const char *text, va_list *ap)
{
    struct sentence s = {.text = text};
    const char *name;

    while ((name = va_arg(*ap, const char *))) {
        const char *value = va_arg(*ap, const char *);

        if (value)
            add_param(o, &s, name, value);
    }
    for (size_t i = 0; i < o->general_count; i++)
        add_param(o, &s, o->general[i].name, o->general[i].value);
    return s;
}

/* NULL: no memory, or one too many. */
static struct note *add_note(struct advisory *o)
{
    if (o->note_count < o->note_limit)
        return more(o, &o->notes, &o->note_count, sizeof(struct note));
    o->notes_left_out++;
    return NULL;
}

void advisory_headline(struct advisory *o, enum severity severity, const char *text, ...)
{
    va_list ap;

    va_start(ap, text);
    o->headline = sentence(o, text, &ap);
    va_end(ap);
    o->severity = severity;
}

void advisory_note(struct advisory *o, enum severity severity, const char *code, const char *text,
                   ...)
{
    struct note *note = add_note(o);
    va_list ap;

    if (!note)
        return;
    va_start(ap, text);
    *note = (struct note){code, severity, sentence(o, text, &ap)};
    va_end(ap);
}

static bool is_general(const struct advisory *o, const char *name)
{
    for (size_t i = 0; i < o->general_count; i++)
        if (!strcmp(o->general[i].name, name))
            return true;
    return false;
}

void advisory_note_params(struct advisory *o, enum severity severity, const char *code,
                          const char *text, const struct param *params, size_t count)
{
    struct note *note = add_note(o);

    if (!note)
        return;
    *note = (struct note){code, severity, {.text = text}};
    for (size_t i = 0; i < count; i++)
        if (params[i].value && !is_general(o, params[i].name))
            add_param(o, &note->sentence, params[i].name, params[i].value);
    for (size_t i = 0; i < o->general_count; i++)
        add_param(o, &note->sentence, o->general[i].name, o->general[i].value);
}

void advisory_notes_value(struct advisory *o, size_t from, const char *name, const char *value)
{
    for (size_t i = from; i < o->note_count; i++) {
        struct sentence *s = &o->notes[i].sentence;
        size_t had = s->param_count;
        struct param added;

        add_param(o, s, name, value);
        if (s->param_count == had)
            return;
        added = s->params[had];
        memmove(s->params + 1, s->params, had * sizeof(added));
        s->params[0] = added;
    }
}

struct step *advisory_step(struct advisory *o, const char *code, int64_t from, const char *text,
                           ...)
{
    struct step *step = more(o, &o->steps, &o->step_count, sizeof(struct step));
    va_list ap;

    if (!step)
        return &o->spare;
    va_start(ap, text);
    *step = (struct step){.code = code, .sentence = sentence(o, text, &ap), .from = from};
    va_end(ap);
    return step;
}

/* ---- the rest -------------------------------------------------------------------------------- */

void advisory_artefact(struct advisory *o, const char *file, const char *title, char *text)
{
    struct artefact *artefact = more(o, &o->artefacts, &o->artefact_count, sizeof(struct artefact));

    if (artefact)
        *artefact = (struct artefact){file, title, kept(o, talloc_steal(o, text))};
}

void advisory_effective_by(struct advisory *o, enum behaviour behaviour, int64_t until)
{
    if (o->effective_by_count < BEHAVIOUR_COUNT)
        o->effective_by[o->effective_by_count++] = (struct effective_by){behaviour, until};
}

void advisory_general(struct advisory *o, const char *name, const char *value)
{
    struct param *param = more(o, &o->general, &o->general_count, sizeof(struct param));

    if (param)
        *param = (struct param){name, kept(o, talloc_strdup(o, value))};
}

static void add_member(struct advisory *o, struct member member)
{
    struct member *m = more(o, &o->members, &o->member_count, sizeof(struct member));

    if (m)
        *m = member;
}

void advisory_text(struct advisory *o, const char *name, const char *text)
{
    add_member(o, (struct member){.name = name,
                                  .kind = MEMBER_TEXT,
                                  .text = text ? kept(o, talloc_strdup(o, text)) : NULL});
}

void advisory_number(struct advisory *o, const char *name, int64_t number)
{
    add_member(o, (struct member){.name = name, .kind = MEMBER_NUMBER, .number = number});
}

void advisory_time(struct advisory *o, const char *name, int64_t time)
{
    add_member(o, (struct member){.name = name, .kind = MEMBER_TIME, .number = time});
}

void advisory_bool(struct advisory *o, const char *name, bool yes)
{
    add_member(o, (struct member){.name = name, .kind = MEMBER_BOOL, .number = yes});
}

void advisory_list(struct advisory *o, const char *name, const char *const *list, size_t count)
{
    const char **copy = talloc_zero_array(o, const char *, count + 1);

    if (!copy) {
        o->no_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        copy[i] = kept(o, talloc_strdup(copy, list[i]));
    add_member(
        o, (struct member){.name = name, .kind = MEMBER_LIST, .list = copy, .list_count = count});
}

static void general_names(struct advisory *o, const char *domain, const struct facts *facts)
{
    int64_t port = facts ? facts->observer.https_port : 443;
    const char *other = port && port != 443 ? advisory_format(o, ":%" PRId64, port) : "";

    advisory_general(o, "domain", domain);
    advisory_general(o, "policy_host", advisory_format(o, STS_POLICY_HOST_PREFIX "%s", domain));
    advisory_general(o, "policy_url",
                     advisory_format(o, "https://" STS_POLICY_HOST_PREFIX "%s%s" STS_POLICY_PATH,
                                     domain, other));
    advisory_general(o, "record_name", advisory_format(o, STS_RECORD_PREFIX "%s", domain));
    advisory_general(o, "tlsrpt_name", advisory_format(o, STS_TLSRPT_PREFIX "%s", domain));
}

struct advisory *advisory_new(TALLOC_CTX *ctx, const char *domain, const struct facts *facts,
                              int64_t now)
{
    struct advisory *o = talloc_zero(ctx, struct advisory);

    if (!o)
        return NULL;
    o->now = now;
    o->note_limit = LIST_MAX;
    if (domain) {
        o->domain = kept(o, talloc_strdup(o, domain));
        general_names(o, domain, facts);
    }
    return o;
}

enum severity advisory_worst(const struct advisory *o)
{
    enum severity worst = o->severity;

    for (size_t i = 0; i < o->note_count; i++)
        worst = o->notes[i].severity > worst ? o->notes[i].severity : worst;
    return worst;
}
