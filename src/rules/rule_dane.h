/* SPDX-License-Identifier: MIT */
/* rule_dane.h - one MX host in the hands of rule_dane.c and rule_dane_chain.c. */
#ifndef RULES_RULE_DANE_H
#define RULES_RULE_DANE_H

#include "rules/rule.h"
#include "verdict/dane.h"

struct dane_host {
    struct rules *r;
    const struct mx_host *mx;
    enum dane_use use;
    const char *matching, *failing;     /* addresses */
    const char *plain;                  /* addresses without TLS */
    const struct smtp_session *example; /* the failing one that comes closest */
    const struct smtp_session *good;    /* one that matches */
    struct dane_verdict verdict;        /* of the example */
    bool webpki_good, webpki_bad;
};

struct finding *dane_host_finding(struct rules *r, enum finding_code code, const struct mx_host *mx,
                                  const char *detail);
/* Where the MX records are not signed: who refuses then, and who delivers. */
void dane_only_postfix(struct rules *r, struct finding *finding, enum dane_use use);
const char *dane_record_words(struct rules *r, int64_t usage, int64_t selector, int64_t matching,
                              const struct bytes *data);

/* rule_dane_chain.c: what each session presents, and the findings where that does not fit. */
void dane_look_at_sessions(struct dane_host *host);
void dane_mismatch(const struct dane_host *host);
void dane_without_tls(const struct dane_host *host);

/* rule_dane_notes.c */
struct dane_notes {
    const char *hosts, *first; /* protected by DANE */
    const char *single;        /* of these: without a record for the next key */
    const char *pinned;        /* ... whose record describes a public CA's intermediate */
};
void dane_note_protected(struct dane_notes *notes, const struct dane_host *host);
void dane_notes_finding(struct rules *r, const struct dane_notes *notes);
/* TLSA records at the domain in place of the MX host. */
void dane_misplaced(struct rules *r);

#endif
