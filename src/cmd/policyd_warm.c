/* SPDX-License-Identifier: MIT */
/* policyd_warm.c - the daemon looks up domains before mail goes to them: those of a list, or those
 * that a mail log says mail went to.  Some at a time, each on a connection of its own. */
#include "cmd/policyd_verbs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/console.h"
#include "cmd/control_socket.h"
#include "policyd/mail_log.h"
#include "reports/names.h"

#define AT_A_TIME 16 /* the daemon looks up more side by side, and mail goes on beside */

struct warming {
    struct loop *loop;
    const char *path;
    const char *const *names;
    size_t count, begun, done, running;
    bool broken;
    int shown; /* percent */
};

struct warmer {
    struct warming *warming;
    struct control_client *client;
};

/* ---- which domains --------------------------------------------------------------------------- */

struct named {
    const char *name;
};

static int add_line(struct names *names, struct bytes line)
{
    char domain[STS_NAME_SIZE];

    if (!mail_log_domain(line, domain))
        return 0;
    return names_get(names, domain) ? 0 : console_no_memory();
}

static int read_log(const char *path, struct names *names)
{
    bool standard = !strcmp(path, "-");
    FILE *file = standard ? stdin : fopen(path, "re");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    int status = 0;

    if (!file)
        return console_internal(_("%s could not be read: %s"), path, _(strerror(errno)));
    while (!status && (length = getline(&line, &room, file)) >= 0)
        status = add_line(names, (struct bytes){line, (size_t)length});
    free(line); /* getline() allocates by itself */
    if (!status && ferror(file))
        status = console_internal(_("%s could not be read: %s"), path, _(strerror(errno)));
    if (!standard)
        fclose(file);
    return status;
}

static int names_of_logs(TALLOC_CTX *ctx, const struct options *options, struct warming *warming)
{
    struct names found;
    const char **names;
    int status = 0;

    names_begin(&found, ctx, sizeof(struct named));
    for (size_t i = 1; !status && i < options->operand_count; i++)
        status = read_log(options->operands[i], &found);
    names = talloc_array(ctx, const char *, found.count + 1);
    if (!names)
        return console_no_memory();
    for (size_t i = 0; i < found.count; i++)
        names[i] = ((const struct named *)names_at(&found, i))->name;
    warming->names = names;
    warming->count = found.count;
    return status;
}

/* What is wrong in a list is said; the rest of it counts. */
static int names_of_list(TALLOC_CTX *ctx, const struct options *options, const char *path,
                         struct warming *warming)
{
    struct options list = *options;
    struct input_names names;
    int status;

    list.domains = path;
    list.operand_count = 0;
    status = input_names(ctx, &list, &names);
    warming->names = names.names;
    warming->count = names.count;
    return status ? status : names.status;
}

/* ---- asking ---------------------------------------------------------------------------------- */

static void ask_next(struct warmer *warmer);

static void show_progress(struct warming *warming)
{
    int percent = (int)(warming->done * 100 / warming->count);
    char text[64];

    if (percent == warming->shown || !console_shows_progress())
        return;
    warming->shown = percent;
    snprintf(text, sizeof(text), "%zu/%zu", warming->done, warming->count);
    console_progress(text);
}

static void end_one(struct warming *warming)
{
    if (!--warming->running)
        loop_stop(warming->loop);
}

static void on_warm(void *arg, struct bytes answer)
{
    struct warmer *warmer = arg;
    struct warming *warming = warmer->warming;

    if (!answer.data) {
        warming->broken = true;
        end_one(warming);
        return;
    }
    warming->done++;
    show_progress(warming);
    ask_next(warmer);
}

static void ask_next(struct warmer *warmer)
{
    struct warming *warming = warmer->warming;
    char request[STS_NAME_SIZE + sizeof("warm ")];

    if (warming->begun == warming->count || warming->broken) {
        end_one(warming);
        return;
    }
    snprintf(request, sizeof(request), "warm %s", warming->names[warming->begun++]);
    control_client_ask(warmer->client, request, on_warm, warmer);
}

static int warm_all(TALLOC_CTX *ctx, const struct options *options, struct warming *warming)
{
    struct policyd_asking first;
    enum sts_status status = policyd_asking_begin(ctx, options, &first);

    if (status == STS_E_IO)
        return policyd_say_unreachable(&first);
    warming->loop = first.loop;
    for (size_t i = 0; status == STS_OK && i < AT_A_TIME && i < warming->count; i++) {
        struct warmer *warmer = talloc_zero(ctx, struct warmer);

        status =
            warmer ? control_client_new(ctx, first.loop, first.path, &warmer->client) : STS_E_NOMEM;
        if (status != STS_OK)
            break;
        warmer->warming = warming;
        warming->running++;
        ask_next(warmer);
    }
    if (status != STS_OK)
        return console_no_memory();
    if (warming->running && loop_run(first.loop) != STS_OK)
        return console_internal("%s", _("the event loop failed"));
    console_progress(NULL);
    return warming->broken
               ? console_internal(_("the policy daemon at %s closed the connection"), first.path)
               : 0;
}

int policyd_warm(TALLOC_CTX *ctx, const struct options *options)
{
    struct warming warming = {.path = control_socket_of(options)};
    int listed, status;

    if (options->operand_count < 2 || (options->operand_count > 2 && !options->from_log))
        return console_usage("%s", _("warm: expected one file with domains, or --from-log and mail "
                                     "logs"));
    listed = options->from_log ? names_of_logs(ctx, options, &warming)
                               : names_of_list(ctx, options, options->operands[1], &warming);
    if (listed && !warming.count)
        return listed;
    status = warming.count ? warm_all(ctx, options, &warming) : 0;
    if (!status && !options->quiet)
        status = console_text(talloc_asprintf(ctx, _("looked up: %zu\n"), warming.done));
    return exit_status_worse(status, listed);
}
