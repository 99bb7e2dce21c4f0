/* SPDX-License-Identifier: MIT */
/* selftest.c - what can be seen from here, and what not. */
#include "render/selftest.h"

#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/console.h"
#include "cmd/show_domains.h"
#include "cmd/textout_options.h"
#include "intake/parser.h"
#include "sandbox/sandbox.h"

#define GUARDS 3

/* ---- what the program has given up ----------------------------------------------------------- */

/* By enum sandbox_state. */
static const char *const about_files[] = {
    [SANDBOX_IN_FORCE] =
        N_("The program can open only the files it needs (Landlock version {detail})."),
    [SANDBOX_ABSENT] = N_("Landlock is not available here (kernel or container): the program "
                          "could open every file that its user can."),
    [SANDBOX_OFF] = N_("Switched off by MTASTS_SANDBOX."),
    [SANDBOX_TRACED] = N_("Not active: this program was built with a sanitizer."),
    [SANDBOX_UNBUILT] = N_("This program was built without libseccomp."),
};

static const char *about_calls(enum sandbox_state state)
{
    if (state == SANDBOX_IN_FORCE)
        return N_("The program cannot start other programs or make system calls typical of attacks "
                  "(seccomp).");
    if (state == SANDBOX_ABSENT)
        return N_("seccomp is not available here (kernel or container): no system call is "
                  "refused.");
    return about_files[state];
}

static struct guard_view parser_guard(TALLOC_CTX *ctx)
{
    struct parser *parser = parser_new(ctx);
    struct parser_state state = {false, false, false};
    const char *sentence =
        N_("No separate process can be started, so the main process parses reports.");

    if (parser)
        state = parser_state(parser);
    if (state.apart && state.calls)
        sentence = N_("A separate process without access to files or networks parses reports; a "
                      "fault there affects only one report.");
    else if (state.apart)
        sentence = N_("A separate process parses reports, so a fault there affects only one "
                      "report; without seccomp it is not confined further.");
    talloc_free(parser);
    return (struct guard_view){"parser", state.apart, sentence, NULL};
}

static size_t fill_guards(TALLOC_CTX *ctx, struct guard_view guards[GUARDS])
{
    const struct sandbox *now = sandbox_now();

    guards[0] =
        (struct guard_view){"landlock", now->files == SANDBOX_IN_FORCE, about_files[now->files],
                            talloc_asprintf(ctx, "%d", now->landlock_abi)};
    guards[1] = (struct guard_view){"seccomp", now->calls == SANDBOX_IN_FORCE,
                                    about_calls(now->calls), NULL};
    guards[2] = parser_guard(ctx);
    return GUARDS;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static enum sts_status show(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                            struct shown *ret)
{
    const struct options *options = arg;
    struct textout_options out = textout_options_of(options);
    struct guard_view guards[GUARDS];
    struct selftest_view view = {.guards = guards, .guard_count = fill_guards(ctx, guards)};
    char *text;

    vantage_views(facts, view.points);
    for (size_t i = 0; i < VANTAGE_COUNT; i++)
        ret->status = exit_status_worse(ret->status, severity_exit(view.points[i].severity));
    text = options->json ? json_selftest(ctx, &view) : text_selftest(ctx, &view, &out);
    ret->text = text && options->json ? talloc_strdup_append_buffer(text, "\n") : text;
    return ret->text ? STS_OK : STS_E_NOMEM;
}

int cmd_selftest(TALLOC_CTX *ctx, const struct options *options)
{
    struct options own = *options;

    if (options->operand_count)
        return console_usage(_("%s: selftest takes no domain"), options->operands[0]);
    return show_place(ctx, &own, show, &own);
}
