/* SPDX-License-Identifier: MIT */
/* report_upload.h - reports that somebody who is signed in stores; private to serve/. */
#ifndef SERVE_REPORT_UPLOAD_H
#define SERVE_REPORT_UPLOAD_H

struct exchange;

/* Of the page and of the API: those on domains of their groups. */
void page_report_upload(struct exchange *exchange);
void api_report_upload(struct exchange *exchange);
/* What to say of it then, translated; NULL: nothing. */
const char *report_upload_notice(struct exchange *exchange);
const char *report_upload_error(struct exchange *exchange);

#endif
