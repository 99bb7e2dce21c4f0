/* SPDX-License-Identifier: MIT */
/* policyd_selftest.c - does the Postfix of this machine refuse what policies forbid? */
#include "render/policyd_selftest.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/exit_status.h"
#include "cmd/policyd_postfix.h"
#include "cmd/policyd_verbs.h"
#include "cmd/selftest_guard.h"
#include "cmd/service.h"
#include "cmd/textout_options.h"
#include "policyd/selftest_run.h"

struct testing {
    const struct options *options;
    struct loop *loop;
    struct postfix_config config;
    struct bytes settings;
    uid_t owner;
    struct selftest_guard guard;
    int status; /* EXIT_INTERNAL: it came to nothing, and that was said */
};

bool policyd_is_selftest(const struct options *options)
{
    return options->operand_count && !strcmp(options->operands[0], "selftest");
}

/* ---- which Postfix --------------------------------------------------------------------------- */

/* What decides in it beside the policy: as the administrator has it. */
static const char *const taken_over[] = {"postconf",
                                         "-x",
                                         "daemon_directory",
                                         "command_directory",
                                         "mail_owner",
                                         "setgid_group",
                                         "smtp_tls_protocols",
                                         "smtp_tls_ciphers",
                                         "smtp_tls_exclude_ciphers",
                                         "smtp_tls_mandatory_protocols",
                                         "smtp_tls_mandatory_ciphers",
                                         "smtp_tls_mandatory_exclude_ciphers",
                                         "smtp_tls_enforce_sts_mx_patterns",
                                         NULL};

static int find_owner(struct testing *testing)
{
    const char *name = testing->config.values[POSTFIX_OWNER];
    const struct passwd *user = name ? getpwnam(name) : NULL;

    if (!user)
        return console_internal(
            _("selftest: no user of the name %s, who owns the queue of Postfix"),
            name ? name : "postfix");
    testing->owner = user->pw_uid;
    return 0;
}

static int find_postfix(TALLOC_CTX *ctx, struct testing *testing)
{
    const struct postfix_config *config = &testing->config;

    if (!policyd_postfix_config(ctx, testing->loop, &testing->config) ||
        !config->values[POSTFIX_DAEMONS] || !config->values[POSTFIX_SENDMAIL])
        return console_internal("%s", _("selftest: postconf reports no Postfix on this machine"));
    if (!postfix_is_at_least(config, 3, 4, 0))
        return console_internal(_("selftest: Postfix %s is too old; 3.4 or newer is required"),
                                config->values[POSTFIX_VERSION_SETTING]);
    testing->settings = policyd_postconf(ctx, testing->loop, taken_over);
    return testing->settings.data ? find_owner(testing) : console_no_memory();
}

/* ---- the test -------------------------------------------------------------------------------- */

static int show(TALLOC_CTX *ctx, struct testing *testing, const struct bed_seen seen[BED_CASES])
{
    const struct selftest_account account = {testing->config.values[POSTFIX_VERSION_SETTING],
                                             postfix_config_map(&testing->config), seen};
    struct textout_options out = textout_options_of(testing->options);
    char *text = testing->options->json ? json_policyd_selftest(ctx, &account)
                                        : text_policyd_selftest(ctx, &account, &out);

    for (size_t i = 0; i < BED_CASES; i++)
        if (!bed_is_right((enum bed_case)i, &seen[i]))
            testing->status = exit_status_worse(
                testing->status, seen[i].outcome == BED_DELIVERED ? 2 : EXIT_UNKNOWN);
    if (!text)
        return console_no_memory();
    return testing->options->json ? console_line(text) : console_text(text);
}

static void on_runs(void *arg, enum selftest_process process, pid_t group)
{
    const struct testing *testing = arg;

    selftest_guard_mind(&testing->guard, process, group);
}

static void on_done(void *arg, const struct bed_seen seen[BED_CASES], const char *trouble)
{
    struct testing *testing = arg;
    TALLOC_CTX *ctx = talloc_new(testing->loop);
    int status = ctx ? show(ctx, testing, seen) : console_no_memory();

    if (trouble)
        console_note(_("selftest: Postfix did not try all messages; its log ends with: %s"),
                     trouble);
    testing->status = exit_status_worse(testing->status, status);
    talloc_free(ctx);
    loop_stop(testing->loop);
}

static void on_signal(void *arg)
{
    struct testing *testing = arg;

    testing->status = console_internal("%s", _("selftest: ended by a signal"));
    loop_stop(testing->loop);
}

static int run_in(TALLOC_CTX *ctx, struct testing *testing, const char *folder)
{
    const struct selftest_request request = {
        .loop = testing->loop,
        .folder = folder,
        .master = talloc_asprintf(ctx, "%s/master", testing->config.values[POSTFIX_DAEMONS]),
        .sendmail = testing->config.values[POSTFIX_SENDMAIL],
        .owner = testing->owner,
        .settings = testing->settings,
        .profile =
            postfix_is_at_least(&testing->config, 3, 10, 0) ? PROFILE_ATTRIBUTES : PROFILE_PLAIN,
        .runs = on_runs,
        .done = on_done,
        .arg = testing};
    struct selftest_run *run;
    enum sts_status status = service_attend(ctx, testing->loop, on_signal, testing);

    if (status == STS_OK && request.master)
        status = selftest_run_start(ctx, &request, &run);
    if (status != STS_OK || !request.master)
        return console_internal(_("selftest: Postfix could not be started: %s"),
                                _(strerror(errno)));
    if (loop_run(testing->loop) != STS_OK)
        return console_internal("%s", _("the event loop failed"));
    return testing->status;
}

static int test(TALLOC_CTX *ctx, struct testing *testing)
{
    TALLOC_CTX *own = talloc_new(ctx);
    int status;

    if (!own)
        return console_no_memory();
    if (!selftest_guard_begin(&testing->guard))
        return console_internal(_("selftest: the temporary directory could not be created: %s"),
                                _(strerror(errno)));
    status = run_in(own, testing, testing->guard.folder);
    talloc_free(own); /* Postfix ends, and sendmail with it, then what it wrote goes */
    for (int i = 0; i < SELFTEST_PROCESSES; i++)
        on_runs(testing, (enum selftest_process)i, 0);
    selftest_guard_end(&testing->guard);
    return status;
}

int policyd_selftest(TALLOC_CTX *ctx, const struct options *options)
{
    struct testing testing = {.options = options};
    int status;

    if (options->operand_count > 1)
        return console_usage(_("unexpected argument: %s"), options->operands[1]);
    if (geteuid() != 0)
        return console_internal("%s", _("selftest: only root can start an instance of Postfix"));
    if (loop_new(ctx, &testing.loop) != STS_OK)
        return console_no_memory();
    status = find_postfix(ctx, &testing);
    service_catch_signals();
    return status ? status : test(ctx, &testing);
}
