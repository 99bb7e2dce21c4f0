/* SPDX-License-Identifier: MIT */
/* text_report.h - the parts of the text about TLS reports; private to render/. */
#ifndef RENDER_TEXT_REPORT_H
#define RENDER_TEXT_REPORT_H

#include "render/report.h"

/* Each failure in short. */
void text_failures(struct textout *out, const struct report_page *from);

#endif
