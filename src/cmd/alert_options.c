/* SPDX-License-Identifier: MIT */
/* alert_options.c - options that need each other, and what is run. */
#include "cmd/alert_options.h"

#include "alerts/mail.h"
#include "app/notify.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cmd/console.h"
#include "serve/alert_service.h"

#define DELAY_DEFAULT 60 /* seconds */

static int check(const struct options *options)
{
    if (!options->sendmail != !options->mail_from)
        return console_usage("%s", _("--sendmail and --mail-from require each other"));
    if (options->mail_from && !mail_is_address(options->mail_from))
        return console_usage(_("--mail-from %s: expected an address such as mtasts@example.org"),
                             options->mail_from);
    return 0;
}

/* The recipient is in the message (-t), so that no address becomes a word of a shell; the envelope
 * sender is ours. */
static char *mail_command(TALLOC_CTX *ctx, const struct options *options)
{
    char *path = text_shell_quote(ctx, options->sendmail);
    char *from = text_shell_quote(ctx, options->mail_from);

    return path && from ? talloc_asprintf(ctx, "exec %s -i -t -f %s", path, from) : NULL;
}

int alert_options_prepare(const struct options *options)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    int status = check(options);
    char *command = !status && options->sendmail ? mail_command(ctx, options) : NULL;
    bool begun = true;

    if (!status && options->sendmail && !command)
        status = console_no_memory();
    if (!status && command)
        begun = notify_prepare_lanes(NOTIFY_MAIL, command);
    if (!status && begun && options->alert_command)
        begun = notify_prepare_lanes(NOTIFY_ALERTS, options->alert_command);
    talloc_free(ctx);
    return !begun ? console_internal(
                        "%s", _("could not start the process that runs sendmail or the command"))
                  : status;
}

int alert_options_read(TALLOC_CTX *ctx, const struct options *options,
                       const struct alert_settings **ret)
{
    struct alert_settings *settings = talloc_zero(ctx, struct alert_settings);

    if (!settings)
        return console_no_memory();
    *settings = (struct alert_settings){.mail_from = options->mail_from,
                                        .command = options->alert_command != NULL,
                                        .private_webhooks = options->private_webhooks,
                                        .ca_file = options->ca_file,
                                        .delay = options->alert_delay ? options->alert_delay
                                                                      : DELAY_DEFAULT};
    *ret = settings;
    return 0;
}
