/* SPDX-License-Identifier: MIT */
/* verify_sender.c - who sent a report?  The signature of its mail, with keys from the DNS.
 *
 * Reports come from few senders, so each key is asked for once and kept for the run.  Those that a
 * mail needs are asked side by side before it is verified; what waits for keys that do not come is
 * bounded for all mails together. */
#include "app/verify_sender.h"

#include <string.h>

#include "base/i18n.h"
#include "dkim/signature.h"
#include "event/loop.h"
#include "intake/parser.h"
#include "net/dns.h"
#include "net/limits.h"
#include "reports/names.h"

struct sender_key {
    struct signature_key known; /* first: its name is the name in the table */
    bool asked;
};

struct verify_sender {
    struct intake_sink inner;
    bool required;
    struct loop *loop;
    struct dns *dns;
    int64_t left_ms; /* that may still be waited in vain */
    struct names keys;
    struct signature_verifier *verifier;
    size_t mail; /* whose signature is the last one */
    struct signature last;
};

/* ---- keys ------------------------------------------------------------------------------------ */

/* Those of one mail. */
struct key_lookup {
    struct loop *loop;
    size_t open; /* not answered yet */
    size_t count;
    struct key_question {
        struct key_lookup *lookup;
        const char *name;
        struct dns_answer *answer; /* NULL: not yet */
    } questions[SIGNATURE_COUNT_MAX];
};

static void on_answer(void *arg, struct dns_answer *answer)
{
    struct key_question *question = arg;

    question->answer = answer;
    if (!--question->lookup->open)
        loop_stop(question->lookup->loop);
}

/* The first record that holds a key: other texts may stand at the name by a wildcard. */
static struct bytes record_of(struct verify_sender *verify, const struct dns_answer *answer)
{
    for (size_t i = 0; i < answer->record_count; i++) {
        struct bytes text = answer->records[i].text;

        if (bytes_find_nocase(text, "p=") >= 0)
            return (struct bytes){talloc_memdup(verify, text.data, text.length), text.length};
    }
    return (struct bytes){0};
}

/* Was that waited for in vain? */
static bool is_failure(const struct dns_answer *answer)
{
    return answer->outcome != DNS_OUTCOME_FOUND && answer->outcome != DNS_OUTCOME_NODATA &&
           answer->outcome != DNS_OUTCOME_NXDOMAIN;
}

static void read_answer(struct verify_sender *verify, struct signature_key *key,
                        const struct dns_answer *answer)
{
    if (!answer || is_failure(answer))
        return;
    key->state = SIGNATURE_KEY_NONE;
    if (answer->outcome == DNS_OUTCOME_FOUND) {
        key->record = record_of(verify, answer);
        if (key->record.data)
            key->state = SIGNATURE_KEY_FOUND;
    }
}

static void start_question(struct verify_sender *verify, struct key_lookup *lookup,
                           const char *name, int64_t deadline)
{
    struct key_question *question = &lookup->questions[lookup->count];
    const struct dns_request request = {
        .name = name, .type = DNS_TXT, .deadline = deadline, .done = on_answer, .arg = question};
    struct dns_query *query;

    *question = (struct key_question){lookup, name, NULL};
    if (dns_ask(lookup, verify->dns, &request, &query) == STS_OK) {
        lookup->count++;
        lookup->open++;
    }
}

/* Each key is asked for once, whatever comes of it: what was not answered is not asked again. */
static void start_lookup(struct verify_sender *verify, struct key_lookup *lookup,
                         const struct signature_names *wanted)
{
    int64_t wait = verify->left_ms < LIMIT_DNS_MS ? verify->left_ms : LIMIT_DNS_MS;

    for (size_t i = 0; i < wanted->count; i++) {
        struct sender_key *key = names_get(&verify->keys, wanted->names[i]);

        if (!key || key->asked)
            continue;
        key->asked = true;
        if (wait > 0)
            start_question(verify, lookup, key->known.name, loop_now(verify->loop) + wait);
    }
}

static void end_lookup(struct verify_sender *verify, const struct key_lookup *lookup)
{
    int64_t in_vain = 0;

    for (size_t i = 0; i < lookup->count; i++) {
        const struct dns_answer *answer = lookup->questions[i].answer;
        struct sender_key *key = names_find(&verify->keys, lookup->questions[i].name);

        if (key)
            read_answer(verify, &key->known, answer);
        if (answer && is_failure(answer) && answer->elapsed_ms > in_vain)
            in_vain = answer->elapsed_ms;
    }
    verify->left_ms -= in_vain;
}

static enum sts_status look_up(struct verify_sender *verify, const struct signature_names *wanted)
{
    struct key_lookup *lookup = talloc_zero(verify, struct key_lookup);

    if (!lookup)
        return STS_E_NOMEM;
    lookup->loop = verify->loop;
    start_lookup(verify, lookup, wanted);
    if (lookup->open && loop_run(verify->loop) != STS_OK)
        lookup->count = 0; /* none is answered */
    end_lookup(verify, lookup);
    talloc_free(lookup);
    return STS_OK;
}

/* ---- reports --------------------------------------------------------------------------------- */

static enum sts_status verify_mail(struct verify_sender *verify, const struct intake_source *source)
{
    struct signature_names wanted;
    struct signature_key keys[SIGNATURE_COUNT_MAX];
    size_t count = 0;

    if (signature_keys_wanted(verify->verifier, source->message, &wanted) != STS_OK ||
        look_up(verify, &wanted) != STS_OK)
        return STS_E_NOMEM;
    for (size_t i = 0; i < wanted.count; i++) {
        const struct sender_key *key = names_find(&verify->keys, wanted.names[i]);

        if (key)
            keys[count++] = key->known;
    }
    return signature_verify(verify->verifier, source->message, source->from, keys, count,
                            &verify->last);
}

/* Several reports may come in one mail. */
static enum sts_status read_signature(struct verify_sender *verify,
                                      const struct intake_source *source)
{
    enum sts_status status = STS_OK;

    if (verify->mail != source->mail)
        status = verify_mail(verify, source);
    verify->mail = status == STS_OK ? source->mail : 0;
    return status;
}

static enum sts_status level_in(struct verify_sender *verify, const struct sts_report *report,
                                const struct intake_source *source, enum signature_level *ret)
{
    const char *contact = sts_report_contact(report), *at = contact ? strrchr(contact, '@') : NULL;

    *ret = SIGNATURE_NO_MAIL;
    if (!source->mail)
        return STS_OK;
    if (read_signature(verify, source) != STS_OK)
        return STS_E_NOMEM;
    *ret = signature_level_of(&verify->last, at && at[1] ? at + 1 : NULL);
    return STS_OK;
}

static void on_report(void *arg, struct sts_report *report, const struct intake_source *source)
{
    struct verify_sender *verify = arg;
    struct intake_source mine = *source;
    const char *why = N_("not enough memory");
    enum signature_level found;

    if (level_in(verify, report, source, &found) == STS_OK) {
        mine.trust = signature_level_name(found);
        why = verify->required && found != SIGNATURE_ALIGNED ? signature_level_text(found) : NULL;
    }
    if (!why) {
        verify->inner.report(verify->inner.arg, report, &mine);
        return;
    }
    sts_report_free(report);
    mine.rejections = 1;
    verify->inner.rejected(verify->inner.arg, &mine, why, NULL);
}

static void on_rejected(void *arg, const struct intake_source *source, const char *why,
                        const char *detail)
{
    struct verify_sender *verify = arg;

    verify->inner.rejected(verify->inner.arg, source, why, detail);
}

/* ---- the start ------------------------------------------------------------------------------- */

static struct verify_sender *verify_sender_new(TALLOC_CTX *ctx,
                                               const struct verify_sender_request *request,
                                               const struct intake_sink *sink, char **ret_why)
{
    const struct dns_config config = {request->resolvers, request->resolver_count,
                                      request->trust_anchor};
    struct verify_sender *verify = talloc_zero(ctx, struct verify_sender);

    if (!verify)
        return NULL;
    verify->inner = *sink;
    verify->required = request->required;
    verify->left_ms = request->wait_ms ? request->wait_ms : LIMIT_KEYS_MS;
    names_begin(&verify->keys, verify, sizeof(struct sender_key));
    verify->verifier = signature_verifier_new(verify);
    if (verify->verifier && loop_new(verify, &verify->loop) == STS_OK &&
        dns_new(verify, verify->loop, &config, &verify->dns, ret_why) == STS_OK)
        return verify;
    *ret_why = talloc_steal(ctx, *ret_why);
    talloc_free(verify);
    return NULL;
}

enum sts_status verify_sender_open(TALLOC_CTX *ctx, const struct verify_sender_request *request,
                                   struct intake_sink *sink, struct fault *ret_fault)
{
    struct verify_sender *verify;
    char *why = NULL;

    if (!request)
        return STS_OK;
    verify = verify_sender_new(ctx, request, sink, &why);
    if (!verify) {
        *ret_fault = (struct fault){.status = why ? STS_E_INVALID : STS_E_NOMEM, .why = why};
        return ret_fault->status;
    }
    *sink = (struct intake_sink){on_report, on_rejected, verify, sink->parser,
                                 sink->wants | PARSER_MESSAGE};
    return STS_OK;
}
