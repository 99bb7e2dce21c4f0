/* SPDX-License-Identifier: MIT */
/* main.c - the table of subcommands. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <talloc.h>

#include <mtasts/match.h>

#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/confine.h"
#include "cmd/console.h"
#include "cmd/lang.h"
#include "cmd/memory_guard.h"
#include "cmd/suggest.h"
#include "event/loop.h"
#include "event/watchdog.h"
#include "mtasts/version.h"

static int cmd_help(TALLOC_CTX *ctx, const struct options *options);

static const struct command {
    const char *name;
    enum command_bit bit;
    int (*run)(TALLOC_CTX *ctx, const struct options *options);
    const char *usage[4]; /* behind the name */
    const char *summary;
} commands[] = {
    {"check",
     FOR_CHECK,
     cmd_check,
     {"[OPTION]... DOMAIN...", "[OPTION]... --from FILE"},
     N_("Check domains for MTA-STS and TLS-RPT problems. With -, read names from standard input.")},
    {"observe",
     FOR_OBSERVE,
     cmd_observe,
     {"[OPTION]... DOMAIN..."},
     N_("Print the observed facts about domains as JSON, for check --from.")},
    {"scan",
     FOR_SCAN,
     cmd_scan,
     {"[OPTION]... FILE"},
     N_("Check every domain of a list, many at a time, and write one line of JSON for each as soon "
        "as it is done. With -, read the list from standard input.")},
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
     {"[OPTION]... DOMAIN", "[OPTION]... --mx HOST... DOMAIN", "[OPTION]... --from FILE"},
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
     {"[OPTION]... PATH..."},
     N_("Store the TLS reports from files, directories, mailboxes and messages, each once. With -, "
        "read standard input.")},
    {"watch",
     FOR_WATCH,
     cmd_watch,
     {"[OPTION]... DOMAIN...", "[OPTION]... --from FILE"},
     N_("Check domains, store the results, and report what has changed since the last check: once, "
        "or regularly with --interval. With -, read names from standard input.")},
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
    {"help",
     FOR_HELP,
     cmd_help,
     {"[SUBCOMMAND]"},
     N_("Show the help of a subcommand, or of the program.")},
};
#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))
#define USAGES        (sizeof(commands[0].usage) / sizeof(commands[0].usage[0]))

static void show_usage(const struct command *command)
{
    for (size_t i = 0; i < USAGES && command->usage[i]; i++)
        printf("%*s mtasts %s %s\n", (int)strlen(_("usage:")), i ? "" : _("usage:"), command->name,
               command->usage[i]);
}

static int help_command(const struct command *command)
{
    show_usage(command);
    putchar('\n');
    console_paragraph(_(command->summary));
    putchar('\n');
    options_help(command->bit);
    printf("\n%s-%s\n", _("Manual: man mtasts"), command->name);
    return 0;
}

static int help_program(void)
{
    printf("%s\n\n", _("usage: mtasts SUBCOMMAND [OPTION]... [ARGUMENT]..."));
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        console_entry(commands[i].name, _(commands[i].summary));
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

static int show_version(void)
{
    puts("mtasts " MTASTS_VERSION);
    return 0;
}

/* --help and --version before any subcommand. */
static int run_program(TALLOC_CTX *ctx, int argc, char **argv)
{
    struct options options;
    int status = options_parse(ctx, FOR_PROGRAM, argc, argv, &options);

    if (status)
        return status;
    if (options.version)
        return show_version();
    if (options.help)
        return help_program();
    return console_usage("%s", _("no subcommand given; mtasts --help lists them"));
}

/* ---- which subcommand ------------------------------------------------------------------------ */

static int unknown_command(const char *name)
{
    char *wrong = talloc_asprintf(NULL, _("%s: unknown subcommand"), name);
    struct suggestion near = suggest_begin(name);
    char domain[STS_NAME_SIZE];
    int status;

    for (size_t i = 0; i < COMMAND_COUNT; i++)
        suggest_offer(&near, commands[i].name);
    if (!near.count && strchr(name, '.') && sts_name_from_user(name, domain) == STS_OK)
        status =
            console_usage(_("%s: unknown subcommand; did you mean mtasts check %s?"), name, domain);
    else
        status =
            suggest_usage(&near, "mtasts ", wrong ? wrong : name, _("mtasts --help lists them"));
    talloc_free(wrong);
    return status;
}

/* By its name or any beginning of it that no other has.  NULL after a line on standard error. */
static const struct command *find_command(const char *name)
{
    const struct command *found = NULL;

    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strncmp(commands[i].name, name, strlen(name)) != 0)
            continue;
        if (!commands[i].name[strlen(name)])
            return &commands[i];
        if (found) {
            console_usage(_("%s: ambiguous: %s or %s"), name, found->name, commands[i].name);
            return NULL;
        }
        found = &commands[i];
    }
    if (!found)
        unknown_command(name);
    return found;
}

static int cmd_help(TALLOC_CTX *ctx, const struct options *options)
{
    const struct command *command;

    (void)ctx;
    if (!options->operand_count)
        return help_program();
    if (options->operand_count > 1)
        return console_usage(_("only one subcommand at a time; unexpected: %s"),
                             options->operands[1]);
    command = find_command(options->operands[0]);
    return command ? help_command(command) : EXIT_USAGE;
}

/* ---- the command line ------------------------------------------------------------------------ */

static int run_command(TALLOC_CTX *ctx, const struct command *command, int argc, char **argv)
{
    struct options options;
    int status = options_parse(ctx, command->bit, argc, argv, &options);

    if (status)
        return status;
    if (options.version)
        return show_version();
    if (options.help)
        return help_command(command);
    status = confine(ctx, command->bit, &options);
    return status ? status : command->run(ctx, &options);
}

/* Before the options are read, so that what is wrong with them is said in that language. */
static void choose_language(int argc, char **argv)
{
    const char *language = options_early(argc, argv, "lang");

    if (language && lang_is_known(language))
        lang_use(language);
}

/* Takes the word at `at` out of argv. */
static void take_word(int argc, char **argv, int at)
{
    memmove(argv + at, argv + at + 1, (size_t)(argc - at) * sizeof(*argv)); /* the NULL too */
}

/* Options may stand before the subcommand as well as behind it. */
static int run(TALLOC_CTX *ctx, int argc, char **argv)
{
    int at = 1, width;
    const struct command *command;

    while (at < argc && (width = options_width(argc - at, argv + at)) > 0)
        at += width;
    if (at >= argc || !*argv[at] || argv[at][0] == '-')
        return run_program(ctx, argc > 0 ? argc - 1 : 0, argv + 1);
    command = find_command(argv[at]);
    if (!command)
        return EXIT_USAGE;
    take_word(argc, argv, at);
    return run_command(ctx, command, argc - 2, argv + 1);
}

/* Where a standard descriptor is closed, the next file opened would take its place and get our
 * output.  Opened the wrong way round, a closed input or output stays the error that it was. */
static void hold_standard_descriptors(void)
{
    static const int modes[] = {
        [STDIN_FILENO] = O_WRONLY, [STDOUT_FILENO] = O_RDONLY, [STDERR_FILENO] = O_WRONLY};

    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", modes[fd]) != fd)
            _exit(EXIT_INTERNAL);
}

/* In the watchdog's thread, while another hangs: no more than a line and the end.  What has been
 * written so far is complete. */
static void end_stuck(const char *domain)
{
    console_note(
        _("%s: the check hangs and cannot be stopped; please report this bug, and exclude the "
          "domain for now"),
        domain ? domain : "?");
    _exit(EXIT_INTERNAL);
}

static void end_without_loop(void)
{
    _exit(console_few_files());
}

int main(int argc, char **argv)
{
    TALLOC_CTX *ctx;
    int status;

    hold_standard_descriptors();
    ctx = talloc_new(NULL);
    /* A peer that closes its connection, or a reader its pipe, is an error where it is written. */
    signal(SIGPIPE, SIG_IGN);
    lang_start();
    choose_language(argc > 0 ? argc - 1 : 0, argv + 1);
    memory_guard_translate();
    watchdog_on_end(end_stuck);
    loop_on_end(end_without_loop);
    status = ctx ? run(ctx, argc, argv) : console_no_memory();
    if (status < EXIT_USAGE)
        status = exit_status_worse(status, console_finish());
    talloc_free(ctx);
    /* As programs end that read no SIGPIPE of their own: the reader wanted no more. */
    if (console_reader_left()) {
        signal(SIGPIPE, SIG_DFL);
        raise(SIGPIPE);
    }
    return status;
}
