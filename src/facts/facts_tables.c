/* SPDX-License-Identifier: MIT */
/* facts_tables.c - one row for each member of the structs of facts.h, in the order of the JSON. */
#include "facts/facts_tables.h"

#include "facts/facts.h"
#include "facts/facts_values.h"

/* The offset of a member, which must be of the type named. */
/* NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define AT(s, m, t) _Generic(((struct s *)0)->m, t : offsetof(struct s, m))

#define TEXT_OF(s, m, r)                                                                           \
    {                                                                                              \
        .name = #m, .kind = FIELD_TEXT, .offset = AT(s, m, const char *), .rule = (r)              \
    }
#define IDENTITY_OF(s, m, r)                                                                       \
    {                                                                                              \
        .name = #m, .kind = FIELD_TEXT, .offset = AT(s, m, const char *), .required = true,        \
        .rule = (r)                                                                                \
    }
#define BYTES_OF(s, m, r)                                                                          \
    {                                                                                              \
        .name = #m, .kind = FIELD_BYTES, .offset = AT(s, m, struct bytes), .rule = (r)             \
    }
#define BINARY(s, m)                                                                               \
    {                                                                                              \
        .name = #m, .kind = FIELD_BINARY, .offset = AT(s, m, struct bytes)                         \
    }
/* From 0 to what fits: a count, a number of a protocol. */
#define NUMBER_TO(s, m, top)                                                                       \
    {                                                                                              \
        .name = #m, .kind = FIELD_NUMBER, .offset = AT(s, m, int64_t), .most = (top)               \
    }
#define NUMBER_BETWEEN(s, m, low, top)                                                             \
    {                                                                                              \
        .name = #m, .kind = FIELD_NUMBER, .offset = AT(s, m, int64_t), .least = (low),             \
        .most = (top)                                                                              \
    }
/* A number whose "not there" is -1, since 0 means something. */
#define MEASURE(s, m)                                                                              \
    {                                                                                              \
        .name = #m, .kind = FIELD_NUMBER, .offset = AT(s, m, int64_t), .absent = -1, .least = -1,  \
        .most = NUMBER_MAX                                                                         \
    }
#define TIME(s, m)                                                                                 \
    {                                                                                              \
        .name = #m, .kind = FIELD_TIME, .offset = AT(s, m, int64_t)                                \
    }
#define BOOL(s, m)                                                                                 \
    {                                                                                              \
        .name = #m, .kind = FIELD_BOOL, .offset = AT(s, m, bool)                                   \
    }
/* NOLINTBEGIN(bugprone-macro-parentheses): the name of a type */
#define ENUM(s, m, n)                                                                              \
    {                                                                                              \
        .name = #m, .kind = FIELD_ENUM, .offset = AT(s, m, enum n), .type = &n##_enum              \
    }
/* NOLINTEND(bugprone-macro-parentheses) */
#define TEXTS_OF(s, m, c, r)                                                                       \
    {                                                                                              \
        .name = #m, .kind = FIELD_TEXTS, .offset = AT(s, m, const char **),                        \
        .count_offset = AT(s, c, size_t), .rule = (r)                                              \
    }
#define STRUCT(s, m, t)                                                                            \
    {                                                                                              \
        .name = #m, .kind = FIELD_STRUCT, .offset = AT(s, m, struct t), .table = &t##_table        \
    }
#define LINK(s, m, t)                                                                              \
    {                                                                                              \
        .name = #m, .kind = FIELD_LINK, .offset = AT(s, m, struct t *), .table = &t##_table        \
    }
#define LIST(s, m, c, t)                                                                           \
    {                                                                                              \
        .name = #m, .kind = FIELD_LIST, .offset = AT(s, m, struct t *),                            \
        .count_offset = AT(s, c, size_t), .table = &t##_table                                      \
    }
#define TABLE(s)                                                                                   \
    {                                                                                              \
        sizeof(struct s), s##_fields, sizeof(s##_fields) / sizeof(s##_fields[0])                   \
    }

#define TEXT(s, m)     TEXT_OF(s, m, NULL)
#define IDENTITY(s, m) IDENTITY_OF(s, m, NULL)
#define NAME(s, m)     TEXT_OF(s, m, &text_name)
#define NAME_ID(s, m)  IDENTITY_OF(s, m, &text_name)
#define ASKED(s, m)    IDENTITY_OF(s, m, &text_asked)
#define ADDRESS(s, m)  TEXT_OF(s, m, &text_address)
#define HEX(s, m)      TEXT_OF(s, m, &text_hex)
#define TEXTS(s, m, c) TEXTS_OF(s, m, c, NULL)
#define BYTES(s, m)    BYTES_OF(s, m, NULL)
#define NUMBER(s, m)   NUMBER_TO(s, m, NUMBER_MAX)
#define OCTET(s, m)    NUMBER_TO(s, m, UINT8_MAX)
#define CODE(s, m)     NUMBER_TO(s, m, 999) /* of a reply in SMTP or HTTP */
#define SHORT(s, m)    NUMBER_TO(s, m, UINT16_MAX)
#define LONG(s, m)     NUMBER_TO(s, m, UINT32_MAX)

#define NAME_IN_JSON(symbol, name) name,
/* NOLINTBEGIN(bugprone-macro-parentheses): the name of a type */
#define ENUM_TYPE(n, list)                                                                         \
    static const char *const n##_names[] = {list(NAME_IN_JSON)};                                   \
                                                                                                   \
    static int n##_get(const void *member)                                                         \
    {                                                                                              \
        return (int)*(const enum n *)member;                                                       \
    }                                                                                              \
                                                                                                   \
    static void n##_set(void *member, int value)                                                   \
    {                                                                                              \
        *(enum n *)member = (enum n)value;                                                         \
    }                                                                                              \
                                                                                                   \
    static const struct field_enum n##_enum = {                                                    \
        n##_names, sizeof(n##_names) / sizeof(n##_names[0]), n##_get, n##_set}
/* NOLINTEND(bugprone-macro-parentheses) */

ENUM_TYPE(dns_type, DNS_TYPES);
ENUM_TYPE(dns_outcome, DNS_OUTCOMES);
ENUM_TYPE(dns_security, DNS_SECURITIES);
ENUM_TYPE(chain_trust, CHAIN_TRUSTS);
ENUM_TYPE(tls_outcome, TLS_OUTCOMES);
ENUM_TYPE(tlsa_result, TLSA_RESULTS);
ENUM_TYPE(net_outcome, NET_OUTCOMES);
ENUM_TYPE(net_phase, NET_PHASES);
ENUM_TYPE(vantage_name, VANTAGE_POINTS);
ENUM_TYPE(vantage_state, VANTAGE_STATES);

static const struct field dns_record_fields[] = {
    BYTES(dns_record, text),
    SHORT(dns_record, strings),
    NAME(dns_record, host),
    ADDRESS(dns_record, address),
    SHORT(dns_record, preference),
    LONG(dns_record, serial),
    LONG(dns_record, minimum),
    OCTET(dns_record, usage),
    OCTET(dns_record, selector),
    OCTET(dns_record, matching),
    BYTES_OF(dns_record, data, &text_hex),
    OCTET(dns_record, flags),
    TEXT(dns_record, tag),
};
static const struct facts_table dns_record_table = TABLE(dns_record);

static const struct field dns_answer_fields[] = {
    ASKED(dns_answer, name),
    ENUM(dns_answer, type, dns_type),
    ENUM(dns_answer, outcome, dns_outcome),
    ENUM(dns_answer, security, dns_security),
    TEXT(dns_answer, rcode),
    TEXT(dns_answer, why_bogus),
    TEXT(dns_answer, resolver_bogus),
    TEXT(dns_answer, resolver_blocks),
    BOOL(dns_answer, bogus_unconfirmed),
    TEXTS_OF(dns_answer, cnames, cname_count, &text_name),
    LIST(dns_answer, records, record_count, dns_record),
    BOOL(dns_answer, truncated),
    MEASURE(dns_answer, ttl),
    MEASURE(dns_answer, negative_ttl),
    NUMBER(dns_answer, elapsed_ms),
};
static const struct facts_table dns_answer_table = TABLE(dns_answer);

static const struct field certificate_fields[] = {
    TEXT(certificate, subject),
    TEXT(certificate, issuer),
    TEXT(certificate, common_name),
    TEXTS(certificate, dns_names, dns_name_count),
    NUMBER(certificate, dns_names_total),
    TEXTS_OF(certificate, addresses, address_count, &text_address),
    TIME(certificate, not_before),
    TIME(certificate, not_after),
    TEXT(certificate, key),
    TEXT(certificate, signature),
    HEX(certificate, serial),
    HEX(certificate, sha256),
    HEX(certificate, spki_sha256),
    BOOL(certificate, self_signed),
    BOOL(certificate, in_path),
    TEXT(certificate, ca_issuers),
    TEXTS(certificate, purposes, purpose_count),
    BOOL(certificate, must_staple),
    BINARY(certificate, der),
};
static const struct facts_table certificate_table = TABLE(certificate);

static const struct field tlsa_match_fields[] = {
    OCTET(tlsa_match, usage),
    OCTET(tlsa_match, selector),
    OCTET(tlsa_match, matching),
    BYTES_OF(tlsa_match, data, &text_hex),
    ENUM(tlsa_match, result, tlsa_result),
    NUMBER(tlsa_match, position),
    TEXT(tlsa_match, unsent),
    BOOL(tlsa_match, path),
    TEXT(tlsa_match, path_error),
    TIME(tlsa_match, valid_from),
    TIME(tlsa_match, valid_until),
};
static const struct facts_table tlsa_match_table = TABLE(tlsa_match);

static const struct field tlsa_set_fields[] = {
    NUMBER(tlsa_set, decider),
    TIME(tlsa_set, valid_from),
    TIME(tlsa_set, valid_until),
};
static const struct facts_table tlsa_set_table = TABLE(tlsa_set);

static const struct field tls_session_fields[] = {
    ENUM(tls_session, outcome, tls_outcome),
    TEXT_OF(tls_session, sni, &text_asked),
    TEXT(tls_session, version),
    TEXT(tls_session, cipher),
    TEXT(tls_session, error),
    TEXT(tls_session, alert),
    OCTET(tls_session, alert_number),
    BOOL(tls_session, certificate_requested),
    BOOL(tls_session, stapled),
    TEXT(tls_session, weakness),
    LIST(tls_session, chain, chain_count, certificate),
    NUMBER(tls_session, chain_total),
    ENUM(tls_session, trust, chain_trust),
    TEXT(tls_session, trust_error),
    TEXT(tls_session, anchor),
    NUMBER_BETWEEN(tls_session, anchor_not_after, TIME_MIN, TIME_MAX),
    TEXT(tls_session, missing_issuer),
    TEXT(tls_session, missing_issuer_url),
    BOOL(tls_session, chain_disordered),
    LIST(tls_session, tlsa, tlsa_count, tlsa_match),
    LINK(tls_session, tlsa_set, tlsa_set),
};
static const struct facts_table tls_session_table = TABLE(tls_session);

static const struct field tls_again_fields[] = {
    BOOL(tls_again, large_hello),
    BOOL(tls_again, no_sni),
    TEXT(tls_again, keys),
    TEXT(tls_again, newest),
    ENUM(tls_again, outcome, net_outcome),
    ENUM(tls_again, phase, net_phase),
    LINK(tls_again, tls, tls_session),
};
static const struct facts_table tls_again_table = TABLE(tls_again);

static const struct field http_header_fields[] = {
    IDENTITY(http_header, name),
    BYTES(http_header, value),
};
static const struct facts_table http_header_table = TABLE(http_header);

static const struct field https_fetch_fields[] = {
    IDENTITY_OF(https_fetch, address, &text_address),
    TEXT(https_fetch, proxy),
    CODE(https_fetch, proxy_status),
    SHORT(https_fetch, port),
    ENUM(https_fetch, outcome, net_outcome),
    ENUM(https_fetch, phase, net_phase),
    TEXT(https_fetch, error),
    LINK(https_fetch, tls, tls_session),
    CODE(https_fetch, status),
    LIST(https_fetch, headers, header_count, http_header),
    TEXT(https_fetch, media_type),
    BYTES(https_fetch, location),
    MEASURE(https_fetch, content_length),
    BYTES(https_fetch, body),
    BOOL(https_fetch, too_large),
    BOOL(https_fetch, truncated),
    LIST(https_fetch, again, again_count, tls_again),
    MEASURE(https_fetch, connect_ms),
    MEASURE(https_fetch, tls_ms),
    MEASURE(https_fetch, first_byte_ms),
    MEASURE(https_fetch, total_ms),
};
static const struct facts_table https_fetch_table = TABLE(https_fetch);

static const struct field smtp_line_fields[] = {
    BOOL(smtp_line, sent),
    BYTES(smtp_line, text),
};
static const struct facts_table smtp_line_table = TABLE(smtp_line);

static const struct field smtp_session_fields[] = {
    IDENTITY_OF(smtp_session, address, &text_address),
    SHORT(smtp_session, port),
    ENUM(smtp_session, outcome, net_outcome),
    ENUM(smtp_session, phase, net_phase),
    TEXT(smtp_session, error),
    CODE(smtp_session, greeting_code),
    BYTES(smtp_session, greeting),
    CODE(smtp_session, ehlo_code),
    BYTES(smtp_session, ehlo),
    CODE(smtp_session, helo_code),
    TEXTS(smtp_session, capabilities, capability_count),
    BOOL(smtp_session, starttls_offered),
    CODE(smtp_session, starttls_code),
    BYTES(smtp_session, starttls),
    NUMBER(smtp_session, injected),
    LINK(smtp_session, tls, tls_session),
    CODE(smtp_session, tls_ehlo_code),
    BYTES(smtp_session, tls_ehlo),
    LIST(smtp_session, again, again_count, tls_again),
    LINK(smtp_session, by_base, tls_again),
    TEXTS(smtp_session, tls_capabilities, tls_capability_count),
    LIST(smtp_session, lines, line_count, smtp_line),
    MEASURE(smtp_session, connect_ms),
    MEASURE(smtp_session, greeting_ms),
    MEASURE(smtp_session, tls_ms),
    MEASURE(smtp_session, total_ms),
};
static const struct facts_table smtp_session_table = TABLE(smtp_session);

static const struct field elsewhere_fields[] = {
    IDENTITY(elsewhere, url),
    CODE(elsewhere, status),
    BOOL(elsewhere, is_policy),
};
static const struct facts_table elsewhere_table = TABLE(elsewhere);

static const struct field policy_host_fields[] = {
    ASKED(policy_host, name),
    LINK(policy_host, a, dns_answer),
    LINK(policy_host, aaaa, dns_answer),
    LIST(policy_host, fetches, fetch_count, https_fetch),
    BOOL(policy_host, addresses_omitted),
    LIST(policy_host, elsewhere, elsewhere_count, elsewhere),
    LINK(policy_host, caa, dns_answer),
};
static const struct facts_table policy_host_table = TABLE(policy_host);

static const struct field mx_host_fields[] = {
    NAME_ID(mx_host, name),           SHORT(mx_host, preference),
    BOOL(mx_host, is_address),        LINK(mx_host, a, dns_answer),
    LINK(mx_host, aaaa, dns_answer),  LINK(mx_host, alias, dns_answer),
    LINK(mx_host, tlsa, dns_answer),  LINK(mx_host, tlsa_target, dns_answer),
    NAME(mx_host, tlsa_base),         LIST(mx_host, sessions, session_count, smtp_session),
    BOOL(mx_host, addresses_omitted), LINK(mx_host, caa, dns_answer),
};
static const struct facts_table mx_host_table = TABLE(mx_host);

static const struct field port25_control_fields[] = {
    NAME_ID(port25_control, host),
    ADDRESS(port25_control, address),
    ENUM(port25_control, outcome, net_outcome),
};
static const struct facts_table port25_control_table = TABLE(port25_control);

static const struct field authority_fields[] = {
    NAME_ID(authority, server),       ADDRESS(authority, address),
    BOOL(authority, authoritative),   LINK(authority, sts_txt, dns_answer),
    LINK(authority, soa, dns_answer), LIST(authority, answers, answer_count, dns_answer),
};
static const struct facts_table authority_table = TABLE(authority);

static const struct field rua_target_fields[] = {
    IDENTITY(rua_target, uri),          NAME(rua_target, host),
    LINK(rua_target, mx, dns_answer),   LINK(rua_target, a, dns_answer),
    LINK(rua_target, aaaa, dns_answer), LIST(rua_target, fetches, fetch_count, https_fetch),
};
static const struct facts_table rua_target_table = TABLE(rua_target);

static const struct field vantage_point_fields[] = {
    ENUM(vantage_point, name, vantage_name),
    ENUM(vantage_point, state, vantage_state),
    TEXT(vantage_point, detail),
};
static const struct facts_table vantage_point_table = TABLE(vantage_point);

static const struct field vantage_fields[] = {
    LIST(vantage, points, point_count, vantage_point),
    BOOL(vantage, clock_known),
    NUMBER_BETWEEN(vantage, clock_offset, -NUMBER_MAX, NUMBER_MAX),
};
static const struct facts_table vantage_table = TABLE(vantage);

static const struct field observer_fields[] = {
    TEXT(observer, version),
    TEXTS(observer, resolvers, resolver_count),
    BOOL(observer, resolvers_given),
    TEXT(observer, trust_anchor),
    TEXT(observer, ca_file),
    TEXT(observer, helo),
    SHORT(observer, https_port),
    SHORT(observer, smtp_port),
    NUMBER(observer, timeout_ms),
    BOOL(observer, no_smtp),
    BOOL(observer, ipv4),
    BOOL(observer, ipv6),
    BOOL(observer, public_only),
    BOOL(observer, allow_private),
    TEXTS(observer, left_out, left_out_count),
};
static const struct facts_table observer_table = TABLE(observer);

static const struct field facts_fields[] = {
    IDENTITY_OF(facts, domain, &text_domain),
    TEXT(facts, domain_given),
    TIME(facts, observed_at),
    NUMBER(facts, elapsed_ms),
    BOOL(facts, deadline_reached),
    BOOL(facts, budget_reached),
    BOOL(facts, interrupted),
    TEXT(facts, shortage),
    STRUCT(facts, observer, observer),
    LINK(facts, vantage, vantage),
    LINK(facts, sts_txt, dns_answer),
    LIST(facts, sts_strays, sts_stray_count, dns_answer),
    LINK(facts, domain_soa, dns_answer),
    LINK(facts, wildcard_txt, dns_answer),
    LINK(facts, ns, dns_answer),
    LIST(facts, authorities, authority_count, authority),
    STRUCT(facts, policy_host, policy_host),
    LINK(facts, mx_answer, dns_answer),
    LINK(facts, domain_tlsa, dns_answer),
    LIST(facts, mx, mx_count, mx_host),
    LINK(facts, mx_meant, dns_answer),
    BOOL(facts, mx_omitted),
    LIST(facts, pattern_soas, pattern_soa_count, dns_answer),
    LIST(facts, port25_controls, port25_control_count, port25_control),
    LINK(facts, tlsrpt_txt, dns_answer),
    LIST(facts, tlsrpt_strays, tlsrpt_stray_count, dns_answer),
    LIST(facts, rua_targets, rua_target_count, rua_target),
};
const struct facts_table facts_table = TABLE(facts);
