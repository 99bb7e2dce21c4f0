/* SPDX-License-Identifier: MIT */
/* tls_certificate.c - one certificate as facts. */
#include "net/tls_capture.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <mtasts/match.h>

#include "base/text.h"
#include "net/limits.h"

/* ---- texts ----------------------------------------------------------------------------------- */

static char *hex_text(TALLOC_CTX *ctx, const unsigned char *data, size_t length)
{
    char *hex = talloc_size(ctx, length * 2 + 1);

    if (!hex)
        return NULL;
    for (size_t i = 0; i < length; i++) {
        hex[i * 2] = "0123456789abcdef"[data[i] >> 4];
        hex[i * 2 + 1] = "0123456789abcdef"[data[i] & 15];
    }
    hex[length * 2] = '\0';
    return hex;
}

/* What a memory BIO holds, made printable; the BIO is freed. */
static char *bio_text(TALLOC_CTX *ctx, BIO *bio)
{
    char *data = NULL, *text;
    long length = BIO_get_mem_data(bio, &data);

    text = text_printable(ctx, data ? data : "", length > 0 ? (size_t)length : 0, LIMIT_TEXT);
    BIO_free(bio);
    return text;
}

char *tls_name_text(TALLOC_CTX *ctx, const X509_NAME *name)
{
    BIO *bio = BIO_new(BIO_s_mem());

    if (!bio)
        return NULL;
    X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB);
    return bio_text(ctx, bio);
}

static char *common_name(TALLOC_CTX *ctx, const X509_NAME *name)
{
    unsigned char *utf8 = NULL;
    int last = -1, next, length;
    char *text;

    while ((next = X509_NAME_get_index_by_NID(name, NID_commonName, last)) >= 0)
        last = next;
    if (last < 0)
        return NULL;
    length = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last)));
    if (length < 0)
        return NULL;
    text = text_printable(ctx, (char *)utf8, (size_t)length, LIMIT_TEXT);
    OPENSSL_free(utf8);
    return text;
}

int64_t tls_time(const ASN1_TIME *when)
{
    struct tm utc;

    if (!ASN1_TIME_to_tm(when, &utc))
        return 0;
    return (int64_t)timegm(&utc);
}

static char *key_text(TALLOC_CTX *ctx, X509 *x509)
{
    EVP_PKEY *key = X509_get0_pubkey(x509);
    char group[64];

    if (!key)
        return talloc_strdup(ctx, "unknown");
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
        EVP_PKEY_get_group_name(key, group, sizeof group, NULL))
        return talloc_asprintf(ctx, "EC %s", group);
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA)
        return talloc_asprintf(ctx, "RSA %d", EVP_PKEY_get_bits(key));
    return talloc_strdup(ctx,
                         EVP_PKEY_get0_type_name(key) ? EVP_PKEY_get0_type_name(key) : "unknown");
}

static char *serial_text(TALLOC_CTX *ctx, X509 *x509)
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(x509);

    return hex_text(ctx, ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial));
}

static char *digest_text(TALLOC_CTX *ctx, const unsigned char *data, size_t length)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    if (!EVP_Digest(data, length, digest, &size, EVP_sha256(), NULL))
        return NULL;
    return hex_text(ctx, digest, size);
}

static char *spki_digest(TALLOC_CTX *ctx, X509 *x509)
{
    unsigned char *der = NULL;
    int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &der);
    char *text = length > 0 ? digest_text(ctx, der, (size_t)length) : talloc_strdup(ctx, "");

    OPENSSL_free(der);
    return text;
}

static bool encode(TALLOC_CTX *ctx, X509 *x509, struct certificate *certificate)
{
    unsigned char *der = NULL;
    int length = i2d_X509(x509, &der);

    if (length > 0) {
        certificate->der = (struct bytes){talloc_memdup(ctx, der, (size_t)length), (size_t)length};
        certificate->sha256 = digest_text(ctx, der, (size_t)length);
    }
    OPENSSL_free(der);
    return certificate->der.data && certificate->sha256;
}

char *tls_ca_issuers(TALLOC_CTX *ctx, X509 *x509)
{
    AUTHORITY_INFO_ACCESS *access = X509_get_ext_d2i(x509, NID_info_access, NULL, NULL);
    char *url = NULL;

    for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access) && !url; i++) {
        const ACCESS_DESCRIPTION *entry = sk_ACCESS_DESCRIPTION_value(access, i);
        const ASN1_STRING *uri = entry->location->d.uniformResourceIdentifier;

        if (OBJ_obj2nid(entry->method) != NID_ad_ca_issuers || entry->location->type != GEN_URI ||
            strncasecmp((const char *)ASN1_STRING_get0_data(uri), "http://", 7) != 0)
            continue;
        url = text_printable(ctx, (const char *)ASN1_STRING_get0_data(uri),
                             (size_t)ASN1_STRING_length(uri), LIMIT_TEXT);
    }
    AUTHORITY_INFO_ACCESS_free(access);
    ERR_clear_error();
    return url;
}

/* ---- extended key usage ---------------------------------------------------------------------- */

static char *purpose_text(TALLOC_CTX *ctx, const ASN1_OBJECT *purpose)
{
    char oid[80];
    int nid = OBJ_obj2nid(purpose);

    if (nid != NID_undef)
        return talloc_strdup(ctx, OBJ_nid2sn(nid));
    OBJ_obj2txt(oid, sizeof oid, purpose, 1);
    return talloc_strdup(ctx, oid);
}

static bool take_purposes(TALLOC_CTX *ctx, X509 *x509, struct certificate *certificate)
{
    EXTENDED_KEY_USAGE *usage = X509_get_ext_d2i(x509, NID_ext_key_usage, NULL, NULL);
    bool ok = true;

    if (usage) {
        certificate->purposes = talloc_zero_array(ctx, const char *, LIMIT_PURPOSES);
        ok = certificate->purposes;
    }
    for (int i = 0; ok && i < sk_ASN1_OBJECT_num(usage) && i < LIMIT_PURPOSES; i++) {
        certificate->purposes[i] = purpose_text(ctx, sk_ASN1_OBJECT_value(usage, i));
        ok = certificate->purposes[certificate->purpose_count++];
    }
    EXTENDED_KEY_USAGE_free(usage);
    ERR_clear_error();
    return ok;
}

#define STATUS_REQUEST 5 /* the TLS feature of RFC 7633 */

static bool must_staple(X509 *x509)
{
    TLS_FEATURE *features = X509_get_ext_d2i(x509, NID_tlsfeature, NULL, NULL);
    bool found = false;

    for (int i = 0; i < sk_ASN1_INTEGER_num(features) && !found; i++)
        found = ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features, i)) == STATUS_REQUEST;
    TLS_FEATURE_free(features);
    ERR_clear_error();
    return found;
}

/* ---- subject alternative names --------------------------------------------------------------- */

static char *dns_name_text(TALLOC_CTX *ctx, const GENERAL_NAME *name)
{
    const ASN1_STRING *text = name->d.dNSName;

    /* A NUL stands as \x00 afterwards, so "good.example\0.evil" matches nothing. */
    return text_printable(ctx, (const char *)ASN1_STRING_get0_data(text),
                          (size_t)ASN1_STRING_length(text), LIMIT_TEXT);
}

static bool covers(const GENERAL_NAME *name, const char *host)
{
    const ASN1_STRING *text = name->d.dNSName;
    size_t length = (size_t)ASN1_STRING_length(text);
    char pattern[STS_NAME_SIZE];

    if (length >= sizeof pattern || memchr(ASN1_STRING_get0_data(text), 0, length))
        return false;
    memcpy(pattern, ASN1_STRING_get0_data(text), length);
    pattern[length] = '\0';
    return sts_name_match(pattern, host);
}

static bool take_dns_names(TALLOC_CTX *ctx, const GENERAL_NAMES *names, const char *host,
                           bool covering, struct certificate *certificate)
{
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

        if (name->type != GEN_DNS || covers(name, host) != covering)
            continue;
        certificate->dns_names_total++;
        if (certificate->dns_name_count == LIMIT_SAN_NAMES)
            continue;
        certificate->dns_names[certificate->dns_name_count] = dns_name_text(ctx, name);
        if (!certificate->dns_names[certificate->dns_name_count++])
            return false;
    }
    return true;
}

static bool take_addresses(TALLOC_CTX *ctx, const GENERAL_NAMES *names,
                           struct certificate *certificate)
{
    char text[INET6_ADDRSTRLEN];

    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        int length;

        if (name->type != GEN_IPADD || certificate->address_count == LIMIT_ADDRESSES)
            continue;
        length = ASN1_STRING_length(name->d.iPAddress);
        if ((length != 4 && length != 16) ||
            !inet_ntop(length == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(name->d.iPAddress),
                       text, sizeof text))
            continue;
        certificate->addresses[certificate->address_count] = talloc_strdup(ctx, text);
        if (!certificate->addresses[certificate->address_count++])
            return false;
    }
    return true;
}

static bool take_names(TALLOC_CTX *ctx, X509 *x509, const char *host,
                       struct certificate *certificate)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(x509, NID_subject_alt_name, NULL, NULL);
    bool ok = true;

    if (names) {
        certificate->dns_names = talloc_zero_array(ctx, const char *, LIMIT_SAN_NAMES);
        certificate->addresses = talloc_zero_array(ctx, const char *, LIMIT_ADDRESSES);
        ok = certificate->dns_names && certificate->addresses &&
             take_dns_names(ctx, names, host, true, certificate) &&
             take_dns_names(ctx, names, host, false, certificate) &&
             take_addresses(ctx, names, certificate);
    }
    GENERAL_NAMES_free(names);
    ERR_clear_error();
    return ok;
}

enum sts_status tls_certificate_read(TALLOC_CTX *ctx, X509 *x509, const char *host,
                                     struct certificate *certificate)
{
    *certificate = (struct certificate){
        .subject = tls_name_text(ctx, X509_get_subject_name(x509)),
        .issuer = tls_name_text(ctx, X509_get_issuer_name(x509)),
        .common_name = common_name(ctx, X509_get_subject_name(x509)),
        .not_before = tls_time(X509_get0_notBefore(x509)),
        .not_after = tls_time(X509_get0_notAfter(x509)),
        .key = key_text(ctx, x509),
        .signature = talloc_strdup(ctx, OBJ_nid2ln(X509_get_signature_nid(x509))),
        .serial = serial_text(ctx, x509),
        .spki_sha256 = spki_digest(ctx, x509),
        .self_signed = X509_self_signed(x509, 0) == 1,
        .ca_issuers = tls_ca_issuers(ctx, x509),
        .must_staple = must_staple(x509),
    };
    if (!certificate->subject || !certificate->issuer || !certificate->key ||
        !certificate->signature || !certificate->serial || !certificate->spki_sha256 ||
        !encode(ctx, x509, certificate) || !take_names(ctx, x509, host, certificate) ||
        !take_purposes(ctx, x509, certificate))
        return STS_E_NOMEM;
    ERR_clear_error();
    return STS_OK;
}
