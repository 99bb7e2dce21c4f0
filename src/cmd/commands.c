/* SPDX-License-Identifier: MIT */
/* commands.c - the diagnosis commands for a domain, to be pasted into a shell. */
#include "render/commands.h"

#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/console.h"
#include "cmd/from_file.h"
#include "cmd/show_domains.h"
#include "cmd/textout_options.h"

static enum sts_status show(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                            struct shown *ret)
{
    const struct options *options = arg;
    int64_t now = options_now_or(options, facts->observed_at);
    struct textout_options out = textout_options_of(options);
    TALLOC_CTX *scratch = talloc_new(ctx);
    struct command_list *list = NULL;
    struct diagnosis *diagnosis;
    char *text = NULL;

    if (scratch && diagnose(scratch, facts, now, &diagnosis) == STS_OK)
        list = command_list_new(scratch, diagnosis);
    if (list)
        text = options->json ? json_command_list(ctx, list) : text_command_list(ctx, list, &out);
    /* A line end behind JSON, a blank line between domains. */
    if (text && (options->json || !options->quiet))
        text = talloc_strdup_append_buffer(text, "\n");
    talloc_free(scratch);
    ret->text = text;
    return text ? STS_OK : STS_E_NOMEM;
}

int cmd_commands(TALLOC_CTX *ctx, const struct options *options)
{
    struct options own = *options;
    int status;

    if (options->from && options->operand_count)
        return console_usage(_("--from and a domain (%s) cannot be combined"),
                             options->operands[0]);
    if (options->from)
        return from_file_run(ctx, &own, show, &own);
    status = show_domains(ctx, &own, show, &own);
    /* A network that does not answer makes the commands no worse. */
    return status == EXIT_UNKNOWN ? 0 : status;
}
