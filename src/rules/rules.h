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

#include "facts/facts.h"

/* Marks a string for translation where it stands; render/ translates it.  In parentheses, so that a
 * comma forgotten between two of them does not compile. */
#ifndef N_
#define N_(text) (text)
#endif

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
enum topic {
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
    enum topic topic;
    enum severity enforce, testing, otherwise;
    const char *result_types; /* RFC 8460 section 4.3, '|' between several; "" none */
    const char *spec;         /* "RFC 8461 section 4.2" */
    const char *title;        /* msgid: what is wrong, a phrase of at most 60 characters */
};
const struct finding_info *finding_info(enum finding_code code);
/* FINDING_COUNT where no code has that name. */
enum finding_code finding_by_name(const char *name);

/* What to know and to do, for each code (advice.c).  All strings are msgids.  A list ends with
 * NULL.  A line in which a place has no parameter in the finding at hand is left out, so a line
 * may be written for one situation only. */
struct advice {
    const char *meaning;         /* what it means for mail, one to three sentences */
    const char *const *causes;   /* usual causes, the most frequent first */
    const char *const *fix;      /* steps, in order */
    const char *const *commands; /* to see it oneself; not translated */
};
const struct advice *advice_for(enum finding_code code);

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
    /* The steps of the provider that is in use, msgids, before those of the advice; NULL: none. */
    const char *const *hints;
};

enum posture {
    POSTURE_ABSENT,
    POSTURE_BROKEN,
    POSTURE_NONE,
    POSTURE_TESTING,
    POSTURE_ENFORCE,
    POSTURE_NONEXISTENT, /* the domain itself does not exist */
    POSTURE_COUNT
};
enum delivery {
    DELIVERY_UNKNOWN,
    DELIVERY_PROTECTED,
    DELIVERY_REPORTED,
    DELIVERY_UNPROTECTED,
    DELIVERY_PARTLY_REFUSED,
    DELIVERY_REFUSED,
    DELIVERY_UNDELIVERABLE, /* nobody finds a mail server */
    DELIVERY_COUNT
};
/* What becomes of mail: by each kind of sender, and for one that keeps to both. */
struct deliveries {
    enum delivery policy; /* follows MTA-STS alone */
    enum delivery dane; /* applies DANE alone; UNPROTECTED where that does not protect every host */
    enum delivery all;
};
enum verdict { VERDICT_OK, VERDICT_WARNING, VERDICT_UNKNOWN, VERDICT_CRITICAL };
enum answer { ANSWER_NO, ANSWER_YES, ANSWER_UNKNOWN };

/* The policy a sender with an empty cache would use. */
struct live_policy {
    const char *id;
    enum sts_mode mode;
    int64_t max_age;
    const char *const *mx;
    size_t mx_count;
};

/* Which senders with DANE apply it at an MX host. */
enum dane_use {
    DANE_UNUSED,
    DANE_BY_POSTFIX, /* and whoever else passes over unsigned MX records (RFC 7672 section 2.2.1) */
    DANE_BY_ALL
};

struct mx_view {
    const struct mx_host *host;
    enum answer covered;      /* UNKNOWN where there is no usable policy */
    const char *pattern;      /* that covers it; NULL */
    enum answer usable;       /* would a sender that enforces deliver to it? */
    enum dane_use dane;       /* who applies DANE there */
    enum answer dane_usable;  /* would they deliver to it?  YES where nobody does */
    enum finding_code *codes; /* of the findings about it */
    size_t code_count;
};

/* Would every kind of sender deliver to it: those that enforce the policy, and those with DANE? */
enum answer mx_view_usable(const struct mx_view *view);

/* A step of the chain that text output shows, DNS to TLS-RPT. */
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
    struct finding *findings;
    size_t finding_count;
    struct lint_mx *mx;
    size_t mx_count;
    struct lint_sender *senders; /* of a policy */
    size_t sender_count;
};

STS_MUST_USE enum sts_status lint_policy(TALLOC_CTX *ctx, const char *text, size_t length,
                                         const char *const *mx, size_t mx_count, struct lint **ret);
STS_MUST_USE enum sts_status lint_record(TALLOC_CTX *ctx, const char *text, struct lint **ret);
STS_MUST_USE enum sts_status lint_tlsrpt_record(TALLOC_CTX *ctx, const char *text,
                                                struct lint **ret);

const char *severity_name(enum severity severity);
/* NONE: no such name. */
enum severity severity_by_name(const char *name);
const char *posture_name(enum posture posture);
const char *delivery_name(enum delivery delivery);
const char *dane_use_name(enum dane_use use);
const char *verdict_name(enum verdict verdict);

#endif
