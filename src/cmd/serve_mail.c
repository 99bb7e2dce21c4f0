/* SPDX-License-Identifier: MIT */
/* serve_mail.c - the same mailboxes and socket as ingest has, in the loop of the web service. */
#include "cmd/serve_mail.h"

#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/ingest_socket.h"
#include "cmd/mail_accounts.h"
#include "cmd/mail_ways.h"
#include "serve/intake_service.h"
#include "serve/service.h"

struct serve_mail {
    const struct options *options;
    struct mail_ways *ways;
};

/* The accounts hang on an owner of their own, which goes when others take their place. */
static int follow_accounts(struct serve_mail *mail)
{
    struct mail_accounts accounts;
    TALLOC_CTX *owner = talloc_new(mail);
    int status = owner ? mail_accounts_read(owner, mail->options, &accounts) : console_no_memory();

    if (status)
        talloc_free(owner);
    else
        status = mail_ways_accounts(mail->ways, owner, &accounts);
    return status;
}

static int start(struct serve_mail *mail, const struct service *service, int socket)
{
    const struct mail_ways_request request = {.options = mail->options,
                                              .loop = service->loop,
                                              .jobs = service->jobs,
                                              .writer = service->writer,
                                              .receiver = service->intake->mails,
                                              .follow = true};
    int status = mail_ways_new(mail, &request, &mail->ways);

    if (!status && mail->options->account_count)
        status = follow_accounts(mail);
    return status || socket < 0 ? status : mail_ways_listen(mail->ways, socket);
}

int serve_mail_start(TALLOC_CTX *ctx, const struct service *service, const struct options *options,
                     struct serve_mail **ret)
{
    int socket = ingest_socket_taken(), status;
    struct serve_mail *mail;

    *ret = NULL;
    if (!options->account_count && socket < 0)
        return 0;
    mail = talloc_zero(ctx, struct serve_mail);
    if (!mail)
        return console_no_memory();
    mail->options = options;
    status = start(mail, service, socket);
    if (status)
        talloc_free(mail);
    else
        *ret = mail;
    return status;
}

void serve_mail_reload(struct serve_mail *mail)
{
    if (mail && mail->options->account_count && follow_accounts(mail) == 0)
        console_note("%s", _("mail accounts reloaded"));
}
