/* SPDX-License-Identifier: MIT */
/* near_miss.c - the name that was meant by one that does not exist, where it is near at hand. */
#include "rules/near_miss.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Domains of many mailboxes, long enough that one letter's difference is a slip. */
static const char *const well_known[] = {
    "gmail.com", "googlemail.com", "outlook.com",  "outlook.de",  "hotmail.com", "hotmail.de",
    "yahoo.com", "yahoo.de",       "icloud.com",   "aol.com",     "proton.me",   "protonmail.com",
    "gmx.de",    "gmx.net",        "web.de",       "t-online.de", "freenet.de",  "mailbox.org",
    "posteo.de", "comcast.net",    "verizon.net",  "orange.fr",   "yandex.ru",   "zoho.com",
    "live.com",  "msn.com",        "fastmail.com",
};

/* No top-level domains: slips of the commonest. */
static const struct {
    const char *typed, *meant;
} tops[] = {
    {"con", "com"},  {"cmo", "com"},  {"ocm", "com"}, {"vom", "com"},   {"xom", "com"},
    {"comm", "com"}, {"coom", "com"}, {"cpm", "com"}, {"nte", "net"},   {"ner", "net"},
    {"met", "net"},  {"nett", "net"}, {"ogr", "org"}, {"rog", "org"},   {"orgg", "org"},
    {"ort", "org"},  {"dee", "de"},   {"ed", "de"},   {"inof", "info"}, {"ifno", "info"},
};

/* ---- one slip -------------------------------------------------------------------------------- */

/* Are the rests the same, a letter of each or of one skipped? */
static bool one_slip(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    if (!*a && !*b)
        return false; /* the same */
    if (*a && *b && a[1] == b[0] && a[0] == b[1] && !strcmp(a + 2, b + 2))
        return true; /* two letters in the wrong order */
    return (*a && *b && !strcmp(a + 1, b + 1)) || (*a && !strcmp(a + 1, b)) ||
           (*b && !strcmp(a, b + 1));
}

static const char *of_well_known(const char *domain)
{
    for (size_t i = 0; i < sizeof(well_known) / sizeof(well_known[0]); i++)
        if (strlen(well_known[i]) > 6 && one_slip(domain, well_known[i]))
            return well_known[i];
    return NULL;
}

const char *near_miss(TALLOC_CTX *ctx, const char *domain)
{
    const char *known = of_well_known(domain), *dot = strrchr(domain, '.');

    if (known)
        return known;
    for (size_t i = 0; dot && i < sizeof(tops) / sizeof(tops[0]); i++)
        if (!strcmp(dot + 1, tops[i].typed))
            return talloc_asprintf(ctx, "%.*s.%s", (int)(dot - domain), domain, tops[i].meant);
    if (!strncmp(domain, "www.", 4) && dot > domain + 4)
        return talloc_strdup(ctx, domain + 4);
    return NULL;
}
