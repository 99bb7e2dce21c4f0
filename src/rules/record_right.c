/* SPDX-License-Identifier: MIT */
/* record_right.c - the record that a wrong one was meant to be. */
#include "rules/text_findings.h"

#include <string.h>

#include "base/ascii.h"
#include "sts/uri.h"

#define ID_MAX 32
#define TEXT_MAX                                                                                   \
    1024 /* bytes of a record; nobody writes more by hand, and work grows with them                \
          */
#define BETWEEN " \t,;"
#define MARKS   " \t\"'\\=:"

/* Where the value of the field begins, whatever stands around its '='; NULL: nowhere. */
static const char *value_of(const char *text, const char *name)
{
    const char *at = strcasestr(text, name);

    while (at && at > text && ascii_is_alnum((unsigned char)at[-1]))
        at = strcasestr(at + 1, name);
    return at ? at + strlen(name) + strspn(at + strlen(name), MARKS) : NULL;
}

/* The id without what none may hold, "2026-11-29" as 20261129; NULL: nothing or too much is left.
 */
const char *record_right_sts(struct rules *r, const struct text_source *source)
{
    const char *text = rule_bytes(r, source->text, source->length);
    const char *value = text ? value_of(text, "id") : NULL;
    char id[ID_MAX + 1];
    size_t count = 0;

    if (source->length > TEXT_MAX)
        return NULL;
    for (; value && *value && !strchr(";, \t\"'", *value); value++) {
        if (!ascii_is_alnum((unsigned char)*value))
            continue;
        if (count == ID_MAX)
            return NULL;
        id[count++] = *value;
    }
    return count ? rule_text(r, "v=STSv1; id=%.*s", (int)count, id) : NULL;
}

/* A URI without what people forget or add; NULL: it is none. */
static const char *right_uri(struct rules *r, const char *text)
{
    static const char *const wrong[][2] = {{"mailto://", "mailto:"},
                                           {"mailto:", "mailto:"},
                                           {"mail:", "mailto:"},
                                           {"http://", "https://"},
                                           {"https://", "https://"}};
    const char *uri = NULL;

    for (size_t i = 0; !uri && i < sizeof(wrong) / sizeof(wrong[0]); i++)
        if (!strncasecmp(text, wrong[i][0], strlen(wrong[i][0])))
            uri = rule_text(r, "%s%s", wrong[i][1], text + strlen(wrong[i][0]));
    if (!uri && strchr(text, '@'))
        uri = rule_text(r, "mailto:%s", text);
    return uri && !uri_fault(bytes_of(uri)).reason ? uri : NULL;
}

const char *record_right_tlsrpt(struct rules *r, const struct text_source *source)
{
    const char *text = rule_bytes(r, source->text, source->length);
    const char *value = text ? value_of(text, "rua") : NULL, *list = NULL;
    size_t end = value ? strcspn(value, ";\"\\") : 0;

    if (!value || source->length > TEXT_MAX)
        return NULL;
    value = rule_text(r, "%.*s", (int)end, value);
    for (value += strspn(value, BETWEEN); *value; value += strspn(value, BETWEEN)) {
        size_t scheme = !strncasecmp(value, "mailto: ", 8) ? 7 : 0,
               length = strcspn(value, BETWEEN);
        const char *uri;

        if (scheme) { /* "mailto: a@b" */
            value += scheme + strspn(value + scheme, " \t");
            length = strcspn(value, BETWEEN);
        }
        uri = right_uri(r, rule_text(r, "%.*s", (int)length, value));
        if (!uri)
            return NULL;
        list = list ? rule_text(r, "%s,%s", list, uri) : uri;
        value += length;
    }
    return list ? rule_text(r, "v=TLSRPTv1; rua=%s", list) : NULL;
}
