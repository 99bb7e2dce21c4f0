/* SPDX-License-Identifier: MIT */
/* service.c - the log. */
#include "serve/service.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

#define LOG_LINE_MAX 2000 /* bytes */

void service_say(const struct service *service, const char *format, ...)
{
    va_list ap;
    char *line, *shown;

    va_start(ap, format);
    line = talloc_vasprintf(NULL, format, ap);
    va_end(ap);
    shown = line ? text_printable(line, line, strlen(line), LOG_LINE_MAX) : NULL;
    if (shown && service->log)
        service->log(shown);
    talloc_free(line);
}
