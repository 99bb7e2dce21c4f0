/* SPDX-License-Identifier: MIT */
/* event_stream.c - lines "field: value", an empty one at the end. */
#include "http/event_stream.h"

#include <string.h>

static char *put_field(char *to, const char *name, const char *value)
{
    if (!to || !value || strpbrk(value, "\r\n"))
        return to;
    return talloc_asprintf_append_buffer(to, "%s: %s\n", name, value);
}

/* CR LF, CR and LF each end a line, for a reader too: so each line of the data has a field. */
static char *put_data(char *to, const char *data)
{
    while (to && data) {
        size_t length = strcspn(data, "\r\n");

        to = talloc_asprintf_append_buffer(to, "data: %.*s\n", (int)length, data);
        data += length;
        if (!*data)
            break;
        data += data[0] == '\r' && data[1] == '\n' ? 2 : 1;
    }
    return to;
}

char *event_stream_text(TALLOC_CTX *ctx, const struct stream_event *event)
{
    char *to = talloc_strdup(ctx, "");

    if (to && event->retry_ms > 0)
        to = talloc_asprintf_append_buffer(to, "retry: %d\n", event->retry_ms);
    to = put_field(to, "id", event->id);
    to = put_field(to, "event", event->name);
    to = put_data(to, event->data);
    return to ? talloc_strdup_append_buffer(to, "\n") : NULL;
}
