/* SPDX-License-Identifier: MIT */
/* kb_entry_provider.c - topics out of the table of providers. */
#include "render/kb_entry_parts.h"

#include <string.h>

#include "base/i18n.h"
#include "knowledge/topic.h"
#include "render/kb_entry.h"
#include "vendors/provider.h"

/* "a, b", each with what stands before it. */
static char *joined(TALLOC_CTX *ctx, const char *before, const char *const *names,
                    const char *between)
{
    char *text = NULL;

    for (; names && *names; names++) {
        const char *star = **names == '.' ? "*" : "";

        text = text ? talloc_asprintf_append(text, "%s%s%s%s", between, before, star, *names)
                    : talloc_asprintf(ctx, "%s%s%s", before, star, *names);
    }
    return text;
}

/* The mx lines it needs; its places know them as {provider_mx}.  NULL: it runs no MX hosts. */
static const char *policy_lines(TALLOC_CTX *ctx, const struct provider *provider)
{
    const char *host = provider_mx_example(provider);

    if (provider->mx_patterns)
        return joined(ctx, "mx: ", provider->mx_patterns, "\n");
    return host ? talloc_asprintf(ctx, "mx: %s", host) : NULL;
}

/* What in DNS shows that a domain uses it. */
static const char *recognized_by(TALLOC_CTX *ctx, const struct provider *provider)
{
    const char *const *hosts = provider->mx_hosts ? provider->mx_hosts : provider->mx_names;

    if (hosts)
        return talloc_asprintf(ctx, _("MX hosts: %s"), joined(ctx, "", hosts, ", "));
    return provider->cname_names ? talloc_asprintf(ctx, _("CNAME to: %s"),
                                                   joined(ctx, "", provider->cname_names, ", "))
                                 : NULL;
}

/* The places of the example, but with a host of the provider. */
static struct expand_params provider_params(struct kb_entry *entry, const struct provider *provider)
{
    struct expand_params params = entry->example;
    struct param *own = talloc_array(entry, struct param, params.count + 4);
    const char *host = provider_mx_example(provider);
    size_t count = 0;

    if (!own)
        return params;
    own[count++] = (struct param){"provider", provider->name};
    if (entry->policy_lines)
        own[count++] = (struct param){"provider_mx", entry->policy_lines};
    if (host) {
        own[count++] = (struct param){"host", host};
        own[count++] = (struct param){"mx_line", entry->policy_lines};
    }
    memcpy(own + count, params.params,
           params.count * sizeof(*own)); /* the first of a name counts */
    params.params = own;
    params.count += count;
    return params;
}

/* Other providers that share a word with it. */
static char **variants_of(struct kb_entry *entry, const struct provider *provider)
{
    char **list = entry->variants;

    for (size_t i = 0; i < provider_count; i++) {
        const struct provider *other = &providers[i];
        size_t first = provider->aliases ? strcspn(provider->aliases, " ") : 0;
        char *word = first ? talloc_strndup(entry, provider->aliases, first) : NULL;

        if (word && other != provider && other->aliases && topic_word_among(other->aliases, word))
            list = kb_entry_line(entry, list, talloc_strdup(entry, other->id));
        talloc_free(word);
    }
    return list;
}

void kb_entry_of_provider(struct kb_entry *entry, const struct provider *provider)
{
    const char *const *const steps[] = {provider->mx_steps, provider->cert_steps,
                                        provider->host_steps};
    struct expand_params params;

    entry->policy_lines = policy_lines(entry, provider);
    entry->recognized = recognized_by(entry, provider);
    params = provider_params(entry, provider);
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
    entry->topics = kb_entry_names(entry, entry->topics, topic_provider_see(provider));
    entry->variants = variants_of(entry, provider);
    entry->differs = kb_entry_differs(entry, provider->id, params);
}
