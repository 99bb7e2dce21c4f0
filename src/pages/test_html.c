/* SPDX-License-Identifier: MIT */
/* test_html.c - what becomes of a value in each place, hostile ones above all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pages/assets.h"
#include "pages/html.h"
#include "pages/limits.h"

static const struct html_site site = {"/a/b/", "t\"<"};

static void assert_content(const struct html *html, const char *expected)
{
    struct bytes content = html_content(html);
    char *text = talloc_strndup(html, content.data, content.length);

    assert_true(html_is_whole(html));
    assert_string_equal(text, expected);
}

static void assert_put(enum html_place place, const char *value, const char *expected)
{
    struct html *html = html_new(NULL, &site);

    html_put(html, place, html_of_string(value));
    assert_content(html, expected);
    talloc_free(html);
}

static void in_text_and_attributes(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"mx1.example.org", "mx1.example.org"},
        {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"\" onfocus=\"x()", "&quot; onfocus=&quot;x()"},
        {"' onfocus='x()", "&#39; onfocus=&#39;x()"},
        {"&lt;&amp;", "&amp;lt;&amp;amp;"},
        {"]]><!--", "]]&gt;&lt;!--"},
        {"a\nb\tc", "a\nb\tc"},
        {"a\rb\x01\x7f", "a\\x0db\\x01\\x7f"},
        {"m\xc3\xbcller \xe2\x80\x9e\xe2\x80\x9c", "m\xc3\xbcller \xe2\x80\x9e\xe2\x80\x9c"},
        {"26.\xc2\xa0November", "26.\xc2\xa0November"},
        {"\xe2\x80\xaegro.elpmaxe", "\\xe2\\x80\\xaegro.elpmaxe"},
        {"a\xe2\x80\x8b\xef\xbb\xbf", "a\\xe2\\x80\\x8b\\xef\\xbb\\xbf"},
        {"\xc0\xbcscript\xff>", "\\xc0\\xbcscript\\xff&gt;"},
        {"\xe2<", "\\xe2&lt;"},
        {"+ADw-script+AD4-", "+ADw-script+AD4-"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_put(HTML_TEXT, cases[i][0], cases[i][1]);
        assert_put(HTML_ATTRIBUTE, cases[i][0], cases[i][1]);
    }
    assert_put(HTML_TEXT, NULL, "");
}

static void in_addresses(void **state)
{
    static const char *const cases[][2] = {
        {"https://example.org/a?b=c&d=%20", "https://example.org/a?b=c&amp;d=%20"},
        {"HTTP://example.org", "HTTP://example.org"},
        {"mailto:a@example.org", "mailto:a@example.org"},
        {"/explain?q=a:b", "/explain?q=a:b"},
        {"#a:b", "#a:b"},
        {"a/b:c", "a/b:c"},
        {"", ""},
        {"\"><b>", "&quot;&gt;&lt;b&gt;"},
        {"javascript:alert(1)", "#"},
        {"JavaScript:alert(1)", "#"},
        {" javascript:alert(1)", "#"},
        {"java\nscript:alert(1)", "#"},
        {"\x01javascript:alert(1)", "#"},
        {"data:text/html,x", "#"},
        {"vbscript:x", "#"},
        {"httpsx:x", "#"},
        {":x", "#"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_put(HTML_URL, cases[i][0], cases[i][1]);
    assert_put(HTML_URL_PART, "mx-cert-expired", "mx-cert-expired");
    assert_put(HTML_URL_PART, "a/../b?c=d&e#f:\"<%", "a%2F..%2Fb%3Fc%3Dd%26e%23f%3A%22%3C%25");
    assert_put(HTML_URL_PART, "\xc3\xbc\n", "%C3%BC%0A");
}

static void numbers_times_and_the_site(void **state)
{
    struct html *html = html_new(NULL, &site);

    (void)state;
    html_put(html, HTML_TEXT, HTML_VALUE(-7));
    html_put(html, HTML_ATTRIBUTE, HTML_VALUE((size_t)SIZE_MAX));
    html_put(html, HTML_URL_PART, HTML_VALUE((int64_t)12));
    assert_content(html, "-71844674407370955161512");
    html_clear(html);
    html_put_time(html, 1764547200);
    html_put_time(html, 0);
    assert_content(html, "<time datetime=\"2025-12-01T00:00:00Z\">2025-12-01 00:00 UTC</time>");
    html_clear(html);
    html_put_base(html);
    html_put_token(html);
    assert_content(html, "/a/b/<input type=\"hidden\" name=\"token\" value=\"t&quot;&lt;\">");
    talloc_free(html);
}

static void sentences(void **state)
{
    struct html *html = html_new(NULL, &site), *link = html_beside(html, html);
    struct html_text made = {link};
    const struct html_named values[] = {
        {"who", HTML_VALUE("<b>")}, {"n", HTML_VALUE(3)}, {"link", HTML_VALUE_OR_MADE(made)}};

    (void)state;
    HTML_LITERAL(link, "<i>x</i>");
    html_put_sentence(html, HTML_TEXT, "{who} & {n}: {link} {other} {n", values, 3);
    assert_content(html, "&lt;b&gt; &amp; 3: <i>x</i> {other} {n");
    html_clear(html);
    html_put_sentence(html, HTML_ATTRIBUTE, "{link}{n}{{n}}{", values, 3);
    assert_content(html, "3{3}{");
    talloc_free(html);
}

static void a_ceiling(void **state)
{
    struct html *html = html_new(NULL, &site), *other = html_beside(html, html);
    char *large = talloc_zero_array(html, char, PAGES_HTML_MAX);

    (void)state;
    html_markup(html, large, PAGES_HTML_MAX);
    assert_true(html_is_whole(html));
    html_markup(html, large, 1);
    assert_false(html_is_whole(html));
    assert_int_equal(html_content(html).length, PAGES_HTML_MAX);
    html_put_made(other, (struct html_text){html});
    assert_false(html_is_whole(other));
    talloc_free(html);
}

static void an_asset(void **state)
{
    const struct asset *style = asset_named("style.css");
    struct html *html = html_new(NULL, &site);

    (void)state;
    assert_non_null(style);
    assert_ptr_equal(asset_filed(style->file), style);
    assert_null(asset_filed("style.css"));
    assert_null(asset_named("../style.css"));
    assert_true(style->content.length > 100 && style->content.length < 15 * 1024);
    html_put_asset(html, "style.css");
    assert_content(html, talloc_asprintf(html, "/a/b/assets/%s", style->file));
    talloc_free(html);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_text_and_attributes),
        cmocka_unit_test(in_addresses),
        cmocka_unit_test(numbers_times_and_the_site),
        cmocka_unit_test(sentences),
        cmocka_unit_test(a_ceiling),
        cmocka_unit_test(an_asset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
