/* SPDX-License-Identifier: MIT */
/* generate.h - policy, TXT records and hosting for a domain, as files to put in place.
 *
 * Everything that goes into a file is a valid host name, a number or a valid reporting URI: the
 * caller checks what people typed, generate_patterns() what the DNS said. */
#ifndef ROLLOUT_GENERATE_H
#define ROLLOUT_GENERATE_H

#include "rollout/advisory.h"

#define FIRST_MAX_AGE 86400 /* testing, and whenever a quick return must stay possible */
#define GENERATE_TTL  3600  /* of the records: short enough to take something back */
#define EMERGENCY_TTL 300   /* ... while mail is refused, when one change may follow another */
#define POLICY_FILE   "mta-sts.txt"
#define ZONE_FILE     "zone.txt"
#define NSUPDATE_FILE "nsupdate.txt"

/* A longer name of a host does not fit into nginx's tables as they are by default, and then nginx
 * does not start; tried with 1.22, two servers. */
#define NGINX_NAME_MAX 46

struct generate_wish {
    const char *domain;
    enum sts_mode mode;
    int64_t max_age;
    const char *const *mx; /* patterns, lower case */
    size_t mx_count;
    const char *const *rua; /* URIs; none: no TLSRPT record is written */
    size_t rua_count;
    const char *id;
    int64_t ttl; /* of the records; 0: GENERATE_TTL */
};

/* The MX hosts of the domain that a sender can find; a note for each that it cannot: no mx line
 * helps there.  None where the domain takes no mail. */
const char **generate_hosts(struct advisory *a, const struct facts *facts, size_t *ret_count);
/* The mx lines for these MX hosts: what the provider says is right for its own, else each host by
 * its name.  Each pattern once.  Names that are no host names are left out with a note. */
const char **generate_patterns(struct advisory *a, const char *const *hosts, size_t count,
                               size_t *ret_count);

/* The mx lines of the live policy and, behind them, those for these hosts.  NULL: no memory. */
const char **generate_more_patterns(struct advisory *a, const struct live_policy *live,
                                    const char *const *hosts, size_t count, size_t *ret_count);

/* The policy's text, lines ended with CRLF.  NULL: no memory, or one of `mx` is no pattern. */
char *generate_policy(TALLOC_CTX *ctx, enum sts_mode mode, int64_t max_age, const char *const *mx,
                      size_t mx_count);
/* An id greater than the numbers among those seen (NULL entries are skipped) and than any id made
 * from an earlier time.  NULL: no memory. */
char *new_id(TALLOC_CTX *ctx, int64_t now, const char *const *seen, size_t count);

/* The two files every change needs: the policy, and zone lines for the record. */
void generate_change(struct advisory *a, const struct generate_wish *wish);
/* A script for nsupdate(1) with the same records. */
void generate_nsupdate(struct advisory *a, const struct generate_wish *wish);
/* Hosting for each kind of server, with how to use it (hosting.c). */
void generate_hosting(struct advisory *a, const struct generate_wish *wish);

/* Commands that show what is served; templates, ended by NULL. */
extern const char *const show_policy_commands[], *const show_record_commands[];

/* The lines of both, as of the artefacts above.  NULL: no memory, or no name. */
char *generate_zone(struct advisory *a, const struct generate_wish *wish);
char *generate_update(struct advisory *a, const struct generate_wish *wish);

/* The whole first publication: files and steps. */
void generate(struct advisory *a, const struct generate_wish *wish);

#endif
