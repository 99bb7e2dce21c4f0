/* SPDX-License-Identifier: MIT */
/* subcommands.c - the table of subcommands, and what is said of them. */
#include "cmd/subcommands.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/console.h"
#include "cmd/suggest.h"
#include "mtasts/match.h"

const struct subcommand subcommands[] = {
    {"check",
     FOR_CHECK,
     cmd_check,
     {"[OPTION]... DOMAIN...", "[OPTION]... --from FILE", "--plugin [OPTION]... -H DOMAIN"},
     N_("Check domains for MTA-STS and TLS-RPT problems. With -, read names from standard input.")},
    {"observe",
     FOR_OBSERVE,
     cmd_observe,
     {"[OPTION]... DOMAIN..."},
     N_("Print the observed facts about domains as JSON, for check --from.")},
    {"scan",
     FOR_SCAN,
     cmd_scan,
     {"[OPTION]... FILE", "submit --queue URL [OPTION]... FILE", "work --queue URL [OPTION]...",
      "status [OPTION]... [NAME]", "cancel [OPTION]... NAME", "resume [OPTION]... NAME",
      "results [OPTION]... NAME"},
     N_("Check every domain of a list, many at a time, and write one line of JSON for each as soon "
        "as it is done. With -, read the list from standard input. Or share a long list among "
        "several machines: submit it, work on it, show how far it is, and print the results.")},
    {"lint",
     FOR_LINT,
     cmd_lint,
     {"[OPTION]... [--mx HOST]... FILE...", "[OPTION]... --against OLD FILE",
      "[OPTION]... --record TEXT", "[OPTION]... --tlsrpt-record TEXT"},
     N_("Check a policy file or the text of a TXT record offline. With -, read the policy from "
        "standard input.")},
    {"generate",
     FOR_GENERATE,
     cmd_generate,
     {"[OPTION]... DOMAIN...", "[OPTION]... --mx HOST... DOMAIN...", "[OPTION]... --from FILE"},
     N_("Generate the policy, the TXT records, and web and name server configurations that publish "
        "them.")},
    {"plan",
     FOR_PLAN,
     cmd_plan,
     {"[OPTION]... DOMAIN...", "[OPTION]... --new-mx HOST... DOMAIN...",
      "[OPTION]... --remove DOMAIN...", "[OPTION]... --from FILE"},
     N_("Show how far the rollout of MTA-STS has come and what to do next, from which day and "
        "why.")},
    {"rollback",
     FOR_ROLLBACK,
     cmd_rollback,
     {"[OPTION]... DOMAIN...", "[OPTION]... --from FILE"},
     N_("Emergency: mail is being refused. Show what helps fastest, and generate the files that "
        "take the policy back to testing.")},
    {"report",
     FOR_REPORT,
     cmd_report,
     {"[OPTION]... PATH...", "[OPTION]... [--store WHERE]"},
     N_("Read TLS reports from files, directories, mailboxes and messages, and show what failed, "
        "since when, for whom and why. With -, read standard input.")},
    {"ingest",
     FOR_INGEST,
     cmd_ingest,
     {"[OPTION]... PATH...", "[OPTION]... --account NAME... [--follow]",
      "[OPTION]... --lmtp WHERE [--account NAME]..."},
     N_("Store the TLS reports from files, directories, mailboxes and messages, each once. With -, "
        "read standard input.")},
    {"watch",
     FOR_WATCH,
     cmd_watch,
     {"[OPTION]... DOMAIN...", "[OPTION]... --from FILE"},
     N_("Check domains, store the results, and report what has changed since the last check: once, "
        "or regularly with --interval. With -, read names from standard input.")},
    {"serve",
     FOR_SERVE,
     cmd_serve,
     {"[OPTION]..."},
     N_("Run the web service: checks, reports and explanations in a browser, and as an API.")},
    {"policyd",
     FOR_POLICYD,
     cmd_policyd,
     {"[OPTION]...", "explain [OPTION]... DOMAIN...", "dump [OPTION]...",
      "purge [OPTION]... DOMAIN...|--all", "warm [OPTION]... FILE", "import [OPTION]... FILE",
      "overrides [OPTION]...", "selftest [OPTION]..."},
     N_("Run the policy daemon, from which Postfix and Sendmail learn how to secure the connection "
        "to each domain: by its MTA-STS policy and DANE. Or explain its answer for a domain, list "
        "and purge its cache, import that of another policy daemon, let it look up domains in "
        "advance, and test whether the Postfix of this machine refuses what policies forbid.")},
    {"would-deliver",
     FOR_WOULD_DELIVER,
     cmd_would_deliver,
     {"[OPTION]... DOMAIN...", "[OPTION]... --from FILE"},
     N_("Show what Postfix with the policy daemon does with a message to a domain: delivered, "
        "unprotected, deferred or bounced, at which mail server, and with which line in the log.")},
    {"collect",
     FOR_COLLECT,
     cmd_collect,
     {"[OPTION]...", "[OPTION]... --from-log LOG...", "audit [OPTION]... LOG..."},
     N_("Count the TLS sessions that the mail servers of this machine report, for the TLS reports "
        "that are sent to other domains. --from-log: count those in logs of Postfix up to 3.9. "
        "audit: compare logs of Postfix with what was counted and reported.")},
    {"send-reports",
     FOR_SEND_REPORTS,
     cmd_send_reports,
     {"[OPTION]...", "[OPTION]... pending", "[OPTION]... show DOMAIN"},
     N_("Send pending TLS reports about the sessions of our own mail servers, as counted by "
        "collect; or show which of them wait, or what a domain would be sent.")},
    {"event",
     FOR_EVENT,
     cmd_event,
     {"[OPTION]..."},
     N_("Report TLS sessions of a mail server without libtlsrpt to the collector: one JSON object "
        "per line on standard input.")},
    {"history",
     FOR_HISTORY,
     cmd_history,
     {"[OPTION]... DOMAIN..."},
     N_("Show what is stored about domains: results of checks and what changed, which policies "
        "were served, what senders reported.")},
    {"explain",
     FOR_EXPLAIN,
     cmd_explain,
     {"[OPTION]... [CODE]...", "[OPTION]... --list"},
     N_("Explain a finding, a TLS report result type or a topic: what it means, what causes it and "
        "how to fix it.")},
    {"selftest",
     FOR_SELFTEST,
     cmd_selftest,
     {"[OPTION]..."},
     N_("Show what can and cannot be checked from this machine: resolver, DNSSEC, IPv4, IPv6, "
        "ports 25 and 443, TLS interception, clock.")},
    {"commands",
     FOR_COMMANDS,
     cmd_commands,
     {"[OPTION]... DOMAIN...", "[OPTION]... --from FILE"},
     N_("Print diagnostic commands (dig, curl, openssl) for a domain and its problems, ready to "
        "paste into a shell.")},
    {"config",
     FOR_CONFIG,
     cmd_config,
     {"[OPTION]..."},
     N_("Show what is configured, and which file, line or environment variable each value comes "
        "from.")},
    {"help",
     FOR_HELP,
     cmd_help,
     {"[SUBCOMMAND]"},
     N_("Show the help of a subcommand, or of the program.")},
};
const size_t subcommand_count = sizeof(subcommands) / sizeof(subcommands[0]);

#define USAGES (sizeof(subcommands[0].usage) / sizeof(subcommands[0].usage[0]))

static void show_usage(const struct subcommand *command)
{
    for (size_t i = 0; i < USAGES && command->usage[i]; i++)
        printf("%*s mtasts %s %s\n", (int)strlen(_("usage:")), i ? "" : _("usage:"), command->name,
               command->usage[i]);
}

int subcommand_help(const struct subcommand *command)
{
    show_usage(command);
    putchar('\n');
    console_paragraph(_(command->summary));
    putchar('\n');
    options_help(command->bit);
    printf("\n%s-%s\n", _("Manual: man mtasts"), command->name);
    return 0;
}

int program_help(void)
{
    printf("%s\n\n", _("usage: mtasts SUBCOMMAND [OPTION]... [ARGUMENT]..."));
    for (size_t i = 0; i < subcommand_count; i++)
        console_entry(subcommands[i].name, _(subcommands[i].summary));
    putchar('\n');
    console_paragraph(
        _("mtasts SUBCOMMAND --help lists the options of a subcommand. All of them:"));
    putchar('\n');
    options_help(~0u);
    putchar('\n');
    console_paragraph(
        _("Exit status: 0 nothing above low, 1 medium, 2 high or critical, 3 could not "
          "be judged, 64 usage error, 70 internal error."));
    printf("\n%s\n", _("Manual: man mtasts"));
    return 0;
}

/* ---- which subcommand ------------------------------------------------------------------------ */

const struct subcommand *subcommand_named(const char *name)
{
    for (size_t i = 0; name && i < subcommand_count; i++)
        if (strcmp(subcommands[i].name, name) == 0)
            return &subcommands[i];
    return NULL;
}

void suggest_subcommands(struct suggestion *near)
{
    for (size_t i = 0; i < subcommand_count; i++)
        suggest_offer(near, subcommands[i].name);
}

static int unknown_command(const char *name)
{
    char *wrong = talloc_asprintf(NULL, _("%s: unknown subcommand"), name);
    struct suggestion near = suggest_begin(name);
    char domain[STS_NAME_SIZE];
    int status;

    suggest_subcommands(&near);
    if (!near.count && strchr(name, '.') && sts_name_from_user(name, domain) == STS_OK)
        status =
            console_usage(_("%s: unknown subcommand; did you mean mtasts check %s?"), name, domain);
    else
        status =
            suggest_usage(&near, "mtasts ", wrong ? wrong : name, _("mtasts --help lists them"));
    talloc_free(wrong);
    return status;
}

const struct subcommand *subcommand_find(const char *name)
{
    const struct subcommand *found = subcommand_named(name);

    if (found)
        return found;
    for (size_t i = 0; i < subcommand_count; i++) {
        if (strncmp(subcommands[i].name, name, strlen(name)) != 0)
            continue;
        if (found) {
            console_usage(_("%s: ambiguous: %s or %s"), name, found->name, subcommands[i].name);
            return NULL;
        }
        found = &subcommands[i];
    }
    if (!found)
        unknown_command(name);
    return found;
}

int cmd_help(TALLOC_CTX *ctx, const struct options *options)
{
    const struct subcommand *command;

    (void)ctx;
    if (!options->operand_count)
        return program_help();
    if (options->operand_count > 1)
        return console_usage(_("only one subcommand at a time; unexpected: %s"),
                             options->operands[1]);
    command = subcommand_find(options->operands[0]);
    return command ? subcommand_help(command) : EXIT_USAGE;
}
