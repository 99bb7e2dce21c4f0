/* SPDX-License-Identifier: MIT */
/* turn.c - reports claimed, made, handed to sendmail(1) or posted, and what became of them.
 *
 * The store is asked before the loop runs and after it, so it holds up nobody. */
#include "submit/turn.h"

#include <string.h>

#include "app/notify.h"
#include "base/array.h"
#include "base/text.h"
#include "event/loop.h"
#include "net/web_client.h"
#include "submit/counted.h"
#include "submit/destination.h"
#include "submit/limits.h"
#include "submit/report_mail.h"
#include "submit/timing.h"
#include "submit/words.h"

#define GONE       "its sessions are not stored any more"
#define NOT_MADE   "the report could not be made"
#define NOT_SIGNED "a DKIM key is of no use"
#define NO_SCHEME  "nothing that can be sent to"
#define FAULT_MAX  200

struct turn_item {
    struct turn *turn;
    struct store_outgoing delivery;
    struct destination destination;
    const struct outgoing_report *report; /* NULL: none was made */
    char *mail;                           /* of a mail */
    struct jobs_handle *posting;
    bool unverified; /* whoever answers may be anybody */
    bool over;
    enum store_outgoing_state state;
    int64_t next_try;
    bool tried;
    const char *text;
};

struct turn {
    const struct turn_request *request;
    struct turn_item *items;
    size_t count;
    size_t running; /* posts, and 1 for all mails */
    struct notify *mails;
    struct notify_order *orders;
    size_t order_count;
    struct outgoing_report *made; /* the last, of `made_of`; several go to as many destinations */
    int64_t made_of;
    bool no_memory;
};

bool turn_is_done(long code)
{
    return code >= 200 && code < 300;
}

bool turn_is_refused(long code)
{
    return code >= 400 && code < 500 && code != 408 && code != 429;
}

/* ---- an item ends ---------------------------------------------------------------------------- */

static void end_item(struct turn_item *item, enum store_outgoing_state state, const char *text)
{
    char *own = talloc_strdup(item->turn, text);

    item->turn->no_memory |= !own;
    item->over = true;
    item->state = state;
    item->text = own ? own : "";
}

/* It is tried again until its day is over. */
static void fail_item(struct turn_item *item, const char *text)
{
    int64_t now = item->turn->request->now;
    int64_t first = item->delivery.first_try ? item->delivery.first_try : now;

    item->tried = true;
    item->next_try = timing_again(first, now, item->delivery.tries + 1);
    end_item(item, item->next_try ? STORE_OUTGOING_WAITING : STORE_OUTGOING_EXPIRED, text);
}

static void stop_when_through(struct turn *turn)
{
    if (--turn->running == 0)
        loop_stop(turn->request->loop);
}

/* ---- by mail --------------------------------------------------------------------------------- */

static void on_mailed(void *arg, const struct notify_order *order, const struct notify_end *end)
{
    static const char *const texts[NOTIFY_OUTCOMES] = {
        [NOTIFY_DELIVERED] = "accepted by sendmail",
        [NOTIFY_EXITED] = "sendmail: exit status",
        [NOTIFY_KILLED] = "sendmail: signal",
        [NOTIFY_TIMED_OUT] = "sendmail: timed out",
        [NOTIFY_INTERRUPTED] = "sendmail: interrupted",
        [NOTIFY_NOT_BEGUN] = "sendmail: not started, error",
        [NOTIFY_NO_PROCESS] = "sendmail: its process has ended"};
    struct turn_item *item = order->arg;
    char *text;

    (void)arg;
    if (end->outcome == NOTIFY_DELIVERED) {
        item->tried = true;
        end_item(item, STORE_OUTGOING_SENT, texts[end->outcome]);
        return;
    }
    text = end->number ? talloc_asprintf(item->turn, "%s %d", texts[end->outcome], end->number)
                       : talloc_strdup(item->turn, texts[end->outcome]);
    fail_item(item, text ? text : "");
}

static void on_mails_over(void *arg)
{
    stop_when_through(arg);
}

static enum sts_status start_mails(struct turn *turn)
{
    const struct notify_request request = {.use = NOTIFY_MAIL,
                                           .orders = turn->orders,
                                           .count = turn->order_count,
                                           .timeout_ms = LIMIT_MAIL_MS,
                                           .jobs = LIMIT_MAILS,
                                           .done = on_mailed,
                                           .over = on_mails_over,
                                           .arg = turn};

    if (!turn->order_count)
        return STS_OK;
    turn->running++;
    return notify_start(turn, turn->request->loop, &request, &turn->mails);
}

/* ---- by POST --------------------------------------------------------------------------------- */

static enum sts_status start_post(struct turn_item *item);

static const char *answer_text(struct turn_item *item, const struct web_answer *answer)
{
    const char *fault = answer->fault;
    char *text = fault && !answer->code
                     ? text_printable(item->turn, fault, strlen(fault), FAULT_MAX)
                     : talloc_asprintf(item->turn, "HTTP %ld%s", answer->code,
                                       item->unverified ? ", certificate not verified" : "");

    return text ? text : "";
}

/* RFC 8460 section 5.4 lets a bad certificate pass where the report is about one. */
static bool try_unverified(struct turn_item *item, const struct web_answer *answer)
{
    if (!answer->untrusted || item->unverified || !item->report->failed)
        return false;
    item->unverified = true;
    return start_post(item) == STS_OK;
}

static void on_posted(void *arg, const struct web_answer *answer)
{
    struct turn_item *item = arg;
    const char *text;

    item->turn->running--;
    if (!try_unverified(item, answer)) {
        text = answer_text(item, answer);
        item->tried = true;
        if (turn_is_done(answer->code))
            end_item(item, STORE_OUTGOING_SENT, text);
        else if (turn_is_refused(answer->code))
            end_item(item, STORE_OUTGOING_FAILED, text);
        else
            fail_item(item, text);
    }
    item->turn->running++;
    stop_when_through(item->turn);
}

static enum sts_status start_post(struct turn_item *item)
{
    static const char *const fields[] = {"Content-Type: " STS_REPORT_MEDIA_TYPE_GZIP, NULL};
    const struct turn_request *request = item->turn->request;
    const struct web_request post = {.url = item->destination.url,
                                     .octets = item->report->packed,
                                     .fields = fields,
                                     .public_only = !request->private_addresses,
                                     .any_certificate = item->unverified,
                                     .done = on_posted,
                                     .arg = item};
    enum sts_status status = web_request_start(item->turn, request->web, &post, &item->posting);

    if (!status)
        item->turn->running++;
    return status;
}

/* ---- made ------------------------------------------------------------------------------------ */

static enum sts_status make_report(struct turn_item *item)
{
    struct turn *turn = item->turn;
    const struct store_outgoing *of = &item->delivery;
    struct outgoing_day *day;
    enum sts_status status;

    if (turn->made && turn->made_of == of->report) {
        item->report = turn->made;
        return STS_OK;
    }
    status = counted_read(turn, turn->request->store, of->day, of->domain, of->counted, &day);
    if (status)
        return status;
    if (!day) {
        end_item(item, STORE_OUTGOING_FAILED, GONE);
        return STS_OK;
    }
    status = outgoing_build(turn, turn->request->sender, day, LIMIT_PACKED, &turn->made);
    turn->made_of = of->report;
    if (status) {
        turn->made = NULL;
        end_item(item, STORE_OUTGOING_FAILED, NOT_MADE);
    }
    item->report = turn->made;
    talloc_free(day);
    return status == STS_E_NOMEM ? status : STS_OK;
}

static enum sts_status make_mail(struct turn_item *item)
{
    struct turn *turn = item->turn;
    struct report_mail mail = {.sender = turn->request->sender,
                               .report = item->report,
                               .to = item->destination.address,
                               .at = turn->request->now,
                               .signer = turn->request->signer};
    struct notify_order *order;
    char *words;
    enum sts_status status =
        words_of_report(turn, mail.sender, mail.report, turn->request->now, &words);

    if (status)
        return status;
    mail.text = words;
    status = report_mail_write(turn, &mail, &item->mail);
    talloc_free(words);
    if (status == STS_E_INVALID) {
        end_item(item, STORE_OUTGOING_FAILED, NOT_SIGNED);
        return STS_OK;
    }
    order = status ? NULL : array_grow(turn, &turn->orders, &turn->order_count, sizeof(*order));
    if (!order)
        return STS_E_NOMEM;
    *order = (struct notify_order){item->destination.host, item->mail, item};
    return STS_OK;
}

/* Another delivery may have failed since this one was planned. */
static enum sts_status ask_whether_suppressed(struct turn_item *item)
{
    const struct turn_request *request = item->turn->request;
    struct store_outgoing_failing failing;
    enum sts_status status = store_outgoing_failing(request->store, request->sender->domain,
                                                    item->delivery.uri, &failing);

    if (!status && !item->delivery.tries &&
        timing_suppressed(failing.since, failing.tried, request->now))
        end_item(item, STORE_OUTGOING_SUPPRESSED, "");
    return status;
}

static enum sts_status prepare(struct turn_item *item)
{
    enum sts_status status = destination_read(item->turn, item->delivery.uri, &item->destination);

    if (!status && item->destination.kind == DESTINATION_UNUSABLE)
        end_item(item, STORE_OUTGOING_UNUSABLE, NO_SCHEME);
    if (!status && !item->over)
        status = ask_whether_suppressed(item);
    if (!status && !item->over)
        status = make_report(item);
    if (!status && !item->over)
        status = item->destination.kind == DESTINATION_MAIL ? make_mail(item) : STS_OK;
    return status;
}

/* ---- a turn ---------------------------------------------------------------------------------- */

static bool keep_item(void *arg, const struct store_outgoing *delivery)
{
    struct turn *turn = arg;
    struct turn_item *item = array_grow(turn, &turn->items, &turn->count, sizeof(*item));

    if (item) {
        item->delivery = *delivery;
        item->delivery.domain = talloc_strdup(turn, delivery->domain);
        item->delivery.uri = talloc_strdup(turn, delivery->uri);
        item->delivery.host = item->delivery.state = item->delivery.outcome = "";
    }
    turn->no_memory |= !item || !item->delivery.domain || !item->delivery.uri;
    return !turn->no_memory;
}

static enum sts_status claim(struct turn *turn)
{
    const struct turn_request *request = turn->request;
    const struct store_outgoing_claim wish = {.organization = request->sender->domain,
                                              .domain = request->domain,
                                              .now = request->now,
                                              .until = request->now + LIMIT_LEASE,
                                              .per_host = LIMIT_PER_HOST,
                                              .limit = LIMIT_TURN};
    enum sts_status status = store_claim_outgoing(request->store, &wish, keep_item, turn);

    if (!status && turn->no_memory)
        status = STS_E_NOMEM;
    for (size_t i = 0; i < turn->count; i++) /* they do not move any more */
        turn->items[i].turn = turn;
    return status;
}

static enum sts_status send_all(struct turn *turn)
{
    enum sts_status status = start_mails(turn);

    for (size_t i = 0; !status && i < turn->count; i++)
        if (!turn->items[i].over && turn->items[i].destination.kind == DESTINATION_POST)
            status = start_post(&turn->items[i]);
    return !status && turn->running ? loop_run(turn->request->loop) : status;
}

static enum sts_status write_results(struct store *store, void *arg)
{
    struct turn *turn = arg;
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < turn->count; i++) {
        const struct turn_item *item = &turn->items[i];
        const struct store_outgoing_result result = {.organization = turn->request->sender->domain,
                                                     .uri = item->delivery.uri,
                                                     .report = item->delivery.report,
                                                     .place = item->delivery.place,
                                                     .at = turn->request->now,
                                                     .state = item->state,
                                                     .next_try = item->next_try,
                                                     .tried = item->tried,
                                                     .outcome = item->text};

        status = store_outgoing_result(store, &result);
    }
    return status;
}

static void tell(const struct turn *turn)
{
    for (size_t i = 0; i < turn->count; i++) {
        const struct turn_item *item = &turn->items[i];

        turn->request->done(
            turn->request->arg,
            &(struct turn_outcome){.delivery = &item->delivery,
                                   .report_id = item->report ? item->report->labels.id : "",
                                   .bytes = item->report ? item->report->packed.length : 0,
                                   .state = item->state,
                                   .next_try = item->next_try,
                                   .text = item->text});
    }
}

enum sts_status turn_run(const struct turn_request *request, size_t *ret)
{
    struct turn *turn = talloc_zero(NULL, struct turn);
    enum sts_status status;

    if (!turn)
        return STS_E_NOMEM;
    turn->request = request;
    status = claim(turn);
    for (size_t i = 0; !status && i < turn->count; i++)
        status = prepare(&turn->items[i]);
    if (!status)
        status = send_all(turn);
    if (!status && turn->no_memory)
        status = STS_E_NOMEM;
    if (!status && turn->count)
        status = store_batch(request->store, write_results, turn);
    if (!status)
        tell(turn);
    *ret = turn->count;
    talloc_free(turn);
    return status;
}
