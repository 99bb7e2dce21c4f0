/* SPDX-License-Identifier: MIT */
/* confirm_text.c - the mail that asks the owner of an address, as text and as HTML. */
#include "alerts/message.h"

#include <string.h>

#include "alerts/shown_alert.h"
#include "base/i18n.h"
#include "pages/alert_mail.h"
#include "pages/html.h"

char *confirm_subject(TALLOC_CTX *ctx)
{
    return talloc_strdup(ctx, _("Confirm that alerts may be sent to this address"));
}

static const char *what(const struct message *m)
{
    if (strcmp(m->channel.pace, "daily") == 0)
        return _("It would send a daily digest of the alerts on the group's domains.");
    if (strcmp(m->channel.pace, "weekly") == 0)
        return _("It would send a weekly digest of the alerts on the group's domains.");
    return _("It would send a message when one of the group's domains has a problem, and another "
             "when it is resolved.");
}

static struct alert_confirm_mail_page model_of(TALLOC_CTX *ctx, const struct message *m,
                                               const struct message_site *site)
{
    char *until = shown_alert_time(ctx, m->question.until);

    return (struct alert_confirm_mail_page){
        .language = m->channel.language,
        .subject = confirm_subject(ctx),
        .asks = talloc_asprintf(
            ctx, _("%s from the group %s wants the service %s to send alerts to %s."),
            m->question.asker ? m->question.asker : _("Someone"), m->question.group_name,
            site->base, m->channel.target),
        .what = what(m),
        .how = until ? talloc_asprintf(
                           ctx, _("If you agree, open this page by %s and choose “%s” there:"),
                           until, _("Send alerts to this address"))
                     : NULL,
        .ignore = _("If you do not know what this is about, ignore this message: without your "
                    "confirmation, no alerts will be sent."),
        .word = m->question.word,
        .url = talloc_asprintf(ctx, "%salerts/confirm/%s?lang=%s", site->base, m->question.word,
                               m->channel.language)};
}

static bool is_whole(const struct alert_confirm_mail_page *page)
{
    return page->subject && page->asks && page->how && page->url;
}

char *confirm_text(TALLOC_CTX *ctx, const struct message *m, const struct message_site *site)
{
    TALLOC_CTX *work = talloc_new(ctx);
    const struct alert_confirm_mail_page page = model_of(work, m, site);
    char *text = is_whole(&page)
                     ? talloc_asprintf(ctx, "%s\n\n%s\n\n%s\n\n%s\n%s\n\n%s\n", page.subject,
                                       page.asks, page.what, page.how, page.url, page.ignore)
                     : NULL;

    talloc_free(work);
    return text;
}

char *confirm_html(TALLOC_CTX *ctx, const struct message *m, const struct message_site *site)
{
    const struct html_site html_site = {.base = site->base};
    TALLOC_CTX *work = talloc_new(ctx);
    struct html *html = work ? html_new(work, &html_site) : NULL;
    const struct alert_confirm_mail_page page = model_of(work, m, site);
    char *text = NULL;

    if (html && is_whole(&page)) {
        page_alert_confirm_mail(html, &page);
        if (html_is_whole(html))
            text = talloc_strndup(ctx, html_content(html).data, html_content(html).length);
    }
    talloc_free(work);
    return text;
}
