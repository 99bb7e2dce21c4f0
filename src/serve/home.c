/* SPDX-License-Identifier: MIT */
/* home.c - the first page, errors, and the choice of language and appearance. */
#include "serve/home.h"

#include <string.h>

#include <mtasts/version.h>

#include "base/i18n.h"
#include "base/pasted.h"
#include "net/net.h"
#include "pages/about.h"
#include "pages/error.h"
#include "pages/home.h"
#include "serve/exchange.h"
#include "serve/page.h"
#include "serve/problem.h"
#include "serve/service.h"

/* ---- pages ----------------------------------------------------------------------------------- */

static void home(struct exchange *exchange, const char *domain, const char *error)
{
    struct home_page page = {
        .frame = page_frame(exchange, NULL, FRAME_CHECK), .domain = domain, .error = error};
    struct html *html = page_begin(exchange);
    char meant[STS_NAME_SIZE];

    if (!html)
        return;
    if (error && domain && pasted_meant(domain, meant))
        page.meant = meant;
    page_home(html, &page);
    page_answer(exchange, error ? 422 : 200, html);
}

static void answer_home(struct exchange *exchange)
{
    home(exchange, exchange_query(exchange, "domain"), NULL);
}

void home_answer_error(struct exchange *exchange, const char *domain, const char *error)
{
    home(exchange, domain, error);
}

static void answer_about(struct exchange *exchange)
{
    const struct net_options *net = exchange_service(exchange)->net;
    const struct about_page page = {
        .frame = page_frame(exchange, _("About this service"), FRAME_NO_ENTRY),
        .version = MTASTS_VERSION,
        .public_only = net->public_only && !net->allow_private};
    struct html *html = page_begin(exchange);

    if (!html)
        return;
    page_about(html, &page);
    page_answer_lasting(exchange, html);
}

/* ---- errors ---------------------------------------------------------------------------------- */

static void answer_problem(struct exchange *exchange, unsigned status, const char *code,
                           const char *detail)
{
    struct error_page page = {.frame = page_frame(exchange, problem_title(status), FRAME_NO_ENTRY),
                              .status = status,
                              .title = problem_title(status),
                              .detail = detail};
    struct html *html = page_begin(exchange);

    (void)code;
    page.frame.hidden = true;
    if (!html)
        return;
    page_error(html, &page);
    page_answer(exchange, status, html);
}

static enum sts_status start(struct service *service)
{
    service->problem_page = answer_problem;
    return STS_OK;
}

/* ---- language and appearance ----------------------------------------------------------------- */

static void set_cookie(struct exchange *exchange, const char *name, const char *value)
{
    char *cookie =
        talloc_asprintf(exchange, "%s=%s; Path=%s; Max-Age=%s; SameSite=Lax; HttpOnly%s", name,
                        value, exchange_service(exchange)->base_path, *value ? "31536000" : "0",
                        exchange_visitor(exchange)->over_tls ? "; Secure" : "");

    if (cookie)
        exchange_field(exchange, "Set-Cookie", cookie);
}

/* What comes behind the base of the service, and so stays on it: browsers take "//host" and
 * "/\host" for another host, and drop line ends and tabs before they look. */
static const char *path_back(const char *path)
{
    if (!path)
        return "";
    for (const char *c = path; *c; c++)
        if (*c <= ' ' || *c >= 0x7f || *c == '\\')
            return "";
    return path + strspn(path, "/");
}

/* It only changes how pages look, so a link will do, and no token is needed. */
static void answer_preferences(struct exchange *exchange)
{
    const char *language = exchange_query(exchange, "lang");
    const char *theme = exchange_query(exchange, "theme");

    if (language && i18n_language_named(language) != I18N_DEFAULT)
        set_cookie(exchange, "lang", i18n_language_name(i18n_language_named(language)));
    if (theme && strcmp(theme, "system") == 0)
        set_cookie(exchange, "theme", "");
    else if (theme && (strcmp(theme, "light") == 0 || strcmp(theme, "dark") == 0))
        set_cookie(exchange, "theme", theme);
    exchange_redirect(exchange, path_back(exchange_query(exchange, "back")));
}

static const struct route routes[] = {
    {HTTP_GET, "/", answer_home, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/about", answer_about, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/preferences", answer_preferences, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
};
const struct route_table home_routes = {routes, sizeof(routes) / sizeof(routes[0]), start};
