/* SPDX-License-Identifier: MIT */
/* record.h - the TXT records of MTA-STS (RFC 8461 section 3.1) and TLSRPT (RFC 8460 section 3).
 *
 * The text is that of one TXT record, its character-strings joined without a space.  Parsing never
 * fails on bad text: every defect is an issue, and the verdicts come from the same pass.
 *
 *     struct sts_record *record;
 *     if (sts_record_parse(text, strlen(text), &record) == STS_OK) {
 *         if (sts_record_valid(record))
 *             puts(sts_record_id(record));
 *         sts_record_free(record);
 *     }
 */
#ifndef MTASTS_RECORD_H
#define MTASTS_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include <mtasts/issue.h>
#include <mtasts/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Longer records are refused with STS_E_LIMIT: DNS itself cannot carry more than 65,535 bytes. */
#define STS_RECORD_MAX 65535

struct sts_text {
    const char *bytes; /* may hold any byte, NUL included */
    size_t length;
};

/* What RFC 8461 section 3.1 makes of the TXT records at one name. */
enum sts_selection {
    STS_SELECTION_NONE,     /* none begins "v=STSv1;" */
    STS_SELECTION_ONE,      /* exactly one does; whether it is valid is another question */
    STS_SELECTION_MULTIPLE, /* more than one: a sender acts as if there were none */
};

struct sts_record;
struct sts_tlsrpt_record;

/* Parse an _mta-sts record.  The text is copied.  *ret is set on STS_OK only and is freed with
 * sts_record_free().  Errors: STS_E_NOMEM, STS_E_LIMIT. */
STS_API STS_MUST_USE enum sts_status sts_record_parse(const char *text, size_t length,
                                                      struct sts_record **ret);
/* The strict verdict of the RFC's grammar.  A repeated field and a blank before the first ';'
 * (erratum 6285) are issues within the grammar; a blank behind the last field is outside it. */
STS_API bool sts_record_valid(const struct sts_record *record);
/* What nearly all senders do: as above, but blanks at the end are forgiven. */
STS_API bool sts_record_usable(const struct sts_record *record);
/* The id; NULL if there is none or it is invalid.  Borrowed. */
STS_API const char *sts_record_id(const struct sts_record *record);
STS_API const struct sts_issue *sts_record_issues(const struct sts_record *record,
                                                  size_t *ret_count);
STS_API void sts_record_free(struct sts_record *record);

/* Was this TXT plainly meant as an _mta-sts record, right or wrong?  True for "v=STS1; ...",
 * "V=STSv1", "v = STSv1", a version that is not first, literal quotation marks around it, a pasted
 * policy; false for SPF, DKIM and what proves a domain's ownership to somebody. */
STS_API bool sts_looks_like_record(const char *text, size_t length);

/* Which of the TXT records found at _mta-sts.<domain> counts.  *ret_index is set for ONE.
 * "v=STSv1 ;" counts as well (erratum 6285): it is an issue of the record. */
STS_API enum sts_selection sts_record_select(const struct sts_text *texts, size_t count,
                                             size_t *ret_index);

/* The same for _smtp._tls records and "v=TLSRPTv1;".  Usable: the record is sound but for blanks at
 * the end, and at least one URI is valid. */
STS_API STS_MUST_USE enum sts_status sts_tlsrpt_record_parse(const char *text, size_t length,
                                                             struct sts_tlsrpt_record **ret);
STS_API bool sts_tlsrpt_record_usable(const struct sts_tlsrpt_record *record);
STS_API bool sts_tlsrpt_record_valid(const struct sts_tlsrpt_record *record);
/* The reporting URIs as written, in order; invalid ones are left out.  Borrowed. */
STS_API const char *const *sts_tlsrpt_record_rua(const struct sts_tlsrpt_record *record,
                                                 size_t *ret_count);
STS_API const struct sts_issue *sts_tlsrpt_record_issues(const struct sts_tlsrpt_record *record,
                                                         size_t *ret_count);
STS_API void sts_tlsrpt_record_free(struct sts_tlsrpt_record *record);
STS_API bool sts_looks_like_tlsrpt_record(const char *text, size_t length);
STS_API enum sts_selection sts_tlsrpt_record_select(const struct sts_text *texts, size_t count,
                                                    size_t *ret_index);

#ifdef __cplusplus
}
#endif

#endif
