/* SPDX-License-Identifier: MIT */
/* visitor.c - language and theme from the query, cookies and what the browser prefers. */
#include "serve/visitor.h"

#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "serve/exchange_work.h"
#include "serve/standin.h"

static const char *known_language(const char *name)
{
    return name && i18n_language_named(name) != I18N_DEFAULT
               ? i18n_language_name(i18n_language_named(name))
               : NULL;
}

/* The first of the list that we speak: people put what they read best first. */
static const char *preferred(const char *list)
{
    while (list && *list) {
        char word[3] = {0};

        list += strspn(list, " ,");
        memcpy(word, list, strnlen(list, 2));
        if (!strchr("-;, ", list[strlen(word)]))
            word[0] = '\0';
        for (char *c = word; *c; c++)
            *c = (char)(*c | 0x20);
        if (known_language(word))
            return known_language(word);
        list += strcspn(list, ",");
    }
    return NULL;
}

static const char *language_of(struct exchange *exchange)
{
    const struct http_request *request = exchange->request;
    const char *language = known_language(exchange_query(exchange, "lang"));

    if (!language)
        language = known_language(standin_cookie(exchange, request, "lang"));
    if (!language)
        language = preferred(http_request_field(request, "accept-language"));
    return language ? language : "en";
}

static const char *theme_of(struct exchange *exchange)
{
    const char *theme = standin_cookie(exchange, exchange->request, "theme");

    if (theme && strcmp(theme, "dark") == 0)
        return "dark";
    return theme && strcmp(theme, "light") == 0 ? "light" : "";
}

void visitor_find(struct exchange *exchange, const char *peer, bool over_tls)
{
    exchange->visitor = (struct visitor){
        .address = peer,
        .language = language_of(exchange),
        .theme = theme_of(exchange),
        .over_tls = over_tls,
    };
}
