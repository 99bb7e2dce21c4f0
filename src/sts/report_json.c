/* SPDX-License-Identifier: MIT */
/* report_json.c - the walk over the JSON of a report, by one table of members a level.
 *
 * A member is found under the RFC's name, under any spelling of it (capitals, '_' for '-',
 * camelCase), under the name a draft of the RFC gave it, and in an object beside its own. */
#include "sts/report_json.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"

#define PATH_MAX_BYTES  200
#define VALUE_MAX_BYTES (REPORT_FOUND_MAX + 2) /* of a value in a note */

struct json_member {
    const char *name;
    const char *others; /* names of drafts, '|' between */
    int home;           /* which object it belongs to */
    bool wanted;
    take_value *take;
    size_t offset; /* in the target */
};

/* One thing of the report, read out of one object or several. */
struct target {
    const struct json_member *members;
    size_t count;
    void *at;
    unsigned seen; /* a bit for each member */
};

const struct json *json_parse(struct json_reader *reader, struct bytes text, bool lenient)
{
    struct json *value;
    size_t at;

    if (json_read(reader->mem, text, lenient, STS_REPORT_DEPTH, &value, &at) == JSON_NO_MEMORY)
        reader->report->no_memory = true;
    return value;
}

/* ---- notes ----------------------------------------------------------------------------------- */

static size_t write_path(const struct json_place *here, char *path, size_t size)
{
    size_t at;

    if (!here)
        return 0;
    at = write_path(here->up, path, size);
    if (here->name)
        snprintf(path + at, size - at, "%s%s", at ? "." : "", here->name);
    else
        snprintf(path + at, size - at, "[%zu]", here->index);
    return at + strlen(path + at);
}

void json_note(struct json_reader *reader, const struct json_place *here, enum sts_deviation code,
               struct bytes found)
{
    char path[PATH_MAX_BYTES] = "";

    write_path(here, path, sizeof(path));
    report_note(reader->report, code, path, found);
}

/* As it is written, without what stands between its parts. */
static struct bytes compact(const struct json *value, char *room, size_t size)
{
    size_t length = 0;
    bool quoted = false;

    for (size_t i = 0; i < value->source.length && length + 1 < size; i++) {
        char c = value->source.data[i];

        if (!quoted && ascii_is_space((unsigned char)c))
            continue;
        room[length++] = c;
        if (quoted && c == '\\' && i + 1 < value->source.length)
            room[length++] = value->source.data[++i];
        else if (c == '"')
            quoted = !quoted;
    }
    return (struct bytes){room, length};
}

void json_note_value(struct json_reader *reader, const struct json_place *here,
                     enum sts_deviation code, const struct json *value)
{
    char room[VALUE_MAX_BYTES];

    json_note(reader, here, code,
              value ? compact(value, room, sizeof(room)) : (struct bytes){"", 0});
}

/* ---- members --------------------------------------------------------------------------------- */

/* The same letters and digits, case and what stands between them left aside? */
static bool same_letters(const char *a, size_t length, const char *b)
{
    size_t i = 0;

    for (;; i++, b++) {
        while (i < length && !ascii_is_alnum((unsigned char)a[i]))
            i++;
        while (*b && !ascii_is_alnum((unsigned char)*b))
            b++;
        if (i >= length || !*b)
            return i >= length && !*b;
        if (ascii_lower(a[i]) != ascii_lower(*b))
            return false;
    }
}

static bool is_other_name(const struct json_member *member, const char *name)
{
    const char *other = member->others;

    if (same_letters(member->name, strlen(member->name), name))
        return true;
    while (*other) {
        size_t length = strcspn(other, "|");

        if (same_letters(other, length, name))
            return true;
        other += length + (other[length] == '|');
    }
    return false;
}

static const struct json_member *find_member(const struct target *target, const char *name,
                                             bool *ret_exact)
{
    *ret_exact = true;
    for (size_t i = 0; i < target->count; i++)
        if (strcmp(target->members[i].name, name) == 0)
            return &target->members[i];
    *ret_exact = false;
    for (size_t i = 0; i < target->count; i++)
        if (is_other_name(&target->members[i], name))
            return &target->members[i];
    return NULL;
}

static void take_member(struct json_reader *reader, const struct json_place *here,
                        struct target *target, int home, const char *name, const struct json *value)
{
    bool exact;
    const struct json_member *member = find_member(target, name, &exact);
    struct json_place place = {here, member ? member->name : name, 0};
    unsigned bit;

    if (!member) /* RFC 8460 section 4.4 leaves room for more */
        return;
    bit = 1u << (member - target->members);
    if (!exact)
        json_note(reader, &place, STS_DEVIATION_MEMBER_NAME, bytes_of(name));
    if (member->home != home)
        json_note(reader, &place, STS_DEVIATION_MEMBER_MISPLACED, (struct bytes){0});
    if (!value)
        json_note(reader, &place, STS_DEVIATION_MEMBER_NULL, (struct bytes){0});
    if (target->seen & bit && value)
        json_note_value(reader, &place, STS_DEVIATION_MEMBER_REPEATED, value);
    else if (value)
        member->take(reader, &place, value, (char *)target->at + member->offset);
    if (value)
        target->seen |= bit;
    else if (member->wanted) /* said already; not missing as well */
        target->seen |= bit << 16;
}

static void read_object(struct json_reader *reader, const struct json_place *here,
                        struct target *target, int home, const struct json *object)
{
    if (!json_is(object, JSON_OBJECT)) {
        json_note_value(reader, here, STS_DEVIATION_MEMBER_TYPE, object);
        return;
    }
    for (size_t i = 0; i < object->count; i++)
        take_member(reader, here, target, home, object->items[i].name.data, json_item(object, i));
}

static void note_missing(struct json_reader *reader, const struct json_place *here,
                         const struct target *target)
{
    for (size_t i = 0; i < target->count; i++) {
        struct json_place place = {here, target->members[i].name, 0};

        if (target->members[i].wanted && !((target->seen | target->seen >> 16) & 1u << i))
            json_note(reader, &place, STS_DEVIATION_MEMBER_MISSING, (struct bytes){0});
    }
}

/* ---- lists ----------------------------------------------------------------------------------- */

/* How many elements: a value that is no list is the only one. */
static size_t list_length(struct json_reader *reader, const struct json_place *here,
                          const struct json *value)
{
    if (json_is(value, JSON_ARRAY))
        return value->count;
    json_note(reader, here, STS_DEVIATION_NOT_A_LIST, (struct bytes){0});
    return 1;
}

static const struct json *list_element(const struct json *value, size_t index)
{
    return json_is(value, JSON_ARRAY) ? json_item(value, index) : value;
}

static void *new_list(struct json_reader *reader, size_t count, size_t size)
{
    void *list = talloc_zero_size(reader->report, count ? count * size : 1);

    if (!list)
        reader->report->no_memory = true;
    return list;
}

/* ---- failure details ------------------------------------------------------------------------- */

#define DETAIL(name, others, wanted, take, field)                                                  \
    {                                                                                              \
        name, others, 0, wanted, take, offsetof(struct sts_report_detail, field)                   \
    }

static const struct json_member detail_members[] = {
    DETAIL("result-type", "", false, take_keyword, result_type),
    DETAIL("sending-mta-ip", "sending-mta-ip-address", false, take_address, sending_ip),
    DETAIL("receiving-mx-hostname", "receiving-mx|receiving-mx-host", false, take_host, mx),
    DETAIL("receiving-mx-helo", "", false, take_text, helo),
    DETAIL("receiving-ip", "receiving-mx-ip", false, take_address, receiving_ip),
    DETAIL("failed-session-count", "session-count|failure-session-count|failed-count", true,
           take_count, sessions),
    DETAIL("additional-information", "additional-info-uri|additional-info", false, take_text, info),
    DETAIL("failure-reason-code", "failure-error-code|failure-reason", false, take_text, reason),
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static void read_detail(struct json_reader *reader, const struct json_place *here,
                        const struct json *object, struct sts_report_detail *detail)
{
    struct target target = {detail_members, LENGTH(detail_members), detail, 0};

    detail->sessions = STS_REPORT_UNKNOWN;
    read_object(reader, here, &target, 0, object);
    note_missing(reader, here, &target);
    if (!detail->result_type)
        json_note(reader, here, STS_DEVIATION_RESULT_TYPE_MISSING, (struct bytes){0});
    else if (!sts_result_type_known(detail->result_type))
        json_note(reader, here, STS_DEVIATION_RESULT_TYPE_UNKNOWN, bytes_of(detail->result_type));
}

static void take_details(struct json_reader *reader, const struct json_place *here,
                         const struct json *value, void *at)
{
    struct sts_report_policy *policy = at;
    size_t count = list_length(reader, here, value);
    struct sts_report_detail *details = new_list(reader, count, sizeof(*details));

    policy->details = details;
    policy->detail_count = 0;
    for (size_t i = 0; details && i < count; i++) {
        struct json_place place = {here, NULL, i};
        const struct json *element = list_element(value, i);

        if (json_is(element, JSON_OBJECT))
            read_detail(reader, &place, element, &details[policy->detail_count++]);
        else
            json_note_value(reader, &place, STS_DEVIATION_ELEMENT_TYPE, element);
    }
}

/* ---- policies -------------------------------------------------------------------------------- */

enum { HOME_ITEM, HOME_POLICY, HOME_SUMMARY };

static take_value take_policy_object, take_summary;

#define POLICY(name, others, home, wanted, take, field)                                            \
    {                                                                                              \
        name, others, home, wanted, take, offsetof(struct sts_report_policy, field)                \
    }
#define WHOLE(name, others, home, wanted, take)                                                    \
    {                                                                                              \
        name, others, home, wanted, take, 0                                                        \
    }

static const struct json_member policy_members[] = {
    WHOLE("policy", "applied-policy", HOME_ITEM, true, take_policy_object),
    WHOLE("summary", "", HOME_ITEM, true, take_summary),
    WHOLE("failure-details", "failures|failure-detail", HOME_ITEM, false, take_details),
    POLICY("policy-type", "", HOME_POLICY, true, take_keyword, type),
    WHOLE("policy-string", "policy-strings", HOME_POLICY, false, take_strings),
    POLICY("policy-domain", "domain", HOME_POLICY, true, take_domain, domain),
    WHOLE("mx-host", "mx-host-pattern|mx-hosts|mx", HOME_POLICY, false, take_mx),
    POLICY("total-successful-session-count", "success-aggregate|total-success-session-count",
           HOME_SUMMARY, true, take_count, stated_successful),
    POLICY("total-failure-session-count", "failure-aggregate|total-failed-session-count",
           HOME_SUMMARY, true, take_count, stated_failed),
};

/* The target while its inner objects are read: they hand their members to the same one. */
struct policy_target {
    struct sts_report_policy policy; /* first: the offsets of the table count from here */
    struct target target;
};

static void take_policy_object(struct json_reader *reader, const struct json_place *here,
                               const struct json *value, void *at)
{
    read_object(reader, here, &((struct policy_target *)at)->target, HOME_POLICY, value);
}

static void take_summary(struct json_reader *reader, const struct json_place *here,
                         const struct json *value, void *at)
{
    read_object(reader, here, &((struct policy_target *)at)->target, HOME_SUMMARY, value);
}

static bool type_known(const char *type)
{
    return !strcmp(type, "sts") || !strcmp(type, "tlsa") || !strcmp(type, "no-policy-found");
}

static struct sts_report_policy read_policy(struct json_reader *reader,
                                            const struct json_place *here,
                                            const struct json *object)
{
    struct policy_target work = {
        {.stated_successful = STS_REPORT_UNKNOWN, .stated_failed = STS_REPORT_UNKNOWN},
        {policy_members, LENGTH(policy_members), NULL, 0}};

    work.target.at = &work;
    read_object(reader, here, &work.target, HOME_ITEM, object);
    note_missing(reader, here, &work.target);
    if (work.policy.type && !type_known(work.policy.type))
        json_note(reader, here, STS_DEVIATION_POLICY_TYPE_UNKNOWN, bytes_of(work.policy.type));
    return work.policy;
}

static void take_policies(struct json_reader *reader, const struct json_place *here,
                          const struct json *value, void *at)
{
    struct sts_report *report = at;
    size_t count = list_length(reader, here, value);

    report->policies = new_list(reader, count, sizeof(*report->policies));
    for (size_t i = 0; report->policies && i < count; i++) {
        struct json_place place = {here, NULL, i};
        const struct json *element = list_element(value, i);

        if (json_is(element, JSON_OBJECT))
            report->policies[report->policy_count++] = read_policy(reader, &place, element);
        else
            json_note_value(reader, &place, STS_DEVIATION_ELEMENT_TYPE, element);
    }
    if (!report->policy_count)
        json_note(reader, here, STS_DEVIATION_POLICIES_EMPTY, (struct bytes){0});
}

/* ---- the report ------------------------------------------------------------------------------ */

enum { HOME_REPORT, HOME_RANGE };

static take_value take_range;

#define REPORT(name, others, take, field)                                                          \
    {                                                                                              \
        name, others, HOME_REPORT, true, take, offsetof(struct sts_report, field)                  \
    }

static const struct json_member report_members[] = {
    REPORT("organization-name", "organisation-name|org-name", take_text, organization),
    REPORT("contact-info", "contact", take_text, contact),
    REPORT("report-id", "id", take_text, id),
    WHOLE("date-range", "", HOME_REPORT, true, take_range),
    WHOLE("start-datetime", "start|begin", HOME_RANGE, false, take_begin),
    WHOLE("end-datetime", "end", HOME_RANGE, false, take_end),
    WHOLE("policies", "policy", HOME_REPORT, true, take_policies),
};

static void take_range(struct json_reader *reader, const struct json_place *here,
                       const struct json *value, void *at)
{
    struct target target = {report_members, LENGTH(report_members), at, 0};

    read_object(reader, here, &target, HOME_RANGE, value);
}

static void note_range(struct json_reader *reader)
{
    const struct sts_report *report = reader->report;

    if (!report->begin_known)
        json_note(reader, &(struct json_place){NULL, "start-datetime", 0},
                  STS_DEVIATION_MEMBER_MISSING, (struct bytes){0});
    if (!report->end_known)
        json_note(reader, &(struct json_place){NULL, "end-datetime", 0},
                  STS_DEVIATION_MEMBER_MISSING, (struct bytes){0});
}

/* The members that the parser kept: of two with the same name it keeps the last. */
static size_t count_members(const struct json *value)
{
    size_t count = json_is(value, JSON_OBJECT) ? value->count : 0;

    if (json_is(value, JSON_OBJECT) || json_is(value, JSON_ARRAY))
        for (size_t i = 0; i < value->count; i++)
            count += count_members(&value->items[i]);
    return count;
}

/* What is not quite JSON; a NUL is a blank. */
static const struct json *parse_leniently(struct json_reader *reader, struct bytes text)
{
    char *copy;

    if (!memchr(text.data, 0, text.length))
        return json_parse(reader, text, true);
    copy = talloc_memdup(reader->mem, text.data, text.length);
    if (!copy) {
        reader->report->no_memory = true;
        return NULL;
    }
    for (size_t i = 0; i < text.length; i++)
        if (!copy[i])
            copy[i] = ' ';
    return json_parse(reader, (struct bytes){copy, text.length}, true);
}

static enum sts_report_fault read_report(struct json_reader *reader, struct bytes text,
                                         size_t colons)
{
    struct sts_report *report = reader->report;
    struct target target = {report_members, LENGTH(report_members), report, 0};
    const struct json *object = json_parse(reader, text, false);

    if (!object) {
        object = parse_leniently(reader, text);
        if (!json_is(object, JSON_OBJECT))
            return STS_REPORT_FAULT_NOT_JSON;
        json_note(reader, NULL, STS_DEVIATION_JSON_NOT_STRICT, (struct bytes){0});
    } else if (count_members(object) < colons) {
        json_note(reader, NULL, STS_DEVIATION_MEMBER_REPEATED, (struct bytes){0});
    }
    read_object(reader, NULL, &target, HOME_REPORT, object);
    note_missing(reader, NULL, &target);
    note_range(reader);
    return report->policies ? STS_REPORT_FAULT_NONE : STS_REPORT_FAULT_NOT_A_REPORT;
}

enum sts_report_fault report_read_json(struct sts_report *report, struct bytes text, size_t colons)
{
    struct json_reader reader = {report, talloc_new(NULL)};
    enum sts_report_fault fault = STS_REPORT_FAULT_NOT_JSON;

    if (reader.mem)
        fault = read_report(&reader, text, colons);
    else
        report->no_memory = true;
    talloc_free(reader.mem);
    return fault;
}
