/* SPDX-License-Identifier: MIT */
/* kb_search.c - entries by words: the texts of all, in lower case, one beside the other. */
#include "render/kb_search.h"

#include <string.h>

#include "base/ascii.h"
#include "render/kb_entry.h"

#define WORDS_MAX 8   /* of a query; further ones are ignored */
#define QUERY_MAX 200 /* bytes of it that count */

struct kb_index_row {
    char *head; /* name and title */
    char *text; /* the rest */
};

struct kb_index {
    struct kb_index_row *rows;
    size_t count;
};

/* ---- the texts ------------------------------------------------------------------------------- */

/* The capitals of German have a small letter that differs in one bit of their second byte. */
static void lower(char *text)
{
    for (; *text; text++) {
        *text = ascii_lower(*text);
        if ((unsigned char)*text == 0xC3 && (unsigned char)text[1] >= 0x80 &&
            (unsigned char)text[1] < 0x9F)
            text[1] = (char)(text[1] | 0x20);
        if (*text == '_')
            *text = '-';
    }
}

static char *append(char *text, char *const *list)
{
    for (; text && list && *list; list++)
        text = talloc_asprintf_append_buffer(text, "%s\n", *list);
    return text;
}

static bool fill(TALLOC_CTX *ctx, size_t i, struct kb_index_row *row)
{
    struct kb_entry *entry = kb_entry_new(ctx, i, 0);

    if (!entry)
        return false;
    row->head = talloc_asprintf(ctx, "%s\n%s", entry->code, entry->title);
    row->text = talloc_asprintf(ctx, "%s\n%s\n", entry->meaning, entry->result_types);
    row->text = append(row->text, entry->causes);
    row->text = append(row->text, entry->fix);
    row->text = append(row->text, entry->differs);
    row->text = append(row->text, entry->commands);
    talloc_free(entry);
    if (!row->head || !row->text)
        return false;
    lower(row->head);
    lower(row->text);
    return true;
}

struct kb_index *kb_index_new(TALLOC_CTX *ctx)
{
    struct kb_index *index = talloc_zero(ctx, struct kb_index);

    if (!index)
        return NULL;
    index->count = kb_entry_count();
    index->rows = talloc_array(index, struct kb_index_row, (unsigned)index->count);
    for (size_t i = 0; i < index->count; i++)
        if (!index->rows || !fill(index->rows, i, &index->rows[i])) {
            talloc_free(index);
            return NULL;
        }
    return index;
}

/* ---- the query ------------------------------------------------------------------------------- */

struct query {
    char text[QUERY_MAX + 1]; /* the words, each with a NUL behind it */
    const char *words[WORDS_MAX];
    size_t count;
};

static void parse(const char *given, struct query *query)
{
    size_t length = strnlen(given, QUERY_MAX);
    char *rest = query->text, *word;

    memcpy(query->text, given, length);
    query->text[length] = '\0';
    lower(query->text);
    query->count = 0;
    while (query->count < WORDS_MAX && (word = strsep(&rest, " \t\r\n,;")))
        if (*word)
            query->words[query->count++] = word;
}

/* 0: a word is missing; the more, the better an entry fits. */
static unsigned score(const struct kb_index *index, size_t i, const struct query *query)
{
    const struct kb_index_row *row = &index->rows[i];
    unsigned points = 0;

    for (size_t w = 0; w < query->count; w++) {
        if (kb_entry_is_named(i, query->words[w]))
            points += 1000;
        else if (kb_entry_is_called(i, query->words[w])) /* by another word, such as "google" */
            points += 100;
        else if (strstr(row->head, query->words[w]))
            points += 10;
        else if (strstr(row->text, query->words[w]))
            points += 1;
        else
            return 0;
    }
    return points;
}

size_t kb_search(const struct kb_index *index, const char *query, size_t *found)
{
    unsigned scores[1024];
    struct query parsed;
    size_t count = 0;

    parse(query, &parsed);
    for (size_t i = 0; parsed.count && i < index->count && i < 1024; i++) {
        unsigned points = score(index, i, &parsed);
        size_t at = count;

        if (!points)
            continue;
        for (; at && scores[at - 1] < points; at--) {
            scores[at] = scores[at - 1];
            found[at] = found[at - 1];
        }
        scores[at] = points;
        found[at] = i;
        count++;
    }
    return count;
}
