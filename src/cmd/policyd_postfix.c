/* SPDX-License-Identifier: MIT */
/* policyd_postfix.c - postconf is asked, and what follows is said. */
#include "cmd/policyd_postfix.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/listen.h"
#include "event/child.h"
#include "policyd/limits.h"
#include "policyd/postfix_config.h"

struct asking {
    TALLOC_CTX *ctx;
    struct loop *loop;
    struct bytes output; /* no data: it failed */
};

/* ---- asking postconf ------------------------------------------------------------------------- */

/* Where the shell would find it, and where Debian and FreeBSD install it. */
static char *find_postconf(TALLOC_CTX *ctx)
{
    const char *given = getenv("PATH");
    char *folders =
        talloc_asprintf(ctx, "%s:/usr/sbin:/usr/local/sbin", given && *given ? given : "/usr/bin");

    for (const char *at = folders; at && *at; at += *at == ':') {
        size_t length = strcspn(at, ":");
        char *path = talloc_asprintf(ctx, "%.*s/postconf", (int)length, at);

        if (path && *path == '/' && access(path, X_OK) == 0)
            return path;
        at += length;
    }
    return NULL;
}

static void on_over(void *arg, const struct child_end *end)
{
    struct asking *asking = arg;

    if (end->outcome == CHILD_EXITED && end->number == 0) {
        asking->output.data = talloc_strndup(asking->ctx, end->output.data ? end->output.data : "",
                                             end->output.length);
        asking->output.length = asking->output.data ? end->output.length : 0;
    }
    loop_stop(asking->loop);
}

struct bytes policyd_postconf(TALLOC_CTX *ctx, struct loop *loop, const char *const *words)
{
    struct asking asking = {ctx, loop, {NULL, 0}};
    char *path = find_postconf(ctx);
    const struct child_request request = {.path = path,
                                          .words = words,
                                          .environment = environ,
                                          .output_max = LIMIT_POSTCONF_OUTPUT,
                                          .deadline = loop_now(loop) + LIMIT_POSTCONF_MS,
                                          .over = on_over,
                                          .arg = &asking};
    struct child *child = NULL;

    if (path && child_start(ctx, loop, &request, &child) == STS_OK)
        (void)(loop_run(loop) == STS_OK);
    talloc_free(child);
    talloc_free(path);
    return asking.output;
}

bool policyd_postfix_config(TALLOC_CTX *ctx, struct loop *loop, struct postfix_config *ret)
{
    const char *words[POSTFIX_SETTINGS + 3] = {"postconf", "-x"};
    struct bytes output;

    for (size_t i = 0; i < POSTFIX_SETTINGS; i++)
        words[i + 2] = postfix_setting_name((enum postfix_setting)i);
    output = policyd_postconf(ctx, loop, words);
    return output.data && postfix_config_read(ctx, output, ret);
}

static bool read_config(TALLOC_CTX *ctx, struct loop *loop, struct postfix_config *ret)
{
    static const char *const proxy[] = {"postconf", "-M", "tlsproxy/unix", NULL};

    if (!policyd_postfix_config(ctx, loop, ret))
        return false;
    /* It fails where master.cf has none. */
    if (postfix_config_reuses(ret))
        ret->no_tlsproxy = !policyd_postconf(ctx, loop, proxy).length;
    return true;
}

/* ---- what is said ---------------------------------------------------------------------------- */

static const struct {
    const char *sentence;
    bool map; /* ends with the map name for this version */
} rows[POSTFIX_NOTES] = {
    [POSTFIX_NOTE_OLD] = {N_("Postfix: versions before 3.4 do not support the answers of policyd "
                             "and defer mail to domains with a policy"),
                          false},
    [POSTFIX_NOTE_NOT_ASKED] = {N_("Postfix: smtp_tls_policy_maps does not ask this daemon; the "
                                   "map name for this version"),
                                true},
    [POSTFIX_NOTE_ATTRIBUTES] = {N_("Postfix: this version does not support the attributes of "
                                    "QUERYwithTLSRPT and defers mail to every domain with a "
                                    "policy; the map name for this version"),
                                 true},
    [POSTFIX_NOTE_PLAIN] = {N_("Postfix: this version can also check MX hosts against the policy "
                               "exactly and report policies; the map name for that"),
                            true},
    [POSTFIX_NOTE_NO_PATTERNS] = {N_("Postfix: versions 3.10.0 to 3.10.4 do not check MX hosts "
                                     "against the policy exactly; 3.10.5 does"),
                                  false},
    [POSTFIX_NOTE_PATTERNS_OFF] = {N_("Postfix: smtp_tls_enforce_sts_mx_patterns = no, so MX hosts "
                                      "are not checked against the policy exactly"),
                                   false},
    [POSTFIX_NOTE_NO_DNSSEC] = {N_("Postfix: without smtp_dns_support_level = dnssec, mail to "
                                   "domains with DANE is deferred; set it, or run policyd with "
                                   "--no-dane"),
                                false},
    [POSTFIX_NOTE_WEAK_DANE] = {N_("Postfix: this version ignores TLSA records of MX hosts whose "
                                   "MX records are not signed, unless smtp_tls_security_level = "
                                   "dane"),
                                false},
    [POSTFIX_NOTE_NO_LEVEL] = {N_("Postfix: smtp_tls_security_level is not set, so mail to domains "
                                  "without a policy is not encrypted; set it to dane or may"),
                               false},
    [POSTFIX_NOTE_NO_CA] = {N_("Postfix: neither smtp_tls_CAfile nor smtp_tls_CApath is set, so no "
                               "certificate can be verified, and mail to domains with a policy is "
                               "deferred"),
                            false},
    [POSTFIX_NOTE_NO_PROXY] = {N_("Postfix: smtp_tls_connection_reuse = yes requires the service "
                                  "tlsproxy in master.cf; without it, mail over TLS is deferred"),
                               false},
};

static void say_notes(const struct postfix_config *config, unsigned notes)
{
    for (size_t i = 0; i < POSTFIX_NOTES; i++) {
        if (!(notes & 1u << i))
            continue;
        if (rows[i].map)
            console_note("%s: %s", _(rows[i].sentence), postfix_config_map(config));
        else
            console_note("%s", _(rows[i].sentence));
    }
}

static void check_postfix(const struct options *options)
{
    struct postfix_place places[LISTEN_MAX];
    struct postfix_config config;
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct loop *loop;
    const struct postfix_check check = {.config = &config,
                                        .places = places,
                                        .place_count = listen_places(ctx, places),
                                        .no_dane = options->no_dane};

    /* It may outlive us: no socket that listens is to be held by it. */
    (void)close_range(STDERR_FILENO + 1, ~0u, 0);
    if (ctx && loop_new(ctx, &loop) == STS_OK && read_config(ctx, loop, &config))
        say_notes(&config, postfix_config_notes(&check));
    talloc_free(ctx);
}

/* Mail servers that ask meanwhile have their answers: postconf waits a second where it fails, and
 * may hang.  The process is nobody's child, as nobody waits for it. */
void policyd_postfix_check(const struct options *options)
{
    pid_t child = fork();

    if (child > 0)
        (void)waitpid(child, NULL, 0);
    if (child)
        return;
    if (fork() == 0)
        check_postfix(options);
    _exit(0);
}
