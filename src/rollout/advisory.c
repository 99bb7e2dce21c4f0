/* SPDX-License-Identifier: MIT */
/* advisory.c - building an advisory. */
#include "rollout/advisory.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "mtasts/names.h"

#define LIST_MAX 4096 /* of anything in one advisory; whoever wants more has made a mistake */

const char *behaviour_name(enum behaviour behaviour)
{
    static const char *const names[] = {"each-delivery", "daily", "max-age"};

    return names[behaviour];
}

/* A string that is never NULL, so that callers need not look; the whole fails in the end. */
static const char *kept(struct advisory *a, const char *text)
{
    if (!text)
        a->no_memory = true;
    return text ? text : "";
}

/* Room for one more; NULL: no memory. */
static void *more(struct advisory *a, void *list, size_t *count, size_t size)
{
    void *place = *count < LIST_MAX ? array_grow(a, list, count, size) : NULL;

    if (!place)
        a->no_memory = true;
    return place;
}

/* ---- values ---------------------------------------------------------------------------------- */

const char *advisory_format(struct advisory *a, const char *format, ...)
{
    va_list ap;
    char *text;

    va_start(ap, format);
    text = talloc_vasprintf(a, format, ap);
    va_end(ap);
    return kept(a, text);
}

const char *advisory_time_text(struct advisory *a, int64_t time)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format_minute(time, text);
    return advisory_format(a, "%s UTC", text);
}

const char *const *advisory_command(struct advisory *a, const char *const *list,
                                    const char *template)
{
    static const char *const none[] = {NULL};
    size_t count = 0;
    const char **longer;

    while (list && list[count])
        count++;
    longer = talloc_zero_array(a, const char *, count + 2);
    if (!longer) {
        a->no_memory = true;
        return none;
    }
    for (size_t i = 0; i < count; i++)
        longer[i] = list[i];
    longer[count] = kept(a, talloc_strdup(a, template));
    return longer;
}

const char *advisory_join(struct advisory *a, const char *const *list, size_t count)
{
    const char *all = count ? list[0] : "";

    for (size_t i = 1; i < count; i++)
        all = advisory_format(a, "%s, %s", all, list[i]);
    return all;
}

/* ---- sentences ------------------------------------------------------------------------------- */

static void add_param(struct advisory *a, struct sentence *s, const char *name, const char *value)
{
    struct param *param = more(a, &s->params, &s->param_count, sizeof(*param));

    if (param)
        *param = (struct param){name, kept(a, talloc_strdup(a, value))};
}

static struct sentence sentence(struct advisory *a, const char *text, va_list *ap)
{
    struct sentence s = {.text = text};
    const char *name;

    while ((name = va_arg(*ap, const char *))) {
        const char *value = va_arg(*ap, const char *);

        if (value)
            add_param(a, &s, name, value);
    }
    for (size_t i = 0; i < a->general_count; i++)
        add_param(a, &s, a->general[i].name, a->general[i].value);
    return s;
}

/* NULL: no memory, or one too many. */
static struct note *add_note(struct advisory *a)
{
    if (a->note_count < a->note_limit)
        return more(a, &a->notes, &a->note_count, sizeof(struct note));
    a->notes_left_out++;
    return NULL;
}

void advisory_headline(struct advisory *a, enum severity severity, const char *text, ...)
{
    va_list ap;

    va_start(ap, text);
    a->headline = sentence(a, text, &ap);
    va_end(ap);
    a->severity = severity;
}

void advisory_note(struct advisory *a, enum severity severity, const char *code, const char *text,
                   ...)
{
    struct note *note = add_note(a);
    va_list ap;

    if (!note)
        return;
    va_start(ap, text);
    *note = (struct note){code, severity, sentence(a, text, &ap)};
    va_end(ap);
}

static bool is_general(const struct advisory *a, const char *name)
{
    for (size_t i = 0; i < a->general_count; i++)
        if (!strcmp(a->general[i].name, name))
            return true;
    return false;
}

void advisory_note_params(struct advisory *a, enum severity severity, const char *code,
                          const char *text, const struct param *params, size_t count)
{
    struct note *note = add_note(a);

    if (!note)
        return;
    *note = (struct note){code, severity, {.text = text}};
    for (size_t i = 0; i < count; i++)
        if (params[i].value && !is_general(a, params[i].name))
            add_param(a, &note->sentence, params[i].name, params[i].value);
    for (size_t i = 0; i < a->general_count; i++)
        add_param(a, &note->sentence, a->general[i].name, a->general[i].value);
}

void advisory_notes_value(struct advisory *a, size_t from, const char *name, const char *value)
{
    for (size_t i = from; i < a->note_count; i++) {
        struct sentence *s = &a->notes[i].sentence;
        size_t had = s->param_count;
        struct param added;

        add_param(a, s, name, value);
        if (s->param_count == had)
            return;
        added = s->params[had];
        memmove(s->params + 1, s->params, had * sizeof(added));
        s->params[0] = added;
    }
}

struct step *advisory_step(struct advisory *a, const char *code, int64_t from, const char *text,
                           ...)
{
    struct step *step = more(a, &a->steps, &a->step_count, sizeof(struct step));
    va_list ap;

    if (!step)
        return &a->spare;
    va_start(ap, text);
    *step = (struct step){.code = code, .sentence = sentence(a, text, &ap), .from = from};
    va_end(ap);
    return step;
}

/* ---- the rest -------------------------------------------------------------------------------- */

void advisory_artefact(struct advisory *a, const char *file, const char *title, char *text)
{
    struct artefact *artefact = more(a, &a->artefacts, &a->artefact_count, sizeof(struct artefact));

    if (artefact)
        *artefact = (struct artefact){file, title, kept(a, talloc_steal(a, text))};
}

void advisory_effective_by(struct advisory *a, enum behaviour behaviour, int64_t until)
{
    if (a->effective_by_count < BEHAVIOUR_COUNT)
        a->effective_by[a->effective_by_count++] = (struct effective_by){behaviour, until};
}

void advisory_general(struct advisory *a, const char *name, const char *value)
{
    struct param *param = more(a, &a->general, &a->general_count, sizeof(struct param));

    if (param)
        *param = (struct param){name, kept(a, talloc_strdup(a, value))};
}

static void add_member(struct advisory *a, struct member member)
{
    struct member *m = more(a, &a->members, &a->member_count, sizeof(struct member));

    if (m)
        *m = member;
}

void advisory_text(struct advisory *a, const char *name, const char *text)
{
    add_member(a, (struct member){.name = name,
                                  .kind = MEMBER_TEXT,
                                  .text = text ? kept(a, talloc_strdup(a, text)) : NULL});
}

void advisory_number(struct advisory *a, const char *name, int64_t number)
{
    add_member(a, (struct member){.name = name, .kind = MEMBER_NUMBER, .number = number});
}

void advisory_time(struct advisory *a, const char *name, int64_t time)
{
    add_member(a, (struct member){.name = name, .kind = MEMBER_TIME, .number = time});
}

void advisory_bool(struct advisory *a, const char *name, bool yes)
{
    add_member(a, (struct member){.name = name, .kind = MEMBER_BOOL, .number = yes});
}

void advisory_list(struct advisory *a, const char *name, const char *const *list, size_t count)
{
    const char **copy = talloc_zero_array(a, const char *, count + 1);

    if (!copy) {
        a->no_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        copy[i] = kept(a, talloc_strdup(copy, list[i]));
    add_member(
        a, (struct member){.name = name, .kind = MEMBER_LIST, .list = copy, .list_count = count});
}

static void general_names(struct advisory *a, const char *domain, const struct facts *facts)
{
    int64_t port = facts ? facts->observer.https_port : 443;
    const char *other = port && port != 443 ? advisory_format(a, ":%" PRId64, port) : "";

    advisory_general(a, "domain", domain);
    advisory_general(a, "policy_host", advisory_format(a, STS_POLICY_HOST_PREFIX "%s", domain));
    advisory_general(a, "policy_url",
                     advisory_format(a, "https://" STS_POLICY_HOST_PREFIX "%s%s" STS_POLICY_PATH,
                                     domain, other));
    advisory_general(a, "record_name", advisory_format(a, STS_RECORD_PREFIX "%s", domain));
    advisory_general(a, "tlsrpt_name", advisory_format(a, STS_TLSRPT_PREFIX "%s", domain));
}

struct advisory *advisory_new(TALLOC_CTX *ctx, const char *domain, const struct facts *facts,
                              int64_t now)
{
    struct advisory *a = talloc_zero(ctx, struct advisory);

    if (!a)
        return NULL;
    a->now = now;
    a->note_limit = LIST_MAX;
    if (domain) {
        a->domain = kept(a, talloc_strdup(a, domain));
        general_names(a, domain, facts);
    }
    return a;
}

enum severity advisory_worst(const struct advisory *a)
{
    enum severity worst = a->severity;

    for (size_t i = 0; i < a->note_count; i++)
        worst = a->notes[i].severity > worst ? a->notes[i].severity : worst;
    return worst;
}
