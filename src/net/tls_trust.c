/* SPDX-License-Identifier: MIT */
/* tls_trust.c - the trust store. */
#include "net/tls_capture.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/array.h"

#define KEPT 4096 /* verdicts; one that falls on another's place takes it */

struct kept {
    unsigned char key[TLS_CHAIN_KEY];
    struct tls_verdict *verdict; /* NULL: none */
};

struct tls_trust {
    const char *ca_file;  /* NULL: the system's */
    X509_STORE *store;    /* NULL: not parsed yet */
    SSL_CTX *client;      /* NULL: not made yet */
    struct kept *kept;    /* KEPT of them; NULL: nothing was kept yet */
    char **organisations; /* of the roots */
    size_t organisation_count;
    bool organisations_read;
};

static int trust_drop(struct tls_trust *trust)
{
    X509_STORE_free(trust->store);
    SSL_CTX_free(trust->client);
    return 0;
}

static enum sts_status fail(char **ret_why, char *why)
{
    *ret_why = why;
    return why ? STS_E_INVALID : STS_E_NOMEM;
}

/* A --ca-file is read at once: it is small, and a mistake in it must be told before the network is
 * touched.  The system's is opened when the first chain is judged. */
static enum sts_status read_ca_file(TALLOC_CTX *ctx, struct tls_trust *trust, char **ret_why)
{
    FILE *file = fopen(trust->ca_file, "re");
    X509 *first;

    if (!file)
        return fail(ret_why,
                    talloc_asprintf(ctx, "CA file %s: %s", trust->ca_file, strerror(errno)));
    first = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    X509_free(first);
    if (!first || !tls_trust_store(trust)) {
        ERR_clear_error();
        return fail(ret_why, talloc_asprintf(ctx, "CA file %s: no certificate in PEM form in it",
                                             trust->ca_file));
    }
    return STS_OK;
}

static bool folder_has_files(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    bool found = false;

    if (!folder)
        return false;
    while (!found && (entry = readdir(folder)))
        found = entry->d_name[0] != '.';
    closedir(folder);
    return found;
}

static const char *setting(const char *variable, const char *otherwise)
{
    const char *value = getenv(variable);

    return value ? value : otherwise;
}

/* OpenSSL takes an empty store without a word, and then nobody's certificate is trusted. */
static enum sts_status find_system_store(TALLOC_CTX *ctx, char **ret_why)
{
    if (access(setting(X509_get_default_cert_file_env(), X509_get_default_cert_file()), R_OK) ==
            0 ||
        folder_has_files(setting(X509_get_default_cert_dir_env(), X509_get_default_cert_dir())))
        return STS_OK;
    return fail(ret_why, talloc_asprintf(ctx,
                                         "no trusted CA certificates in %s: install the package "
                                         "ca-certificates, or name a file with --ca-file",
                                         X509_get_default_cert_dir()));
}

enum sts_status tls_trust_new(TALLOC_CTX *ctx, const char *ca_file, struct tls_trust **ret,
                              char **ret_why)
{
    struct tls_trust *trust = talloc_zero(ctx, struct tls_trust);
    enum sts_status status;

    *ret_why = NULL;
    if (!trust)
        return STS_E_NOMEM;
    talloc_set_destructor(trust, trust_drop);
    if (ca_file) {
        trust->ca_file = talloc_strdup(trust, ca_file);
        status = trust->ca_file ? read_ca_file(ctx, trust, ret_why) : STS_E_NOMEM;
    } else {
        status = find_system_store(ctx, ret_why);
    }
    if (status == STS_OK)
        *ret = trust;
    else
        talloc_free(trust);
    return status;
}

/* As X509_STORE_set_default_paths(), but without its third way, OSSL_STORE: for each issuer that is
 * not found that one lists the whole folder, and so for the intermediate of each chain. */
static bool add_system_store(X509_STORE *store)
{
    const char *file = setting(X509_get_default_cert_file_env(), X509_get_default_cert_file());
    const char *folder = setting(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
    X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());

    if (access(file, R_OK) == 0)
        (void)X509_STORE_load_file(store, file);
    return lookup && X509_LOOKUP_add_dir(lookup, folder, X509_FILETYPE_PEM);
}

X509_STORE *tls_trust_store(struct tls_trust *trust)
{
    X509_STORE *store;
    int loaded;

    if (trust->store)
        return trust->store;
    store = X509_STORE_new();
    if (!store)
        return NULL;
    loaded = trust->ca_file ? X509_STORE_load_file(store, trust->ca_file) : add_system_store(store);
    ERR_clear_error();
    if (!loaded) {
        X509_STORE_free(store);
        return NULL;
    }
    trust->store = store;
    return store;
}

/* ---- the organisations of the roots ---------------------------------------------------------- */

/* NULL: it has none. */
static char *organisation_of(TALLOC_CTX *ctx, const X509_NAME *name)
{
    int at = X509_NAME_get_index_by_NID(name, NID_organizationName, -1);
    unsigned char *utf8 = NULL;
    int length =
        at < 0
            ? -1
            : ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    char *text = length > 0 ? talloc_strndup(ctx, (char *)utf8, (size_t)length) : NULL;

    OPENSSL_free(utf8);
    return text;
}

static void add_organisation(struct tls_trust *trust, X509 *root)
{
    char *organisation = organisation_of(trust, X509_get_subject_name(root)), **place = NULL;

    if (organisation)
        place =
            array_grow(trust, &trust->organisations, &trust->organisation_count, sizeof(char *));
    if (place)
        *place = organisation;
}

static void add_file(struct tls_trust *trust, const char *path)
{
    FILE *file = fopen(path, "re");
    X509 *root = file ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;

    if (root)
        add_organisation(trust, root);
    X509_free(root);
    if (file)
        fclose(file);
    ERR_clear_error();
}

/* A folder is asked by OpenSSL for one name at a time: its files are NAME-DIGEST.NUMBER. */
static void add_folder(struct tls_trust *trust, const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;

    while (folder && (entry = readdir(folder))) {
        char *file = talloc_asprintf(trust, "%s/%s", path, entry->d_name);

        if (file && strspn(entry->d_name, "0123456789abcdef") == 8 && entry->d_name[8] == '.')
            add_file(trust, file);
        talloc_free(file);
    }
    if (folder)
        closedir(folder);
}

static void read_organisations(struct tls_trust *trust)
{
    X509_STORE *store = tls_trust_store(trust);
    STACK_OF(X509_OBJECT) *loaded = store ? X509_STORE_get0_objects(store) : NULL;

    trust->organisations_read = true;
    for (int i = 0; i < sk_X509_OBJECT_num(loaded); i++) {
        X509 *root = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(loaded, i));

        if (root)
            add_organisation(trust, root);
    }
    if (!trust->ca_file)
        add_folder(trust, setting(X509_get_default_cert_dir_env(), X509_get_default_cert_dir()));
}

bool tls_trust_has_organisation(struct tls_trust *trust, const X509_NAME *name)
{
    char *organisation = organisation_of(trust, name);
    bool found = false;

    if (organisation && !trust->organisations_read)
        read_organisations(trust);
    for (size_t i = 0; organisation && i < trust->organisation_count && !found; i++)
        found = strcasecmp(trust->organisations[i], organisation) == 0;
    talloc_free(organisation);
    return found;
}

static SSL_CTX *client_context(const struct tls_offer *offer)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());

    if (!context || !tls_capture_prepare(context) || (offer && !tls_offer_set(context, offer))) {
        SSL_CTX_free(context);
        return NULL;
    }
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    return context;
}

SSL_CTX *tls_trust_offer_context(const struct tls_offer *offer)
{
    return client_context(offer);
}

SSL_CTX *tls_trust_client_context(struct tls_trust *trust)
{
    if (!trust->client)
        trust->client = client_context(NULL);
    return trust->client;
}

/* ---- verdicts -------------------------------------------------------------------------------- */

static struct kept *place_of(const struct tls_trust *trust, const unsigned char *key)
{
    return &trust->kept[(key[0] | (unsigned)key[1] << 8) % KEPT]; /* a digest is even enough */
}

const struct tls_verdict *tls_trust_known(struct tls_trust *trust, const unsigned char *key)
{
    const struct kept *kept;

    if (!trust->kept)
        return NULL;
    kept = place_of(trust, key);
    return kept->verdict && memcmp(kept->key, key, sizeof kept->key) == 0 ? kept->verdict : NULL;
}

static bool copy_text(TALLOC_CTX *ctx, const char **text)
{
    if (!*text)
        return true;
    *text = talloc_strdup(ctx, *text);
    return *text;
}

static struct tls_verdict *copy_verdict(TALLOC_CTX *ctx, const struct tls_verdict *verdict)
{
    struct tls_verdict *copy = talloc_memdup(ctx, verdict, sizeof *verdict);

    if (!copy)
        return NULL;
    if (copy_text(copy, &copy->anchor) && copy_text(copy, &copy->missing_issuer) &&
        copy_text(copy, &copy->missing_issuer_url))
        return copy;
    talloc_free(copy);
    return NULL;
}

void tls_trust_keep(struct tls_trust *trust, const unsigned char *key,
                    const struct tls_verdict *verdict)
{
    struct kept *kept;

    if (!trust->kept)
        trust->kept = talloc_zero_array(trust, struct kept, KEPT);
    if (!trust->kept)
        return;
    kept = place_of(trust, key);
    talloc_free(kept->verdict);
    kept->verdict = copy_verdict(trust->kept, verdict);
    memcpy(kept->key, key, sizeof kept->key);
}
