/* SPDX-License-Identifier: MIT */
/* send_reports.c - the TLS reports of ours: planned, sent, and shown. */
#include "cmd/cmd.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cmd/console.h"
#include "cmd/open_store.h"
#include "cmd/send_reports_show.h"
#include "cmd/sender_options.h"
#include "cmd/service.h"
#include "cmd/write_files.h"
#include "dkim/signing.h"
#include "mtasts/match.h"
#include "net/web_client.h"
#include "store/outgoing.h"
#include "store/rollups.h"
#include "submit/limits.h"
#include "submit/metrics.h"
#include "submit/plan.h"
#include "submit/turn.h"

#define URI_SHOWN 500

struct sending {
    const struct options *options;
    struct submit_sender sender;
    struct store *store;
    struct turn_request turn;
    size_t counts[STORE_OUTGOING_STATE_COUNT];
    int64_t planned;
};

/* ---- the log --------------------------------------------------------------------------------- */

/* One line, made of names and codes: the same in every language. */
static char *line_of(TALLOC_CTX *ctx, const struct turn_outcome *outcome)
{
    const struct store_outgoing *delivery = outcome->delivery;
    const char *uri = text_printable(ctx, delivery->uri, strlen(delivery->uri), URI_SHOWN);
    char day[CLOCK_TEXT_SIZE], next[CLOCK_TEXT_SIZE];
    char *line;

    clock_format(outgoing_begin(delivery->day), day);
    line = talloc_asprintf(ctx, "domain=%s day=%.10s to=%s state=%s", delivery->domain, day,
                           uri ? uri : "", store_outgoing_state_name(outcome->state));
    if (line && *outcome->report_id)
        line = talloc_asprintf_append(line, " report-id=%s bytes=%zu", outcome->report_id,
                                      outcome->bytes);
    if (line && outcome->state == STORE_OUTGOING_WAITING) {
        clock_format(outcome->next_try, next);
        line = talloc_asprintf_append(line, " next=%s", next);
    }
    if (line && *outcome->text)
        line = talloc_asprintf_append(line, " answer=\"%s\"", outcome->text);
    return line ? talloc_strdup_append(line, "\n") : NULL;
}

static void on_done(void *arg, const struct turn_outcome *outcome)
{
    struct sending *sending = arg;
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *line = ctx ? line_of(ctx, outcome) : NULL;

    sending->counts[outcome->state]++;
    if (line && !sending->options->quiet) {
        (void)console_text(line);
        (void)console_flush();
    }
    talloc_free(ctx);
}

static int say_counts(TALLOC_CTX *ctx, const struct sending *sending)
{
    char *line = talloc_asprintf(ctx, "planned=%" PRId64, sending->planned);

    for (int i = 0; line && i < STORE_OUTGOING_STATE_COUNT; i++)
        if (sending->counts[i])
            line = talloc_asprintf_append(line, " %s=%zu",
                                          store_outgoing_state_name((enum store_outgoing_state)i),
                                          sending->counts[i]);
    return console_line(line);
}

/* ---- sending --------------------------------------------------------------------------------- */

static int64_t now_of(const struct sending *sending)
{
    return options_now(sending->options);
}

static enum sts_status plan(struct sending *sending)
{
    const struct plan_request request = {.store = sending->store,
                                         .organization = sending->sender.domain,
                                         .domain = "",
                                         .copy_to = sending->options->copy_to,
                                         .now = now_of(sending)};

    return plan_reports(&request, &sending->planned);
}

static enum sts_status send_due(struct sending *sending)
{
    enum sts_status status;
    size_t done = 0;

    do {
        service_alive();
        sending->turn.now = now_of(sending);
        status = turn_run(&sending->turn, &done);
    } while (!status && done && !service_is_to_end());
    return status;
}

static enum sts_status prune(const struct sending *sending)
{
    return store_prune_outgoing(sending->store, store_day_of(now_of(sending) - LIMIT_KEPT));
}

static enum sts_status set_up(TALLOC_CTX *ctx, struct sending *sending)
{
    struct turn_request *turn = &sending->turn;
    struct web_client_setup web = {.ca_file = sending->options->ca_file, .workers = LIMIT_POSTS};
    enum sts_status status;

    *turn =
        (struct turn_request){.store = sending->store,
                              .sender = &sending->sender,
                              .signer = signer_new(ctx),
                              .private_addresses = sending->options->allow_private,
                              .domain = sending->options->domain ? sending->options->domain : "",
                              .done = on_done,
                              .arg = sending};
    status = turn->signer ? loop_new(ctx, &turn->loop) : STS_E_NOMEM;
    web.loop = turn->loop;
    return status ? status : web_client_new(ctx, &web, &turn->web);
}

/* Of the days that may still be reported. */
static int write_metrics(TALLOC_CTX *ctx, const struct sending *sending)
{
    const char *path = sending->options->prometheus;
    int64_t now = now_of(sending);
    struct store_outgoing_numbers numbers;
    enum sts_status status = STS_OK;
    char *text = NULL;

    if (!path)
        return 0;
    status = store_outgoing_numbers(sending->store, sending->sender.domain,
                                    store_day_of(now) - LIMIT_DAYS_BACK, &numbers);
    if (status)
        return say_store_failure(sending->store, status);
    text = submit_metrics(ctx, sending->sender.domain, &numbers, now);
    return text ? write_file(ctx, path, text, strlen(text)) : console_no_memory();
}

static int send_reports(TALLOC_CTX *ctx, struct sending *sending)
{
    int written;
    enum sts_status status;

    service_catch_signals();
    if (set_up(ctx, sending) != STS_OK)
        return console_no_memory();
    status = plan(sending);
    if (!status)
        status = send_due(sending);
    if (!status)
        status = prune(sending);
    TALLOC_FREE(sending->turn.web); /* it needs the loop */
    if (status)
        return say_store_failure(sending->store, status);
    written = write_metrics(ctx, sending);
    return written ? written : say_counts(ctx, sending);
}

/* ---- what is to be done ---------------------------------------------------------------------- */

/* "pending", "show DOMAIN", or to send. */
static int dispatch(TALLOC_CTX *ctx, struct sending *sending)
{
    const struct options *options = sending->options;
    const struct send_reports_view view = {ctx, options, &sending->sender, sending->store};

    if (options->dry_run)
        return send_reports_dry_run(&view);
    if (!options->operand_count)
        return send_reports(ctx, sending);
    return strcmp(options->operands[0], "pending") == 0 ? send_reports_pending(&view)
                                                        : send_reports_show(&view);
}

static int check_operands(const struct options *options)
{
    bool pending = options->operand_count && !strcmp(options->operands[0], "pending");
    bool show = options->operand_count && !strcmp(options->operands[0], "show");

    if (options->operand_count && !pending && !show)
        return console_usage(_("unexpected argument: %s"), options->operands[0]);
    if (show && options->operand_count != 2)
        return console_usage("%s", _("show requires one domain"));
    if (pending && options->operand_count > 1)
        return console_usage(_("unexpected argument: %s"), options->operands[1]);
    return 0;
}

int cmd_send_reports(TALLOC_CTX *ctx, const struct options *options)
{
    struct sending sending = {.options = options};
    bool reads = options->operand_count || options->dry_run;
    struct options own = *options;
    char name[STS_NAME_SIZE];
    int status = check_operands(options);

    if (!status && own.domain) {
        if (sts_name_from_user(own.domain, name) != STS_OK)
            return console_usage(_("\"%s\" is not a domain name"), own.domain);
        own.domain = name;
    }
    sending.options = &own;
    if (!status)
        status = sender_options_read(ctx, &own, &sending.sender);
    if (!status)
        status = open_store(ctx, &own, reads ? STORE_READ : STORE_WRITE, &sending.store);
    if (status)
        return status;
    if (!sending.store) /* there is none yet */
        return 0;
    status = dispatch(ctx, &sending);
    TALLOC_FREE(sending.store);
    return status;
}
