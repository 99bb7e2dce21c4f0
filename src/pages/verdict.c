/* SPDX-License-Identifier: MIT */
/* verdict.c - how a domain is, in a word and a sentence. */
#include "pages/verdict.h"

#include <string.h>

#include "base/text.h"
#include "render/headline.h"

struct verdict_page verdict_page_of(TALLOC_CTX *ctx, const struct diagnosis *diagnosis)
{
    const struct facts *facts = diagnosis->facts;

    return (struct verdict_page){
        .mark = mark_of_verdict(diagnosis->verdict),
        .domain = text_printable(ctx, facts->domain, strlen(facts->domain), 0),
        .sentence = headline_sentence(ctx, headline(ctx, diagnosis)),
        .when = facts->observed_at,
    };
}
