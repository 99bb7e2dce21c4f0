/* SPDX-License-Identifier: MIT */
/* words.c - the report judged, and the findings as sentences. */
#include "submit/words.h"

#include "render/report.h"
#include "reports/names.h"
#include "rules/report_rules.h"

static char *write_words(TALLOC_CTX *ctx, const struct submit_sender *sender,
                         const struct outgoing_report *report, const struct report_view *view)
{
    enum i18n_language was = i18n_use(sender->language);
    char *text = text_report_words(ctx, &(struct report_words){
                                            .organization = sender->organization,
                                            .contact = sender->contact,
                                            .domain = report->labels.domain,
                                            .begin = report->begin,
                                            .successful = report->successful,
                                            .failed = report->failed,
                                            .left_out = report->details_left_out > 0,
                                            .view = view,
                                        });

    (void)i18n_use(was);
    return text;
}

enum sts_status words_of_report(TALLOC_CTX *ctx, const struct submit_sender *sender,
                                const struct outgoing_report *report, int64_t now, char **ret)
{
    TALLOC_CTX *work = talloc_new(ctx);
    struct names texts;
    struct tally *tally;
    struct report_view *view;
    enum sts_status status = STS_E_NOMEM;

    if (!work)
        return STS_E_NOMEM;
    names_begin(&texts, work, sizeof(const char *));
    tally = tally_new(work, &texts);
    if (tally)
        tally_add(tally, report->read);
    if (tally && !tally_ran_out(tally))
        status = judge_reports(work, tally, NULL, 0, now, &view);
    if (!status) {
        *ret = write_words(ctx, sender, report, view);
        status = *ret ? STS_OK : STS_E_NOMEM;
    }
    talloc_free(work);
    return status;
}
