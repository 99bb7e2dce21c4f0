/* SPDX-License-Identifier: MIT */
/* mx_target.c - the target of an MX record: is it a host that a sender can find and reach? */
#include "verdict/mx_target.h"

#include <string.h>
#include <strings.h>

#include "base/hname.h"
#include "base/special_address.h"
#include "verdict/address.h"

/* ---- the name -------------------------------------------------------------------------------- */

enum mx_target mx_target_of(const char *name)
{
    struct bytes text = {name, strlen(name)};

    if (hname_is_address(text))
        return MX_TARGET_ADDRESS;
    if (!strcasecmp(name, "localhost") || hname_ends_with(name, ".localhost") ||
        !strcasecmp(name, "localhost.localdomain"))
        return MX_TARGET_LOCALHOST;
    if (!hname_valid(text))
        return MX_TARGET_BAD_NAME;
    return strchr(name, '.') ? MX_TARGET_HOST : MX_TARGET_ONE_LABEL;
}

/* ---- the addresses --------------------------------------------------------------------------- */

bool mx_address_is_nowhere(const struct facts *facts, const char *address)
{
    return address_kind(facts, address) != ADDRESS_PUBLIC;
}

static void count_in(const struct facts *facts, const struct dns_answer *answer,
                     struct mx_nowhere *nowhere)
{
    for (size_t i = 0; answer && i < answer->record_count; i++) {
        const char *address = answer->records[i].address;

        nowhere->of++;
        nowhere->count += mx_address_is_nowhere(facts, address);
        nowhere->own = nowhere->own || special_address_use(address) == ADDRESS_USE_OWN;
    }
}

struct mx_nowhere mx_nowhere(const struct facts *facts, const struct mx_host *host)
{
    struct mx_nowhere nowhere = {0};

    count_in(facts, host->a, &nowhere);
    count_in(facts, host->aaaa, &nowhere);
    return nowhere;
}

bool mx_target_findable(const struct facts *facts, const struct mx_host *host)
{
    enum mx_target target = mx_target_of(host->name);
    struct mx_nowhere nowhere = mx_nowhere(facts, host);

    if (host->is_address || (target != MX_TARGET_HOST && target != MX_TARGET_BAD_NAME))
        return false;
    if (host_lookup_state(host->a, host->aaaa) == LOOKUP_ABSENT)
        return false;
    return !nowhere.of || nowhere.count < nowhere.of;
}
