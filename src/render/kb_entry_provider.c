/* SPDX-License-Identifier: MIT */
/* kb_entry_provider.c - topics out of the table of providers. */
#include "render/kb_entry_parts.h"

#include <string.h>

#include "base/i18n.h"
#include "knowledge/topic.h"
#include "render/finding_text.h"
#include "render/kb_entry.h"
#include "vendors/provider.h"

/* The mx lines it wants, "mx: a, mx: b"; its places know them as {provider_mx}. */
static const char *provider_lines(TALLOC_CTX *ctx, const struct provider *provider)
{
    char *lines = NULL;

    for (const char *const *p = provider->mx_patterns; p && *p; p++)
        lines = lines ? talloc_asprintf_append(lines, ", mx: %s", *p)
                      : talloc_asprintf(ctx, "mx: %s", *p);
    return lines || !provider->mx_names ? lines
                                        : talloc_asprintf(ctx, "mx: HOST%s", provider->mx_names[0]);
}

static struct expand_params provider_params(TALLOC_CTX *ctx, const struct provider *provider)
{
    struct expand_params params = finding_text_example();
    struct param *more = talloc_array(ctx, struct param, params.count + 2);
    const char *lines;

    if (!more)
        return params;
    memcpy(more, params.params, params.count * sizeof(*more));
    more[params.count++] = (struct param){"provider", provider->name};
    lines = provider_lines(ctx, provider);
    if (lines)
        more[params.count++] = (struct param){"provider_mx", lines};
    params.params = more;
    return params;
}

void kb_entry_of_provider(struct kb_entry *entry, const struct provider *provider)
{
    struct expand_params params = provider_params(entry, provider);
    const char *const *const steps[] = {provider->mx_steps, provider->cert_steps,
                                        provider->host_steps};

    entry->code = provider->id;
    entry->kind = "topic";
    entry->group = _("Topics: providers");
    entry->title = provider->name;
    entry->meaning = expand_text(entry, _(provider->meaning), params);
    entry->spec = provider->kinds & PROVIDER_MAIL ? "RFC 8461 section 4.1" : "RFC 8461 section 3.3";
    entry->causes = kb_entry_sentences(entry, kb_entry_empty(entry), provider->faults, params);
    entry->commands =
        kb_entry_commands(entry, entry->commands, topic_provider_commands(provider), params);
    entry->fix = kb_entry_empty(entry);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        entry->fix = kb_entry_sentences(entry, entry->fix, steps[i], params);
    entry->differs = kb_entry_differs(entry, provider->id);
}
