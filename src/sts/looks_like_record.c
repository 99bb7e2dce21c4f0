/* SPDX-License-Identifier: MIT */
/* looks_like_record.c - was a TXT record plainly meant as one of ours, though it may not be one? */
#include "mtasts/record.h"

#include <string.h>

#include "base/ascii.h"
#include "base/bytes.h"
#include "sts/fields.h"

/* A record that was meant shows it early. */
#define LOOKED_AT 1024

/* What others write behind "v=": never ours, whatever follows. */
static const char *const others[] = {"v=spf", "v=dkim", "v=dmarc", "v=bimi", "v=asvfc"};

/* Lower case, without blanks, quotation marks, backslashes: what the eye reads. */
static struct bytes squeeze(const char *text, size_t length, char squeezed[LOOKED_AT])
{
    size_t kept = 0;

    for (size_t i = 0; i < length && i < LOOKED_AT; i++)
        if ((unsigned char)text[i] > ' ' && !strchr("\"\\'", text[i]))
            squeezed[kept++] = ascii_lower(text[i]);
    return (struct bytes){squeezed, kept};
}

static bool begins_any(struct bytes text, const char *const *beginnings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes_begin(text, beginnings[i]))
            return true;
    return false;
}

#define BEGINS_ANY(text, list) begins_any(text, list, sizeof(list) / sizeof((list)[0]))

static bool has(struct bytes text, const char *part)
{
    return bytes_find_nocase(text, part) >= 0;
}

/* At least two of the fields of a policy, or its version. */
static bool is_policy(struct bytes text)
{
    return has(text, "version:stsv") ||
           has(text, "mode:") + has(text, "mx:") + has(text, "max_age:") >= 2;
}

bool sts_looks_like_record(const char *text, size_t length)
{
    static const char *const ours[] = {"v=sts",       "v:sts",  "vsts",      "stsv",
                                       "version=sts", "v==sts", "v=mta-sts", "v=mtasts"};
    char buffer[LOOKED_AT];
    struct bytes squeezed = squeeze(text, length, buffer);

    if (BEGINS_ANY(squeezed, others) || bytes_begin(squeezed, "v=tlsrpt"))
        return false;
    return BEGINS_ANY(squeezed, ours) || has(squeezed, "v=stsv1") ||
           (has(squeezed, "stsv1") && has(squeezed, "id=")) || is_policy(squeezed);
}

bool sts_looks_like_tlsrpt_record(const char *text, size_t length)
{
    static const char *const ours[] = {"v=tlsrpt",  "v:tlsrpt",       "vtlsrpt",
                                       "tlsrptv",   "version=tlsrpt", "v==tlsrpt",
                                       "v=tls-rpt", "v=smtptlsrpt",   "v=tlsrtp"};
    char buffer[LOOKED_AT];
    struct bytes squeezed = squeeze(text, length, buffer);

    if (BEGINS_ANY(squeezed, others) || bytes_begin(squeezed, "v=stsv"))
        return false;
    return BEGINS_ANY(squeezed, ours) || has(squeezed, "v=tlsrptv1") ||
           (has(squeezed, "rua=") && (bytes_begin(squeezed, "v=tls") || has(squeezed, "tlsrptv1")));
}
