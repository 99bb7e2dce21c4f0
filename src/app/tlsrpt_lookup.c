/* SPDX-License-Identifier: MIT */
/* tlsrpt_lookup.c - one question, and the record that counts. */
#include "app/tlsrpt_lookup.h"

#include "mtasts/names.h"
#include "mtasts/record.h"
#include "net/dns.h"
#include "net/limits.h"
#include "verdict/lookup.h"

struct tlsrpt_lookup {
    struct tlsrpt_lookup_request request;
    struct dns_query *query;
};

/* NULL: none counts. */
static const char *record_of(TALLOC_CTX *ctx, const struct dns_answer *answer)
{
    struct sts_text texts[LIMIT_TXT_RECORDS];
    size_t index,
        count = answer->record_count < LIMIT_TXT_RECORDS ? answer->record_count : LIMIT_TXT_RECORDS;

    for (size_t i = 0; i < count; i++)
        texts[i] = (struct sts_text){answer->records[i].text.data, answer->records[i].text.length};
    if (sts_tlsrpt_record_select(texts, count, &index) != STS_SELECTION_ONE)
        return NULL;
    return talloc_strndup(ctx, texts[index].bytes, texts[index].length);
}

static void on_answer(void *arg, struct dns_answer *answer)
{
    struct tlsrpt_lookup *lookup = arg;
    enum lookup_state state = dns_lookup_state(answer);
    const char *record = state == LOOKUP_FOUND ? record_of(lookup, answer) : NULL;

    lookup->request.done(lookup->request.arg, record,
                         state == LOOKUP_FOUND || state == LOOKUP_ABSENT);
}

enum sts_status tlsrpt_lookup_start(TALLOC_CTX *ctx, const struct tlsrpt_lookup_request *request,
                                    struct tlsrpt_lookup **ret)
{
    struct tlsrpt_lookup *lookup = talloc_zero(ctx, struct tlsrpt_lookup);
    char name[STS_NAME_SIZE];
    struct dns_request question = {.name = name,
                                   .type = DNS_TXT,
                                   .deadline = request->deadline,
                                   .done = on_answer,
                                   .arg = lookup};
    enum sts_status status;

    if (!lookup)
        return STS_E_NOMEM;
    lookup->request = *request;
    status = sts_tlsrpt_record_name(request->domain, name);
    if (status == STS_OK)
        status = dns_ask(lookup, request->dns, &question, &lookup->query);
    if (status != STS_OK)
        talloc_free(lookup);
    else
        *ret = lookup;
    return status;
}
