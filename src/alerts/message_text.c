/* SPDX-License-Identifier: MIT */
/* message_text.c - how a message reads: its subject, as text, as HTML. */
#include "alerts/message.h"

#include <string.h>

#include "alerts/shown_alert.h"
#include "base/i18n.h"
#include "pages/alert_mail.h"
#include "pages/html.h"
#include "render/severity_text.h"

static bool is_event(const struct message *m, const char *event)
{
    return strcmp(m->delivery.event, event) == 0;
}

bool message_is_digest(const struct message *m)
{
    return is_event(m, "digest");
}

enum i18n_language message_speak(const struct message *m)
{
    return i18n_use(i18n_language_named(m->channel.language));
}

/* ---- its subject ----------------------------------------------------------------------------- */

/* "example.com", or "17 domains". */
static char *whom(TALLOC_CTX *ctx, const struct alert_copy *alert)
{
    int64_t count = alert->row.domains;

    if (count == 1 && alert->domain_count == 1)
        return talloc_strdup(ctx, alert->domains[0].domain);
    return talloc_asprintf(ctx, ngettext("%lld domain", "%lld domains", (unsigned long)count),
                           (long long)count);
}

static char *title(TALLOC_CTX *ctx, const struct alert_copy *alert)
{
    return shown_alert_title(ctx, alert->row.kind, alert->row.cause, alert->row.subject);
}

/* Once, as a policy changes: it is not over, as it never was open. */
static bool happened(const struct alert_copy *alert)
{
    return alert->row.ended == alert->row.begun;
}

static const char *prefix(const struct message *m, const struct alert_copy *alert)
{
    if (is_event(m, "cleared") || (alert->row.ended && !happened(alert)))
        return _("Resolved: ");
    if (is_event(m, "reminder"))
        return _("Reminder: ");
    return is_event(m, "joined") ? _("More domains: ") : "";
}

static char *alert_subject(TALLOC_CTX *ctx, const struct message *m)
{
    const struct alert_copy *alert = &m->alerts.list[0];
    char *what = title(ctx, alert), *who = whom(ctx, alert);

    if (!what || !who)
        return NULL;
    return alert->row.domains ? talloc_asprintf(ctx, "%s%s (%s)", prefix(m, alert), what, who)
                              : talloc_asprintf(ctx, "%s%s", prefix(m, alert), what);
}

static char *digest_subject(TALLOC_CTX *ctx, const struct message *m)
{
    unsigned long changed = m->alerts.count, open = m->open.count;
    char *first, *second;

    if (!changed && !open)
        return talloc_strdup(ctx, _("All is well: no changes, no open alerts"));
    first = talloc_asprintf(ctx, ngettext("%lu change", "%lu changes", changed), changed);
    second = talloc_asprintf(ctx, ngettext("%lu open alert", "%lu open alerts", open), open);
    return first && second ? talloc_asprintf(ctx, _("Digest: %s, %s"), first, second) : NULL;
}

static char *subject(TALLOC_CTX *ctx, const struct message *m)
{
    if (message_is_digest(m))
        return digest_subject(ctx, m);
    if (m->question.word)
        return confirm_subject(ctx);
    if (!m->alerts.count)
        return talloc_strdup(ctx, _("Test message"));
    return alert_subject(ctx, m);
}

char *message_subject(TALLOC_CTX *ctx, const struct message *m)
{
    enum i18n_language before = message_speak(m);
    char *text = subject(ctx, m);

    i18n_use(before);
    return text;
}

/* ---- its model, which text and HTML share ---------------------------------------------------- */

static struct alert_mail_domain *domains_of(TALLOC_CTX *ctx, const struct alert_copy *alert)
{
    struct alert_mail_domain *rows =
        talloc_zero_array(ctx, struct alert_mail_domain, (unsigned)alert->domain_count + 1);

    for (size_t i = 0; rows && i < alert->domain_count; i++) {
        const struct store_alert_domain *domain = &alert->domains[i];

        rows[i] = (struct alert_mail_domain){.domain = domain->domain,
                                             .detail = shown_alert_detail(ctx, domain->detail),
                                             .over = domain->ended && domain->ended != domain->begun
                                                         ? shown_alert_time(ctx, domain->ended)
                                                         : NULL};
    }
    return rows;
}

static struct alert_mail_alert *alerts_of(TALLOC_CTX *ctx, const struct alert_copy *list,
                                          size_t count)
{
    struct alert_mail_alert *rows =
        talloc_zero_array(ctx, struct alert_mail_alert, (unsigned)count + 1);

    for (size_t i = 0; rows && i < count; i++) {
        const struct alert_copy *alert = &list[i];
        const struct alert_mail_domain *domains = domains_of(ctx, alert);

        rows[i] = (struct alert_mail_alert){
            .title = title(ctx, alert),
            .severity =
                alert->row.ended ? NULL : text_severity(severity_by_name(alert->row.severity)),
            .happened = happened(alert),
            .begun = shown_alert_time(ctx, alert->row.begun),
            .ended = alert->row.ended && !happened(alert) ? shown_alert_time(ctx, alert->row.ended)
                                                          : NULL,
            .domains = domains,
            .domain_count = domains ? alert->domain_count : 0,
            .more = (size_t)alert->row.domains > alert->domain_count
                        ? (size_t)alert->row.domains - alert->domain_count
                        : 0};
    }
    return rows;
}

/* The first of either list; NULL: there is none. */
static const struct alert_copy *any_alert(const struct message *m)
{
    if (m->alerts.count)
        return &m->alerts.list[0];
    return m->open.count ? &m->open.list[0] : NULL;
}

static struct alert_mail_page model_of(TALLOC_CTX *ctx, const struct message *m,
                                       const struct message_site *site)
{
    const struct alert_copy *any = any_alert(m);
    struct alert_mail_alert *alerts = alerts_of(ctx, m->alerts.list, m->alerts.count);
    struct alert_mail_page page = {
        .language = m->channel.language,
        .subject = subject(ctx, m),
        .group = any ? any->row.group_name : NULL,
        .linked = *site->base != '\0',
        .digest = message_is_digest(m),
        .test = !message_is_digest(m) && !m->alerts.count,
        .since = shown_alert_time(ctx, m->delivery.since),
        .alert = m->delivery.alert,
        .over = any && any->row.ended,
        .alerts = alerts,
        .alert_count = m->alerts.count,
        .open = alerts_of(ctx, m->open.list, m->open.count),
        .open_count = m->open.count,
    };

    /* The subject says it, with "Resolved:" where it is. */
    if (!page.digest && alerts && m->alerts.count)
        alerts[0].title = NULL;
    return page;
}

static char *html_of(TALLOC_CTX *ctx, const struct message *m, const struct message_site *site)
{
    const struct html_site html_site = {.base = site->base};
    TALLOC_CTX *work = talloc_new(ctx);
    struct html *html = work ? html_new(work, &html_site) : NULL;
    const struct alert_mail_page page = model_of(work, m, site);
    char *text = NULL;

    if (html && page.alerts && page.open) {
        page_alert_mail(html, &page);
        if (html_is_whole(html))
            text = talloc_strndup(ctx, html_content(html).data, html_content(html).length);
    }
    talloc_free(work);
    return text;
}

char *message_html(TALLOC_CTX *ctx, const struct message *m, const struct message_site *site)
{
    enum i18n_language before = message_speak(m);
    char *text = m->question.word ? confirm_html(ctx, m, site) : html_of(ctx, m, site);

    i18n_use(before);
    return text;
}

/* ---- text ------------------------------------------------------------------------------------ */

static void append(char **text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void append(char **text, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    if (*text)
        *text = talloc_vasprintf_append_buffer(*text, format, ap);
    va_end(ap);
}

static void append_facts(char **text, const struct alert_mail_alert *alert)
{
    if (alert->severity) {
        append(text, _("Severity: %s"), alert->severity);
        append(text, "\n");
    }
    append(text, alert->happened ? _("Time: %s") : _("Since: %s"), alert->begun);
    append(text, "\n");
    if (alert->ended) {
        append(text, _("Ended: %s"), alert->ended);
        append(text, "\n");
    }
}

static void append_alert(char **text, const struct alert_mail_alert *alert)
{
    if (alert->title)
        append(text, "%s\n", alert->title);
    append_facts(text, alert);
    for (size_t i = 0; i < alert->domain_count; i++) {
        const struct alert_mail_domain *domain = &alert->domains[i];

        append(text, "\n* %s", domain->domain);
        if (domain->over) {
            append(text, " - ");
            append(text, _("resolved: %s"), domain->over);
        }
        append(text, "\n%s%s%s", *domain->detail ? "  " : "", domain->detail,
               *domain->detail ? "\n" : "");
    }
    if (alert->more) {
        append(text, "\n");
        append(text, ngettext("and %zu more domain", "and %zu more domains", alert->more),
               alert->more);
        append(text, "\n");
    }
    append(text, "\n");
}

static void append_list(char **text, const char *heading, const struct alert_mail_alert *list,
                        size_t count)
{
    if (!count)
        return;
    if (heading)
        append(text, "%s\n\n", heading);
    for (size_t i = 0; i < count; i++)
        append_alert(text, &list[i]);
}

static void append_links(char **text, const struct alert_mail_page *page,
                         const struct message_site *site)
{
    if (!page->linked)
        return;
    if (page->alert) {
        append(text,
               page->over ? _("View this alert: %s")
                          : _("View, acknowledge or mute this alert: %s"),
               site->base);
        append(text, "alerts/%lld\n", (long long)page->alert);
    } else {
        append(text, _("All alerts: %s"), site->base);
        append(text, "alerts\n");
    }
    append(text, _("Notification settings: %s"), site->base);
    append(text, "alerts/rules\n");
}

static char *page_text(TALLOC_CTX *ctx, const struct alert_mail_page *page,
                       const struct message_site *site)
{
    char *text = talloc_strdup(ctx, "");

    append(&text, "%s\n\n", page->subject);
    if (page->group) {
        append(&text, _("Group: %s"), page->group);
        append(&text, page->digest ? "\n\n" : "\n");
    }
    if (page->test)
        append(&text, "%s\n\n", _("This channel works: alerts will arrive here."));
    append_list(&text, page->digest ? _("Since the last digest") : NULL, page->alerts,
                page->alert_count);
    append_list(&text, _("Open alerts"), page->open, page->open_count);
    append_links(&text, page, site);
    return text;
}

static char *text_of(TALLOC_CTX *ctx, const struct message *m, const struct message_site *site)
{
    TALLOC_CTX *work = talloc_new(ctx);
    const struct alert_mail_page page = model_of(work, m, site);
    char *text = page.subject && page.alerts && page.open ? page_text(ctx, &page, site) : NULL;

    talloc_free(work);
    return text;
}

char *message_text(TALLOC_CTX *ctx, const struct message *m, const struct message_site *site)
{
    enum i18n_language before = message_speak(m);
    char *text = m->question.word ? confirm_text(ctx, m, site) : text_of(ctx, m, site);

    i18n_use(before);
    return text;
}
