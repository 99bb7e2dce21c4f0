/* SPDX-License-Identifier: MIT */
/* view.c - the steps of a judgement, and the names of its results. */
#include "verdict/view.h"

const char *view_text(struct domain_view *view, const char *text)
{
    const char *copy = talloc_strdup(view->mem, text);

    if (!copy)
        view->no_memory = true;
    return copy ? copy : "";
}

void domain_view_judge(struct domain_view *view)
{
    published_read(view);
    posture_judge(view);
    mx_views_judge(view);
}

void domain_view_free(struct domain_view *view)
{
    sts_record_free(view->published.record);
    sts_policy_free(view->published.policy);
    view->published.record = NULL;
    view->published.policy = NULL;
}

const char *posture_name(enum posture posture)
{
    static const char *const names[] = {"absent",  "broken",  "none",
                                        "testing", "enforce", "nonexistent"};

    return names[posture];
}

const char *delivery_name(enum delivery delivery)
{
    static const char *const names[] = {"unknown",      "protected",      "reported",
                                        "unprotected",  "partly-refused", "refused",
                                        "undeliverable"};

    return names[delivery];
}

const char *dane_use_name(enum dane_use use)
{
    static const char *const names[] = {"none", "postfix", "all"};

    return names[use];
}
