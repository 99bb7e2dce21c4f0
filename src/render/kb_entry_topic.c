/* SPDX-License-Identifier: MIT */
/* kb_entry_topic.c - entries out of the tables of topics. */
#include "base/i18n.h"
#include "knowledge/topic.h"
#include "render/kb_entry.h"
#include "render/kb_entry_parts.h"
#include "render/result_type.h"

const char *kb_entry_topic_group(const struct topic *topic)
{
    static const char *const groups[] = {
        [TOPIC_GROUP_TERM] = N_("Topics: terms"),
        [TOPIC_GROUP_QUESTION] = N_("Topics: troubleshooting"),
        [TOPIC_GROUP_ROLLOUT] = N_("Topics: rollout and rollback"),
        [TOPIC_GROUP_REPORT] = N_("Topics: reports and senders"),
    };

    return _(groups[topic->group]);
}

/* A row a result type, with the severity of the finding that a report of it yields. */
static void append_types(struct kb_entry *entry)
{
    struct kb_entry_type *types = talloc_array(entry, struct kb_entry_type, result_type_count);

    for (size_t i = 0; types && i < result_type_count; i++) {
        const struct finding_info *info = finding_info(result_types[i].finding);

        types[i] = (struct kb_entry_type){result_types[i].name, info->enforce, info->testing,
                                          info->otherwise, _(result_types[i].title)};
    }
    entry->types = types;
    entry->type_count = types ? result_type_count : 0;
}

static void append_sample(struct kb_entry *entry)
{
    struct kb_entry_sample_line *lines =
        talloc_array(entry, struct kb_entry_sample_line, sample_report_count);

    for (size_t i = 0; lines && i < sample_report_count; i++)
        lines[i] = (struct kb_entry_sample_line){
            sample_report[i].text, sample_report[i].note ? _(sample_report[i].note) : NULL};
    entry->sample = lines;
    entry->sample_count = lines ? sample_report_count : 0;
}

void kb_entry_of_topic(struct kb_entry *entry, const struct topic *topic)
{
    struct expand_params params = entry->example;

    entry->code = topic->name;
    entry->kind = "topic";
    entry->group = kb_entry_topic_group(topic);
    entry->title = _(topic->title);
    entry->meaning = expand_text(entry, _(topic->meaning), params);
    entry->spec = topic->spec;
    entry->causes = kb_entry_sentences(entry, kb_entry_empty(entry), topic->causes, params);
    entry->commands = kb_entry_commands(entry, entry->commands, topic->commands, params);
    entry->fix = kb_entry_sentences(entry, kb_entry_empty(entry), topic->fix, params);
    entry->findings = kb_entry_names(entry, entry->findings, topic->findings);
    entry->topics = kb_entry_names(entry, entry->topics, topic->see);
    entry->differs = kb_entry_differs(entry, topic->name, params);
    if (topic->appendix == TOPIC_APPENDIX_RESULT_TYPES)
        append_types(entry);
    if (topic->appendix == TOPIC_APPENDIX_SAMPLE)
        append_sample(entry);
}
