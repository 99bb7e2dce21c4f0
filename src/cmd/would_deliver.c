/* SPDX-License-Identifier: MIT */
/* would_deliver.c - what Postfix with the policy daemon does with a mail to a domain. */
#include "render/would_deliver.h"

#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/console.h"
#include "cmd/from_file.h"
#include "cmd/show_domains.h"
#include "cmd/textout_options.h"

static const int statuses[FATES] = {[FATE_DELIVERED] = 0,
                                    [FATE_UNPROTECTED] = 1,
                                    [FATE_DEFERRED] = 2,
                                    [FATE_BOUNCED] = 2,
                                    [FATE_UNKNOWN] = EXIT_UNKNOWN};

/* With a line end behind JSON, a blank line between domains. */
static char *text_of(TALLOC_CTX *ctx, const struct options *options, const char *domain,
                     const struct would_deliver *would)
{
    struct textout_options out = textout_options_of(options);
    char *text = options->json ? json_would_deliver(ctx, domain, would)
                               : text_would_deliver(ctx, domain, would, &out);

    if (text && (options->json || !options->quiet))
        text = talloc_strdup_append_buffer(text, "\n");
    return text;
}

static enum sts_status show(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                            struct shown *ret)
{
    const struct options *options = arg;
    struct domain_view view = {
        .mem = talloc_new(ctx), .facts = facts, .now = options_now_or(options, facts->observed_at)};
    const struct would_deliver *would = NULL;

    if (view.mem)
        domain_view_judge(&view);
    if (view.mem && !view.no_memory)
        would =
            would_deliver(view.mem, &view, mailer_of(options->as ? options->as : "postfix-3.10"));
    if (would) {
        ret->status = statuses[would->fate];
        ret->text = text_of(ctx, options, facts->domain, would);
    }
    if (view.mem)
        domain_view_free(&view);
    talloc_free(view.mem);
    return ret->text ? STS_OK : STS_E_NOMEM;
}

int cmd_would_deliver(TALLOC_CTX *ctx, const struct options *options)
{
    struct options own = *options;

    if (options->from && options->operand_count)
        return console_usage(_("--from and a domain (%s) cannot be combined"),
                             options->operands[0]);
    return options->from ? from_file_run(ctx, &own, show, &own)
                         : show_domains(ctx, &own, show, &own);
}
