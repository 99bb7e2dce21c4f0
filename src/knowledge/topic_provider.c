/* SPDX-License-Identifier: MIT */
/* topic_provider.c - how to see what a provider does for a domain, and what to read besides. */
#include "knowledge/topic_rows.h"
#include "vendors/provider.h"

const char *const *topic_provider_commands(const struct provider *provider)
{
    static const char *const mail[] = {COMPARE_MX, CERT_OF_MX, NULL};
    static const char *const hosting[] = {DIG_POLICY, CURL_HEAD, CERT_OF_POLICY_HOST, NULL};
    static const char *const delegation[] = {"dig +short CNAME {record_name}",
                                             "dig +short CNAME {policy_host}", CURL_HEAD, NULL};

    if (provider->kinds & PROVIDER_DELEGATION)
        return delegation;
    return provider->kinds & PROVIDER_HOSTING ? hosting : mail;
}

const char *const *topic_provider_see(const struct provider *provider)
{
    static const char *const mail[] = {"mx", "change", NULL};
    static const char *const hosting[] = {"fetch", "certificate", NULL};
    static const char *const delegation[] = {"delegation", "none", NULL};

    if (provider->kinds & PROVIDER_DELEGATION)
        return delegation;
    return provider->kinds & PROVIDER_HOSTING ? hosting : mail;
}

const char *const *topic_finding_see(enum finding_topic topic)
{
    static const char *const see[][2] = {
        [TOPIC_RECORD] = {"record"},  [TOPIC_POLICY_HOST] = {"fetch"}, [TOPIC_POLICY] = {"policy"},
        [TOPIC_MX] = {"mx"},          [TOPIC_TLSRPT] = {"tls-rpt"},    [TOPIC_DANE] = {"dane"},
        [TOPIC_REPORT] = {"reports"},
    };

    return see[topic];
}
