/* SPDX-License-Identifier: MIT */
/* service.c - the log. */
#include "serve/service.h"

#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "serve/limits.h"
#include "store/store.h"

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

void service_say_store(const struct service *service, const struct store_fault *fault)
{
    static int64_t told = INT64_MIN / 2;
    int64_t now = clock_monotonic_ms();
    const char *text = fault ? _(store_trouble_text(fault->trouble)) : NULL;

    if (!fault || now - told < LIMIT_LOG_MS)
        return;
    told = now;
    if (fault->detail)
        service_say(service, "%s: %s (%s)", fault->store, text, fault->detail);
    else
        service_say(service, "%s: %s", fault->store, text);
}
