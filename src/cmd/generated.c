/* SPDX-License-Identifier: MIT */
/* generated.c - publications of one domain or of many, shown and written. */
#include "cmd/generated.h"

#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/console.h"
#include "cmd/textout_options.h"
#include "cmd/write_files.h"
#include "facts/facts_copy.h"
#include "render/advisory.h"
#include "rollout/bundle.h"

/* Of one domain. */
struct judged {
    struct advisory *advisory;
    struct generate_wish wish;
    bool usable;
};

struct generated {
    const struct options *options;
    struct bundle *bundle;
    struct judged first; /* held back; advisory NULL: there is none */
    size_t count;
    bool many;
    int64_t now;
};

struct generated *generated_new(TALLOC_CTX *ctx, const struct options *options)
{
    struct generated *generated = talloc_zero(ctx, struct generated);

    if (!generated)
        return NULL;
    generated->options = options;
    generated->bundle = bundle_new(generated);
    return generated->bundle ? generated : NULL;
}

static enum sts_status judge(TALLOC_CTX *ctx, const struct publication *publication,
                             struct judged *ret)
{
    *ret = (struct judged){.advisory = NULL};
    ret->advisory = publication_judge(ctx, publication, &ret->wish, &ret->usable);
    return ret->advisory ? STS_OK : STS_E_NOMEM;
}

/* Until the next one comes, or none. */
static enum sts_status hold(struct generated *generated, const struct publication *publication)
{
    struct publication own = *publication;
    struct facts *facts = NULL;

    if (own.facts && facts_copy(generated, own.facts, &facts) != STS_OK)
        return STS_E_NOMEM;
    own.facts = facts;
    own.domain = talloc_strdup(generated, own.domain);
    return own.domain ? judge(generated, &own, &generated->first) : STS_E_NOMEM;
}

/* ---- one of many ----------------------------------------------------------------------------- */

/* JSON has all that belongs to the domain, as if it were alone. */
static char *of_many(TALLOC_CTX *ctx, struct generated *generated, struct judged *judged)
{
    const struct options *options = generated->options;
    struct textout_options page = textout_options_of(options);
    struct advisory *a = judged->advisory;
    char *line;

    if (judged->usable && !bundle_add(generated->bundle, a, &judged->wish))
        return NULL;
    if (judged->usable && options->json)
        publication_complete(a, &judged->wish);
    if (a->no_memory)
        return NULL;
    if (!options->json)
        return text_advisory(ctx, a, false, &page);
    line = json_advisory(ctx, a, GENERATE_FORMAT);
    return line ? talloc_strdup_append_buffer(line, "\n") : NULL;
}

static enum sts_status show(TALLOC_CTX *ctx, struct generated *generated, struct judged *judged,
                            struct shown *ret)
{
    char *text = of_many(ctx, generated, judged);

    ret->status = exit_status_worse(ret->status, severity_exit(advisory_worst(judged->advisory)));
    ret->text = ret->text && text ? talloc_strdup_append_buffer(ret->text, text) : text;
    return ret->text ? STS_OK : STS_E_NOMEM;
}

enum sts_status generated_add(TALLOC_CTX *ctx, struct generated *generated,
                              const struct publication *publication, struct shown *ret)
{
    struct judged judged;
    enum sts_status status = STS_OK;

    generated->now = publication->now;
    generated->many = ++generated->count > 1 || ret->of > 1;
    if (!generated->many)
        return hold(generated, publication);
    if (generated->first.advisory)
        status = show(ctx, generated, &generated->first, ret);
    TALLOC_FREE(generated->first.advisory);
    if (!status)
        status = judge(ctx, publication, &judged);
    if (status)
        return status;
    status = show(ctx, generated, &judged, ret);
    talloc_free(judged.advisory);
    return status;
}

/* ---- the end --------------------------------------------------------------------------------- */

static int end_of_one(struct generated *generated)
{
    struct judged *judged = &generated->first;
    int status = 0;
    char *text;

    if (judged->usable)
        publication_complete(judged->advisory, &judged->wish);
    text =
        write_advisory(generated, generated->options, judged->advisory, GENERATE_FORMAT, &status);
    return exit_status_worse(status, console_text(text));
}

static int end_of_many(struct generated *generated)
{
    const struct options *options = generated->options;
    struct advisory *a = bundle_advise(generated, generated->bundle, generated->now);
    int status = 0;
    char *text = a ? write_advisory(generated, options, a, GENERATE_FORMAT, &status) : NULL;

    if (!text)
        return console_no_memory();
    if (options->json) /* each domain has had its line */
        return status;
    if (!options->quiet)
        console_text("\n");
    return exit_status_worse(status, console_text(text));
}

int generated_end(struct generated *generated)
{
    if (!generated->count)
        return 0;
    return generated->many ? end_of_many(generated) : end_of_one(generated);
}
