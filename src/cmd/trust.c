/* SPDX-License-Identifier: MIT */
/* trust.c - who sent a report?  The signature of its mail, with keys from the DNS.
 *
 * Reports come from few senders, so each key is asked for once and kept for the run; what waits
 * for keys that do not come is bounded for all mails together. */
#include "cmd/trust.h"

#include <string.h>

#include "base/i18n.h"
#include "cmd/live.h"
#include "cmd/say.h"
#include "event/loop.h"
#include "intake/parser.h"
#include "net/dns.h"
#include "net/limits.h"
#include "reports/names.h"
#include "seal/seal.h"

struct key {
    const char *name; /* first: the name in the table */
    bool asked;
    enum seal_key outcome;
    struct bytes record;
};

struct trust {
    struct intake_sink inner;
    bool required;
    struct loop *loop;
    struct dns *dns;
    int64_t left_ms; /* that may still be waited in vain */
    struct names keys;
    struct seals *seals;
    size_t mail; /* whose seal is the last one */
    struct seal last;
};

/* ---- keys ------------------------------------------------------------------------------------ */

struct question {
    struct loop *loop;
    struct dns_answer *answer; /* NULL: not yet */
};

static void on_answer(void *arg, struct dns_answer *answer)
{
    struct question *question = arg;

    question->answer = answer;
    loop_stop(question->loop);
}

/* The first record that holds a key: other texts may stand at the name by a wildcard. */
static struct bytes record_of(struct trust *trust, const struct dns_answer *answer)
{
    for (size_t i = 0; i < answer->record_count; i++) {
        struct bytes text = answer->records[i].text;

        if (bytes_find_nocase(text, "p=") >= 0)
            return (struct bytes){talloc_memdup(trust, text.data, text.length), text.length};
    }
    return (struct bytes){0};
}

static void read_answer(struct trust *trust, struct key *key, const struct dns_answer *answer)
{
    key->outcome = SEAL_KEY_NONE;
    if (answer->outcome == DNS_OUTCOME_FOUND) {
        key->record = record_of(trust, answer);
        if (key->record.data)
            key->outcome = SEAL_KEY_FOUND;
    } else if (answer->outcome != DNS_OUTCOME_NODATA && answer->outcome != DNS_OUTCOME_NXDOMAIN) {
        key->outcome = SEAL_KEY_UNANSWERED;
        trust->left_ms -= answer->elapsed_ms;
    }
}

static void ask(struct trust *trust, struct key *key)
{
    TALLOC_CTX *mine = talloc_new(trust);
    struct question question = {trust->loop, NULL};
    int64_t wait = trust->left_ms < LIMIT_DNS_MS ? trust->left_ms : LIMIT_DNS_MS;
    struct dns_query *query;

    key->asked = true;
    key->outcome = SEAL_KEY_UNANSWERED;
    if (mine && wait > 0 &&
        dns_ask(mine, trust->dns, key->name, DNS_TXT, loop_now(trust->loop) + wait, on_answer,
                &question, &query) == STS_OK &&
        loop_run(trust->loop) == STS_OK && question.answer)
        read_answer(trust, key, question.answer);
    talloc_free(mine);
}

static enum seal_key find_key(void *arg, const char *name, struct bytes *ret)
{
    struct trust *trust = arg;
    struct key *key = names_get(&trust->keys, name);

    if (!key)
        return SEAL_KEY_UNANSWERED;
    if (!key->asked)
        ask(trust, key);
    *ret = key->record;
    return key->outcome;
}

/* ---- reports --------------------------------------------------------------------------------- */

/* Several reports may come in one mail. */
static enum sts_status read_seal(struct trust *trust, const struct intake_source *source)
{
    enum sts_status status = STS_OK;

    if (trust->mail != source->mail)
        status = seal_read(trust->seals, source->message, source->from, &trust->last);
    trust->mail = status == STS_OK ? source->mail : 0;
    return status;
}

static enum sts_status trust_in(struct trust *trust, const struct sts_report *report,
                                const struct intake_source *source, enum seal_trust *ret)
{
    const char *contact = sts_report_contact(report), *at = contact ? strrchr(contact, '@') : NULL;

    *ret = SEAL_NO_MAIL;
    if (!source->mail)
        return STS_OK;
    if (read_seal(trust, source) != STS_OK)
        return STS_E_NOMEM;
    *ret = seal_trust_of(&trust->last, at && at[1] ? at + 1 : NULL);
    return STS_OK;
}

static void on_report(void *arg, struct sts_report *report, const struct intake_source *source)
{
    struct trust *trust = arg;
    struct intake_source mine = *source;
    const char *why = N_("not enough memory");
    enum seal_trust found;

    if (trust_in(trust, report, source, &found) == STS_OK) {
        mine.trust = seal_trust_name(found);
        why = trust->required && found != SEAL_ALIGNED ? seal_trust_text(found) : NULL;
    }
    if (!why) {
        trust->inner.report(trust->inner.arg, report, &mine);
        return;
    }
    sts_report_free(report);
    mine.rejections = 1;
    trust->inner.rejected(trust->inner.arg, &mine, why, NULL);
}

static void on_rejected(void *arg, const struct intake_source *source, const char *why,
                        const char *detail)
{
    struct trust *trust = arg;

    trust->inner.rejected(trust->inner.arg, source, why, detail);
}

/* ---- the start ------------------------------------------------------------------------------- */

static int open_dns(struct trust *trust, const struct options *options)
{
    struct dns_config config = {(const char *const *)options->resolvers, options->resolver_count,
                                options->trust_anchor};
    char *why = NULL;

    if (loop_new(trust, &trust->loop) == STS_OK &&
        dns_new(trust, trust->loop, &config, &trust->dns, &why) == STS_OK)
        return 0;
    return why ? say_internal("%s", why) : say_no_memory();
}

int trust_open(TALLOC_CTX *ctx, const struct options *options, struct intake_sink *sink)
{
    struct trust *trust;
    int status;

    if (!options->dkim && !options->require_dkim)
        return 0;
    trust = talloc_zero(ctx, struct trust);
    if (!trust)
        return say_no_memory();
    trust->inner = *sink;
    trust->required = options->require_dkim;
    trust->left_ms = options->timeout ? options->timeout * 1000 : LIMIT_KEYS_MS;
    names_begin(&trust->keys, trust, sizeof(struct key));
    trust->seals = seals_new(trust, find_key, trust);
    if (!trust->seals)
        return say_no_memory();
    status = open_dns(trust, options);
    if (!status)
        *sink = (struct intake_sink){on_report, on_rejected, trust, sink->parser,
                                     sink->wants | PARSER_MESSAGE};
    return status;
}

bool trust_is_better(const char *trust, const char *than)
{
    return seal_trust_named(trust) < seal_trust_named(than);
}
