/* SPDX-License-Identifier: MIT */
/* value_names.c - the short words of the facts in the reader's language. */
#include "render/value_names.h"

#include <stdbool.h>
#include <string.h>

#include "base/i18n.h"
#include "base/system_error.h"

/* The parameters that hold them (rule.h): alone, or behind addresses. */
static const char *const holders[] = {"cause", "causes", "phase", "answer", "faults"};

/* English shows them as they are. */
static const char *const value_names[] = {
    /* how a connection ended */
    N_("refused"),
    N_("no-route"),
    N_("timeout"),
    N_("reset"),
    N_("closed"),
    N_("tls-failed"),
    N_("protocol"),
    N_("limit"),
    N_("failed"),
    N_("unknown"),
    N_("not asked"),
    /* where */
    N_("connect"),
    N_("greeting"),
    N_("request"),
    N_("head"),
    N_("body"),
    N_("ehlo-after-tls"),
    /* what is wrong with a certificate */
    N_("handshake-failed"),
    N_("version-old"),
    N_("self-signed"),
    N_("untrusted-root"),
    N_("chain-incomplete"),
    N_("expired"),
    N_("not-yet-valid"),
    N_("expires-soon"),
    N_("name-mismatch"),
    N_("common-name-only"),
    N_("partial-wildcard"),
};

/* What net/ says went wrong, in its own words and the C library's; those of other libraries stay as
 * they are. */
static const char *const errors[] = {N_("the connection took too much processor time"),
                                     N_("the response header is too large"),
                                     N_("the response body is larger than 64 KiB"),
                                     N_("a header line is too long"),
                                     N_("the server sent more than 1 MiB in all"),
                                     N_("the server did not send an SMTP reply"),
                                     N_("the reply has too many lines"),
                                     N_("a line of the reply is too long"),
                                     N_("the server sent too much text"),
                                     N_("the server sent too much data"),
                                     N_("the handshake failed"),
#define X(number, text) text,
                                     SYSTEM_ERRORS(X)
#undef X
};

static const char *error_translated(const char *text)
{
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
        if (!strcmp(errors[i], text))
            return _(errors[i]);
    return text;
}

/* "postfix-tlspol before 1.11, mox 0.0.17" */
static char *versions_translated(TALLOC_CTX *ctx, const char *text)
{
    static const char *const before = N_(" before ");
    char *out = talloc_strdup(ctx, "");

    for (const char *at; out && (at = strstr(text, before)); text = at + strlen(before)) {
        out = talloc_strndup_append_buffer(out, text, (size_t)(at - text));
        out = out ? talloc_strdup_append_buffer(out, _(before)) : NULL;
    }
    return out ? talloc_strdup_append_buffer(out, text) : NULL;
}

static bool holds_value_name(const char *name)
{
    for (size_t i = 0; i < sizeof(holders) / sizeof(holders[0]); i++)
        if (!strcmp(holders[i], name))
            return true;
    return false;
}

static const char *token_of(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof(value_names) / sizeof(value_names[0]); i++)
        if (strlen(value_names[i]) == length && !strncmp(value_names[i], text, length))
            return value_names[i];
    return NULL;
}

/* "192.0.2.1 refused, 192.0.2.2 timeout": pieces end at a comma, words at a blank. */
char *value_name_translated(TALLOC_CTX *ctx, const char *name, const char *value)
{
    const char *whole = token_of(value, strlen(value));
    char *out;

    if (!strcmp(name, "senders"))
        return versions_translated(ctx, value);
    if (!strcmp(name, "title")) /* of a finding: a msgid */
        return talloc_strdup(ctx, _(value));
    if (!strcmp(name, "error"))
        return talloc_strdup(ctx, error_translated(value));
    if (!holds_value_name(name))
        return talloc_strdup(ctx, value);
    if (whole)
        return talloc_strdup(ctx, _(whole));
    out = talloc_strdup(ctx, "");
    while (out && *value) {
        size_t length = strcspn(value, " ,");
        const char *token = token_of(value, length);
        size_t gap = strspn(value + length, " ,");

        out = token ? talloc_strdup_append_buffer(out, _(token))
                    : talloc_strndup_append_buffer(out, value, length);
        out = talloc_strndup_append_buffer(out, value + length, gap);
        value += length + gap;
    }
    return out;
}
