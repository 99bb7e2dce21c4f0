/* SPDX-License-Identifier: MIT */
/* list.c - one byte at a time, so that a list may be cut anywhere and be of any length. */
#include "scan/list.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct list {
    const char *column; /* NULL: lines */
    long wanted;        /* number of the column; 0: not known yet */
    bool lacks_column, stopped;
    long field; /* number of the field being read */
    int64_t line;
    char text[LIST_FIELD_MAX + 1]; /* of the field */
    size_t length;
    bool quoted, quote_seen; /* inside "..."; the last byte there was a '"' */
    bool kept;               /* the wanted field of this line was reported */
    list_name_fn name;
    void *arg;
};

enum sts_status list_new(TALLOC_CTX *ctx, const char *column, list_name_fn name, void *arg,
                         struct list **ret)
{
    struct list *list = talloc_zero(ctx, struct list);

    if (!list)
        return STS_E_NOMEM;
    list->name = name;
    list->arg = arg;
    list->line = list->field = 1;
    if (column) {
        list->column = talloc_strdup(list, column);
        if (!list->column) {
            talloc_free(list);
            return STS_E_NOMEM;
        }
        if (*column && strspn(column, "0123456789") == strlen(column))
            list->wanted = strtol(column, NULL, 10);
    }
    *ret = list;
    return STS_OK;
}

static const char *trimmed(struct list *list)
{
    char *begin = list->text, *end = list->text + list->length;

    *end = '\0';
    begin += strspn(begin, " \t\r");
    while (end > begin && strchr(" \t\r", end[-1]))
        *--end = '\0';
    return begin;
}

static void end_field(struct list *list)
{
    const char *text = trimmed(list);

    if (list->column && !list->wanted) {
        /* the first line, names of columns; some programs begin it with a byte order mark */
        if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
            text += 3;
        if (!list->kept && strcasecmp(text, list->column) == 0) {
            list->wanted = -list->field; /* from the next line on */
            list->kept = true;
        }
    } else if (*text && (list->column ? list->field == list->wanted : *text != '#')) {
        list->stopped = !list->name(list->arg, list->line, text);
    }
    list->length = 0;
    list->quoted = list->quote_seen = false;
    list->field++;
}

static void end_line(struct list *list)
{
    end_field(list);
    if (list->column && !list->wanted)
        list->lacks_column = list->stopped = true;
    if (list->wanted < 0)
        list->wanted = -list->wanted;
    list->kept = false;
    list->field = 1;
    list->line++;
}

static void keep(struct list *list, char byte)
{
    if (!byte)
        byte = ' ';
    if (list->length < LIST_FIELD_MAX)
        list->text[list->length++] = byte;
}

static void take(struct list *list, char byte)
{
    if (list->quoted && !list->quote_seen) {
        if (byte == '"')
            list->quote_seen = true;
        else
            keep(list, byte);
        return;
    }
    if (list->quote_seen && byte == '"') { /* "" inside quotes is one */
        list->quote_seen = false;
        keep(list, byte);
        return;
    }
    list->quoted = list->quote_seen = false;
    if (byte == '\n')
        end_line(list);
    else if (list->column && byte == ',')
        end_field(list);
    else if (list->column && byte == '"' && !list->length)
        list->quoted = true;
    else
        keep(list, byte);
}

bool list_feed(struct list *list, const char *data, size_t length)
{
    for (size_t i = 0; i < length && !list->stopped; i++)
        take(list, data[i]);
    return !list->stopped;
}

bool list_end(struct list *list)
{
    if (!list->stopped && (list->length || list->field > 1))
        end_line(list);
    return !list->stopped;
}

bool list_lacks_column(const struct list *list)
{
    return list->lacks_column;
}
