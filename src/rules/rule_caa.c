/* SPDX-License-Identifier: MIT */
/* rule_caa.c - do CAA records (RFC 8659) keep the CA of the present certificate from renewing it?
 *
 * Only what no CA could read otherwise: a CA whose identifiers are known, a set that was found and
 * is whole.  Parameters behind the ';' say which account or method, not which CA. */
#include <string.h>
#include <strings.h>

#include "rules/rule.h"
#include "vendors/ca_rows.h"

#define CRITICAL 128 /* the most significant bit */

static bool is_tag(const struct dns_record *record, const char *tag)
{
    return record->tag && strcmp(record->tag, tag) == 0;
}

static bool has_tag(const struct dns_answer *caa, const char *tag)
{
    for (size_t i = 0; i < caa->record_count; i++)
        if (is_tag(&caa->records[i], tag))
            return true;
    return false;
}

/* Tags registered since; a CA that does not know one would refuse, but it may well. */
static bool is_known(const struct dns_record *record)
{
    static const char *const known[] = {"issue",        "issuewild",    "issuemail", "issuevmc",
                                        "contactemail", "contactphone", "iodef"};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (is_tag(record, known[i]))
            return true;
    return false;
}

static const char *critical_tag(const struct dns_answer *caa)
{
    for (size_t i = 0; i < caa->record_count; i++)
        if ((caa->records[i].flags & CRITICAL) && !is_known(&caa->records[i]))
            return caa->records[i].tag;
    return NULL;
}

/* "ca.example; account=1" */
static struct bytes issuer_of(const struct dns_record *record)
{
    long end = bytes_find_char(record->text, ';');

    return bytes_trim(
        (struct bytes){record->text.data, end < 0 ? record->text.length : (size_t)end});
}

static bool allows(const struct dns_answer *caa, const char *tag, const struct ca_row *ca)
{
    for (size_t i = 0; i < caa->record_count; i++)
        if (is_tag(&caa->records[i], tag) && ca_heeds(ca, issuer_of(&caa->records[i])))
            return true;
    return false;
}

/* With ", "; NULL: nobody. */
static const char *allowed(struct rules *r, const struct dns_answer *caa, const char *tag)
{
    const char *list = NULL;

    for (size_t i = 0; i < caa->record_count; i++) {
        struct bytes issuer = issuer_of(&caa->records[i]);

        if (is_tag(&caa->records[i], tag) && issuer.length)
            list = rule_list(r, list, rule_bytes(r, issuer.data, issuer.length));
    }
    return list;
}

/* ---- a host ---------------------------------------------------------------------------------- */

struct caa_host {
    const char *name;
    const struct dns_answer *caa, *a, *aaaa;
};

enum naming { NAMED_NOT, NAMED_OUTRIGHT, NAMED_BY_WILDCARD };

static enum naming naming_of(const struct certificate *leaf, const char *host)
{
    enum naming found = NAMED_NOT;

    for (size_t i = 0; i < leaf->dns_name_count; i++) {
        if (strcasecmp(leaf->dns_names[i], host) == 0)
            return NAMED_OUTRIGHT;
        if (sts_name_match(leaf->dns_names[i], host))
            found = NAMED_BY_WILDCARD;
    }
    return found;
}

/* Does the set count for this certificate?  For *.X the search begins at X. */
static bool applies(const struct caa_host *host, enum naming naming)
{
    return naming == NAMED_OUTRIGHT ||
           (naming == NAMED_BY_WILDCARD && strcmp(host->caa->name, host->name) != 0);
}

/* The record to add.  The host may have a set of its own, unless it is an alias; what an alias
 * leads to can only be added to at its end. */
static const char *line_to_add(struct rules *r, const struct caa_host *host, bool wildcard,
                               const char *tag, const struct ca_row *ca)
{
    bool alias = (host->a && host->a->cname_count) || (host->aaaa && host->aaaa->cname_count);
    const char *owner = dns_target(host->caa);

    if (!owner)
        owner = wildcard || alias ? host->caa->name : host->name;
    return rule_text(r, "%s. 3600 IN CAA 0 %s \"%s\"", owner, tag, ca->identifiers[0]);
}

static void tell_critical(struct rules *r, const struct caa_host *host, const struct ca_row *ca,
                          const char *tag)
{
    finding_add(r, FINDING_RENEWAL_CAA_FORBIDDEN, host->name,
                N_("The CAA records of {name} contain the critical tag {tag}, which CAs do not "
                   "know. {ca} issued the current certificate of {host} and will refuse to "
                   "renew it."),
                "host", host->name, "name", host->caa->name, "ca", ca->name, "tag", tag, NULL);
}

static void tell_forbidden(struct rules *r, const struct caa_host *host, const struct ca_row *ca,
                           bool wildcard, const char *tag)
{
    const char *others = allowed(r, host->caa, tag);

    finding_add(r, FINDING_RENEWAL_CAA_FORBIDDEN, host->name,
                others ? N_("The CAA records of {name} ({property}) allow certificates for "
                            "{host} only from {allowed}. {ca} issued the current one and will "
                            "refuse to renew it.")
                       : N_("The CAA records of {name} ({property}) allow no CA to issue "
                            "certificates for {host}. {ca} issued the current one and will "
                            "refuse to renew it."),
                "host", host->name, "name", host->caa->name, "ca", ca->name, "property", tag,
                "allowed", others, "right", line_to_add(r, host, wildcard, tag, ca), NULL);
}

/* True: it was told. */
static bool judge_session(struct rules *r, const struct caa_host *host,
                          const struct tls_session *tls)
{
    const struct dns_answer *caa = host->caa;
    const struct ca_row *ca = NULL;
    enum naming naming = NAMED_NOT;
    const char *tag = "issue", *critical;

    if (tls && tls->chain_count && tls->trust == CHAIN_TRUSTED) {
        naming = naming_of(tls->chain, host->name);
        ca = tls->chain[0].issuer ? ca_of_issuer(tls->chain[0].issuer) : NULL;
    }
    if (!ca || !applies(host, naming))
        return false;
    if (naming == NAMED_BY_WILDCARD && has_tag(caa, "issuewild"))
        tag = "issuewild";
    critical = critical_tag(caa);
    if (critical)
        tell_critical(r, host, ca, critical);
    else if (has_tag(caa, tag) && !allows(caa, tag, ca))
        tell_forbidden(r, host, ca, naming == NAMED_BY_WILDCARD, tag);
    else
        return false;
    return true;
}

static bool is_whole(const struct dns_answer *caa)
{
    return dns_lookup_state(caa) == LOOKUP_FOUND && !caa->truncated;
}

void rule_caa(struct rules *r)
{
    const struct policy_host *policy = &r->view.facts->policy_host;
    const struct caa_host host = {policy->name, policy->caa, policy->a, policy->aaaa};

    for (size_t i = 0; is_whole(host.caa) && i < policy->fetch_count; i++)
        if (judge_session(r, &host, policy->fetches[i].tls))
            break;
    for (size_t i = 0; i < r->view.facts->mx_count; i++) {
        const struct mx_host *mx = &r->view.facts->mx[i];
        const struct caa_host exchange = {mx->name, mx->caa, mx->a, mx->aaaa};

        for (size_t j = 0; is_whole(mx->caa) && j < mx->session_count; j++)
            if (judge_session(r, &exchange, mx->sessions[j].tls))
                break;
    }
}
