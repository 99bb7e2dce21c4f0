/* SPDX-License-Identifier: MIT */
/* rules.h - from facts to findings.
 *
 * diagnose() is pure: facts and a time in, a diagnosis out.  Each rule is a function in a
 * rule_<topic>.c and a row in the table of rules.c; it reads the facts and calls finding_add().
 * Texts are gettext msgids, never translated here (render/ does that), with named places in
 * braces: "The certificate names {names}, not {host}."  The values are the finding's parameters.
 * They may be strangers' text; render/ escapes them for the place they go to (terminal, JSON,
 * shell), so no rule ever builds a sentence or a command with a value in it.
 */
#ifndef RULES_RULES_H
#define RULES_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/policy.h>
#include <mtasts/status.h>

#include "base/msgid.h"
#include "facts/facts.h"
#include "verdict/view.h"

enum severity {
    SEVERITY_NONE, /* "-" in the catalogue: cannot occur in that column */
    SEVERITY_INFO,
    SEVERITY_LOW,
    SEVERITY_MEDIUM,
    SEVERITY_UNKNOWN, /* could not be judged from here */
    SEVERITY_HIGH,
    SEVERITY_CRITICAL,
};

/* In the order in which findings of one severity are shown. */
enum finding_topic {
    TOPIC_RECORD,
    TOPIC_POLICY_HOST,
    TOPIC_POLICY,
    TOPIC_MX,
    TOPIC_TLSRPT,
    TOPIC_DANE,
    TOPIC_REPORT,
};

enum finding_code {
#define FINDING(symbol, name, topic, enforce, testing, otherwise, result_types, spec, title)       \
    FINDING_##symbol,
#include "rules/finding.def"
#undef FINDING
    FINDING_COUNT
};

/* One row of the catalogue. */
struct finding_info {
    const char *name; /* "mx-cert-expired" */
    enum finding_topic topic;
    enum severity enforce, testing, otherwise;
    const char *result_types; /* RFC 8460 section 4.3, '|' between several; "" none */
    const char *spec;         /* "RFC 8461 section 4.2" */
    const char *title;        /* msgid: what is wrong, a phrase of at most 60 characters */
};
const struct finding_info *finding_info(enum finding_code code);
/* FINDING_COUNT where no code has that name. */
enum finding_code finding_by_name(const char *name);

struct param {
    const char *name;
    const char *value; /* raw, NUL-terminated UTF-8; bytes that are none stand as \xNN */
};

struct finding {
    enum finding_code code;
    enum severity severity;
    const char *subject;  /* the name queried, the host, "host [address]", "line 3" */
    const char *detail;   /* msgid: what was seen, with this finding's values */
    const char *meaning;  /* msgid, in place of the advice's; NULL: that one holds */
    const char *note;     /* msgid: a sentence behind it, for some situations only; NULL */
    struct param *params; /* also the `evidence` of the JSON */
    size_t param_count;
    int64_t line, column; /* of a text; 0: none */
    int64_t length;       /* of the piece there, in bytes; 0: something is missing */
    /* The steps of the provider that is in use, msgids, before those of the advice; NULL: none. */
    const char *const *hints;
};

/* The places of the advice for a domain, without a finding: domain, policy_host ... (rule.h); with
 * `host` if not NULL.  Owned by ctx; NULL: no memory. */
const struct param *domain_params(TALLOC_CTX *ctx, const struct facts *facts, int64_t now,
                                  const char *host, size_t *ret_count);

/* A parameter; NULL: it has none of that name. */
const char *finding_value(const struct finding *finding, const char *name);

enum verdict { VERDICT_OK, VERDICT_WARNING, VERDICT_UNKNOWN, VERDICT_CRITICAL };
/* The codes of the findings about one MX host. */
struct mx_codes {
    enum finding_code *codes;
    size_t count;
};

struct diagnosis {
    const struct facts *facts;
    int64_t now;
    enum posture posture;
    bool unsettled; /* something that decides the posture could not be seen */
    struct deliveries by;
    enum delivery delivery; /* by all */
    enum verdict verdict;
    struct live_policy *policy; /* NULL: none usable */
    struct mx_view *mx;
    struct mx_codes *mx_codes; /* of each, in the same order */
    size_t mx_count;
    struct finding *findings; /* by severity, then topic, then subject */
    size_t finding_count;
};

/* By what to judge, beside the facts. */
struct judging {
    int64_t now;
    int64_t warn_days; /* of a certificate that expires so soon; 0: 14 */
};

/* The facts are borrowed and must outlive *ret. */
STS_MUST_USE enum sts_status diagnose_by(TALLOC_CTX *ctx, const struct facts *facts,
                                         const struct judging *by, struct diagnosis **ret);
/* The same with the defaults. */
STS_MUST_USE enum sts_status diagnose(TALLOC_CTX *ctx, const struct facts *facts, int64_t now,
                                      struct diagnosis **ret);

/* The exit status of a severity by the monitoring-plugin convention: 0, 1, 2 or 3, where
 * everything at or above `line` counts as medium at least and what lies below counts as 0. */
int severity_exit(enum severity worst);
enum verdict findings_verdict(const struct finding *findings, size_t count);

/* ---- texts checked offline (lint) ------------------------------------------------------------ */

struct lint_mx {
    const char *host;
    bool covered;
    const char *pattern; /* NULL */
};

/* How one sending implementation reads the policy (senders.h). */
struct lint_sender {
    const char *name, *version;
    const char *reads_as; /* "enforce", "testing", "none", "rejects" */
    bool rejects;
    bool differs;    /* from the standard, in mode or max_age */
    int64_t max_age; /* as it understands it; -1 where it rejects */
    const char *why; /* msgid, a phrase; NULL */
    const char **mx; /* hosts of --mx that it matches otherwise than the standard does */
    size_t mx_count;
};

struct lint {
    bool valid;                 /* the strict verdict of the RFC */
    struct live_policy *policy; /* of a policy file; NULL where unusable */
    const char *id;             /* of a record; NULL */
    const char **rua;           /* of a TLSRPT record */
    size_t rua_count;
    const char *repaired; /* the whole text as it was meant, valid; NULL: it is, or only a guess */
    struct finding *findings;
    size_t finding_count;
    struct lint_mx *mx;
    size_t mx_count;
    struct lint_sender *senders; /* of a policy */
    size_t sender_count;
};

STS_MUST_USE enum sts_status lint_policy(TALLOC_CTX *ctx, const char *text, size_t length,
                                         const char *const *mx, size_t mx_count, struct lint **ret);
/* now: of which new ids are made. */
STS_MUST_USE enum sts_status lint_record(TALLOC_CTX *ctx, const char *text, int64_t now,
                                         struct lint **ret);
STS_MUST_USE enum sts_status lint_tlsrpt_record(TALLOC_CTX *ctx, const char *text,
                                                struct lint **ret);

const char *severity_name(enum severity severity);
/* NONE: no such name. */
enum severity severity_by_name(const char *name);
const char *verdict_name(enum verdict verdict);

#endif
