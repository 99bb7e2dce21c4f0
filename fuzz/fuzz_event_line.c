/* SPDX-License-Identifier: MIT */
/* fuzz_event_line.c - any line: what is an event makes a datagram that the collector reads. */
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "collect/event_line.h"
#include "collect/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct event_line line;
    struct session_event event;
    struct bytes written;
    enum session_event_fault fault;

    /* the command takes UTF-8 alone */
    if (text_is_utf8((const char *)data, size) &&
        event_line_read(ctx, (struct bytes){(const char *)data, size}, &line) == EVENT_LINE_NONE) {
        line.event.record = "v=TLSRPTv1;rua=mailto:a@example.com";
        written.data = session_event_write(ctx, &line.event, &written.length);
        if (!written.data)
            __builtin_trap();
        fault = session_event_read(ctx, written, &event);
        if (fault != SESSION_EVENT_NONE && fault != SESSION_EVENT_TOO_MUCH)
            __builtin_trap();
        if (fault == SESSION_EVENT_NONE && (strcmp(event.domain, line.event.domain) != 0 ||
                                            event.policies[0].failed != line.policy.failed))
            __builtin_trap();
    }
    talloc_free(ctx);
    return 0;
}
