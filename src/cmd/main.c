/* SPDX-License-Identifier: MIT */
/* main.c - which subcommand, and what all of them need around it. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <talloc.h>

#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/confine.h"
#include "cmd/config_again.h"
#include "cmd/config_read.h"
#include "cmd/console.h"
#include "cmd/given_files.h"
#include "cmd/lang.h"
#include "cmd/memory_guard.h"
#include "cmd/plugin.h"
#include "cmd/subcommands.h"
#include "event/loop.h"
#include "event/watchdog.h"
#include "intake/parser.h"
#include "mtasts/version.h"

static int show_version(void)
{
    puts(plugin_is_on() ? PLUGIN_NAME " " MTASTS_VERSION : "mtasts " MTASTS_VERSION);
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
        return program_help();
    return console_usage("%s", _("no subcommand given; mtasts --help lists them"));
}

/* ---- the command line ------------------------------------------------------------------------ */

/* What files say, below what was given; --help and config need none. */
static int apply_files(TALLOC_CTX *ctx, enum command_bit command, struct options *options)
{
    struct config config;
    int status;

    if (command & (FOR_HELP | FOR_CONFIG))
        return 0;
    if (config_sources(ctx, options, &config) != STS_OK)
        return console_no_memory();
    status = config_read(ctx, &config);
    if (!status)
        status = config_apply(ctx, &config, command, options);
    if (!status && options->lang && !options->plugin) /* which speaks English */
        lang_use(options->lang);
    return status;
}

static int run_command(TALLOC_CTX *ctx, const struct subcommand *command, int argc, char **argv)
{
    struct options options;
    int status = options_parse(ctx, command->bit, argc, argv, &options);

    if (status)
        return status;
    if (options.version)
        return show_version();
    if (options.help)
        return subcommand_help(command);
    /* Before a file is read that may hold a secret. */
    if (command->bit == FOR_SERVE && !options.create_admin && !options.create_token)
        parser_begin_spawner();
    config_again_begin(&options);
    status = apply_files(ctx, command->bit, &options);
    if (options.plugin && !plugin_is_on())
        plugin_begin(); /* a file asks for it */
    if (!status)
        status = options_check_store(command->bit, &options);
    if (!status)
        status = given_files_check(ctx, command->bit, command->name, &options);
    if (!status)
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
    int at = 1, width = 0;
    const struct subcommand *command;

    if (plugin_is_named(argc, argv))
        return run_command(ctx, subcommand_named("check"), argc - 1, argv + 1);
    while (at < argc && (width = options_width(argc - at, argv + at)) > 0)
        at += width;
    if (at < argc && width == OPTIONS_WIDTH_UNKNOWN)
        return options_ambiguous(argv[at]);
    if (at >= argc || !*argv[at] || argv[at][0] == '-')
        return run_program(ctx, argc > 0 ? argc - 1 : 0, argv + 1);
    command = subcommand_find(argv[at]);
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

/* A configuration file may be a pipe that nobody writes to, and nothing is known yet of what it
 * says. */
static void limit_early(int argc, char **argv)
{
    const char *given = argc > 1 ? options_early(argc - 1, argv + 1, "timeout") : NULL;
    long seconds = given ? strtol(given, NULL, 10) : 0;

    plugin_limit(PLUGIN_TIMEOUT_OVER + (seconds > 0 && seconds <= OPTIONS_TIMEOUT_MAX
                                            ? (unsigned)seconds
                                            : PLUGIN_TIMEOUT));
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
    if (plugin_is_asked(argc, argv)) {
        plugin_begin();
        limit_early(argc, argv);
    }
    ctx = talloc_new(NULL);
    /* A peer that closes its connection, or a reader its pipe, is an error where it is written. */
    signal(SIGPIPE, SIG_IGN);
    lang_start();
    choose_language(argc > 0 ? argc - 1 : 0, argv + 1);
    if (plugin_is_on())
        lang_use("en"); /* other programs read it */
    memory_guard_translate();
    watchdog_on_end(end_stuck);
    loop_on_end(end_without_loop);
    status = ctx ? run(ctx, argc, argv) : console_no_memory();
    if (status < EXIT_USAGE || console_has_written())
        status = exit_status_worse(status, console_finish());
    talloc_free(ctx);
    /* As programs end that read no SIGPIPE of their own: the reader wanted no more. */
    if (console_reader_left()) {
        signal(SIGPIPE, SIG_DFL);
        raise(SIGPIPE);
    }
    return status;
}
