/* SPDX-License-Identifier: MIT */
/* store.h - the history: checks, policies that were served, and TLS-RPT reports.
 *
 * The verbs are of the domain, no SQL; the same hold for a SQLite file and for PostgreSQL.
 *
 * What is promised.  A write is durable when its verb, or store_commit() of its batch, returned
 * STS_OK: it outlives a kill and a power cut.  A batch is kept wholly or not at all.  Every write
 * may be repeated: doing it twice leaves what doing it once leaves.  So whoever was killed does
 * the whole work again.  Many may read at a time; one writes, the others wait (STORE_WAIT_S).
 *
 * Texts are UTF-8, or they are kept as text_printable() makes them.  Domains are lower-case
 * A-labels without a final dot.  Times are seconds since 1970, UTC.  Verdicts, postures,
 * deliveries, modes, severities and codes are the names that JSON output uses.  Nothing is
 * borrowed beyond a call; what a callback is given lives until it returns, and it must not call
 * the store.
 *
 * A failure of the store is STS_E_IO, and store_fault() tells which; so it does with STS_E_REFUSED,
 * which is no failure of the store: what was to be written violates one of its constraints, as a
 * row of what was deleted meanwhile does.  STS_E_INVALID is misuse.
 * After a failure inside a batch the batch is lost: store_commit() fails and ends it. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "base/bytes.h"
#include "base/msgid.h"

#define STORE_WAIT_S    30          /* for a writer's batch, which lasts seconds at the most */
#define STORE_RAW_MAX   (64u << 20) /* one report or one facts document: the ceiling of intake */
#define STORE_LIST_MAX  10000       /* codes of a check, policies of a report, mx of a policy */
#define STORE_HASH_SIZE 32          /* SHA-256 */

struct store;

/* ---- opening, faults, batches ---------------------------------------------------------------- */

/* X(symbol, msgid) */
#define STORE_TROUBLES(X)                                                                          \
    X(NONE, "")                                                                                    \
    X(ABSENT, N_("there is no mtasts store here; ingest, watch and check --save create one"))      \
    X(NO_PLACE, N_("the location of the store is unknown: neither XDG_STATE_HOME nor HOME is "     \
                   "set; use --store"))                                                            \
    X(UNREACHABLE, N_("the store cannot be opened"))                                               \
    X(AWAY, N_("the database server does not respond; run the same command again later"))          \
    X(READ_ONLY, N_("the store is not writable: write permission is missing on the file, its "     \
                    "directory or the tables"))                                                    \
    X(FORBIDDEN, N_("no permission to read the tables: GRANT USAGE ON SCHEMA mtasts and GRANT "    \
                    "SELECT ON ALL TABLES IN SCHEMA mtasts are missing"))                          \
    X(FULL, N_("no space left for the store; free some space and run the same command again. "     \
               "Data already stored is safe"))                                                     \
    X(BUSY, N_("another program is using the store; run the same command again later"))            \
    X(DAMAGED, N_("the store is damaged; restore it from a backup, or recover what is readable "   \
                  "into a new file with: sqlite3 FILE .recover | sqlite3 NEW-FILE"))               \
    X(FOREIGN, N_("this is the database of another program; specify another file with --store"))   \
    X(NEWER, N_("this store was written by a newer mtasts; update mtasts"))                        \
    X(OLDER, N_("this store was written by an older mtasts; a command that writes converts it: "   \
                "mtasts watch, ingest or check --save"))                                           \
    X(LOST, N_("the connection to the store was lost; run the same command again"))                \
    X(REFUSED, N_("the store rejected the data to be written"))                                    \
    X(OTHER, N_("the store failed"))

enum store_trouble {
#define X(symbol, text) STORE_TROUBLE_##symbol,
    STORE_TROUBLES(X)
#undef X
};

struct store_fault {
    enum store_trouble trouble;
    char *store;  /* its name: the path, or host and database; never a password */
    char *detail; /* what the system or the database said, one line, printable; NULL */
};

/* Is it over by itself, so that the same may be tried again later? */
bool store_trouble_passes(enum store_trouble trouble);
/* A msgid, without a full stop. */
const char *store_trouble_text(enum store_trouble trouble);

enum store_purpose {
    STORE_READ,  /* STORE_TROUBLE_ABSENT where nothing was ever kept; nothing is made there, nothing
                  * brought up to date, and no right to write is needed */
    STORE_WRITE, /* made where it is not there: the file for its owner only */
};

/* Where the units of systemd/ have their store. */
#define STORE_OF_SERVICE "/var/lib/mtasts/mtasts.db"

/* Is it there, or may it be, for others only? */
bool store_of_service_is_closed(void);

/* The file of the store that store_open() would open; with STORE_WRITE the folders of the default
 * one are made.  NULL: it is no file, or there is no place for it, or no memory. */
char *store_file(TALLOC_CTX *ctx, const char *where, enum store_purpose purpose);

/* `where` is a path, a postgresql:// or postgres:// URI, or NULL for the default,
 * $XDG_STATE_HOME/mtasts/mtasts.db; where that variable is not set, and nothing is in the home
 * directory, STORE_OF_SERVICE for whoever may use it.  A writer brings an older schema up to date.
 * On STS_E_IO *ret_fault, owned by ctx, tells why.  Freeing the store closes it and gives up an
 * open batch. */
STS_MUST_USE enum sts_status store_open(TALLOC_CTX *ctx, const char *where,
                                        enum store_purpose purpose, struct store **ret,
                                        struct store_fault **ret_fault);
/* What SQLite keeps in memory in this process, of all stores, is to be about so many bytes. */
void store_bound_memory(int64_t bytes);
/* Was there nothing where it was opened? */
bool store_is_new(const struct store *store);
/* The last failure.  Borrowed, until the next verb. */
const struct store_fault *store_fault(const struct store *store);
/* As in struct store_fault.  Borrowed. */
const char *store_name(const struct store *store);

/* All writes from begin to commit are one transaction: kept together and made durable by one
 * flush.  A write outside is a batch of its own.  Batches do not nest. */
STS_MUST_USE enum sts_status store_begin(struct store *store);
STS_MUST_USE enum sts_status store_commit(struct store *store);
/* Give up the batch.  Nothing to do outside one. */
void store_rollback(struct store *store);
/* What `write` writes is one batch: its own, or part of the one that is open. */
STS_MUST_USE enum sts_status store_batch(struct store *store,
                                         enum sts_status (*write)(struct store *store, void *arg),
                                         void *arg);
/* A fault of another connection to the same store, for whoever asks this one: see writer.h. */
void store_take_fault(struct store *store, const struct store_fault *fault);

/* ---- checks ---------------------------------------------------------------------------------- */

struct store_code {
    const char *code;
    const char *severity;
    const char *subject; /* NULL: none */
    const char *cause;   /* written only: what it has in common with other domains, see rollups.h;
                          * NULL: nothing */
};

/* A certificate that a host shows to senders. */
struct store_certificate {
    const char *service; /* "https", "smtp" */
    const char *host;
    const char *digest;            /* SHA-256, hexadecimal */
    int64_t ends;                  /* its validity */
    int64_t first_seen, last_seen; /* set by the store */
};

struct store_check {
    const char *domain;
    int64_t seq; /* its number in the log of all checks, set by the store: one kept later has a
                  * larger one, whatever the time it was observed at */
    int64_t observed_at;
    const char *verdict, *posture, *delivery;
    struct bytes facts; /* JSON, "mtasts.facts/1"; empty where it was not asked for */
    const struct store_code *codes;
    size_t code_count;
    /* written only, for rollups.h */
    int64_t cert_ends; /* when the first of the certificates that matter ends; 0: not known */
    const char *const *parts; /* what the domain uses that others may use, too */
    size_t part_count;
    /* written only, for store_certificates() */
    const struct store_certificate *certificates;
    size_t certificate_count;
};

/* The same facts of a domain and second are kept once, by the last judgement. */
STS_MUST_USE enum sts_status store_put_check(struct store *store, const struct store_check *check);
/* The same, and its number. */
STS_MUST_USE enum sts_status store_number_check(struct store *store,
                                                const struct store_check *check, int64_t *ret_seq);

/* The last check observed at or before a time, of one second the one that was kept last, with its
 * facts; *ret is NULL where there is none. */
STS_MUST_USE enum sts_status store_last_check(struct store *store, TALLOC_CTX *ctx,
                                              const char *domain, int64_t not_after,
                                              struct store_check **ret);

/* The check of that number, with its facts; NULL: it was pruned. */
STS_MUST_USE enum sts_status store_check_numbered(struct store *store, TALLOC_CTX *ctx, int64_t seq,
                                                  struct store_check **ret);
/* The earliest time that a check of a larger number was observed at; INT64_MAX: there is none. */
STS_MUST_USE enum sts_status store_checked_since(struct store *store, const char *domain,
                                                 int64_t seq, int64_t *ret);

/* False: enough, no more. */
typedef bool (*store_check_fn)(void *arg, const struct store_check *check);
/* Checks since a time, oldest first, those of one second as they were kept, without their facts. */
STS_MUST_USE enum sts_status store_history(struct store *store, const char *domain, int64_t since,
                                           store_check_fn fn, void *arg);

/* Forget the checks of a domain observed before a time, all but the newest and, for each
 * subscriber, the newest that it was notified of: with that one the next is compared. */
STS_MUST_USE enum sts_status store_prune(struct store *store, const char *domain, int64_t before);

typedef bool (*store_certificate_fn)(void *arg, const struct store_certificate *certificate);
/* Those that checks of the domain saw, the newest first by when they were seen first; they are
 * forgotten with the last check that saw them. */
STS_MUST_USE enum sts_status store_certificates(struct store *store, const char *domain,
                                                size_t limit, store_certificate_fn fn, void *arg);

/* ---- what a subscriber was notified of ------------------------------------------------------- */

/* A subscriber is somebody who is notified of changes, named by any text, of which only a hash is
 * kept.  Its place in the log: it was notified of every check up to that number. */
struct store_place {
    int64_t seq;
    int64_t at; /* of the newest check it was notified of */
};

STS_MUST_USE enum sts_status store_put_notified(struct store *store, const char *domain,
                                                const char *subscriber, struct store_place place);
/* ret->at is STORE_NEVER where it was not notified of anything yet. */
#define STORE_NEVER INT64_MIN
STS_MUST_USE enum sts_status store_notified(struct store *store, const char *domain,
                                            const char *subscriber, struct store_place *ret);

/* ---- policies that were served --------------------------------------------------------------- */

/* A sender may live by a policy until max_age after it was last served, so old ones matter. */
struct store_policy {
    const char *domain;
    const char *id;   /* of the TXT record */
    const char *mode; /* "enforce", "testing", "none" */
    int64_t max_age;  /* seconds */
    const char *const *mx;
    size_t mx_count;
    int64_t first_seen, last_seen; /* set by the store */
};

/* This policy was served at that time.  Equal is: same id, mode, max_age and mx in order. */
STS_MUST_USE enum sts_status store_policy_seen(struct store *store,
                                               const struct store_policy *policy, int64_t at);

typedef bool (*store_policy_fn)(void *arg, const struct store_policy *policy);
/* By the time they were first seen. */
STS_MUST_USE enum sts_status store_policies(struct store *store, const char *domain,
                                            store_policy_fn fn, void *arg);
/* Forget the policies of a domain that no sender holds any more since before a time, all but the
 * one that was seen last. */
STS_MUST_USE enum sts_status store_prune_policies(struct store *store, const char *domain,
                                                  int64_t before);

/* ---- reports --------------------------------------------------------------------------------- */

struct store_report_policy {
    const char *domain; /* NULL: not known, not even inferred */
    const char *type;   /* "sts", "tlsa", "no-policy-found", or what the sender wrote */
    int64_t successful, failed;
    /* as the sender wrote it, with line ends between; NULL: nothing */
    const char *lines; /* policy-string */
    const char *mx;    /* mx-host */
};

/* What a report came in; all may be NULL.  The last four are those of struct sts_report_origin, so
 * that the report can be made from its text again. */
struct store_origin {
    const char *part;     /* of the source, as in intake.h */
    const char *wrapping; /* names of intake's deviations, with blanks between them */
    const char *file_name, *header_domain, *header_submitter, *subject;
};

/* A kind of failure that a report counts.  What is not known is NULL. */
struct store_failure {
    const char *domain; /* as in struct store_report_policy */
    const char *type;   /* result type, lower case */
    const char *mx, *sending_ip, *receiving_ip, *reason;
    int64_t sessions;
    const char *info;
    size_t policy; /* under which: its place in the list of the report, from 1; 0: not known */
    bool rest;     /* counted by the summary of the policy, and told by no detail */
    bool twice;    /* told under another type of policy too, whose sessions count */
};

#define STORE_RANGE_BEGINS 0 /* of a report whose range is not known: all time */
#define STORE_RANGE_ENDS   INT64_MAX

struct store_report {
    /* the key: with the set of policy domains it says which report this is */
    const char *submitter;
    const char *sender; /* its name as it writes it, to be shown; NULL: the above */
    const char *report_id;
    int64_t begins, ends;
    const uint8_t *domains_hash; /* STORE_HASH_SIZE bytes that stand for the domains, and for
                                  * whatever else tells two reports apart; NULL: of the policies */
    const uint8_t *content_hash; /* what tells a revision from a duplicate; NULL: made from raw */
    struct bytes raw;            /* the JSON text as it came */
    /* the receipt */
    int64_t received_at; /* when it came in */
    int64_t mailed_at;   /* the date of its mail; 0: not known */
    const char *source;  /* where it was found; NULL */
    const char *trust;   /* what DKIM said; NULL: not looked at */
    /* Is one level of trust better than another?  NULL: only than not having looked. */
    bool (*trust_better)(const char *trust, const char *than);
    struct store_origin origin;
    const struct store_report_policy *policies;
    size_t policy_count;
    const struct store_failure *failures;
    size_t failure_count;
    /* The domains that it was sent to, where not all of them are those of its policies; else 0. */
    const char *const *recipients;
    size_t recipient_count;
    /* Whoever brings it may not count it under all of its names: those policies and failures have
     * no domain, nor will they get one.  It is a report of its own, that of its recipients, so that
     * it revises nothing that others see, and gives way to the whole one: where that is stored and
     * counts for one of its domains it is a duplicate, and where that comes later it is forgotten.
     * Needs recipients. */
    bool partial;
};

enum store_added {
    STORE_NEW,
    STORE_DUPLICATE, /* same key, same content: a copy of any of the revisions; kept is the first
                      * receipt, with the latest date of a mail and the best trust of all copies */
    STORE_REVISION,  /* same key, other content: kept beside the earlier ones */
};

STS_MUST_USE enum sts_status store_add_report(struct store *store,
                                              const struct store_report *report,
                                              enum store_added *ret_added);

struct store_receipt {
    const char *submitter, *report_id;
    int64_t begins, ends, received_at, mailed_at;
    const char *source, *trust; /* NULL as above */
    int64_t revision;           /* 1: the first of its key that was added */
    bool superseded;            /* another revision counts: see below */
    struct store_origin origin;
    struct bytes raw;
};

typedef bool (*store_report_fn)(void *arg, const struct store_receipt *receipt);
/* Reports on a domain (NULL: all) whose range ends at or after a time, in the order in which they
 * were added.  Of the revisions of one the last by the latest date of its mails counts, of those of
 * one date the one that was added for the first time last; no date comes before all others.  So
 * A, B, A without dates is B, and a sender that mails A again after B takes B back (as reports.h
 * has it). */
STS_MUST_USE enum sts_status store_reports(struct store *store, const char *domain, int64_t since,
                                           store_report_fn fn, void *arg);

/* Sessions of one report and domain, summed as sts_report_sessions() does.  The last revision
 * counts. */
struct store_sessions {
    const char *submitter;
    int64_t begins, ends, received_at;
    int64_t successful, failed;
};

typedef bool (*store_sessions_fn)(void *arg, const struct store_sessions *sessions);
/* As store_reports(), without the texts and without reports whose range is not known, by begin of
 * range. */
STS_MUST_USE enum sts_status store_sessions(struct store *store, const char *domain, int64_t since,
                                            store_sessions_fn fn, void *arg);

/* Forget the reports whose range ended before a time, and the sessions that they count; one whose
 * range is not known goes by when it came in.  One that comes again after that is new. */
STS_MUST_USE enum sts_status store_prune_reports(struct store *store, int64_t before);

#endif
