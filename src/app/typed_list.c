/* SPDX-License-Identifier: MIT */
/* typed_list.c - words out of a field, line by line. */
#include "app/typed_list.h"

#include <string.h>
#include <stdbool.h>
#include <strings.h>

#include <mtasts/match.h>

#define BETWEEN " \t,;"

struct typed {
    const char **words;
    size_t count;
    enum sts_status status;
};

/* "10" before a host, as MX records have it. */
static bool is_number(const char *word)
{
    return !word[strspn(word, "0123456789")];
}

static void add(struct typed *typed, const char *word)
{
    if (typed->count == TYPED_LIST_MAX)
        typed->status = STS_E_LIMIT;
    else if (!typed->status)
        typed->words[typed->count++] = word;
}

/* The line is cut into its words; those before "MX" are the record's own. */
static void take_line(struct typed *typed, char *line)
{
    size_t before = typed->count;
    char *rest = line;
    const char *word;

    while ((word = strsep(&rest, BETWEEN))) {
        if (!strcasecmp(word, "MX"))
            typed->count = before;
        else if (*word && !is_number(word) && strcasecmp(word, "mx:") != 0)
            add(typed, word);
    }
}

enum sts_status typed_list(TALLOC_CTX *ctx, const char *text, const char ***ret, size_t *ret_count)
{
    struct typed typed = {.words = talloc_array(ctx, const char *, TYPED_LIST_MAX)};
    char *rest = typed.words ? talloc_strdup(typed.words, text ? text : "") : NULL, *line;

    if (!rest) {
        talloc_free(typed.words);
        return STS_E_NOMEM;
    }
    while (!typed.status && (line = strsep(&rest, "\r\n")))
        take_line(&typed, line);
    if (typed.status) {
        talloc_free(typed.words);
        return typed.status;
    }
    *ret = typed.words;
    *ret_count = typed.count;
    return STS_OK;
}

enum sts_status typed_names(TALLOC_CTX *ctx, const char *const *words, size_t count,
                            const char *const **ret, const char **ret_wrong)
{
    const char **names = talloc_zero_array(ctx, const char *, (unsigned)count + 1);

    if (!names)
        return STS_E_NOMEM;
    for (size_t i = 0; i < count; i++) {
        char name[STS_NAME_SIZE];

        *ret_wrong = words[i];
        if (sts_name_from_user(words[i], name) != STS_OK)
            return STS_E_INVALID;
        names[i] = talloc_strdup(names, name);
        if (!names[i])
            return STS_E_NOMEM;
    }
    *ret = names;
    return STS_OK;
}
