/* SPDX-License-Identifier: MIT */
/* test_pages.c - pages drawn from fixed models, compared with what they are to be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/test_expected.h"
#include "pages/error.h"
#include "pages/home.h"
#include "pages/html.h"

static const struct html_site site = {"/a/b/", "token"};

/* Hashes of assets change with each of their bytes; here they are left out. */
static char *without_hashes(char *text)
{
    char *to = text;

    for (const char *at = text; *at;) {
        const char *dot = strncmp(at, "/assets/", 8) == 0 ? strchr(at, '.') : NULL;

        if (dot) {
            memmove(to, at, (size_t)(dot - at));
            to += dot - at;
            at = dot + sizeof(".0123456789ab") - 1;
        }
        *to++ = *at++;
    }
    *to = '\0';
    return text;
}

static void expect_page(const char *name, struct html *html)
{
    struct bytes content = html_content(html);
    char *text = talloc_strndup(html, content.data, content.length);

    assert_true(html_is_whole(html));
    expect_text("pages", name, talloc_asprintf(html, "== %s ==\n%s", name, without_hashes(text)));
    talloc_free(html);
}

static void home(void **state)
{
    struct home_page page = {.frame = {.language = "en", .entry = FRAME_CHECK, .path = ""}};
    struct html *html = html_new(NULL, &site);

    (void)state;
    page_home(html, &page);
    expect_page("home", html);
    html = html_new(NULL, &site);
    page.domain = "\"><script>";
    page.error = "\"><script>: not a domain";
    page.frame.theme = "dark";
    page.frame.user = "<anna>";
    page.frame.administers = true;
    page_home(html, &page);
    expect_page("home, with an error", html);
}

static void error(void **state)
{
    struct error_page page = {
        .frame = {.title = "Page not found", .language = "en", .hidden = true},
        .status = 404,
        .title = "Page not found",
        .detail = "There is no page at this address.",
        .id = "5f1c"};
    struct html *html = html_new(NULL, &site);

    (void)state;
    page_error(html, &page);
    expect_page("error", html);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(home),
        cmocka_unit_test(error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
