/* SPDX-License-Identifier: MIT */
/* provider_advice.c - the words of the providers in use for the findings they can help with. */
#include "rules/rule.h"

#include <string.h>

#include "vendors/provider.h"

enum help { HELP_MX, HELP_CERT, HELP_HOST };

/* A name that ends with "-" stands for all codes that begin so. */
static const struct {
    const char *code;
    enum help help;
} helps[] = {
    {"mx-not-covered", HELP_MX},
    {"mx-none-covered", HELP_MX},
    {"mx-wildcard-depth", HELP_MX},
    {"mx-pattern-is-policy-host", HELP_MX},
    {"mx-provider-pattern", HELP_MX},
    {"mx-cert-", HELP_CERT},
    {"policy-host-missing", HELP_HOST},
    {"policy-host-cname-dangling", HELP_HOST},
    {"policy-host-placeholder-address", HELP_HOST},
    {"policy-host-unprovisioned", HELP_HOST},
    {"policy-host-delegation-split", HELP_HOST},
    {"policy-tls-handshake-failed", HELP_HOST},
    {"policy-cert-name-mismatch", HELP_HOST},
    {"policy-not-found", HELP_HOST},
    {"policy-proxy-error", HELP_HOST},
    {"policy-bot-challenge", HELP_HOST},
};
#define HELP_COUNT (sizeof(helps) / sizeof(helps[0]))

static size_t help_of(enum finding_code code)
{
    const char *name = finding_info(code)->name;
    size_t i = 0;

    for (; i < HELP_COUNT; i++) {
        size_t length = strlen(helps[i].code);
        bool many = helps[i].code[length - 1] == '-';

        if (many ? !strncmp(name, helps[i].code, length) : !strcmp(name, helps[i].code))
            return i;
    }
    return i;
}

/* The lines the provider wants, for the parameter `provider_mx`. */
static const char *wanted_lines(struct rules *r, const struct provider *provider, const char *host)
{
    const char *lines = NULL;

    if (!provider->mx_patterns)
        return rule_text(r, "mx: %s", host);
    for (const char *const *p = provider->mx_patterns; *p; p++)
        lines = rule_lines(r, lines, rule_text(r, "mx: %s", *p));
    return lines;
}

/* The first host of the finding: `host`, else the beginning of `hosts`. */
static const char *first_host(struct rules *r, const struct finding *finding)
{
    const char *host = finding_value(finding, "host");
    const char *hosts = finding_value(finding, "hosts");

    if (host)
        return host;
    return hosts ? rule_text(r, "%.*s", (int)strcspn(hosts, ","), hosts) : "";
}

static void advise(struct rules *r, struct finding *finding, enum help help)
{
    const char *host = first_host(r, finding);
    const struct provider *provider = provider_of_mx(host);

    if (help == HELP_HOST)
        provider = r->view.facts ? provider_of_policy_host(r->view.facts) : NULL;
    if (!provider)
        return;
    finding->hints = help == HELP_MX     ? provider->mx_steps
                     : help == HELP_CERT ? provider->cert_steps
                                         : provider->host_steps;
    finding_param(r, finding, "provider", provider->name);
    if (help != HELP_HOST)
        finding_param(r, finding, "provider_mx", wanted_lines(r, provider, host));
}

void providers_advise(struct rules *r)
{
    for (size_t i = 0; i < r->finding_count; i++) {
        size_t help = help_of(r->findings[i].code);

        if (help < HELP_COUNT)
            advise(r, &r->findings[i], helps[help].help);
    }
}
