/* SPDX-License-Identifier: MIT */
/* cause_text.c - a cause in words. */
#include "render/cause_text.h"

#include <string.h>

#include "base/i18n.h"
#include "knowledge/advice.h"
#include "render/expand.h"
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

/* A step that leads to lines to copy says nothing without them, and they are of one domain. */
static char *sentence(TALLOC_CTX *ctx, const char *step, struct expand_params params)
{
    char *text = strchr(step, '\n') ? NULL : expand_text(ctx, _(step), params);

    return text && *text && text[strlen(text) - 1] != ':' ? text : NULL;
}

static bool is_host(enum cause_kind kind)
{
    return kind == CAUSE_MX || kind == CAUSE_NOT_COVERED || kind == CAUSE_CERTIFICATE ||
           kind == CAUSE_POLICY_HOST;
}

/* Of one domain only is what "If ..." asks. */
static bool is_conditional(const char *step)
{
    return strncmp(step, "If ", 3) == 0;
}

/* Steps need the values of one domain; the first that can do without is shown, else the first with
 * names in capitals in their place.  Where there is none the page of the code says what to do. */
char *cause_action(TALLOC_CTX *ctx, const struct cause *cause)
{
    const struct advice *advice = advice_for(cause->code);
    struct param params[] = {{"host", value_of(cause)}};
    struct expand_params known = {params, is_host(cause->kind) ? 1 : 0, false};
    char *text = NULL;

    for (int named = 0; named < 2 && !text; named++) {
        known.name_missing = named;
        for (const char *const *step = advice->fix; step && *step && !text; step++)
            text = is_conditional(*step) ? NULL : sentence(ctx, *step, known);
    }
    return text;
}
