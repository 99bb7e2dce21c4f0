/* SPDX-License-Identifier: MIT */
/* test_event_stream.c - events as a browser is to read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/event_stream.h"

static void test_events(void **state)
{
    static const struct {
        struct stream_event event;
        const char *text;
    } rows[] = {
        {{.data = "a"}, "data: a\n\n"},
        {{.data = ""}, "data: \n\n"},
        {{.id = "7", .name = "step", .data = "{\"a\":1}"},
         "id: 7\nevent: step\ndata: {\"a\":1}\n\n"},
        {{.data = "a\nb\r\nc\rd"}, "data: a\ndata: b\ndata: c\ndata: d\n\n"},
        {{.data = "a\n"}, "data: a\ndata: \n\n"},
        {{.data = "\n\n"}, "data: \ndata: \ndata: \n\n"},
        {{.data = "a\r"}, "data: a\ndata: \n\n"},
        {{.data = "a\n\nevent: forged"}, "data: a\ndata: \ndata: event: forged\n\n"},
        {{.retry_ms = 2000}, "retry: 2000\n\n"},
        {{.id = "1\ndata: x", .name = "a\rb", .data = "c"}, "data: c\n\n"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *text = event_stream_text(NULL, &rows[i].event);

        assert_string_equal(text, rows[i].text);
        talloc_free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_events)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
