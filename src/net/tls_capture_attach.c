/* SPDX-License-Identifier: MIT */
/* tls_capture_attach.c - the same look at a connection that libcurl makes. */
#include "net/tls_capture.h"

struct tls_watch {
    struct tls_capture look;
    bool limited; /* by `offer` */
    struct tls_offer offer;
};

static int watch_drop(struct tls_watch *watch)
{
    tls_capture_clear(&watch->look);
    return 0;
}

enum sts_status tls_watch_new(TALLOC_CTX *ctx, struct tls_trust *trust, const char *sni,
                              const struct tls_offer *offer, struct tls_watch **ret)
{
    struct tls_watch *watch = talloc_zero(ctx, struct tls_watch);

    if (!watch)
        return STS_E_NOMEM;
    talloc_set_destructor(watch, watch_drop);
    watch->look.trust = trust;
    watch->limited = offer;
    if (offer)
        watch->offer = *offer;
    watch->look.sni = talloc_strdup(watch, sni);
    if (!watch->look.sni) {
        talloc_free(watch);
        return STS_E_NOMEM;
    }
    *ret = watch;
    return STS_OK;
}

enum sts_status tls_watch_attach(struct tls_watch *watch, void *ssl_ctx)
{
    if (!tls_capture_prepare(ssl_ctx) || !tls_capture_attach_context(&watch->look, ssl_ctx) ||
        (watch->limited && !tls_offer_set(ssl_ctx, &watch->offer)))
        return STS_E_NOMEM;
    return STS_OK;
}

enum sts_status tls_watch_facts(TALLOC_CTX *ctx, struct tls_watch *watch, const char *host,
                                struct tls_session **ret)
{
    struct tls_session *session = talloc_zero(ctx, struct tls_session);
    enum sts_status status;

    if (!session)
        return STS_E_NOMEM;
    session->outcome = watch->look.finished && !watch->look.alert ? TLS_OK
                       : watch->look.alert                        ? TLS_FAILED
                                                                  : TLS_UNKNOWN;
    status = tls_capture_facts(&watch->look, host, session);
    if (status != STS_OK) {
        talloc_free(session);
        return status;
    }
    *ret = session;
    return STS_OK;
}
