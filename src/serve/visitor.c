/* SPDX-License-Identifier: MIT */
/* visitor.c - language and theme from the query, cookies and what the browser prefers; the address
 * from the proxies that are trusted. */
#include "serve/visitor.h"

#include <string.h>
#include <strings.h>

#include "accounts/account.h"
#include "base/i18n.h"
#include "base/network.h"
#include "http/accept.h"
#include "http/cookie.h"
#include "serve/service.h"

/* ---- language and theme ---------------------------------------------------------------------- */

static const char *known_language(const char *name)
{
    enum i18n_language language = name ? i18n_language_named(name) : I18N_DEFAULT;

    return language == I18N_DEFAULT ? NULL : i18n_language_name(language);
}

/* NULL: nothing was chosen here. */
static const char *chosen_language(TALLOC_CTX *ctx, const struct visitor_request *request)
{
    const char *language = known_language(request->language);

    return language ? language : known_language(http_cookie(ctx, request->request, "lang"));
}

static const char *accepted_language(const struct http_request *request)
{
    static const char *const languages[] = {"en", "de"};
    const char *wishes = http_request_field(request, "accept-language");

    return languages[http_accept_language(wishes, languages, 2)];
}

void visitor_is(struct visitor *visitor, const struct account *account)
{
    const char *language = known_language(account->language);

    if (account->session && language && !visitor->language_chosen)
        visitor->language = language;
}

static const char *choose_theme(TALLOC_CTX *ctx, const struct http_request *request)
{
    const char *theme = http_cookie(ctx, request, "theme");

    if (theme && strcmp(theme, "dark") == 0)
        return "dark";
    return theme && strcmp(theme, "light") == 0 ? "light" : "";
}

/* ---- behind proxies -------------------------------------------------------------------------- */

/* A socket of this machine is for whom its directory lets in. */
bool visitor_trusts(const struct service *service, const char *peer)
{
    unsigned char address[16];

    if (!*peer)
        return true;
    if (!network_address(peer, address))
        return false;
    for (size_t i = 0; i < service->proxy_count; i++)
        if (network_holds(&service->proxies[i], address))
            return true;
    return false;
}

/* Some put a port behind it, and brackets around an IPv6 one. */
static char *address_in(TALLOC_CTX *ctx, struct bytes text)
{
    unsigned char address[16];
    long end;
    char *own;

    if (text.length && text.data[0] == '[') {
        text = bytes_from(text, 1);
        end = bytes_find_char(text, ']');
    } else {
        end = bytes_find_char(text, ':');
        if (end >= 0 && bytes_find_char(bytes_from(text, (size_t)end + 1), ':') >= 0)
            end = -1;
    }
    own = talloc_strndup(ctx, text.data, end >= 0 ? (size_t)end : text.length);
    return own && network_address(own, address) ? own : NULL;
}

/* The last member of a list, which is shortened by it. */
static struct bytes take_last(struct bytes *list)
{
    size_t at = list->length;
    struct bytes last;

    while (at && list->data[at - 1] != ',')
        at--;
    last = bytes_trim(bytes_from(*list, at));
    list->length = at ? at - 1 : 0;
    return last;
}

/* Each proxy appends whom it heard: from the right, the first that is none of ours is the client,
 * and what stands before it may be made up.  False: it goes on in the field before. */
static bool walk(TALLOC_CTX *ctx, const struct service *service, const char *field,
                 const char **address)
{
    struct bytes list = bytes_of(field);

    while (list.length) {
        char *next = address_in(ctx, take_last(&list));

        if (!next)
            return true;
        *address = next;
        if (!visitor_trusts(service, next))
            return true;
    }
    return false;
}

static const char *forwarded_for(TALLOC_CTX *ctx, const struct visitor_request *request)
{
    const struct http_request *http = request->request;
    const char *address = request->peer;

    for (size_t i = http->field_count; i-- > 0;)
        if (strcmp(http->fields[i].name, "x-forwarded-for") == 0 &&
            walk(ctx, request->service, http->fields[i].value, &address))
            break;
    return address;
}

static bool forwarded_tls(const struct http_request *request)
{
    const char *scheme = http_request_field(request, "x-forwarded-proto");

    return scheme && strcasecmp(scheme, "https") == 0;
}

/* By the name of the base URL, one comes as that says, though a proxy in between may not tell. */
static bool named_tls(const struct service *service, const struct http_request *http)
{
    return strncmp(service->origin, "https://", 8) == 0 && strcmp(http->host, service->host) == 0;
}

struct visitor visitor_find(TALLOC_CTX *ctx, const struct visitor_request *request)
{
    bool trusted = visitor_trusts(request->service, request->peer);
    const char *chosen = chosen_language(ctx, request);

    return (struct visitor){
        .address = trusted ? forwarded_for(ctx, request) : request->peer,
        .language = chosen ? chosen : accepted_language(request->request),
        .language_chosen = chosen,
        .theme = choose_theme(ctx, request->request),
        .over_tls = request->over_tls || (trusted && forwarded_tls(request->request)) ||
                    named_tls(request->service, request->request),
        .by_proxy = trusted,
    };
}
