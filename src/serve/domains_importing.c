/* SPDX-License-Identifier: MIT */
/* domains_importing.c - a list of domains, as it is read. */
#include "serve/domains_importing.h"

#include <string.h>
#include <unistd.h>

#include "accounts/account.h"
#include "accounts/encoding.h"
#include "app/domain_tag.h"
#include "base/array.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"
#include "serve/account_pages.h"
#include "serve/exchange.h"

#define PROOF_LETTERS 24
#define JSON_DEPTH    4

static int importing_drop(struct importing *importing)
{
    if (importing->fd >= 0)
        (void)close(importing->fd);
    return 0;
}

/* ---- the job --------------------------------------------------------------------------------- */

static bool read_upload(struct importing *importing)
{
    size_t done = 0;

    if (importing->fd < 0)
        return true;
    importing->text = talloc_size(importing, importing->length + 1);
    while (importing->text && done < importing->length) {
        ssize_t got = pread(importing->fd, importing->text + done, importing->length - done,
                            importing->offset + (int64_t)done);

        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return importing->text;
}

/* One of the lists of the object, its texts with a line end behind each.  NULL: it is none. */
static char *joined(struct importing *importing, const struct json *object, const char *name)
{
    const struct json *list = json_member(object, name);
    char *text = talloc_strdup(importing, "");

    if (list && !json_is(list, JSON_ARRAY))
        return NULL;
    for (size_t i = 0; text && list && i < list->count; i++) {
        const struct json *item = &list->items[i];

        if (!json_is(item, JSON_STRING))
            return NULL;
        text = talloc_strndup_append_buffer(text, item->text.data, item->text.length);
        text = text ? talloc_strdup_append_buffer(text, "\n") : NULL;
    }
    return text;
}

static bool unpack_json(struct importing *importing)
{
    const struct bytes body = {importing->text, importing->length};
    struct json *object;
    size_t at;
    bool is = text_is_utf8(body.data, body.length) &&
              json_read(importing, body, false, JSON_DEPTH, &object, &at) == JSON_OK &&
              json_is(object, JSON_OBJECT);

    if (!is)
        return false;
    importing->text = joined(importing, object, "domains");
    importing->tags = joined(importing, object, "tags");
    importing->length = importing->text ? strlen(importing->text) : 0;
    return importing->text && importing->tags;
}

static bool add_tags(struct domain_batch *batch, const char *domain, const char *tags)
{
    char *rest = talloc_strdup(batch, tags), *tag;

    while (rest && (tag = strsep(&rest, " "))) {
        struct store_pair *pair =
            *tag ? array_grow(batch, &batch->tags, &batch->tag_count, sizeof(*pair)) : NULL;

        if (*tag && !pair)
            return false;
        if (pair)
            *pair = (struct store_pair){domain, tag};
    }
    return true;
}

static enum sts_status fill_batch(struct importing *importing, const char *tags)
{
    struct domain_batch *batch = importing->batch;
    const struct domain_import *import = importing->import;

    batch->proofs = talloc_zero_array(batch, struct store_pair, (unsigned)import->domain_count + 1);
    for (size_t i = 0; batch->proofs && i < import->domain_count; i++) {
        const struct import_domain *domain = &import->domains[i];
        const char *proof = encoding_random_typed(batch, PROOF_LETTERS);

        batch->proofs[batch->proof_count++] = (struct store_pair){domain->name, proof};
        if (!proof || !add_tags(batch, domain->name, tags) ||
            !add_tags(batch, domain->name, domain->tags))
            return STS_E_NOMEM;
    }
    return batch->proofs ? STS_OK : STS_E_NOMEM;
}

enum sts_status importing_read(struct store *store, void *data)
{
    struct importing *importing = data;
    char *tags = NULL;
    enum sts_status status;

    if (!read_upload(importing))
        importing->fault = IMPORT_UNREAD;
    else if (importing->json && !unpack_json(importing))
        importing->fault = IMPORT_NO_JSON;
    else if (!(tags = domain_tags(importing, bytes_of(importing->tags))))
        importing->fault = IMPORT_WRONG_TAGS;
    if (importing->fault)
        return STS_OK;
    status = domain_import_read(importing, (struct bytes){importing->text, importing->length},
                                &importing->import);
    if (status == STS_E_LIMIT) {
        importing->fault = IMPORT_TOO_LONG;
        return STS_OK;
    }
    if (!status)
        status = fill_batch(importing, tags);
    return status ? status : domain_batch_preview(store, importing->batch);
}

/* ---- what came ------------------------------------------------------------------------------- */

bool importing_take_upload(struct importing *importing, const struct upload *upload)
{
    importing->fd = upload_open(upload, &importing->offset);
    importing->length = (size_t)upload->length;
    return importing->fd >= 0;
}

bool importing_take_text(struct importing *importing, const char *typed)
{
    importing->text = talloc_strdup(importing, typed);
    importing->length = importing->text ? strlen(typed) : 0;
    return importing->text;
}

struct importing *importing_new(struct exchange *exchange, int64_t group)
{
    const struct account *account = exchange_account(exchange);
    struct importing *importing = talloc_zero(exchange, struct importing);

    if (!importing)
        return NULL;
    importing->fd = -1;
    talloc_set_destructor(importing, importing_drop);
    importing->batch = domains_batch_new(exchange, DOMAIN_BATCH_ADD);
    importing->tags = "";
    if (!importing->batch)
        return NULL;
    (void)talloc_steal(importing, importing->batch);
    importing->batch->group = group;
    importing->batch->proven = account->administrator;
    return importing;
}

const char *importing_fault(const struct importing *importing)
{
    switch (importing->fault) {
    case IMPORT_UNREAD:
        return _("The file could not be read. Try again.");
    case IMPORT_TOO_LONG:
        return _("The list is too long: at most 4 MiB.");
    case IMPORT_WRONG_TAGS:
        return _(import_fault_text(IMPORT_NO_TAG));
    case IMPORT_NO_JSON:
        return _("The body must be a JSON object in UTF-8 with lists of strings.");
    case IMPORT_FINE:
        break;
    }
    if (!importing->import->domain_count && !importing->import->refused_count)
        return _("The list is empty: enter domains, or choose a file.");
    return NULL;
}

bool importing_is_refused(struct exchange *exchange, const struct domain_batch *batch)
{
    if (batch->full)
        exchange_problem(exchange, 409, "too-many", account_pages_outcome(CHANGE_FULL));
    return batch->full;
}
