/* SPDX-License-Identifier: MIT */
/* csv.c - tables as CSV. */
#include "render/csv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

struct csv_table csv_begin(TALLOC_CTX *ctx)
{
    return (struct csv_table){.ctx = ctx, .text = talloc_strdup(ctx, "")};
}

static void put(struct csv_table *table, const char *text)
{
    if (table->text)
        table->text = talloc_strdup_append_buffer(table->text, text);
}

void csv_field(struct csv_table *table, const char *value)
{
    char *shown = text_printable(table->ctx, value ? value : "", value ? strlen(value) : 0, 0);
    const char *at = shown ? shown : "";

    put(table, table->begun ? ",\"" : "\"");
    table->begun = true;
    if (*at && strchr("=+-@", *at))
        put(table, " ");
    while (*at) {
        size_t length = strcspn(at, "\"");

        if (table->text)
            table->text = talloc_strndup_append_buffer(table->text, at, length);
        at += length;
        if (*at == '"') {
            put(table, "\"\"");
            at++;
        }
    }
    put(table, "\"");
    talloc_free(shown);
}

void csv_number(struct csv_table *table, int64_t value)
{
    char text[32];

    snprintf(text, sizeof(text), "%s%" PRId64, table->begun ? "," : "", value);
    table->begun = true;
    put(table, text);
}

void csv_end(struct csv_table *table)
{
    put(table, "\r\n");
    table->begun = false;
}

void csv_time(struct csv_table *table, bool known, int64_t seconds)
{
    char text[CLOCK_TEXT_SIZE] = "";

    if (known)
        clock_format(seconds, text);
    csv_field(table, text);
}
