/* SPDX-License-Identifier: MIT */
/* tls_made.c - a CA in memory, and what it signs. */
#include "net/tls_made.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define DAY       86400L
#define LIFE_DAYS 30

struct made_pair {
    X509 *certificate;
    EVP_PKEY *key;
};

struct tls_made {
    struct made_pair ca;
};

static void drop_pair(struct made_pair *pair)
{
    X509_free(pair->certificate);
    EVP_PKEY_free(pair->key);
    *pair = (struct made_pair){NULL, NULL};
}

static int made_drop(struct tls_made *made)
{
    drop_pair(&made->ca);
    return 0;
}

static bool extend(X509 *certificate, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    bool added = extension && X509_add_ext(certificate, extension, -1) == 1;

    X509_EXTENSION_free(extension);
    return added;
}

static bool fill(struct made_pair *pair, const char *name, int days)
{
    X509 *certificate = pair->certificate;
    long begin = days < 0 ? days - LIFE_DAYS : -1;

    return X509_set_version(certificate, X509_VERSION_3) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), begin * DAY) &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), days * DAY) &&
           X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                      (const unsigned char *)name, -1, -1, 0) == 1 &&
           X509_set_pubkey(certificate, pair->key) == 1;
}

/* Serial numbers of one CA differ. */
static bool number(X509 *certificate)
{
    static long serial;

    return ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial) == 1;
}

static bool sign(struct made_pair *pair, const struct made_pair *by)
{
    return X509_set_issuer_name(pair->certificate, X509_get_subject_name(by->certificate)) == 1 &&
           X509_sign(pair->certificate, by->key, EVP_sha256()) > 0;
}

static bool begin_pair(struct made_pair *ret, const char *name, int days)
{
    *ret = (struct made_pair){X509_new(), EVP_EC_gen("P-256")};
    return ret->certificate && ret->key && number(ret->certificate) && fill(ret, name, days);
}

enum sts_status tls_made_new(TALLOC_CTX *ctx, struct tls_made **ret)
{
    struct tls_made *made = talloc_zero(ctx, struct tls_made);

    if (!made)
        return STS_E_NOMEM;
    talloc_set_destructor(made, made_drop);
    if (!begin_pair(&made->ca, "mtasts selftest", LIFE_DAYS) ||
        !extend(made->ca.certificate, NID_basic_constraints, "critical,CA:TRUE") ||
        !sign(&made->ca, &made->ca)) {
        talloc_free(made);
        return STS_E_IO;
    }
    *ret = made;
    return STS_OK;
}

/* ---- files ----------------------------------------------------------------------------------- */

static FILE *create(const char *path, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

    if (fd >= 0 && !file)
        close(fd);
    return file;
}

enum sts_status tls_made_write_ca(const struct tls_made *made, const char *path)
{
    FILE *file = create(path, 0644);
    bool written = file && PEM_write_X509(file, made->ca.certificate) == 1;

    if (file)
        written = fclose(file) == 0 && written;
    return written ? STS_OK : STS_E_IO;
}

static bool make(const struct tls_made *made, const struct tls_made_wish *wish,
                 struct made_pair *ret)
{
    char *san = talloc_asprintf(made, "DNS:%s", wish->host);
    bool whole = begin_pair(ret, wish->host, wish->days) && san &&
                 extend(ret->certificate, NID_subject_alt_name, san) &&
                 extend(ret->certificate, NID_ext_key_usage, "serverAuth") && sign(ret, &made->ca);

    talloc_free(san);
    return whole;
}

enum sts_status tls_made_write(const struct tls_made *made, const struct tls_made_wish *wish,
                               const char *path)
{
    struct made_pair pair;
    bool written = make(made, wish, &pair);
    FILE *file = written ? create(path, 0600) : NULL;

    written = file && PEM_write_PrivateKey(file, pair.key, NULL, NULL, 0, NULL, NULL) == 1 &&
              PEM_write_X509(file, pair.certificate) == 1;
    if (file)
        written = fclose(file) == 0 && written;
    drop_pair(&pair);
    return written ? STS_OK : STS_E_IO;
}
