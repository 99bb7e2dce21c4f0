/* SPDX-License-Identifier: MIT */
/* fuzz_html.c - whatever a value is, it stays within the place it was written to: no character of
 * markup comes out but in a reference, only UTF-8 without controls, no scheme but ours. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "pages/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static bool is_control(unsigned char c)
{
    return (c < ' ' && c != '\n' && c != '\t') || c == 0x7f;
}

static void check_escaped(struct bytes content)
{
    demand(text_is_utf8(content.data, content.length));
    for (size_t i = 0; i < content.length; i++) {
        unsigned char c = (unsigned char)content.data[i];

        demand(!is_control(c) && !strchr("<>\"'", c));
        demand(c != '&' || memchr(content.data + i, ';', content.length - i));
    }
}

static void check_url(struct bytes content)
{
    static const char *const begins[] = {"http:", "https:", "mailto:"};
    size_t scheme = 0;
    bool ours = false;

    check_escaped(content);
    while (scheme < content.length && !strchr(":/?#", content.data[scheme]))
        scheme++;
    if (scheme == content.length || content.data[scheme] != ':')
        return;
    for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
        ours |= bytes_begin_nocase(content, begins[i]);
    demand(ours);
}

static void check_part(struct bytes content)
{
    for (size_t i = 0; i < content.length; i++)
        demand(ascii_is_alnum((unsigned char)content.data[i]) || strchr("-._~%", content.data[i]));
}

static void write_each(struct html *html, const char *value)
{
    html_put(html, HTML_TEXT, html_of_string(value));
    check_escaped(html_content(html));
    html_clear(html);
    html_put(html, HTML_ATTRIBUTE, html_of_string(value));
    check_escaped(html_content(html));
    html_clear(html);
    html_put(html, HTML_URL, html_of_string(value));
    check_url(html_content(html));
    html_clear(html);
    html_put(html, HTML_URL_PART, html_of_string(value));
    check_part(html_content(html));
    html_clear(html);
}

/* The value also as a sentence in which it stands itself. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct html_site site = {"/", NULL};
    struct html *html = html_new(NULL, &site);
    char *value = talloc_strndup(html, (const char *)data, size);
    const struct html_named named[] = {{"a", html_of_string(value)}};

    demand(html && value);
    write_each(html, value);
    html_put_sentence(html, HTML_TEXT, value, named, 1);
    html_put_sentence(html, HTML_ATTRIBUTE, value, named, 1);
    if (html_is_whole(html))
        check_escaped(html_content(html));
    talloc_free(html);
    return 0;
}
