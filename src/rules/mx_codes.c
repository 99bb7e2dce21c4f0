/* SPDX-License-Identifier: MIT */
/* mx_codes.c - which findings are about which MX host. */
#include "rules/rule.h"

#include <string.h>

#include "verdict/session.h"

static bool is_about(const struct facts *facts, const struct finding *finding,
                     const struct mx_view *view)
{
    const char *host;

    if (finding->code == FINDING_MX_NONE_COVERED ||
        finding->code == FINDING_MX_PATTERN_IS_POLICY_HOST)
        return view->covered == ANSWER_NO;
    if (finding->code == FINDING_MX_PORT25_BLOCKED)
        return true;
    if (finding->code == FINDING_ADDRESS_FAMILY_UNREACHABLE)
        return mx_families_missing(facts, view->host);
    if (finding_info(finding->code)->topic == TOPIC_DANE)
        return !strcmp(finding->subject, view->host->name);
    if (finding_info(finding->code)->topic != TOPIC_MX)
        return false;
    host = finding_value(finding, "host");
    return host && !strcmp(host, view->host->name);
}

static bool has_code(const struct mx_codes *of, enum finding_code code)
{
    for (size_t i = 0; i < of->count; i++)
        if (of->codes[i] == code)
            return true;
    return false;
}

static void gather(struct rules *r, const struct mx_view *view, struct mx_codes *of)
{
    of->codes = talloc_array(r->mx_codes, enum finding_code, r->finding_count + 1);
    if (!of->codes) {
        r->view.no_memory = true;
        return;
    }
    for (size_t i = 0; i < r->finding_count; i++)
        if (is_about(r->view.facts, &r->findings[i], view) && !has_code(of, r->findings[i].code))
            of->codes[of->count++] = r->findings[i].code;
}

void mx_codes_gather(struct rules *r)
{
    r->mx_codes = talloc_zero_array(r->view.mem, struct mx_codes, r->view.mx_count + 1);
    if (!r->mx_codes) {
        r->view.no_memory = true;
        return;
    }
    for (size_t i = 0; i < r->view.mx_count; i++)
        gather(r, &r->view.mx[i], &r->mx_codes[i]);
}
