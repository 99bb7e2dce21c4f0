/* SPDX-License-Identifier: MIT */
/* kb_entry_error.c - entries out of the table of errors of the web service. */
#include "base/i18n.h"
#include "knowledge/api_error.h"
#include "render/kb_entry.h"
#include "render/kb_entry_parts.h"

void kb_entry_of_error(struct kb_entry *entry, const struct api_error *error)
{
    entry->code = talloc_asprintf(entry, "%s%s", API_ERROR_PREFIX, error->code);
    entry->kind = "api-error";
    entry->group = _("Errors of the web service");
    entry->title = talloc_asprintf(entry, _("error of the web service, status %u"), error->status);
    entry->meaning = _(error->meaning);
    entry->spec = "RFC 9457";
    entry->causes = kb_entry_empty(entry);
    entry->differs = kb_entry_empty(entry);
    entry->fix = kb_entry_sentences(entry, kb_entry_empty(entry), error->fix, entry->example);
}

bool kb_error_at(size_t i, struct kb_error *ret)
{
    if (i >= api_error_count)
        return false;
    *ret = (struct kb_error){api_errors[i].code, api_errors[i].status, api_errors[i].of_pages,
                             _(api_errors[i].meaning)};
    return true;
}
