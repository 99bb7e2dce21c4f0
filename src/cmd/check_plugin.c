/* SPDX-License-Identifier: MIT */
/* check_plugin.c - one domain for a monitoring system: the status is the findings', and that of the
 * days which certificates have left by the ranges of -w and -c. */
#include "cmd/check_plugin.h"

#include "app/check.h"
#include "base/i18n.h"
#include "base/range.h"
#include "cmd/console.h"
#include "cmd/from_file.h"
#include "cmd/open_store.h"
#include "cmd/plugin.h"
#include "cmd/show_domains.h"
#include "render/plugin.h"

struct plugin_check {
    struct options options; /* with the domain and the defaults of a plugin */
    struct check check;
    struct store *store; /* NULL: none */
    bool shown;
    int status; /* of the store */
};

static void on_fault(void *arg, const struct fault *fault)
{
    struct plugin_check *plugin = arg;

    plugin->status = say_fault(fault);
}

/* ---- the status ------------------------------------------------------------------------------ */

/* Whoever gives a range to warn by has taken the place of the finding that warns. */
static bool counts(const struct options *options, const struct finding *finding)
{
    return !options->warning || (finding->code != FINDING_POLICY_CERT_EXPIRES_SOON &&
                                 finding->code != FINDING_MX_CERT_EXPIRES_SOON);
}

static enum sts_status count_findings(TALLOC_CTX *ctx, const struct options *options,
                                      const struct diagnosis *whole, struct diagnosis *ret)
{
    *ret = *whole;
    ret->findings = talloc_array(ctx, struct finding, whole->finding_count + 1);
    if (!ret->findings)
        return STS_E_NOMEM;
    ret->finding_count = 0;
    for (size_t i = 0; i < whole->finding_count; i++)
        if (counts(options, &whole->findings[i]))
            ret->findings[ret->finding_count++] = whole->findings[i];
    ret->verdict = findings_verdict(ret->findings, ret->finding_count);
    return STS_OK;
}

static bool alerts(const char *text, int64_t days)
{
    struct range range;

    return text && range_parse(text, &range) && range_alerts(&range, (double)days);
}

static int expiry_status(const struct options *options, const struct expiry *expiry)
{
    if (alerts(options->critical, expiry->days))
        return severity_exit(SEVERITY_CRITICAL);
    return alerts(options->warning, expiry->days) ? severity_exit(SEVERITY_MEDIUM) : 0;
}

static void apply_ranges(const struct options *options, struct plugin_view *view)
{
    for (size_t i = 0; i < view->expiry_count; i++) {
        const struct expiry *expiry = &view->expiries[i];
        int worse = exit_status_worse(view->status, expiry_status(options, expiry));

        if (worse == view->status)
            continue;
        view->status = worse;
        view->cause = expiry;
    }
}

/* ---- the output ------------------------------------------------------------------------------ */

static enum sts_status read_sessions(TALLOC_CTX *ctx, struct plugin_check *plugin,
                                     const struct diagnosis *d, struct recent_sessions *ret)
{
    struct session_log *log;
    enum sts_status status;

    if (!plugin->store)
        return STS_OK;
    status = session_log_read(ctx, plugin->store, d->facts->domain,
                              d->now - RECENT_SESSIONS_DAYS * INT64_C(86400), &log);
    if (status == STS_OK)
        *ret = session_log_recent(log, d->now);
    return status;
}

static char *text_of(TALLOC_CTX *ctx, struct plugin_check *plugin, const struct diagnosis *whole,
                     int *ret_status)
{
    const struct options *options = &plugin->options;
    struct recent_sessions sessions = {0};
    struct diagnosis d;
    struct plugin_view view = {.diagnosis = &d,
                               .warning = options->warning,
                               .critical = options->critical,
                               .warn_days = options->warn_days,
                               .timeout = options->timeout,
                               .sessions = &sessions,
                               .verbosity = options->verbose};
    struct expiry *list;
    enum sts_status status;

    if (count_findings(ctx, options, whole, &d) != STS_OK ||
        expiries(ctx, d.facts, d.now, &list, &view.expiry_count) != STS_OK)
        return NULL;
    view.expiries = list;
    view.status = exit_status_of(d.findings, d.finding_count, options->fail_on);
    apply_ranges(options, &view);
    status = read_sessions(ctx, plugin, whole, &sessions);
    if (status)
        plugin->status = say_store_failure(plugin->store, status);
    *ret_status = view.status;
    return plugin_text(ctx, &view);
}

static enum sts_status show(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                            struct shown *ret)
{
    struct plugin_check *plugin = arg;
    struct checked checked;
    char *text;

    if (plugin->shown) {
        ret->status = console_usage("%s", _("--plugin checks one domain at a time"));
        return STS_OK;
    }
    plugin->shown = true;
    if (check_facts(ctx, &plugin->check, facts, &checked) != STS_OK)
        return STS_E_NOMEM;
    text = text_of(ctx, plugin, checked.diagnosis, &ret->status);
    ret->text = text;
    return text ? STS_OK : STS_E_NOMEM;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static int check_options(const struct options *options)
{
    size_t domains = options->operand_count + (options->hostname != NULL);

    if (options->json)
        return console_usage(_("%s and %s cannot be combined"), "--plugin", "--json");
    if (options->from && domains)
        return console_usage(_("%s and %s cannot be combined"), "--from",
                             options->hostname ? "--hostname" : options->operands[0]);
    if (!options->from && domains != 1)
        return console_usage("%s", domains ? _("--plugin checks one domain at a time")
                                           : _("specify a domain: -H example.com"));
    return 0;
}

static void set_defaults(struct options *own)
{
    if (!own->timeout)
        own->timeout = PLUGIN_TIMEOUT;
    if (own->hostname) {
        own->operands = &own->hostname;
        own->operand_count = 1;
    }
}

int check_plugin(TALLOC_CTX *ctx, const struct options *options)
{
    struct plugin_check plugin = {
        .options = *options,
        .check.request = {.at_now = options->now != NOW_UNSET,
                          .now = options->now,
                          .warn_days = options->warn_days,
                          .fault = on_fault,
                          .arg = &plugin},
    };
    int status = check_options(options);

    if (status)
        return status;
    set_defaults(&plugin.options);
    plugin_limit((unsigned)plugin.options.timeout + PLUGIN_TIMEOUT_OVER);
    status = open_store(ctx, options, options->save ? STORE_WRITE : STORE_READ, &plugin.store);
    if (status)
        return status;
    plugin.check.request.store = options->save ? plugin.store : NULL;
    status = options->from ? from_file_run(ctx, &plugin.options, show, &plugin)
                           : show_domains(ctx, &plugin.options, show, &plugin);
    talloc_free(plugin.store);
    return exit_status_worse(status, plugin.status);
}
