/* SPDX-License-Identifier: MIT */
/* certificates.c - which certificates the hosts of a domain showed, and when. */
#include "store/certificates.h"
#include "store/rows.h"

/* ---- writing --------------------------------------------------------------------------------- */

/* Names come out of the DNS, and digests out of a file that may say anything. */
static enum sts_status put(struct store *store, TALLOC_CTX *work, int64_t domain, int64_t at,
                           const struct store_certificate *certificate)
{
    const char *host, *digest;
    enum sts_status status = db_fit(work, certificate->host, &host);

    if (!status)
        status = db_fit(work, certificate->digest, &digest);
    if (status)
        return status;
    struct db_value args[] = {db_number(domain), db_text(certificate->service), db_text(host),
                              db_text(digest),   db_number(certificate->ends),  db_number(at)};
    return db_run(store, DB_CERTIFICATE_SEEN, args, 6, NULL, NULL);
}

enum sts_status certificates_seen(struct store *store, int64_t domain,
                                  const struct store_check *check)
{
    TALLOC_CTX *work = talloc_new(store);
    enum sts_status status = work ? STS_OK : STS_E_NOMEM;

    for (size_t i = 0; !status && i < check->certificate_count; i++)
        status = put(store, work, domain, check->observed_at, &check->certificates[i]);
    talloc_free(work);
    return status;
}

/* ---- reading --------------------------------------------------------------------------------- */

struct certificates_reader {
    store_certificate_fn fn;
    void *arg;
};

static bool tell_certificate(void *arg, const struct db_value *row)
{
    const struct certificates_reader *reader = arg;
    const struct store_certificate certificate = {.service = db_text_of(&row[0]),
                                                  .host = db_text_of(&row[1]),
                                                  .digest = db_text_of(&row[2]),
                                                  .ends = row[3].number,
                                                  .first_seen = row[4].number,
                                                  .last_seen = row[5].number};

    return reader->fn(reader->arg, &certificate);
}

enum sts_status store_certificates(struct store *store, const char *domain, size_t limit,
                                   store_certificate_fn fn, void *arg)
{
    struct certificates_reader certificates = {fn, arg};
    struct rows_reader reader = {.kinds = "tttnnn", .each = tell_certificate, .arg = &certificates};
    struct db_value args[] = {db_text(domain), db_number((int64_t)limit)};

    return rows_run(store, DB_CERTIFICATES, args, 2, &reader);
}
