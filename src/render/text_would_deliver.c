/* SPDX-License-Identifier: MIT */
/* text_would_deliver.c - what becomes of a mail for people. */
#include "base/i18n.h"
#include "render/would_deliver.h"

static const struct {
    enum style style;
    const char *word, *sentence;
} fates[FATES] = {
    [FATE_DELIVERED] = {STYLE_GOOD, N_("delivered"),
                        N_("The message is delivered, to a server that was authenticated first.")},
    [FATE_UNPROTECTED] = {STYLE_WARN, N_("unprotected"),
                          N_("The message is delivered, but the server is not authenticated: "
                             "whoever controls the network or the DNS can read and divert it.")},
    [FATE_DEFERRED] = {STYLE_BAD, N_("deferred"),
                       N_("The message stays in the queue. Postfix tries again, and returns it to "
                          "the sender after maximal_queue_lifetime (5 days).")},
    [FATE_BOUNCED] = {STYLE_BAD, N_("bounced"),
                      N_("The message is returned to the sender at once: the domain accepts no "
                         "mail (null MX).")},
    [FATE_UNKNOWN] = {STYLE_ASK, N_("unknown"),
                      N_("A mail server that decides about it could not be observed from here.")},
};

static void attempt_text(struct textout *out, const struct mail_attempt *attempt)
{
    char *head = attempt->address
                     ? talloc_asprintf(out, "%s[%s]: %s", attempt->host, attempt->address,
                                       _(fates[attempt->fate].word))
                     : talloc_asprintf(out, "%s: %s", attempt->host, _(fates[attempt->fate].word));

    if (head)
        textout_line(out, 2, fates[attempt->fate].style, head);
    if (attempt->log)
        textout_line(out, 4, STYLE_PLAIN, attempt->log);
}

char *text_would_deliver(TALLOC_CTX *ctx, const char *domain, const struct would_deliver *would,
                         const struct textout_options *options)
{
    struct textout *out = textout_new(ctx, options);
    char *head, *reply;

    if (!out)
        return NULL;
    head = talloc_asprintf(out, "%s, %s: %s", domain, mailer_name(would->mailer),
                           _(fates[would->fate].word));
    reply = talloc_asprintf(out, _("Reply of the policy daemon: %s"), would->reply);
    if (head)
        textout_line(out, 0, fates[would->fate].style, head);
    if (!options->quiet) {
        textout_wrap(out, 2, STYLE_PLAIN, "", STYLE_PLAIN, _(fates[would->fate].sentence));
        if (reply)
            textout_line(out, 2, STYLE_PLAIN, reply);
        for (size_t i = 0; i < would->attempt_count; i++)
            attempt_text(out, &would->attempts[i]);
    }
    return textout_end(out);
}
