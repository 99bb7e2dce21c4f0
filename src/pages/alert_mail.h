/* SPDX-License-Identifier: MIT */
/* alert_mail.h - the HTML part of a mail about alerts: no style sheet, no image, nothing from
 * elsewhere. */
#ifndef PAGES_ALERT_MAIL_H
#define PAGES_ALERT_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct html;

struct alert_mail_domain {
    const char *domain;
    const char *detail; /* "" */
    const char *over;   /* since when; NULL: it is not */
};

struct alert_mail_alert {
    const char *title;         /* NULL: it is that of the message */
    const char *severity;      /* NULL: it is over, or only happened */
    bool happened;             /* once, at `begun` */
    const char *begun, *ended; /* NULL: it is open, or it only happened */
    const struct alert_mail_domain *domains;
    size_t domain_count;
    size_t more; /* domains that are not named */
};

/* All texts are translated. */
struct alert_mail_page {
    const char *language, *subject;
    const char *group; /* NULL: not known */
    bool linked;       /* the site's base is an address that can be opened from a mail */
    bool digest, test;
    const char *since; /* of a digest */
    int64_t alert;     /* 0: of none */
    bool over;         /* that alert is */
    const struct alert_mail_alert *alerts;
    size_t alert_count;
    const struct alert_mail_alert *open; /* of a digest */
    size_t open_count;
};

/* To the owner of an address; all sentences are translated. */
struct alert_confirm_mail_page {
    const char *language, *subject;
    const char *asks, *what, *how, *ignore;
    const char *word, *url; /* of the link, and all of it */
};

void page_alert_confirm_mail(struct html *out, const struct alert_confirm_mail_page *page);
void page_alert_mail(struct html *out, const struct alert_mail_page *page);
void page_alert_mail_entry(struct html *out, const struct alert_mail_alert *page);

#endif
