/* SPDX-License-Identifier: MIT */
/* test_pki.h - certificates made on the spot, for tests. */
#ifndef NET_TEST_PKI_H
#define NET_TEST_PKI_H

#include <stdbool.h>
#include <stdio.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

struct pair {
    X509 *cert;
    EVP_PKEY *key;
};

struct pki_wish {
    const char *cn;           /* NULL: an empty subject */
    const char *organisation; /* NULL: none */
    const char *san;          /* "DNS:a.example,DNS:*.b.example"; NULL: none */
    const char *aia;          /* "caIssuers;URI:http://..." */
    const char *purpose;      /* extendedKeyUsage; NULL: serverAuth */
    bool ca, weak_key, sha1;
    int days; /* until it ends; 0: 90 */
};

static inline void pki_extend(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;

    X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    X509_add_ext(cert, extension, -1);
    X509_EXTENSION_free(extension);
}

/* by NULL: it signs itself. */
static inline struct pair pki_make(const struct pki_wish *wish, const struct pair *by)
{
    struct pair pair = {X509_new(), NULL};
    X509_NAME *name = X509_get_subject_name(pair.cert);
    static long serial = 1;

    pair.key = wish->weak_key ? EVP_RSA_gen(1024) : EVP_EC_gen("P-256");
    X509_set_version(pair.cert, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(pair.cert), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(pair.cert), -86400);
    X509_gmtime_adj(X509_getm_notAfter(pair.cert), 86400L * (wish->days ? wish->days : 90));
    if (wish->cn)
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)wish->cn, -1,
                                   -1, 0);
    if (wish->organisation)
        X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
                                   (const unsigned char *)wish->organisation, -1, 0, 0);
    X509_set_issuer_name(pair.cert, by ? X509_get_subject_name(by->cert) : name);
    X509_set_pubkey(pair.cert, pair.key);
    pki_extend(pair.cert, by ? by->cert : pair.cert, NID_basic_constraints,
               wish->ca ? "critical,CA:TRUE" : "CA:FALSE");
    if (!wish->ca)
        pki_extend(pair.cert, pair.cert, NID_ext_key_usage,
                   wish->purpose ? wish->purpose : "serverAuth");
    if (wish->san)
        pki_extend(pair.cert, pair.cert, NID_subject_alt_name, wish->san);
    if (wish->aia)
        pki_extend(pair.cert, pair.cert, NID_info_access, wish->aia);
    X509_sign(pair.cert, by ? by->key : pair.key, wish->sha1 ? EVP_sha1() : EVP_sha256());
    return pair;
}

static inline void pki_free(struct pair *pair)
{
    X509_free(pair->cert);
    EVP_PKEY_free(pair->key);
    *pair = (struct pair){0};
}

static inline void pki_write(const char *path, const struct pair *pair)
{
    FILE *file = fopen(path, "w");

    PEM_write_X509(file, pair->cert);
    fclose(file);
}

#endif
