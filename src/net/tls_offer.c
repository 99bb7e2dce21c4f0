/* SPDX-License-Identifier: MIT */
/* tls_offer.c - handshakes that offer less than all, or a larger ClientHello, and when.
 *
 * A server may have certificates with different keys, and shows the one that suits the client; it
 * may refuse TLS 1.2; and it, or a firewall before it, may not bear a ClientHello of more than one
 * segment, as hybrid key exchange makes it.  One further handshake asks for all three: TLS 1.2, a
 * certificate of the other kind, a large hello.  An alert that says "no match" shows that the hello
 * was read, so most peers need no more than that one; others are asked again, for one thing less at
 * a time.
 *
 * The last handshake with a mail server has no SNI (RFC 8461 section 7.1): senders that do not
 * verify certificates often name no host, and some verify all the same. */
#include "net/tls_capture.h"

#include <string.h>

/* Of X25519MLKEM768: 1184 bytes of key, and some. */
#define LARGE_BYTES 1250
/* GREASE (RFC 8701): servers ignore what they do not know, and some prove by it that they do. */
#define LARGE_TYPE 0x3a3a

/* RFC 8446 section 6, RFC 5246 section 7.2 */
enum { ALERT_HANDSHAKE_FAILURE = 40, ALERT_PROTOCOL_VERSION = 70, ALERT_INSUFFICIENT = 71 };

/* ---- offering -------------------------------------------------------------------------------- */

static int add_bytes(SSL *ssl, unsigned type, unsigned context, const unsigned char **ret,
                     size_t *ret_length, X509 *x509, size_t index, int *alert, void *arg)
{
    static const unsigned char bytes[LARGE_BYTES];

    (void)ssl;
    (void)type;
    (void)context;
    (void)x509;
    (void)index;
    (void)alert;
    (void)arg;
    *ret = bytes;
    *ret_length = sizeof bytes;
    return 1;
}

static const struct {
    const char *ciphers, *signatures; /* of TLS 1.2 and older, of TLS 1.3 */
} of_keys[] = {
    [TLS_KEYS_RSA] = {"aRSA:!eNULL:@SECLEVEL=0",
                      "RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:"
                      "RSA+SHA512"},
    [TLS_KEYS_ECDSA] = {"aECDSA:!eNULL:@SECLEVEL=0",
                        "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448"},
};

/* With TLS 1.2 the cipher names the key, and the signatures may be those of the CA; with TLS 1.3
 * there is nothing but the signatures. */
static bool offer_keys(SSL_CTX *context, const struct tls_offer *offer)
{
    if (offer->keys == TLS_KEYS_ANY)
        return true;
    if (!SSL_CTX_set_cipher_list(context, of_keys[offer->keys].ciphers))
        return false;
    /* SSL_CTX_set1_sigalgs_list() is a macro that casts const away. */
    return offer->no_tls13 || SSL_CTX_ctrl(context, SSL_CTRL_SET_SIGALGS_LIST, 0,
                                           (void *)(uintptr_t)of_keys[offer->keys].signatures) > 0;
}

bool tls_offer_set(SSL_CTX *context, const struct tls_offer *offer)
{
    if (offer->no_tls13 && !SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION))
        return false;
    if (offer->large_hello && !SSL_CTX_add_custom_ext(context, LARGE_TYPE, SSL_EXT_CLIENT_HELLO,
                                                      add_bytes, NULL, NULL, NULL, NULL))
        return false;
    return offer_keys(context, offer);
}

/* ---- what next ------------------------------------------------------------------------------- */

static enum tls_keys other_keys(const struct tls_session *first)
{
    return first->chain_count && strncmp(first->chain[0].key, "RSA", 3) == 0 ? TLS_KEYS_ECDSA
                                                                             : TLS_KEYS_RSA;
}

/* It has read the hello and found nothing in it that suits. */
static bool is_no_match(const struct tls_session *tls)
{
    return tls &&
           (tls->alert_number == ALERT_HANDSHAKE_FAILURE ||
            tls->alert_number == ALERT_PROTOCOL_VERSION || tls->alert_number == ALERT_INSUFFICIENT);
}

bool tls_offer_next(const struct tls_session *first, const struct tls_again *done, size_t count,
                    struct tls_offer *ret)
{
    const struct tls_again *last = count ? &done[count - 1] : NULL;

    *ret = (struct tls_offer){.large_hello = true, .no_tls13 = true, .keys = other_keys(first)};
    if (!last)
        return true;
    if (!last->tls || !last->large_hello) /* no TLS this time, or the last there is */
        return false;
    if (last->tls->outcome == TLS_OK || last->tls->outcome == TLS_UNKNOWN)
        return false;
    if (last->newest && is_no_match(last->tls)) {
        ret->no_tls13 = false;
        return last->tls->alert_number == ALERT_PROTOCOL_VERSION;
    }
    if (is_no_match(last->tls) && last->keys)
        return false;
    /* Is it the size?  Then all the rest goes well with it and, at last, without it. */
    *ret = (struct tls_offer){.large_hello = last->keys != NULL};
    return true;
}

bool tls_offer_without_sni(const struct tls_again *done, size_t count, struct tls_offer *ret)
{
    const struct tls_again *last = count ? &done[count - 1] : NULL;

    *ret = (struct tls_offer){.no_sni = true};
    return last && last->tls && !last->no_sni;
}

struct tls_again tls_offer_facts(const struct tls_offer *offer)
{
    static const char *const keys[] = {
        [TLS_KEYS_ANY] = NULL, [TLS_KEYS_RSA] = "RSA", [TLS_KEYS_ECDSA] = "ECDSA"};

    return (struct tls_again){.large_hello = offer->large_hello,
                              .no_sni = offer->no_sni,
                              .keys = keys[offer->keys],
                              .newest = offer->no_tls13 ? "TLSv1.2" : NULL};
}
