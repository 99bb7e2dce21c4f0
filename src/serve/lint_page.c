/* SPDX-License-Identifier: MIT */
/* lint_page.c - /tools/lint: a text out of a form, checked. */
#include <string.h>

#include "app/lint_text.h"
#include "app/typed_list.h"
#include "base/i18n.h"
#include "pages/lint.h"
#include "serve/compute.h"
#include "serve/exchange.h"
#include "serve/names_look.h"
#include "serve/page.h"
#include "serve/tools.h"

struct lint_form {
    struct computed computed;
    struct exchange *exchange;
    const char *text, *mx, *domain, *error;
    const char *live_note; /* what the lookup of the domain said; NULL: nothing was looked up */
    struct live_mx live;
    struct lint_request request;
    struct linted linted;
    bool alone; /* the result without the page around it */
};

static struct lint_page page_of(struct exchange *exchange)
{
    return (struct lint_page){.frame = page_frame(exchange, _("Policy and records"), FRAME_TEXTS)};
}

void page_tools_lint(struct exchange *exchange)
{
    struct lint_page page = page_of(exchange);
    struct html *html = page_begin(exchange);

    if (!html)
        return;
    page_lint(html, &page);
    page_answer(exchange, 200, html);
}

/* Those of the domain behind those that were typed. */
static void add_live(struct lint_form *form, size_t count)
{
    const char **all =
        talloc_zero_array(form, const char *, (unsigned)(count + form->live.count) + 1);

    for (size_t i = 0; all && i < count; i++)
        all[i] = form->request.mx[i];
    for (size_t i = 0; all && i < form->live.count; i++)
        all[count + i] = form->live.hosts[i];
    form->request.mx = all;
    form->request.mx_count = all ? count + form->live.count : 0;
}

static void read_mx(struct lint_form *form)
{
    const char **words, *wrong = "";
    size_t count;

    if (typed_list(form, form->mx, &words, &count) != STS_OK)
        form->error = _("Too many MX hosts.");
    else if (typed_names(form, words, count, &form->request.mx, &wrong) != STS_OK)
        form->error = talloc_asprintf(form, _("\"%s\" is not a host name."), wrong);
    else
        add_live(form, count);
}

static void work(struct computed *computed)
{
    struct lint_form *form = (struct lint_form *)computed;
    enum sts_status status;

    read_mx(form);
    if (form->error)
        return;
    status = lint_text(form, &form->request, &form->linted);
    if (status == STS_E_LIMIT)
        form->error = _("No sender accepts a record this long.");
    else if (status != STS_OK)
        computed_text(computed, "", NULL);
}

static void finish(struct exchange *exchange, struct computed *computed)
{
    struct lint_form *form = (struct lint_form *)computed;
    struct lint_page page = page_of(exchange);
    struct html *html = page_begin(exchange);

    if (!html)
        return;
    page.text = form->text;
    page.mx = form->mx;
    page.domain = form->domain;
    page.live_note = form->live_note;
    page.error = form->error;
    page.record = form->request.kind == LINT_RECORD;
    page.tlsrpt = form->request.kind == LINT_TLSRPT_RECORD;
    if (form->linted.lint)
        lint_page_fill(form, &page, form->linted.lint);
    if (form->alone)
        page_lint_result(html, &page);
    else
        page_lint(html, &page);
    page_answer(exchange, form->error && !form->alone ? 422 : 200, html);
}

static enum lint_kind kind_of(const char *kind)
{
    if (kind && !strcmp(kind, "record"))
        return LINT_RECORD;
    return kind && !strcmp(kind, "tlsrpt") ? LINT_TLSRPT_RECORD : LINT_POLICY;
}

static char *field(struct exchange *exchange, struct lint_form *form, const char *name)
{
    const char *value = exchange_form(exchange, name);

    return talloc_strdup(form, value ? value : "");
}

/* Browsers send each end of a line as CR LF, whatever the text had; as LF it is shown unaltered. */
static char *as_typed(char *text)
{
    char *end = text;

    for (const char *at = text; at && *at; at++)
        if (at[0] != '\r' || at[1] != '\n')
            *end++ = *at;
    if (end)
        *end = '\0';
    return text;
}

/* ---- the MX hosts of a domain ---------------------------------------------------------------- */

static const char *note_of(struct lint_form *form)
{
    const char *domain = form->domain;

    switch (form->live.state) {
    case LIVE_MX_FOUND:
        return talloc_asprintf(form, _("The MX hosts of %s are those that its DNS lists now."),
                               domain);
    case LIVE_MX_NONE:
        return talloc_asprintf(
            form, _("%s has no MX host that a policy could cover: it receives no mail."), domain);
    case LIVE_MX_NO_DOMAIN:
        return talloc_asprintf(form, _("The domain %s does not exist."), domain);
    default:
        return talloc_asprintf(form,
                               _("The MX hosts of %s could not be looked up. The text was checked "
                                 "without them."),
                               domain);
    }
}

static void on_live(void *arg, const struct live_mx *live, const char *why)
{
    struct lint_form *form = arg;

    if (live) {
        form->live = *live;
        talloc_steal(form, live->hosts);
    }
    form->live_note = live ? note_of(form) : why;
    compute_answer(form->exchange, tools_of(form->exchange)->texts, &form->computed);
}

/* ---- the form -------------------------------------------------------------------------------- */

static struct lint_form *read_form(struct exchange *exchange, bool alone)
{
    struct lint_form *form = talloc_zero(exchange, struct lint_form);

    if (!form)
        return NULL;
    form->computed.work = work;
    form->computed.finish = finish;
    form->exchange = exchange;
    form->alone = alone;
    form->text = as_typed(field(exchange, form, "text"));
    form->mx = field(exchange, form, "mx");
    form->domain = field(exchange, form, "domain");
    form->request.kind = kind_of(exchange_form(exchange, "kind"));
    form->request.now = tools_example_time();
    if (!form->text || !form->mx || !form->domain) {
        talloc_free(form);
        return NULL;
    }
    form->request.text = bytes_of(form->text);
    return form;
}

static void lint_form(struct exchange *exchange, bool alone)
{
    struct lint_form *form = read_form(exchange, alone);

    if (form && form->request.kind == LINT_POLICY && form->domain[strspn(form->domain, " \t")])
        names_look(exchange, form->domain, on_live, form);
    else
        compute_answer(exchange, tools_of(exchange)->texts, form ? &form->computed : NULL);
}

void page_tools_lint_form(struct exchange *exchange)
{
    lint_form(exchange, false);
}

void page_tools_lint_result(struct exchange *exchange)
{
    lint_form(exchange, true);
}
