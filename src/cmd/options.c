/* SPDX-License-Identifier: MIT */
/* options.c - the table of options, and the parser that reads it. */
#include "cmd/options.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/environment.h"
#include "cmd/option_row.h"
#include "cmd/plugin.h"
#include "cmd/scan_word.h"
#include "cmd/suggest.h"
#include "net/limits.h"
#include "net/proxy.h"

#define JOBS_MAX       256 /* each has some twenty connections */
#define SCAN_JOBS      100000
#define THREADS_MAX    64
#define PER_SECOND_MAX 1000000
#define WARN_DAYS_MAX  365
#define KEEP_MAX       36500
#define INTERVAL_MAX                                                                               \
    (INT64_C(30) * 86400) /* seconds: who looks less often than monthly does not watch */

#define AT(member) offsetof(struct options, member)
#define PLANNING   (FOR_PLAN | FOR_ROLLBACK)
#define ROLLOUT    (FOR_GENERATE | PLANNING)
#define LIVE                                                                                       \
    (FOR_CHECK | FOR_OBSERVE | FOR_SCAN | FOR_REPORT | FOR_WATCH | FOR_COMMANDS | ROLLOUT |        \
     FOR_WOULD_DELIVER)
#define JUDGING (FOR_CHECK | FOR_LINT | FOR_REPORT | FOR_WATCH)
#define SHOWING (FOR_CHECK | FOR_LINT | FOR_EXPLAIN | FOR_REPORT)
#define READING (FOR_REPORT | FOR_INGEST)
#define STORING                                                                                    \
    (FOR_CHECK | FOR_SCAN | READING | FOR_HISTORY | FOR_WATCH | PLANNING | FOR_SERVE |             \
     FOR_COLLECT | FOR_SEND_REPORTS | FOR_POLICYD)
#define VERBOSE  (FOR_CHECK | FOR_OBSERVE | FOR_HISTORY | SHOWING)
#define ASKING   (LIVE | FOR_SELFTEST | FOR_SERVE)
#define ALL      (LIVE | SHOWING | FOR_INGEST | FOR_HISTORY | FOR_SELFTEST | FOR_CONFIG)
#define QUIET    (ALL | FOR_POLICYD | FOR_COLLECT | FOR_SEND_REPORTS)
#define ANYWHERE (QUIET | FOR_PROGRAM | FOR_HELP | FOR_SERVE | FOR_EVENT)

/* What lists things can list them as JSON. */
#define LISTING (ALL | FOR_POLICYD)

const struct option options_table[] = {
    {"from", "FILE", OPTION_TEXT,
     FOR_CHECK | FOR_REPORT | FOR_WATCH | FOR_COMMANDS | ROLLOUT | FOR_WOULD_DELIVER, AT(from),
     .help = N_("Evaluate recorded facts instead of querying the network: a file written by "
                "observe, or - for standard input. It can hold several documents, one per line.")},
    {"domains", "FILE", OPTION_TEXT,
     FOR_CHECK | FOR_OBSERVE | FOR_WATCH | FOR_COMMANDS | FOR_HISTORY | ROLLOUT | FOR_WOULD_DELIVER,
     AT(domains), .in_file = true, .is_path = true,
     .help = N_("Also read domains from FILE, one per line; lines that begin with # are skipped.")},
    {"as", "SERVER", OPTION_CHOICE, FOR_WOULD_DELIVER, AT(as),
     .choices = "|postfix-3.7|postfix-3.10.3|postfix-3.10|postfix-3.11|", .preset = "postfix-3.10",
     .help = N_(
         "The mail server that sends: postfix-3.7 (up to 3.9), postfix-3.10.3 (3.10.0 to "
         "3.10.4), postfix-3.10 (from 3.10.5 on) or postfix-3.11. The default is postfix-3.10.")},
    {"record", "TEXT", OPTION_TEXT, FOR_LINT, AT(record),
     .help = N_("Check TEXT as an _mta-sts TXT record.")},
    {"tlsrpt-record", "TEXT", OPTION_TEXT, FOR_LINT, AT(tlsrpt_record),
     .help = N_("Check TEXT as an _smtp._tls TXT record.")},
    {"against", "OLD", OPTION_TEXT, FOR_LINT, AT(against),
     .help = N_("Compare with the older policy file OLD: is a new id needed, what must be "
                "published first, and which MX hosts will senders with the old policy refuse?")},
    {"mx", "HOST", OPTION_LIST, FOR_LINT | FOR_GENERATE, AT(mx),
     .help = N_("lint: check whether the policy covers this MX host. generate: write the policy "
                "for this MX host, without querying the DNS. Repeatable.")},
    {"mode", "MODE", OPTION_CHOICE, FOR_GENERATE, AT(mode), .choices = "|testing|enforce|none|",
     .help = N_("Policy mode: testing, enforce or none. The default is testing.")},
    {"max-age", "SECONDS", OPTION_NUMBER, FOR_GENERATE, AT(max_age), 1, STS_MAX_AGE_MAX,
     .help = N_("How long senders may cache the policy. The default is 86400 (one day).")},
    {"rua", "URI", OPTION_LIST, FOR_GENERATE, AT(rua), .in_file = true,
     .help =
         N_("Where to send reports: mailto:ADDRESS, https://HOST/PATH or an email address. The "
            "default is what the domain publishes, else tls-reports at the domain. Repeatable.")},
    {"new-mx", "HOST", OPTION_LIST, FOR_PLAN, AT(new_mx),
     .help = N_("Plan the change to this MX host: which policies would refuse it, what to do in "
                "which order, and from when it is safe. Repeatable.")},
    {"remove", NULL, OPTION_FLAG, FOR_PLAN, AT(remove), .former = "retreat",
     .help = N_("Plan how to give up MTA-STS without losing mail.")},
    {"since", "TIME", OPTION_TEXT, PLANNING | FOR_REPORT | FOR_HISTORY, AT(since),
     .help = N_("report, history: only what is not older than this date, time (RFC 3339) or period "
                "(24h, 7d, 2w). plan, rollback: the current policy has been published since this "
                "day, whatever is stored.")},
    {"until", "TIME", OPTION_TEXT, FOR_REPORT, AT(until),
     .help = N_("Only what is before this time, or not after this date.")},
    {"domain", "DOMAIN", OPTION_TEXT, FOR_REPORT | FOR_SEND_REPORTS, AT(domain),
     .help = N_("report: only what was reported about this domain. send-reports: send only the "
                "reports to this domain.")},
    {"max-age-before", "SECONDS", OPTION_NUMBER, PLANNING, AT(max_age_before), 1, STS_MAX_AGE_MAX,
     .help = N_("The largest max_age served before, if it is not stored.")},
    {"apply-dns", "METHOD", OPTION_CHOICE, PLANNING, AT(apply_dns), .choices = "|nsupdate|",
     .help = N_("Also write a script that changes the record (METHOD: nsupdate). It is not run.")},
    {"out", "DIR", OPTION_TEXT, ROLLOUT, AT(out), .letter = 'o',
     .help = N_("Write the files to the directory DIR instead of printing them. If one already "
                "exists with different contents, nothing is written.")},
    {"force", NULL, OPTION_FLAG, ROLLOUT, AT(force),
     .help = N_("Overwrite existing files in the directory of --out.")},
    {"check", NULL, OPTION_FLAG, FOR_REPORT, AT(check),
     .help = N_(
         "Also check the reported domains now, and show whether the reported failures persist.")},
    {"csv", NULL, OPTION_FLAG, FOR_REPORT | FOR_SCAN, AT(csv),
     .help = N_("Write CSV. report: one line for each policy of each report and for each failure. "
                "scan: one line for each domain.")},
    {"all", NULL, OPTION_FLAG, FOR_REPORT | FOR_POLICYD, AT(all),
     .help = N_("report: show all lists in full; by default, long lists show only the worst "
                "entries. policyd purge: forget all domains.")},
    {"save", NULL, OPTION_FLAG, FOR_CHECK | FOR_SCAN, AT(save), .in_file = true,
     .help = N_("Store facts and findings, for history.")},
    {"store", "WHERE", OPTION_STORE, STORING, AT(store), .in_file = true, .is_path = true,
     .help =
         N_("The store: a file, or the postgresql:// URL of a database. The default is "
            "$MTASTS_STORE, else mtasts/mtasts.db in $XDG_STATE_HOME (if unset: ~/.local/state).")},
    {"dkim", NULL, OPTION_FLAG, READING, AT(dkim), .in_file = true,
     .help = N_("Verify the DKIM signatures of the messages that contain reports, and show how far "
                "each report can be trusted.")},
    {"require-dkim", NULL, OPTION_FLAG, READING | FOR_SERVE, AT(require_dkim), .in_file = true,
     .help = N_("Count only reports in messages signed by the reporting domain; list all others as "
                "rejected.")},
    {"account", "NAME", OPTION_LIST, FOR_INGEST | FOR_SERVE, AT(account_names), .in_file = true,
     .help = N_("Store the reports in the mailbox of this IMAP account; all means every account of "
                "the accounts file. Repeatable.")},
    {"accounts", "FILE", OPTION_TEXT, FOR_INGEST | FOR_SERVE, AT(accounts), .in_file = true,
     .is_path = true, .preset = "/etc/mtasts/accounts",
     .help = N_("The file that describes the IMAP accounts. The default is /etc/mtasts/accounts.")},
    {"lmtp", "WHERE", OPTION_TEXT, FOR_INGEST | FOR_SERVE, AT(lmtp), .in_file = true,
     .help = N_("Keep running as a service and store the reports in messages that a mail server of "
                "this machine delivers by LMTP to the socket WHERE, unix:PATH.")},
    {"follow", NULL, OPTION_FLAG, FOR_INGEST, AT(follow),
     .help = N_("With --account, keep running as a service and store reports as they arrive.")},
    {"list", NULL, OPTION_FLAG, FOR_EXPLAIN, AT(list), .help = N_("Explain every code and topic.")},
    {"output", "FILE", OPTION_TEXT, FOR_SCAN, AT(output), .letter = 'o',
     .help = N_("Write the results to FILE instead of standard output.")},
    {"resume", NULL, OPTION_FLAG, FOR_SCAN, AT(resume),
     .help = N_("Resume an interrupted scan: skip domains that have a complete line in the file of "
                "--output.")},
    {"thorough", NULL, OPTION_FLAG, FOR_SCAN, AT(thorough), .in_file = true,
     .help = N_("Also make further handshakes and look up CAA records, as check does. This more "
                "than doubles the number of connections.")},
    {"column", "NAME", OPTION_TEXT, FOR_SCAN, AT(column),
     .help = N_("The list is CSV; the domains are in this column, given as a number (from 1) or as "
                "its name in the first line.")},
    {"threads", "N", OPTION_NUMBER, FOR_SCAN, AT(threads), 1, THREADS_MAX, .in_file = true,
     .help = N_("How many threads to use. The default is one for each processor.")},
    {"per-address", "N", OPTION_NUMBER, FOR_SCAN, AT(per_address), 1, SCAN_JOBS, .in_file = true,
     .preset = "2",
     .help = N_("Maximum number of simultaneous connections to one address and port; eight times "
                "as many to its network. The default is 2. Raise it only for your own servers.")},
    {"per-second", "N", OPTION_NUMBER, FOR_SCAN, AT(per_second), 1, PER_SECOND_MAX, .in_file = true,
     .preset = "10",
     .help = N_("Maximum number of new connections per second to one address and port; eight times "
                "as many to its network. The default is 10. Raise it only for your own servers.")},
    {"interval", "DURATION", OPTION_DURATION, FOR_WATCH, AT(interval), 1, INTERVAL_MAX,
     .in_file = true,
     .help = N_("Keep running as a service and check every DURATION (90m, 6h, 1d), plus a random "
                "delay of up to a tenth of it.")},
    {"watch-every", "DURATION", OPTION_DURATION, FOR_SERVE, AT(watch_every), 300, INTERVAL_MAX,
     .in_file = true, .preset = "6h",
     .help = N_("How often to check each domain that belongs to a group (90m, 6h, 1d). The default "
                "is 6h. A domain with problems is checked every hour for a day.")},
    {"no-watch", NULL, OPTION_FLAG, FOR_SERVE, AT(no_watch), .in_file = true,
     .help = N_("Do not check domains on a schedule.")},
    {"keep", "DAYS", OPTION_NUMBER, FOR_WATCH | FOR_SERVE, AT(keep), 1, KEEP_MAX, .in_file = true,
     .preset = "400",
     .help =
         N_("Delete checks of the watched domains after DAYS days, except those that the next "
            "check is compared with. The default is 400. Reports and policies are not deleted.")},
    {"notify", "CMD", OPTION_TEXT, FOR_WATCH, AT(notify), .in_file = true,
     .help = N_("Run CMD with /bin/sh for each domain that has changed, with the changes as JSON "
                "on standard input and the domain in MTASTS_DOMAIN. It must finish within "
                "--timeout; if it fails, it is run again in the next pass.")},
    {"prometheus", "FILE", OPTION_TEXT, FOR_WATCH | FOR_COLLECT | FOR_SEND_REPORTS, AT(prometheus),
     .in_file = true, .is_path = true,
     .help = N_("Write metrics to FILE, for the textfile collector of Prometheus.")},
    {"one-hot", NULL, OPTION_FLAG, FOR_WATCH, AT(one_hot),
     .help = N_("With --prometheus: also write mtasts_verdict_state, and 0 for each value of "
                "verdict, posture, delivery and mode that does not apply.")},
    {"any-domain", NULL, OPTION_FLAG, FOR_SERVE, AT(any_domain), .in_file = true,
     .help = N_("Also store reports on domains that are neither checked nor owned here, when they "
                "are delivered by POST /tlsrpt.")},
    {"listen", "WHERE", OPTION_LIST, FOR_SERVE | FOR_POLICYD | FOR_COLLECT, AT(listen),
     .in_file = true,
     .help = N_("Listen on ADDRESS:PORT, [ADDRESS]:PORT or unix:PATH; with metrics= in front, for "
                "/metrics. The default is this machine alone: 127.0.0.1:8460 and [::1]:8460 "
                "(policyd: port 8461). collect: unix:PATH only, for datagrams; with "
                "lines= in front, for lines of JSON as event reads them. Repeatable.")},
    {"socket-user", "USER", OPTION_TEXT, FOR_POLICYD, AT(socket_user), .in_file = true,
     .help = N_("The owner of sockets at --listen unix:PATH.")},
    {"socket-group", "GROUP", OPTION_TEXT, FOR_POLICYD, AT(socket_group), .in_file = true,
     .help = N_("The group of these sockets.")},
    {"socket-mode", "MODE", OPTION_TEXT, FOR_POLICYD, AT(socket_mode), .in_file = true,
     .preset = "0666",
     .help = N_("The permissions of these sockets, in octal. The default is 0666: everybody who "
                "reaches the directory may connect.")},
    {"collector", "WHERE", OPTION_TEXT, FOR_POLICYD | FOR_EVENT, AT(collector), .in_file = true,
     .help = N_("The socket of collect, unix:PATH. policyd: report there what no mail server "
                "reports. event: the default is unix:/var/spool/postfix/mtasts-collect.")},
    {"name", "NAME", OPTION_TEXT, FOR_COLLECT | FOR_SCAN, AT(name), .in_file = true,
     .help = N_("collect: the name of this collector in the store, if several write into one. The "
                "default is the host name. scan submit: the name of the scan; the default is that "
                "of the file. scan work: the name of the worker; the default is the host name.")},
    {"queue", "URL", OPTION_TEXT, FOR_SCAN, AT(queue), .in_file = true,
     .help = N_("submit, work: the NATS server with JetStream that distributes shards "
                "(nats://HOST[:PORT], tls://HOST[:PORT]); several are separated by commas.")},
    {"queue-credentials", "FILE", OPTION_TEXT, FOR_SCAN, AT(queue_credentials), .in_file = true,
     .is_path = true,
     .help = N_("The file with the login for --queue: NATS credentials (.creds), or one line with "
                "USER:PASSWORD or a token.")},
    {"queue-ca", "FILE", OPTION_TEXT, FOR_SCAN, AT(queue_ca), .in_file = true, .is_path = true,
     .help = N_("Connect to --queue with TLS and trust only the CAs in this PEM file.")},
    {"replicas", "N", OPTION_NUMBER, FOR_SCAN, AT(replicas), 1, 5, .in_file = true, .preset = "1",
     .help = N_("On how many NATS servers the queue is stored if it is created now: 1, 3 or 5. The "
                "default is 1.")},
    {"shard", "N", OPTION_NUMBER, FOR_SCAN, AT(shard_size), 1, 100000, .in_file = true,
     .preset = "1000",
     .help = N_("submit: how many domains a shard contains. The default is 1000.")},
    {"probe-testing", NULL, OPTION_FLAG, FOR_POLICYD, AT(probe_testing), .in_file = true,
     .help = N_("With --collector: connect to the MX hosts of domains whose policy is in mode "
                "testing, once a day each and without mail, and report how they fared.")},
    {"no-dane", NULL, OPTION_FLAG, FOR_POLICYD, AT(no_dane), .in_file = true,
     .help = N_("Do not look up DANE: for mail servers that do not validate DNSSEC.")},
    {"overrides", "FILE", OPTION_TEXT, FOR_POLICYD, AT(overrides), .in_file = true, .is_path = true,
     .help = N_("What to answer for single domains whatever they publish; each line: DOMAIN ACTION "
                "\"REASON\" EXPIRES. SIGHUP rereads it.")},
    {"control", "PATH", OPTION_TEXT, FOR_POLICYD | FOR_COLLECT, AT(control), .in_file = true,
     .is_path = true,
     .help =
         N_("The socket by which explain, dump, purge, warm and collect --from-log ask the policy "
            "daemon: it listens there for its own user and root. The default is "
            "/run/mtasts/policyd.")},
    {"from-log", NULL, OPTION_FLAG, FOR_POLICYD | FOR_COLLECT, AT(from_log),
     .help = N_("warm: the files are logs of Postfix; look up the domains that mail went to. "
                "collect: count the TLS sessions in logs of Postfix up to 3.9.")},
    {"create-admin", "NAME", OPTION_TEXT, FOR_SERVE, AT(create_admin),
     .help = N_("Do not serve: create this administrator, or give them a new password, which is "
                "read from the terminal or standard input.")},
    {"create-token", "USER", OPTION_TEXT, FOR_SERVE, AT(create_token),
     .help =
         N_("Do not serve: create an API token of this user for the group of --group, and print "
            "it. It is shown this once.")},
    {"group", "GROUP", OPTION_TEXT, FOR_SERVE, AT(group),
     .help =
         N_("With --create-token: the group that the token is for; the user must be a member.")},
    {"scope", "SCOPE", OPTION_LIST, FOR_SERVE, AT(scopes),
     .help =
         N_("With --create-token: what the token may do: read, check, ingest, domains or admin. "
            "The default is read. Repeatable.")},
    {"expires", "DAYS", OPTION_NUMBER, FOR_SERVE, AT(expires), 1, 3650,
     .help = N_("With --create-token: the token works for DAYS days. The default is 365.")},
    {"remote-user", NULL, OPTION_FLAG, FOR_SERVE, AT(remote_user), .in_file = true,
     .help = N_("Sign in whomever a trusted proxy specifies in Remote-User, with the groups of "
                "Remote-Groups.")},
    {"oidc-issuer", "URL", OPTION_TEXT, FOR_SERVE, AT(oidc_issuer), .in_file = true,
     .help = N_("Let users sign in with this OpenID Connect provider. Requires --oidc-client and "
                "--base-url; the redirect URI is BASE-URL/login/oidc.")},
    {"oidc-client", "ID", OPTION_TEXT, FOR_SERVE, AT(oidc_client), .in_file = true,
     .help = N_("The client ID at that provider.")},
    {"oidc-secret-file", "FILE", OPTION_TEXT, FOR_SERVE, AT(oidc_secret_file), .in_file = true,
     .is_path = true, .help = N_("The file with the client's secret.")},
    {"oidc-groups", "CLAIM", OPTION_TEXT, FOR_SERVE, AT(oidc_groups), .in_file = true,
     .help = N_("The claim with the user's groups, such as groups or realm_access.roles.")},
    {"map-group", "THEIRS=GROUP:ROLE", OPTION_LIST, FOR_SERVE, AT(map_groups), .in_file = true,
     .help = N_("Members of the group THEIRS at the proxy or provider have ROLE (viewer, editor, "
                "admin) in GROUP; with * for THEIRS everybody, with *:admin for GROUP:ROLE they "
                "administer the service. Nobody else may sign in there. Repeatable.")},
    {"base-url", "URL", OPTION_TEXT, FOR_SERVE, AT(base_url), .in_file = true,
     .help = N_("Where visitors find the service, https://HOST/PATH/: for links in messages, "
                "cookies and redirects, and the only name by which it may be addressed.")},
    {"trusted-proxy", "NETWORK", OPTION_LIST, FOR_SERVE, AT(trusted_proxies), .in_file = true,
     .help = N_("Trust X-Forwarded-For and X-Forwarded-Proto from proxies at this address or in "
                "this network (192.0.2.0/24). Those that connect to a unix socket are always "
                "trusted. Repeatable.")},
    {"tls-certificate", "FILE", OPTION_TEXT, FOR_SERVE, AT(tls_certificate), .in_file = true,
     .is_path = true,
     .help = N_("Use TLS with the certificate in FILE (PEM, with its intermediate certificates). "
                "It is reloaded when it changes, and on SIGHUP. Requires --tls-key.")},
    {"tls-key", "FILE", OPTION_TEXT, FOR_SERVE, AT(tls_key), .in_file = true, .is_path = true,
     .help = N_("The key of the certificate (PEM, without a passphrase).")},
    {"sendmail", "PATH", OPTION_TEXT, FOR_SERVE | FOR_SEND_REPORTS, AT(sendmail), .in_file = true,
     .is_path = true,
     .help = N_("Send mail with this program, which takes the options of sendmail(1): -i -t -f. "
                "serve: for alerts; requires --mail-from. send-reports: the default is "
                "/usr/sbin/sendmail.")},
    {"mail-from", "ADDRESS", OPTION_TEXT, FOR_SERVE | FOR_SEND_REPORTS, AT(mail_from),
     .in_file = true,
     .help = N_("The sender of these messages. serve: also of the envelope, so it receives "
                "bounces. send-reports: its domain is the one that reports, and that of "
                "--dkim-key; the envelope sender is empty.")},
    {"organization", "NAME", OPTION_TEXT, FOR_SEND_REPORTS, AT(organization), .in_file = true,
     .help = N_("The name of the organization that reports, such as \"Example Ltd.\".")},
    {"contact", "ADDRESS", OPTION_TEXT, FOR_SEND_REPORTS, AT(contact), .in_file = true,
     .help = N_("Where recipients may ask about a report: its contact-info. The default is the "
                "address of --mail-from.")},
    {"dkim-key", "SELECTOR=FILE", OPTION_LIST, FOR_SEND_REPORTS, AT(dkim_keys), .in_file = true,
     .help = N_("Sign messages with the private key in FILE (PEM; RSA or Ed25519), whose public "
                "key is published at SELECTOR._domainkey of the domain of --mail-from. "
                "Repeatable.")},
    {"report-lang", "LANGUAGE", OPTION_CHOICE, FOR_SEND_REPORTS, AT(report_lang),
     .choices = "|en|de|", .in_file = true, .preset = "en",
     .help = N_("The language of the text beside a report: en or de. The default is en.")},
    {"copy-to", "ADDRESS", OPTION_TEXT, FOR_SEND_REPORTS, AT(copy_to), .in_file = true,
     .help = N_("Send each report to this address as well.")},
    {"dry-run", NULL, OPTION_FLAG, FOR_SEND_REPORTS, AT(dry_run),
     .help = N_("Send nothing, and show which reports would be planned: when they leave and "
                "where they go.")},
    {"alert-command", "COMMAND", OPTION_TEXT, FOR_SERVE, AT(alert_command), .in_file = true,
     .help = N_("Groups may choose to have alerts handed to this shell command, as JSON on "
                "standard input.")},
    {"private-webhooks", NULL, OPTION_FLAG, FOR_SERVE, AT(private_webhooks), .in_file = true,
     .help = N_("Also call webhooks at private addresses. Use this only if you trust "
                "every user of the service.")},
    {"alert-delay", "DURATION", OPTION_DURATION, FOR_SERVE, AT(alert_delay), 1, 3600,
     .in_file = true, .preset = "1m",
     .help = N_("How long to wait before sending an alert; further events with the same "
                "cause in that time go into the same message.")},
    {"access-log", NULL, OPTION_FLAG, FOR_SERVE, AT(access_log), .in_file = true,
     .help = N_("Write a line for each request to standard error: time, client, method, path, "
                "status, bytes, seconds and id.")},
    {"json", NULL, OPTION_FLAG, LISTING, AT(json), .letter = 'j',
     .help = N_("Write JSON: one object per line for each domain, file or code.")},
    {"plugin", NULL, OPTION_FLAG, FOR_CHECK, AT(plugin),
     .help = N_("Work as a monitoring plugin (Nagios, Icinga): one line with performance data, "
                "exit status 0 to 3, always in English. The default if the program is called "
                "check_mtasts.")},
    {"hostname", "DOMAIN", OPTION_TEXT, FOR_CHECK, AT(hostname), .letter = 'H',
     .help = N_("With --plugin: the domain to check.")},
    {"warning", "RANGE", OPTION_RANGE, FOR_CHECK, AT(warning), .letter = 'w',
     .help = N_("With --plugin: WARNING if the days left of a certificate are outside RANGE (14 or "
                "14: is 14 or more), instead of the rule of --warn-days.")},
    {"critical", "RANGE", OPTION_RANGE, FOR_CHECK, AT(critical), .letter = 'c',
     .help = N_("With --plugin: CRITICAL if the days left of a certificate are outside RANGE.")},
    {"quiet", NULL, OPTION_FLAG, QUIET, AT(quiet), .letter = 'q', .in_file = true,
     .help = N_("Print only the verdict (commands: no comments; explain: only the titles).")},
    {"verbose", NULL, OPTION_LEVEL, VERBOSE, AT(verbose), .letter = 'v', .in_file = true,
     .help = N_("Also print the transcript: DNS, HTTPS, certificates, SMTP (report: where senders "
                "deviate from RFC 8460; history: every check; --plugin: more lines, up to -vvv).")},
    {"full", NULL, OPTION_FLAG, FOR_CHECK, AT(full), .in_file = true,
     .help = N_("Print findings with their meaning and all steps: the default unless standard "
                "output is a terminal.")},
    {"short", NULL, OPTION_FLAG, FOR_CHECK, AT(brief), .in_file = true,
     .help = N_("Print what fits on the screen: for each finding what is wrong, one command and "
                "the first step. The default on a terminal.")},
    {"fail-on", "LEVEL", OPTION_SEVERITY, JUDGING, AT(fail_on),
     .choices = "|low|medium|high|critical|", .in_file = true, .preset = "medium",
     .help = N_("Exit with 0 if all findings are below LEVEL (low, medium, high or critical), else "
                "with at least 1. The default is medium.")},
    {"now", "TIME", OPTION_TIME,
     FOR_CHECK | FOR_WATCH | FOR_SCAN | FOR_COMMANDS | ROLLOUT | FOR_REPORT | FOR_HISTORY |
         FOR_EXPLAIN | FOR_LINT | FOR_SEND_REPORTS | FOR_WOULD_DELIVER,
     AT(now),
     .help = N_("Evaluate as of this time (RFC 3339) instead of the time of the observation.")},
    {"warn-days", "N", OPTION_NUMBER, FOR_CHECK | FOR_SCAN | FOR_WATCH, AT(warn_days), 1,
     WARN_DAYS_MAX, .in_file = true, .preset = "14",
     .help = N_("Warn about certificates that expire within N days, unless more than a third of "
                "their lifetime is left. The default is 14.")},
    {"jobs", "N", OPTION_NUMBER, LIVE, AT(jobs), 1, SCAN_JOBS, .in_file = true, .preset = "8",
     .help = N_("How many domains to check at a time. The default is 8 (watch: 64, scan: 500 per "
                "thread).")},
    {"timeout", "SECONDS", OPTION_NUMBER, ASKING | FOR_INGEST, AT(timeout), 1, OPTIONS_TIMEOUT_MAX,
     .letter = 't', .in_file = true, .preset = "60",
     .help = N_("Time limit for one domain. The default is 60 (with --plugin, 50).")},
    {"resolver", "ADDR[@PORT]", OPTION_RESOLVER,
     ASKING | FOR_INGEST | FOR_POLICYD | FOR_EVENT | FOR_COLLECT, AT(resolvers), .in_file = true,
     .help = N_("Use this DNS resolver instead of the system's. Repeatable; with none, resolve "
                "recursively from the root servers.")},
    {"trust-anchor", "FILE", OPTION_TEXT,
     ASKING | FOR_INGEST | FOR_POLICYD | FOR_EVENT | FOR_COLLECT, AT(trust_anchor), .in_file = true,
     .is_path = true, .help = N_("Validate DNSSEC with the trust anchor in FILE.")},
    {"ca-file", "FILE", OPTION_TEXT, ASKING | FOR_INGEST | FOR_POLICYD | FOR_SEND_REPORTS,
     AT(ca_file), .in_file = true, .is_path = true,
     .help = N_("Trust the CA certificates in FILE instead of the system's.")},
    {"proxy", "URL", OPTION_PROXY, ASKING | FOR_POLICYD, AT(proxy), .in_file = true,
     .help = N_("Fetch policies through this proxy: http://[USER:PASSWORD@]HOST:PORT or "
                "socks5://HOST:PORT. The default is $https_proxy or $all_proxy, except for hosts "
                "in $no_proxy; with none, connect directly.")},
    {"helo", "NAME", OPTION_TEXT, ASKING, AT(helo), .in_file = true,
     .help = N_("The host name to send in EHLO. The default is this machine's.")},
    {"https-port", "N", OPTION_NUMBER, ASKING | FOR_POLICYD, AT(https_port), 1, 65535,
     .in_file = true, .preset = "443",
     .help = N_("The port of the policy host. The default is 443.")},
    {"smtp-port", "N", OPTION_NUMBER, ASKING, AT(smtp_port), 1, 65535, .in_file = true,
     .preset = "25", .help = N_("The port of the mail servers. The default is 25.")},
    {"ipv4", NULL, OPTION_FLAG, ASKING | FOR_POLICYD, AT(ipv4), .letter = '4', .in_file = true,
     .help = N_("Use IPv4 only.")},
    {"ipv6", NULL, OPTION_FLAG, ASKING | FOR_POLICYD, AT(ipv6), .letter = '6', .in_file = true,
     .help = N_("Use IPv6 only.")},
    {"no-smtp", NULL, OPTION_FLAG, ASKING, AT(no_smtp), .in_file = true,
     .help = N_("Do not connect to the mail servers.")},
    {"allow-private", NULL, OPTION_FLAG, LIVE | FOR_SERVE | FOR_POLICYD | FOR_SEND_REPORTS,
     AT(allow_private), .in_file = true,
     .help = N_(
         "For test networks: scan, serve, policyd, send-reports and report --check also connect to "
         "private and other special-purpose addresses.")},
    {"color", "WHEN", OPTION_CHOICE, ALL, AT(color), .choices = "|auto|always|never|",
     .in_file = true, .preset = "auto",
     .help = N_("Use colours: auto (on a terminal, unless NO_COLOR is set), always or never.")},
    {"lang", "LANGUAGE", OPTION_LANGUAGE, ANYWHERE, AT(lang), .choices = "|en|de|", .in_file = true,
     .help = N_("Output language: en or de. The default depends on the locale.")},
    {"config", "FILE", OPTION_TEXT, ANYWHERE, AT(config),
     .help = N_("Read this configuration file instead of /etc/mtasts.conf and "
                "$XDG_CONFIG_HOME/mtasts/config (if unset: ~/.config).")},
    {"no-config", NULL, OPTION_FLAG, ANYWHERE, AT(no_config),
     .help = N_("Read no configuration file.")},
    {"help", NULL, OPTION_FLAG, ANYWHERE, AT(help), .letter = 'h', .help = N_("Show this help.")},
    {"version", NULL, OPTION_FLAG, ANYWHERE, AT(version), .letter = 'V',
     .help = N_("Show the version.")},
};
const size_t options_count = sizeof(options_table) / sizeof(options_table[0]);
_Static_assert(sizeof(options_table) / sizeof(options_table[0]) <= OPTIONS_MAX, "given[]");

/* ---- the parser ------------------------------------------------------------------------------ */

struct option_words {
    char **at;
    int left;
};

static int unknown_option(enum command_bit command, const char *word)
{
    const char *name = word + strspn(word, "-");
    char *bare = talloc_strndup(NULL, name, strcspn(name, "="));
    char *wrong = talloc_asprintf(NULL, _("%s: unknown option"), word);
    struct suggestion near = suggest_begin(bare ? bare : "");
    int status;

    suggest_options(&near, command, false);
    status = suggest_usage(&near, "--", wrong ? wrong : word, _("--help lists them"));
    talloc_free(bare);
    talloc_free(wrong);
    return status;
}

static int ambiguous(const char *word, const struct option_word *read)
{
    return console_usage(_("%s: ambiguous: --%s or --%s"), word, read->option->name,
                         read->other->name);
}

int options_ambiguous(const char *word)
{
    const struct option_word read = option_find(word, ~0u);

    return ambiguous(word, &read);
}

static int parse_option(TALLOC_CTX *ctx, enum command_bit command, struct option_words *words,
                        struct options *options)
{
    const char *word = words->at[-1];
    struct option_word read = option_find(word, command);
    char shown[64];

    if (!read.option)
        return unknown_option(command, word);
    if (!(read.option->commands & command))
        return console_usage(_("%s: not an option of this subcommand; --help lists them"), word);
    if (read.other)
        return ambiguous(word, &read);
    if (!read.option->argument && read.value && strchr(word, '='))
        return console_usage(_("%s: this option takes no value"), word);
    if (read.option->argument && !read.value) {
        if (!words->left)
            return console_usage(_("%s: missing value: %s"), word, read.option->argument);
        words->left--;
        read.value = *words->at++;
    }
    options->given[read.option - options_table] = true;
    snprintf(shown, sizeof(shown), "--%s", read.option->name);
    return option_set(ctx, read.option, shown, read.value ? read.value : "", options);
}

/* The value may hold a password, so it is not repeated. */
static int check_environment(enum command_bit command, const struct options *options)
{
    if (!(command & ASKING) || options->from || options->proxy || !environment_proxy() ||
        proxy_is_valid(environment_proxy()))
        return 0;
    return console_usage(
        _("environment variable %s: expected http://HOST:PORT or socks5://HOST:PORT; "
          "--proxy overrides it"),
        environment_variable("proxy"));
}

/* The first that only a plugin has; NULL: none. */
static const char *plugin_option(const struct options *options)
{
    if (options->hostname)
        return "--hostname";
    if (options->warning)
        return "--warning";
    return options->critical ? "--critical" : NULL;
}

int options_check_jobs(enum command_bit command, const struct options *options, const char *where)
{
    if (options->jobs <= JOBS_MAX || command == FOR_SCAN)
        return 0;
    return console_usage(_("%s%sjobs %lld: at most %d (scan allows more)"), where ? where : "",
                         where ? ": " : "--", (long long)options->jobs, JOBS_MAX);
}

void options_limit_jobs(enum command_bit command, struct options *options)
{
    if (command != FOR_SCAN && options->jobs > JOBS_MAX)
        options->jobs = JOBS_MAX;
}

int options_check_store(enum command_bit command, const struct options *options)
{
    bool idle = command & (FOR_CHECK | FOR_SCAN) && !options->save && !options->plugin;

    if (command == FOR_SCAN &&
        scan_word_of(options->operands, options->operand_count) != SCAN_WORDS)
        return 0;
    return idle && options->store ? console_usage("%s", _("--store requires --save")) : 0;
}

/* What cannot be told from one option. */
static int check_together(enum command_bit command, const struct options *options)
{
    int status = options_check_jobs(command, options, NULL);

    if (status)
        return status;
    if (options->queue && scan_word_of(options->operands, options->operand_count) >
                              SCAN_WORK) /* in a file it is for those */
        return console_usage("%s", _("--queue requires submit or work"));
    if (options->full && options->brief)
        return console_usage(_("%s and %s cannot be combined"), "--full", "--short");
    if (!options->plugin && plugin_option(options))
        return console_usage(_("%s requires --plugin"), plugin_option(options));
    if (options->save && options->now != NOW_UNSET)
        return console_usage("%s",
                             _("--save and --now cannot be combined: stored checks are judged as "
                               "of their own time"));
    if (options->domains && options->from)
        return console_usage("%s", _("--domains and --from cannot be combined"));
    if (options->ipv4 && options->ipv6)
        return console_usage(_("-4 and -6 cannot be combined"));
    if (options->resolver_count > 1) {
        for (size_t i = 0; i < options->resolver_count; i++) {
            if (strcmp(options->resolvers[i], "none") == 0)
                return console_usage(_("--resolver none cannot be combined with other resolvers"));
        }
    }
    return check_environment(command, options);
}

int options_parse(TALLOC_CTX *ctx, enum command_bit command, int argc, char **argv,
                  struct options *options)
{
    struct option_words words = {argv, argc};
    bool only_operands = false;

    *options = (struct options){.now = NOW_UNSET, .plugin = plugin_is_on()};
    while (words.left) {
        const char *word = *words.at++;
        int status;

        words.left--;
        if (!only_operands && strcmp(word, "--") == 0) {
            only_operands = true;
            continue;
        }
        if (!only_operands && word[0] == '-' && word[1])
            status = parse_option(ctx, command, &words, options);
        else
            status = option_add_to_list(ctx, word, &options->operands, &options->operand_count);
        if (status)
            return status;
    }
    return check_together(command, options);
}

/* ---- help, times ----------------------------------------------------------------------------- */

void options_help(unsigned commands)
{
    for (size_t i = 0; i < options_count; i++) {
        const struct option *option = &options_table[i];
        char letter[] = {'-', option->letter, ',', ' ', '\0'};
        char head[64];

        if (!(option->commands & commands))
            continue;
        snprintf(head, sizeof(head), "%s--%s%s%s", option->letter ? letter : "", option->name,
                 option->argument ? " " : "", option->argument ? option->argument : "");
        console_entry(head, _(option->help));
    }
}

#define HOUR ((int64_t)3600)

int64_t options_now_or(const struct options *options, int64_t otherwise)
{
    return options->now == NOW_UNSET ? otherwise : options->now;
}

int64_t options_now(const struct options *options)
{
    return options_now_or(options, clock_now());
}

int64_t options_example_time(const struct options *options)
{
    return options_now_or(options, clock_now() / HOUR * HOUR);
}

int64_t options_timeout_ms(const struct options *options)
{
    return options->timeout ? options->timeout * 1000 : LIMIT_DOMAIN_MS;
}
