/* SPDX-License-Identifier: MIT */
/* selftest_bed.c - a row for each domain. */
#include "policyd/selftest_bed.h"

#include <stdio.h>
#include <string.h>

#include "policyd/policy_cache.h"

#define ZONE "selftest.invalid" /* RFC 2606: nobody's */
#define HOST "localhost"
#define DAYS 30

static const struct bed_row {
    const char *name, *pattern; /* pattern: of its policy */
    struct tls_made_wish certificate;
    bool plain, delivers;
    const char *status; /* how else than with 4.7 Postfix refuses; NULL */
} rows[BED_CASES] = {
    [BED_GOOD] = {"good", HOST, {HOST, DAYS}, .delivers = true},
    [BED_WRONG_NAME] = {"wrong-name", HOST, {"other." ZONE, DAYS}},
    [BED_EXPIRED] = {"expired", HOST, {HOST, -1}},
    [BED_NO_STARTTLS] = {"no-starttls", HOST, .plain = true},
    [BED_OUTSIDE] = {"outside", "mx." ZONE, {HOST, DAYS}, .status = "4.3.0,"}, /* from 3.10.5 on */
};

const char *bed_case_name(enum bed_case which)
{
    return rows[which].name;
}

bool bed_case_delivers(enum bed_case which)
{
    return rows[which].delivers;
}

const struct tls_made_wish *bed_case_certificate(enum bed_case which)
{
    return rows[which].plain ? NULL : &rows[which].certificate;
}

/* ---- configuration --------------------------------------------------------------------------- */

/* Lookups of nothing but this machine; DNS and DANE are left out, as they would ask others. */
static const char fixed[] = "compatibility_level = 2\n"
                            "queue_directory = $config_directory/spool\n"
                            "data_directory = $config_directory/data\n"
                            "maillog_file = $config_directory/log\n"
                            "maillog_file_prefixes = $config_directory\n"
                            "syslog_name = postfix\n"
                            "inet_interfaces = 127.0.0.1\n"
                            "inet_protocols = ipv4\n"
                            "myhostname = " ZONE "\n"
                            "mydestination =\n"
                            "mynetworks = 127.0.0.0/8\n"
                            "alias_maps =\n"
                            "alias_database =\n"
                            "local_recipient_maps =\n"
                            "smtpd_relay_restrictions = permit_mynetworks, reject\n"
                            "smtpd_recipient_restrictions =\n"
                            "smtpd_peername_lookup = no\n"
                            "notify_classes =\n"
                            "default_transport = error:" ZONE "\n"
                            "smtp_host_lookup = native\n"
                            "smtp_dns_support_level = disabled\n"
                            "smtp_connect_timeout = 10s\n"
                            "smtp_helo_timeout = 10s\n"
                            "smtp_tls_security_level = may\n"
                            "smtp_tls_CAfile = $config_directory/ca.pem\n"
                            "smtp_tls_session_cache_database =\n"
                            "smtp_tls_policy_maps = socketmap:unix:$config_directory/map:%s\n"
                            "tls_random_source = dev:/dev/urandom\n";

static const char services[] = "pickup unix n - n 1 1 pickup\n"
                               "cleanup unix n - n - 0 cleanup\n"
                               "qmgr unix n - n 300 1 qmgr\n"
                               "tlsmgr unix - - n 1000? 1 tlsmgr\n"
                               "rewrite unix - - n - - trivial-rewrite\n"
                               "bounce unix - - n - 0 bounce\n"
                               "defer unix - - n - 0 bounce\n"
                               "trace unix - - n - 0 bounce\n"
                               "proxymap unix - - n - - proxymap\n"
                               "smtp unix - - n - - smtp\n"
                               "error unix - - n - - error\n"
                               "retry unix - - n - - error\n"
                               "discard unix - - n - - discard\n"
                               "anvil unix - - n - 1 anvil\n"
                               "scache unix - - n - 1 scache\n"
                               "postlog unix-dgram n - n - 1 postlogd\n";

char *bed_main(TALLOC_CTX *ctx, const struct bed *bed)
{
    const char *map = bed->profile == PROFILE_ATTRIBUTES ? "QUERYwithTLSRPT" : "postfix";
    char *text = talloc_strndup(ctx, bed->settings.data, bed->settings.length);

    if (text)
        text = talloc_asprintf_append(text, fixed, map);
    if (text)
        text = talloc_strdup_append(text, "transport_maps = inline:{");
    for (size_t i = 0; text && i < BED_CASES; i++)
        text = talloc_asprintf_append(text, "%s { %s." ZONE " = smtp:[" HOST "]:%d }", i ? "," : "",
                                      rows[i].name, bed->ports[i]);
    return text ? talloc_strdup_append(text, " }\n") : NULL;
}

/* What arrives is thrown away, whoever it is for. */
char *bed_services(TALLOC_CTX *ctx, const struct bed *bed)
{
    char *text = talloc_strdup(ctx, services);

    for (size_t i = 0; text && i < BED_CASES; i++) {
        text = talloc_asprintf_append(text,
                                      "127.0.0.1:%d inet n - n - - smtpd\n"
                                      "  -o content_filter=discard:\n"
                                      "  -o myhostname=" HOST "\n"
                                      "  -o smtpd_tls_security_level=%s\n",
                                      bed->ports[i], rows[i].plain ? "none" : "may");
        if (text && !rows[i].plain)
            text = talloc_asprintf_append(
                text, "  -o smtpd_tls_chain_files=$config_directory/%s.pem\n", rows[i].name);
    }
    return text;
}

const char **bed_recipients(TALLOC_CTX *ctx)
{
    const char **list = talloc_zero_array(ctx, const char *, BED_CASES + 1);

    for (size_t i = 0; list && i < BED_CASES; i++) {
        list[i] = talloc_asprintf(list, "test@%s." ZONE, rows[i].name);
        if (!list[i])
            return NULL;
    }
    return list;
}

/* ---- the policy map -------------------------------------------------------------------------- */

/* "[localhost]:25001": the next hop, as transport_maps has it. */
enum bed_case bed_case_of_key(const struct bed *bed, struct bytes key)
{
    char next_hop[sizeof("[" HOST "]:65535")];

    for (size_t i = 0; i < BED_CASES; i++) {
        (void)snprintf(next_hop, sizeof(next_hop), "[" HOST "]:%d", bed->ports[i]);
        if (bytes_equal(key, next_hop))
            return (enum bed_case)i;
    }
    return BED_CASES;
}

char *bed_reply(TALLOC_CTX *ctx, enum bed_case which, enum reply_profile profile)
{
    const char *const mx[] = {rows[which].pattern};
    const struct live_policy policy = {
        .id = "1", .mode = STS_MODE_ENFORCE, .max_age = DAYS * 86400L, .mx = mx, .mx_count = 1};
    char domain[64];
    const struct policy_known known = {.domain = domain, .policy = &policy};
    struct policy_made *made;

    (void)snprintf(domain, sizeof(domain), "%s." ZONE, rows[which].name);
    made = policy_make(ctx, profile, &known);
    return made ? talloc_strdup(ctx, made->text) : NULL;
}

/* ---- the log --------------------------------------------------------------------------------- */

const char *bed_outcome_name(enum bed_outcome outcome)
{
    static const char *const names[] = {[BED_UNKNOWN] = "unknown",
                                        [BED_DELIVERED] = "delivered",
                                        [BED_REFUSED] = "refused",
                                        [BED_FAILED] = "failed"};

    return names[outcome];
}

/* What follows the mark; no data where it is not in it. */
static struct bytes behind(struct bytes text, const char *mark)
{
    long at = bytes_find_nocase(text, mark);

    return at < 0 ? (struct bytes){NULL, 0} : bytes_from(text, (size_t)at + strlen(mark));
}

static enum bed_outcome outcome_of(struct bytes said, size_t which)
{
    if (bytes_begin(said, "2.") && behind(said, " status=sent ").data)
        return BED_DELIVERED;
    if (!behind(said, " status=deferred ").data)
        return BED_FAILED;
    return bytes_begin(said, "4.7.") ||
                   (rows[which].status && bytes_begin(said, rows[which].status))
               ? BED_REFUSED
               : BED_FAILED;
}

/* "... postfix/smtp[7]: 4F2A: to=<test@good.selftest.invalid>, relay=..., dsn=2.0.0, status=sent
 * (...)": the first time, as deferred mail is tried again. */
static enum sts_status read_line(TALLOC_CTX *ctx, struct bytes line, size_t which,
                                 struct bed_seen *seen)
{
    char to[64];
    struct bytes said = behind(line, "/smtp[");

    (void)snprintf(to, sizeof(to), " to=<test@%s." ZONE ">,", rows[which].name);
    if (said.data)
        said = behind(said, to);
    if (said.data)
        said = behind(said, " dsn=");
    if (!said.data || seen->log)
        return STS_OK;
    seen->log = talloc_asprintf(ctx, "dsn=%.*s", (int)said.length, said.data);
    if (!seen->log)
        return STS_E_NOMEM;
    seen->outcome = outcome_of(said, which);
    return STS_OK;
}

enum sts_status bed_read_log(TALLOC_CTX *ctx, struct bytes log, struct bed_seen seen[BED_CASES])
{
    enum sts_status status = STS_OK;

    while (log.length && status == STS_OK) {
        long end = bytes_find_nocase(log, "\n");
        struct bytes line = {log.data, end < 0 ? log.length : (size_t)end};

        if (end < 0)
            break; /* it is still being written */
        for (size_t i = 0; i < BED_CASES && status == STS_OK; i++)
            status = read_line(ctx, line, i, &seen[i]);
        log = bytes_from(log, line.length + 1);
    }
    return status;
}

bool bed_is_right(enum bed_case which, const struct bed_seen *seen)
{
    return seen->outcome == (rows[which].delivers ? BED_DELIVERED : BED_REFUSED) && seen->reply;
}
