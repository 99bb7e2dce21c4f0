/* SPDX-License-Identifier: MIT */
/* options.h - the command line: one table of options for all subcommands.
 *
 * The table yields the parser, --help, and what tools/check-help compares with the manual. */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include "cmd/exit_status.h"
#include "rules/rules.h"

enum command_bit {
    FOR_CHECK = 1,
    FOR_OBSERVE = 2,
    FOR_LINT = 4,
    FOR_EXPLAIN = 8,
    FOR_PROGRAM = 16, /* before any subcommand */
    FOR_SCAN = 32,
    FOR_GENERATE = 1024,
    FOR_REPORT = 64,
    FOR_INGEST = 256,
    FOR_HISTORY = 512,
    FOR_PLAN = 1 << 16,
    FOR_ROLLBACK = 1 << 17,
    FOR_COMMANDS = 2048,
    FOR_SELFTEST = 1 << 18,
    FOR_WATCH = 1 << 13,
    FOR_HELP = 1 << 19,
    FOR_CONFIG = 1 << 20,
    FOR_SERVE = 1 << 21,
    FOR_POLICYD = 1 << 22,
    FOR_COLLECT = 1 << 24,
    FOR_SEND_REPORTS = 1 << 26,
    FOR_EVENT = 1 << 25,
    FOR_WOULD_DELIVER = 1 << 27,
};

#define OPTIONS_MAX         128  /* rows of the table */
#define OPTIONS_TIMEOUT_MAX 3600 /* seconds: nobody waits longer, and milliseconds stay small */

/* Days: a year, and a month to look back from its anniversary. */
#define KEEP_DEFAULT 400

struct options {
    bool csv, all, check, dkim, require_dkim; /* report */
    bool save;
    bool full, brief;   /* check: how much is printed; neither: by where it goes */
    bool force, remove; /* what is written of a roll-out, and which way it goes */
    bool one_hot;       /* watch */
    bool no_config;
    bool plugin; /* check, as all of these: */
    bool json, quiet, resume, thorough, no_smtp, allow_private, ipv4, ipv6, list, help, version;
    enum severity fail_on; /* NONE: the default */
    const char *hostname, *warning, *critical;
    const char *store; /* NULL: the default one */
    const char *until, *domain;
    const char *lang, *color;
    int64_t verbose; /* how often */
    const char *trust_anchor, *ca_file, *helo;
    const char *proxy;   /* as typed, or "none"; NULL: what the environment says */
    const char *domains; /* a list of them; "-": standard input */
    const char *from, *record, *tlsrpt_record;
    const char *column, *output;
    const char *mode, *out;
    const char *against; /* lint */
    const char *as;      /* would-deliver; NULL: the default */
    const char *since, *apply_dns;
    int64_t max_age_before;          /* seconds; 0: not given */
    int64_t max_age;                 /* seconds; 0: not given */
    int64_t timeout;                 /* seconds; 0: the default */
    int64_t jobs;                    /* 0: the default */
    int64_t threads;                 /* 0: the default */
    int64_t per_address, per_second; /* 0: the default */
    const char *notify, *prometheus;
    const char *accounts; /* ingest: a file; NULL: the default one */
    const char *lmtp;     /* "unix:PATH"; NULL: no socket */
    bool follow;
    bool any_domain; /* serve */
    bool no_dane;    /* policyd, as these: */
    bool probe_testing;
    const char *socket_user, *socket_group, *socket_mode;
    const char *collector; /* policyd, event; NULL: none, the default one */
    const char *name;      /* collect, scan; NULL: the default one */
    const char *queue, *queue_credentials, *queue_ca; /* scan, as these: */
    int64_t replicas, shard_size;                     /* 0: the default */
    const char *overrides;
    const char *control; /* policyd; NULL: where the service manager says */
    bool from_log;
    bool no_watch;       /* serve */
    int64_t watch_every; /* serve: seconds; 0: the default */
    int64_t interval;    /* seconds; 0: one pass */
    int64_t keep;        /* days; 0: the default */
    int64_t https_port, smtp_port;
    int64_t now;            /* NOW_UNSET: the time of the observation */
    int64_t warn_days;      /* 0: the default */
    const char **resolvers; /* as typed, or "none" */
    size_t resolver_count;
    const char **mx; /* each list is followed by its count: OPTION_LIST relies on it */
    size_t mx_count;
    const char **new_mx;
    size_t new_mx_count;
    const char **rua;
    size_t rua_count;
    const char **listen; /* serve, as all of these */
    size_t listen_count;
    const char *create_admin; /* serve */
    const char *create_token, *group;
    int64_t expires; /* days; 0: not given */
    const char **scopes;
    size_t scope_count;
    bool remote_user;
    const char **map_groups;
    size_t map_group_count;
    const char *oidc_issuer, *oidc_client, *oidc_secret_file, *oidc_groups;
    const char **account_names;
    size_t account_count;
    const char **trusted_proxies;
    size_t trusted_proxy_count;
    const char *base_url;
    const char *sendmail, *mail_from, *alert_command;
    const char *organization, *contact, *copy_to, *report_lang; /* send-reports */
    const char **dkim_keys;
    size_t dkim_key_count;
    bool dry_run;
    bool private_webhooks;
    int64_t alert_delay; /* seconds; 0: the default */
    const char *tls_certificate, *tls_key;
    bool access_log;
    const char **operands;
    size_t operand_count;
    const char *config;        /* NULL: those of the system and of the user */
    const char *store_of_file; /* which MTASTS_STORE and --store override */
    bool given[OPTIONS_MAX];   /* on the command line, by row of the table */
};

#define NOW_UNSET INT64_MIN

/* Reads the words behind the subcommand.  0, or EXIT_USAGE after one line on standard error. */
int options_parse(TALLOC_CTX *ctx, enum command_bit command, int argc, char **argv,
                  struct options *options);

/* So many only scan can do; where: what set them, NULL the command line.  0 or EXIT_USAGE. */
int options_check_jobs(enum command_bit command, const struct options *options, const char *where);
/* Set for all subcommands, it is for each as many as it can do. */
void options_limit_jobs(enum command_bit command, struct options *options);

/* Is something stored where --store says?  A file may ask for it.  0 or EXIT_USAGE. */
int options_check_store(enum command_bit command, const struct options *options);

/* How many words an option takes at the head of argv, its value included; 0: an operand stands
 * there.  The last: it may mean one with a value and one without, of different subcommands. */
#define OPTIONS_WIDTH_UNKNOWN (-1)
int options_width(int argc, char **argv);
/* One line on standard error about such a word.  EXIT_USAGE. */
int options_ambiguous(const char *word);

/* The last value of the option of that long name on a command line of whatever subcommand, before
 * anything is judged; NULL: it is not there.  "" of a flag. */
const char *options_early(int argc, char **argv, const char *name);

/* The options of the subcommands, one paragraph each, on standard output. */
void options_help(unsigned commands);

/* The time of --now; without it, now, or `otherwise`. */
int64_t options_now(const struct options *options);
int64_t options_now_or(const struct options *options, int64_t otherwise);

/* How long a domain may take, in milliseconds: --timeout, else the default. */
int64_t options_timeout_ms(const struct options *options);

/* The time of which the ids in examples are made: --now, else the last full hour, so that who asks
 * twice gets the same answer. */
int64_t options_example_time(const struct options *options);

#endif
