/* SPDX-License-Identifier: MIT */
/* tools_api.c - lint and generate for programs: the JSON of the command line. */
#include <string.h>

#include <mtasts/mtasts.h>

#include "app/lint_text.h"
#include "app/typed_list.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/pasted.h"
#include "render/advisory.h"
#include "render/json.h"
#include "rollout/publication.h"
#include "serve/api_json.h"
#include "serve/exchange.h"
#include "serve/tools.h"

#define JSON "application/json"

/* ---- lint ------------------------------------------------------------------------------------ */

struct lint_call {
    struct api_call call;
    bool plain; /* the body is the policy itself */
    struct lint_request request;
    struct bytes against;
};

/* Which text it is; one of three is expected. */
static bool read_kind(struct lint_call *lint, const struct json *object)
{
    static const char *const names[] = {
        [LINT_POLICY] = "policy", [LINT_RECORD] = "record", [LINT_TLSRPT_RECORD] = "tlsrpt_record"};
    size_t given = 0;

    for (enum lint_kind kind = LINT_POLICY; kind <= LINT_TLSRPT_RECORD; kind++) {
        struct bytes text;

        if (!api_bytes(&lint->call, object, names[kind], &text))
            return false;
        if (!text.data)
            continue;
        lint->request.kind = kind;
        lint->request.text = text;
        given++;
    }
    if (given != 1)
        api_wrong(&lint->call, "policy, record, tlsrpt_record",
                  _("Exactly one of these is required."));
    return given == 1;
}

static bool read_mx(struct lint_call *lint, const struct json *object)
{
    const char *const *words, *wrong = "";
    size_t count;

    if (!api_list(&lint->call, object, "mx", TYPED_LIST_MAX, &words, &count))
        return false;
    lint->request.mx_count = count;
    if (typed_names(lint, words, count, &lint->request.mx, &wrong) == STS_OK)
        return true;
    api_wrong(&lint->call, "mx", talloc_asprintf(lint, _("\"%s\" is not a host name."), wrong));
    return false;
}

static bool read_lint(struct lint_call *lint)
{
    static const char *const members[] = {"policy", "record",  "tlsrpt_record",
                                          "mx",     "against", NULL};
    const struct json *object = api_object(&lint->call, members);

    if (!object || !read_kind(lint, object) || !read_mx(lint, object) ||
        !api_bytes(&lint->call, object, "against", &lint->against))
        return false;
    if (!lint->against.data)
        return true;
    lint->request.against = &lint->against;
    lint->request.against_name = "against";
    if (lint->request.kind != LINT_POLICY)
        api_wrong(&lint->call, "against", _("Only a policy can be compared."));
    return lint->request.kind == LINT_POLICY;
}

static void work_lint(struct computed *computed)
{
    struct lint_call *lint = (struct lint_call *)computed;
    bool policy, read = true;
    struct linted linted;
    enum sts_status status;

    if (lint->plain)
        lint->request.text = lint->call.body;
    else
        read = read_lint(lint);
    if (!read)
        return;
    policy = lint->request.kind == LINT_POLICY;
    status = lint_text(lint, &lint->request, &linted);
    if (status == STS_E_LIMIT)
        computed_problem(computed, 422, "too-long", _("No sender accepts a record this long."));
    else
        computed_text(computed, JSON,
                      status   ? NULL
                      : policy ? json_lint(lint, linted.lint, "-", linted.change)
                               : json_lint_record(lint, linted.lint,
                                                  lint->request.kind == LINT_TLSRPT_RECORD));
}

void api_lint(struct exchange *exchange)
{
    const char *type = http_request_field(exchange_request(exchange), "content-type");
    struct lint_call *lint = API_CALL(exchange, struct lint_call, work_lint);

    if (lint) {
        lint->plain = type && !strncmp(type, "text/", 5);
        lint->request.now = tools_example_time();
    }
    compute_answer(exchange, tools_of(exchange)->texts, lint ? &lint->call.computed : NULL);
}

/* ---- generate -------------------------------------------------------------------------------- */

struct generate_call {
    struct api_call call;
    struct publication publication;
    char domain[STS_NAME_SIZE];
};

static bool read_domain(struct generate_call *generate, const struct json *object)
{
    enum pasted_form form;
    const char *given;

    if (!api_text(&generate->call, object, "domain", &given))
        return false;
    if (given && pasted_domain(given, generate->domain, &form) == STS_OK) {
        generate->publication.domain = generate->domain;
        return true;
    }
    api_wrong(&generate->call, "domain", _("Must be a domain name."));
    return false;
}

static bool read_mode(struct generate_call *generate, const struct json *object)
{
    static const enum sts_mode modes[] = {STS_MODE_TESTING, STS_MODE_ENFORCE, STS_MODE_NONE};
    const char *given;

    if (!api_text(&generate->call, object, "mode", &given))
        return false;
    generate->publication.mode = given ? STS_MODE_INVALID : STS_MODE_TESTING;
    for (size_t i = 0; given && i < sizeof(modes) / sizeof(modes[0]); i++)
        if (!strcmp(given, sts_mode_name(modes[i])))
            generate->publication.mode = modes[i];
    if (generate->publication.mode == STS_MODE_INVALID)
        api_wrong(&generate->call, "mode", _("Must be testing, enforce or none."));
    return generate->publication.mode != STS_MODE_INVALID;
}

static bool read_hosts(struct generate_call *generate, const struct json *object)
{
    struct publication *publication = &generate->publication;
    const char *const *hosts, *wrong = "";
    size_t count;

    if (!api_list(&generate->call, object, "mx", TYPED_LIST_MAX, &hosts, &count))
        return false;
    if (!count && publication->mode != STS_MODE_NONE) {
        api_wrong(&generate->call, "mx", _("At least one MX host is required."));
        return false;
    }
    if (publication_take_hosts(publication, hosts, count, &wrong) == STS_OK)
        return true;
    api_wrong(&generate->call, "mx",
              talloc_asprintf(generate, _("\"%s\" is not a host name."), wrong));
    return false;
}

static bool read_rua(struct generate_call *generate, const struct json *object)
{
    const char *const *rua, *wrong = "";
    size_t count;

    if (!api_list(&generate->call, object, "rua", TYPED_LIST_MAX, &rua, &count))
        return false;
    if (publication_take_rua(generate, &generate->publication, rua, count, &wrong) == STS_OK)
        return true;
    api_wrong(&generate->call, "rua",
              talloc_asprintf(generate,
                              _("\"%s\" is neither an email address nor a mailto: or https: URI."),
                              wrong));
    return false;
}

static bool read_generate(struct generate_call *generate)
{
    static const char *const members[] = {"domain", "mx", "mode", "max_age", "rua", NULL};
    const struct json *object = api_object(&generate->call, members);

    return object && read_domain(generate, object) && read_mode(generate, object) &&
           read_hosts(generate, object) && read_rua(generate, object) &&
           api_number(&generate->call, object, "max_age", STS_MAX_AGE_MAX,
                      &generate->publication.max_age);
}

static void work_generate(struct computed *computed)
{
    struct generate_call *generate = (struct generate_call *)computed;
    struct generate_wish wish;
    struct advisory *advisory;
    bool usable;

    if (!read_generate(generate))
        return;
    advisory = publication_judge(generate, &generate->publication, &wish, &usable);
    if (usable)
        publication_complete(advisory, &wish);
    computed_text(computed, JSON,
                  advisory && !advisory->no_memory
                      ? json_advisory(generate, advisory, GENERATE_FORMAT)
                      : NULL);
}

void api_generate(struct exchange *exchange)
{
    struct generate_call *generate = API_CALL(exchange, struct generate_call, work_generate);

    if (generate)
        generate->publication.now = clock_now();
    compute_answer(exchange, tools_of(exchange)->texts, generate ? &generate->call.computed : NULL);
}
