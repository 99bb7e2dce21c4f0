/* SPDX-License-Identifier: MIT */
/* badge.c - a small picture of how a domain is. */
#include "pages/badge.h"

#include <string.h>

#include "pages/mark.h"

#define LETTER 7  /* pixels; a little more than the font needs */
#define MARGIN 12 /* of a part, left and right of its word together */

static const char *ground_of(const char *kind)
{
    static const struct {
        const char *kind, *ground;
    } grounds[] = {{"good", "#1b7a43"}, {"warn", "#8a5a00"}, {"bad", "#b3261e"}};

    for (size_t i = 0; i < sizeof(grounds) / sizeof(grounds[0]); i++)
        if (strcmp(grounds[i].kind, kind) == 0)
            return grounds[i].ground;
    return "#5b6572";
}

static int width_of(const char *word)
{
    return (int)strlen(word) * LETTER + MARGIN;
}

/* The words are those of the JSON, so that their width is known. */
struct badge_page badge_page_of(TALLOC_CTX *ctx, const char *domain,
                                const struct diagnosis *diagnosis)
{
    struct mark_page mark =
        diagnosis ? mark_of_verdict(diagnosis->verdict) : (struct mark_page){"ask", NULL};
    const char *word = !diagnosis                         ? "not checked"
                       : diagnosis->verdict == VERDICT_OK ? posture_name(diagnosis->posture)
                                                          : verdict_name(diagnosis->verdict);
    const char *label = "MTA-STS";
    int left = width_of(label), right = width_of(word);

    return (struct badge_page){
        .kind = mark.kind,
        .label = label,
        .word = word,
        .title = talloc_asprintf(ctx, "%s: MTA-STS %s", domain, word),
        .left = left,
        .width = left + right,
        .label_at = left / 2,
        .word_at = left + right / 2,
        .ground = ground_of(mark.kind),
    };
}
