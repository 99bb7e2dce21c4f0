/* SPDX-License-Identifier: MIT */
/* prover.c - reads claims, asks the DNS, and writes down what it said. */
#include "accounts/prover.h"

#include <string.h>
#include <sys/queue.h>

#include "accounts/accounts.h"
#include "accounts/change.h"
#include "accounts/limits.h"
#include "base/array.h"
#include "base/clock.h"
#include "event/loop.h"
#include "net/dns.h"
#include "net/limits.h"
#include "net/net.h"

/* Whom to ask, with what was answered: that it is not there yet is kept for as long as the zone
 * says, which may be an hour.  So one is used for a moment only. */
struct asker {
    LIST_ENTRY(asker) link;
    struct dns *dns;
    int64_t born;
    LIST_HEAD(, prover_look) looks; /* that wait for its answers */
};

struct prover {
    struct accounts *accounts;
    struct loop *loop;
    const struct net_options *net;
    LIST_HEAD(, asker) askers; /* the newest first */
    struct loop_timer *timer;
    TALLOC_CTX *sweep; /* the looks that are under way by themselves; NULL: none are */
    size_t open;       /* of them */
    bool woken, more;  /* meanwhile; behind these */
};

/* What the thread of the writer sees. */
struct finding_of_proof {
    const char *domain;
    int64_t group, now;
    enum proof_found found;
    struct bytes *texts; /* of the records */
    size_t text_count;
};

struct prover_look {
    struct prover *prover;
    struct asker *asker; /* NULL: it was freed */
    LIST_ENTRY(prover_look) link;
    struct finding_of_proof *finding;
    void (*done)(void *arg, enum proof_found found);
    void *arg;
};

/* ---- words ----------------------------------------------------------------------------------- */

static const char *const names[] = {
    [PROOF_RIGHT] = "right",       [PROOF_ABSENT] = "absent", [PROOF_OTHER] = "other",
    [PROOF_NO_WORD] = "no-answer", [PROOF_OWNED] = "owned",   [PROOF_NO_CLAIM] = "no-claim",
    [PROOF_FAILED] = "failed"};

const char *proof_found_name(enum proof_found found)
{
    return names[found];
}

enum proof_found proof_found_named(const char *name)
{
    for (unsigned i = 0; i < PROOF_NO_CLAIM; i++)
        if (name && strcmp(names[i], name) == 0)
            return (enum proof_found)i;
    return PROOF_NO_CLAIM;
}

/* ---- what was found, and what follows: in the writer's thread -------------------------------- */

static bool proves(const struct finding_of_proof *finding, const char *proof)
{
    for (size_t i = 0; *proof && i < finding->text_count; i++)
        if (bytes_equal(bytes_trim(finding->texts[i]), proof))
            return true;
    return false;
}

/* An hour after it was made a claim is looked at each quarter of an hour, on the fourth day daily.
 */
static int64_t next_due(const struct store_owned *claim, int64_t now)
{
    int64_t age = now - claim->added, wait = age / 4;

    if (age > PROOF_LIFE_S)
        return 0;
    if (wait < PROOF_WAIT_LEAST_S)
        wait = PROOF_WAIT_LEAST_S;
    return now + (wait < PROOF_WAIT_MOST_S ? wait : PROOF_WAIT_MOST_S);
}

static enum sts_status log_change(struct store *store, const struct finding_of_proof *finding,
                                  enum account_action action, int64_t group)
{
    return store_add_audit(store, &(struct store_audit){.at = finding->now,
                                                        .who = "DNS",
                                                        .group = group,
                                                        .action = account_action_name(action),
                                                        .object = finding->domain});
}

static enum sts_status own(struct store *store, struct finding_of_proof *finding, int64_t from)
{
    const struct store_proving what = {
        .domain = finding->domain, .group = finding->group, .at = finding->now, .from = from};
    int64_t owner = 0;
    enum sts_status status = store_prove_domain(store, &what, &owner);

    if (!status && owner != finding->group) {
        finding->found = PROOF_OWNED;
        return STS_OK;
    }
    if (!status)
        status = log_change(store, finding, ACCOUNT_DOMAIN_PROVE, finding->group);
    return !status && from ? log_change(store, finding, ACCOUNT_DOMAIN_LOST, from) : status;
}

static enum sts_status note(struct store *store, const struct finding_of_proof *finding,
                            const struct store_owned *claim)
{
    return store_put_look(store, &(struct store_look){.domain = finding->domain,
                                                      .group = finding->group,
                                                      .at = finding->now,
                                                      .found = names[finding->found],
                                                      .due = next_due(claim, finding->now)});
}

static enum sts_status judge(struct store *store, struct finding_of_proof *finding,
                             const struct store_owned *claim, const struct store_owned *owner)
{
    enum sts_status status = STS_OK;
    bool held = owner && (!*owner->proof || proves(finding, owner->proof));

    if (finding->found == PROOF_RIGHT && !proves(finding, claim->proof))
        finding->found = PROOF_OTHER;
    if (finding->found == PROOF_RIGHT && held)
        finding->found = PROOF_OWNED;
    if (finding->found == PROOF_RIGHT)
        status = own(store, finding, owner ? owner->group : 0);
    if (!status && finding->found != PROOF_RIGHT)
        status = note(store, finding, claim);
    return status;
}

static enum sts_status write_finding(struct store *store, void *data)
{
    struct finding_of_proof *finding = data;
    struct store_owned *claim = NULL, *owner = NULL;
    enum sts_status status =
        store_domain_claim(store, finding, finding->domain, finding->group, &claim);

    if (!status && claim)
        status = store_owner(store, finding, finding->domain, &owner);
    if (!status && claim)
        return judge(store, finding, claim, owner);
    finding->found = PROOF_NO_CLAIM;
    return status;
}

/* ---- whom to ask ----------------------------------------------------------------------------- */

static int asker_drop(struct asker *asker)
{
    struct prover_look *look;

    LIST_FOREACH(look, &asker->looks, link)
    look->asker = NULL;
    return 0;
}

static enum sts_status asker_new(struct prover *prover, struct asker **ret, char **ret_why)
{
    const struct net_options *net = prover->net;
    const struct dns_config config = {.resolvers = net->resolvers,
                                      .resolver_count = net->resolver_count,
                                      .sockets = PROOF_LOOKS_MAX,
                                      .trust_anchor = net->trust_anchor,
                                      .public_only = net->public_only && !net->allow_private};
    struct asker *asker = talloc_zero(prover, struct asker);
    enum sts_status status = STS_E_NOMEM;

    if (asker)
        status = dns_new(asker, prover->loop, &config, &asker->dns, ret_why);
    if (status) {
        talloc_free(asker);
        return status;
    }
    talloc_set_destructor(asker, asker_drop);
    LIST_INIT(&asker->looks);
    asker->born = loop_now(prover->loop);
    LIST_INSERT_HEAD(&prover->askers, asker, link);
    *ret = asker;
    return STS_OK;
}

/* Not within an answer of theirs: those that are over are freed here.  Where no new one can be had
 * the old one will do. */
static struct asker *asker_find(struct prover *prover)
{
    struct asker *newest = LIST_FIRST(&prover->askers), *asker, *next;
    char *why = NULL;

    if (!newest || loop_now(prover->loop) - newest->born >= PROOF_FRESH_MS)
        (void)asker_new(prover, &newest, &why);
    talloc_free(why);
    for (asker = LIST_FIRST(&prover->askers); asker; asker = next) {
        next = LIST_NEXT(asker, link);
        if (asker == newest || LIST_FIRST(&asker->looks))
            continue;
        LIST_REMOVE(asker, link);
        talloc_free(asker);
    }
    return newest;
}

/* ---- one look -------------------------------------------------------------------------------- */

static void on_written(void *arg, void *data, enum sts_status status)
{
    const struct prover_look *look = arg;
    const struct finding_of_proof *finding = data;

    look->done(look->arg, status ? PROOF_FAILED : finding->found);
}

static bool take_texts(struct finding_of_proof *finding, const struct dns_answer *answer)
{
    for (size_t i = 0; i < answer->record_count; i++) {
        struct bytes text = answer->records[i].text, *copy;

        copy = array_grow(finding, &finding->texts, &finding->text_count, sizeof *copy);
        if (!copy)
            return false;
        *copy = (struct bytes){talloc_memdup(finding, text.data, text.length), text.length};
        if (!copy->data)
            return false;
    }
    return true;
}

static void on_answer(void *arg, struct dns_answer *answer)
{
    struct prover_look *look = arg;
    struct finding_of_proof *finding = look->finding;
    struct accounts_work work = {
        .work = write_finding, .writes = true, .data = finding, .done = on_written, .arg = look};
    struct accounts_handle *handle;

    finding->found = PROOF_NO_WORD;
    if (answer->outcome == DNS_OUTCOME_NXDOMAIN || answer->outcome == DNS_OUTCOME_NODATA)
        finding->found = PROOF_ABSENT;
    else if (answer->outcome == DNS_OUTCOME_FOUND)
        finding->found = PROOF_RIGHT;
    finding->now = clock_now();
    if (!take_texts(finding, answer) ||
        accounts_work_start(look, look->prover->accounts, &work, &handle))
        look->done(look->arg, PROOF_FAILED);
}

static int look_drop(struct prover_look *look)
{
    if (look->asker)
        LIST_REMOVE(look, link);
    return 0;
}

static struct prover_look *look_new(TALLOC_CTX *ctx, struct prover *prover,
                                    const struct prover_question *question)
{
    struct prover_look *look = talloc_zero(ctx, struct prover_look);
    struct finding_of_proof *finding = talloc_zero(look, struct finding_of_proof);
    char *domain = finding ? talloc_strdup(finding, question->domain) : NULL;
    struct asker *asker = domain ? asker_find(prover) : NULL;

    if (!asker) {
        talloc_free(look);
        return NULL;
    }
    *finding = (struct finding_of_proof){.domain = domain, .group = question->group};
    *look = (struct prover_look){.prover = prover,
                                 .asker = asker,
                                 .finding = finding,
                                 .done = question->done,
                                 .arg = question->arg};
    LIST_INSERT_HEAD(&asker->looks, look, link);
    talloc_set_destructor(look, look_drop);
    return look;
}

enum sts_status prover_look_start(TALLOC_CTX *ctx, struct prover *prover,
                                  const struct prover_question *question, struct prover_look **ret)
{
    struct prover_look *look = look_new(ctx, prover, question);
    struct dns_request request = {.type = DNS_TXT,
                                  .deadline = loop_now(prover->loop) + LIMIT_DNS_MS,
                                  .done = on_answer,
                                  .arg = look};
    struct dns_query *query;
    enum sts_status status = STS_E_NOMEM;

    request.name = look ? talloc_asprintf(look, PROOF_LABEL "%s", question->domain) : NULL;
    if (request.name)
        status = dns_ask(look, look->asker->dns, &request, &query);
    if (status)
        talloc_free(look);
    else
        *ret = look;
    return status;
}

/* ---- by itself ------------------------------------------------------------------------------- */

struct due_claims {
    struct store_owned *claims;
    size_t count;
    int64_t now;
    bool no_memory;
};

static bool take_claim(void *arg, const struct store_owned *claim)
{
    struct due_claims *due = arg;
    struct store_owned *copy = array_grow(due, &due->claims, &due->count, sizeof *copy);

    if (copy)
        *copy = (struct store_owned){.domain = talloc_strdup(due, claim->domain),
                                     .group = claim->group};
    due->no_memory = !copy || !copy->domain;
    return !due->no_memory;
}

static enum sts_status read_due(struct store *store, void *data)
{
    struct due_claims *due = data;
    enum sts_status status = store_claims_due(store, due->now, PROOF_LOOKS_MAX, take_claim, due);

    return !status && due->no_memory ? STS_E_NOMEM : status;
}

static void rest(struct prover *prover)
{
    bool soon = prover->woken || prover->more;

    TALLOC_FREE(prover->sweep);
    prover->woken = prover->more = false;
    loop_timer_again(prover->timer, loop_now(prover->loop) + (soon ? 0 : PROOF_REST_MS));
}

static void on_one(void *arg, enum proof_found found)
{
    struct prover *prover = arg;

    /* Where the store fails, or has no room, it would be the same ones again, at once. */
    prover->more &= found != PROOF_FAILED;
    if (--prover->open == 0)
        rest(prover);
}

static void on_due(void *arg, void *data, enum sts_status status)
{
    struct prover *prover = arg;
    const struct due_claims *due = data;

    prover->open = 1;
    prover->more = !status && due->count == PROOF_LOOKS_MAX;
    for (size_t i = 0; !status && i < due->count; i++) {
        struct prover_question question = {due->claims[i].domain, due->claims[i].group, on_one,
                                           prover};
        struct prover_look *look;

        prover->open++;
        if (prover_look_start(prover->sweep, prover, &question, &look))
            on_one(prover, PROOF_FAILED);
    }
    on_one(prover, status ? PROOF_FAILED : PROOF_RIGHT);
}

static void on_time(void *arg)
{
    struct prover *prover = arg;
    struct due_claims *due = talloc_zero(NULL, struct due_claims);
    struct accounts_work work = {.work = read_due, .data = due, .done = on_due, .arg = prover};
    struct accounts_handle *handle;

    prover->sweep = talloc_new(prover);
    if (due)
        due->now = clock_now();
    if (due && prover->sweep &&
        accounts_work_start(prover->sweep, prover->accounts, &work, &handle) == STS_OK)
        return;
    talloc_free(due);
    rest(prover);
}

void prover_wake(struct prover *prover)
{
    prover->woken = true;
    if (!prover->sweep)
        rest(prover);
}

enum sts_status prover_new(TALLOC_CTX *ctx, struct accounts *accounts,
                           const struct net_options *net, struct prover **ret, char **ret_why)
{
    struct prover *prover = talloc_zero(ctx, struct prover);
    struct asker *asker;
    enum sts_status status;

    *ret_why = NULL;
    if (!prover)
        return STS_E_NOMEM;
    prover->accounts = accounts;
    prover->loop = accounts_loop(accounts);
    prover->net = net;
    LIST_INIT(&prover->askers);
    status = asker_new(prover, &asker, ret_why);
    if (!status)
        status = loop_timer_start(prover, prover->loop, loop_now(prover->loop), on_time, prover,
                                  &prover->timer);
    if (status) {
        *ret_why = talloc_steal(ctx, *ret_why);
        talloc_free(prover);
        return status;
    }
    *ret = prover;
    return STS_OK;
}
