/* SPDX-License-Identifier: MIT */
/* exchange.h - one request and the answer to it, as the function of a route sees them.
 *
 * An exchange is a talloc context.  A function of a route answers at once, or starts something
 * whose handle it hangs on the exchange and answers when that is over.  Where the peer goes away or
 * a deadline passes the exchange is freed, and with it all that hangs on it: no callback comes
 * then. After exchange_answer(), exchange_end() or a function that calls one of them, it is not to
 * be used any more.  All of this happens in the loop's thread, and nothing there may block: what
 * needs the store, a file or a long computation is a job (event/jobs.h, store/readers.h,
 * store/writer.h). */
#ifndef SERVE_EXCHANGE_H
#define SERVE_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "http/request.h"

struct account;
struct exchange;
struct upload;
struct service; /* service.h: what all exchanges share */

/* Who asks, and how they want the answer. */
struct visitor {
    const char *address; /* of the client; behind a trusted proxy the one that it names */
    /* "en" or "de": ?lang=, then the cookie, then what whoever is signed in has chosen for their
     * account, then Accept-Language */
    const char *language;
    bool language_chosen; /* by one of the first two */
    const char *theme;    /* "", "light" or "dark", by cookie */
    bool over_tls;        /* to us, to the trusted proxy, or as the base URL says */
    bool by_proxy;        /* a trusted one, or a unix socket: what its header fields say counts */
};

const struct http_request *exchange_request(const struct exchange *exchange);
const struct visitor *exchange_visitor(const struct exchange *exchange);
struct service *exchange_service(const struct exchange *exchange);
/* Who is signed in, or whose token of the API came along (accounts/account.h); NULL: nobody. */
const struct account *exchange_account(const struct exchange *exchange);

/* What the answer, the log and an error page call this request. */
const char *exchange_id(const struct exchange *exchange);

/* The value of a cookie; NULL: there is none. */
const char *exchange_cookie(const struct exchange *exchange, const char *name);
/* A cookie for all of this service: below the base URL, Lax, not for scripts, over TLS only where
 * the visitor comes so.  seconds: how long it lasts; 0: until the browser is closed, < 0: it is
 * taken away. */
void exchange_set_cookie(struct exchange *exchange, const char *name, const char *value,
                         int64_t seconds);

/* A place of the route's pattern, as in "/c/{id}"; a field of the query; a field of the form.
 * Decoded; NULL: there is none. */
const char *exchange_place(const struct exchange *exchange, const char *name);
const char *exchange_query(const struct exchange *exchange, const char *name);
const char *exchange_form(const struct exchange *exchange, const char *name);
/* A place, or a field of the query, that is a number of digits only; 0: it is none. */
int64_t exchange_place_number(const struct exchange *exchange, const char *name);
int64_t exchange_query_number(const struct exchange *exchange, const char *name);

/* What was uploaded (upload.h).  As a whole for a body that is no form; in a form, of the first
 * field of that name that has a file name, or a text beyond LIMIT_FORM (limits.h).  NULL: there is
 * none. */
const struct upload *exchange_upload(const struct exchange *exchange, const char *name);
/* A body that is neither a form nor an upload (JSON), as a whole. */
struct bytes exchange_body(const struct exchange *exchange);

/* A field of the answer's head, before it is sent.  The value is copied, and dropped where it holds
 * a control character. */
void exchange_field(struct exchange *exchange, const char *name, const char *value);
/* The whole answer; the body is copied. */
void exchange_answer(struct exchange *exchange, unsigned status, const char *type,
                     struct bytes body);
/* 303 to a path of this service, which begins with one '/'; what stands before it in the base URL
 * is added.  A path that would lead elsewhere leads to the first page. */
void exchange_redirect(struct exchange *exchange, const char *path);
/* An error in the form of the route's kind: a page, or application/problem+json (RFC 9457).  code:
 * one word, as in "not-found"; detail: a translated sentence. */
void exchange_problem(struct exchange *exchange, unsigned status, const char *code,
                      const char *detail);
/* What was perhaps meant, for the problem of the API that follows; copied. */
void exchange_did_you_mean(struct exchange *exchange, const char *name);

/* An answer in pieces: HTML as it becomes known, server-sent events, lines of JSON. */
void exchange_begin(struct exchange *exchange, unsigned status, const char *type);
void exchange_write(struct exchange *exchange, struct bytes piece); /* copied */
/* So many bytes are not sent yet.  A stream of events is dropped at LIMIT_STREAM, anything else at
 * LIMIT_PIECES (limits.h). */
size_t exchange_unsent(const struct exchange *exchange);
/* Calls `ready` once, when all was sent. */
void exchange_when_sent(struct exchange *exchange, void (*ready)(void *arg), void *arg);
void exchange_end(struct exchange *exchange);
/* Calls `stopping` once, when the service is about to end, so that a stream can say so and end. */
void exchange_when_stopping(struct exchange *exchange, void (*stopping)(void *arg), void *arg);
/* An absolute address of this service, for what is read elsewhere: mails, badges, redirects back
 * from others.  path begins with '/'.  Owned by the exchange; NULL: no memory. */
char *exchange_address(struct exchange *exchange, const char *path);

#endif
