/* SPDX-License-Identifier: MIT */
/* cause_text.c - a cause in words. */
#include "render/cause_text.h"

#include <string.h>

#include "base/i18n.h"
#include "knowledge/advice.h"
#include "render/expand.h"
#include "render/finding_text.h"
#include "vendors/provider.h"

const char *cause_title(const struct cause *cause)
{
    return _(finding_info(cause->code)->title);
}

static const char *provider_name(const char *id)
{
    for (size_t i = 0; i < provider_count; i++)
        if (strcmp(providers[i].id, id) == 0)
            return providers[i].name;
    return id;
}

/* Behind the digest; the digest itself where no name is in the certificate. */
static const char *certificate_name(const char *value)
{
    const char *colon = strchr(value, ':');

    return colon && colon[1] ? colon + 1 : value;
}

static const char *value_of(const struct cause *cause)
{
    switch (cause->kind) {
    case CAUSE_CERTIFICATE:
        return certificate_name(cause->value);
    case CAUSE_PROVIDER:
        return provider_name(cause->value);
    default:
        return cause->value;
    }
}

char *cause_subject(TALLOC_CTX *ctx, const struct cause *cause)
{
    static const char *const templates[CAUSE_KIND_COUNT] = {
        [CAUSE_MX] = N_("MX host {name}"),
        [CAUSE_NOT_COVERED] = N_("MX host {name}, missing from policies"),
        [CAUSE_CERTIFICATE] = N_("Certificate for {name}"),
        [CAUSE_POLICY_HOST] = N_("Policy host {name}"),
        [CAUSE_POLICY_ADDRESS] = N_("Policy host at {name}"),
        [CAUSE_PROVIDER] = N_("Policies hosted by {name}"),
        [CAUSE_OWN] = N_("The network of this service"),
    };
    struct param params[] = {{"name", value_of(cause)}};

    if (cause->kind == CAUSE_KIND_COUNT || !templates[cause->kind])
        return NULL;
    return expand_text(ctx, _(templates[cause->kind]), (struct expand_params){params, 1, false});
}

/* ---- what to do ------------------------------------------------------------------------------ */

static bool is_host(enum cause_kind kind)
{
    return kind == CAUSE_MX || kind == CAUSE_NOT_COVERED || kind == CAUSE_CERTIFICATE ||
           kind == CAUSE_POLICY_HOST;
}

static bool contains(const char *text, const char *part)
{
    return *part && strcasestr(text, part);
}

static bool is_shared(const struct cause *cause, const struct param *param)
{
    return param->value && is_host(cause->kind) && contains(param->value, value_of(cause));
}

/* Values that other domains with the same cause cannot have; names that are not the shared one's
 * are told by their being within the domain. */
static bool is_of_domain(const struct cause *cause, const struct param *param)
{
    static const char *const own[] = {"domain",       "policy_host",  "policy_url", "record_name",
                                      "tlsrpt_name",  "new_id",       "mx_lines",   "emergency_id",
                                      "negative_ttl", "denied_until", "line",       "found"};

    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        if (strcmp(own[i], param->name) == 0)
            return true;
    if (!param->value || is_shared(cause, param))
        return false;
    return cause->kind == CAUSE_CODE || contains(param->value, cause->example);
}

/* Has the template a place "{name}" or "{name|...}"?  "{!name}" shows nothing. */
static bool shows(const char *template, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = strchr(template, '{'); at; at = strchr(at + 1, '{'))
        if (strncmp(at + 1, name, length) == 0 && strchr("}|", at[1 + length]))
            return true;
    return false;
}

static bool is_for_all(const struct cause *cause, const char *template)
{
    const struct finding *finding = cause->finding;

    for (size_t i = 0; i < finding->param_count; i++)
        if (shows(template, finding->params[i].name) && is_of_domain(cause, &finding->params[i]))
            return false;
    return true;
}

static bool shows_shared(const struct cause *cause, const char *template)
{
    const struct finding *finding = cause->finding;

    for (size_t i = 0; i < finding->param_count; i++)
        if (shows(template, finding->params[i].name) && is_shared(cause, &finding->params[i]))
            return true;
    return false;
}

/* What "If ..." asks, each of several domains answers by itself.  A later step goes on from the one
 * before, unless it is about what they share. */
static bool suits(const struct cause *cause, const char *template, bool later)
{
    return cause->domains == 1 ||
           (strncmp(template, "If ", 3) != 0 && is_for_all(cause, template) &&
            (!later || shows_shared(cause, template)));
}

static char *first_step(TALLOC_CTX *ctx, const struct cause *cause, const char *const *steps)
{
    bool later = false;

    for (; steps && *steps; steps++) {
        char *text = expand_text(ctx, _(*steps), finding_text_params(cause->finding));

        if (text && suits(cause, *steps, later))
            return text;
        later |= text && strncmp(*steps, "If ", 3) != 0;
        talloc_free(text);
    }
    return NULL;
}

char *cause_action(TALLOC_CTX *ctx, const struct cause *cause)
{
    const struct advice *advice = advice_for(cause->code);
    char *text;

    if (!cause->finding)
        return NULL;
    text = first_step(ctx, cause, cause->finding->hints); /* of the provider in use */
    return text || !advice ? text : first_step(ctx, cause, advice->fix);
}

const char *cause_action_general(void)
{
    return _("The steps depend on the domain; its own page shows them.");
}
