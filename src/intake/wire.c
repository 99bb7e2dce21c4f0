/* SPDX-License-Identifier: MIT */
/* wire.c - values as bytes on their way between two processes of one program. */
#include "intake/wire.h"

#include <stdlib.h>
#include <string.h>

#include "sts/report.h"

#define ROOM_LEAST ((size_t)64 << 10)

/* ---- writing --------------------------------------------------------------------------------- */

static bool make_room(struct wire_out *out, size_t length)
{
    size_t room = out->room ? out->room : ROOM_LEAST;
    char *data;

    while (room - out->length < length)
        room *= 2;
    if (room == out->room)
        return true;
    data = realloc(out->data, room);
    if (!data)
        return false;
    out->data = data;
    out->room = room;
    return true;
}

void wire_put(struct wire_out *out, const void *data, size_t length)
{
    if (out->no_memory || !length)
        return;
    if (!make_room(out, length)) {
        out->no_memory = true;
        return;
    }
    memcpy(out->data + out->length, data, length);
    out->length += length;
}

void wire_put_number(struct wire_out *out, int64_t number)
{
    wire_put(out, &number, sizeof(number));
}

/* NULL is a text of the length -1. */
void wire_put_text(struct wire_out *out, const char *text)
{
    wire_put_number(out, text ? (int64_t)strlen(text) : -1);
    if (text)
        wire_put(out, text, strlen(text) + 1);
}

void wire_put_bytes(struct wire_out *out, struct bytes bytes)
{
    wire_put_number(out, (int64_t)bytes.length);
    wire_put(out, bytes.data, bytes.length);
}

static void put_list(struct wire_out *out, const char *const *list, size_t count)
{
    wire_put_number(out, (int64_t)count);
    for (size_t i = 0; i < count; i++)
        wire_put_text(out, list[i]);
}

static void put_detail(struct wire_out *out, const struct sts_report_detail *detail)
{
    wire_put_text(out, detail->result_type);
    wire_put_text(out, detail->sending_ip);
    wire_put_text(out, detail->mx);
    wire_put_text(out, detail->helo);
    wire_put_text(out, detail->receiving_ip);
    wire_put_text(out, detail->reason);
    wire_put_text(out, detail->info);
    wire_put_number(out, detail->sessions);
}

static void put_policy(struct wire_out *out, const struct sts_report_policy *policy)
{
    wire_put_text(out, policy->type);
    wire_put_text(out, policy->domain);
    wire_put_number(out, (int64_t)policy->domain_source);
    wire_put_text(out, policy->recipient);
    put_list(out, policy->strings, policy->string_count);
    put_list(out, policy->mx, policy->mx_count);
    wire_put_number(out, policy->stated_successful);
    wire_put_number(out, policy->stated_failed);
    wire_put_number(out, policy->successful);
    wire_put_number(out, policy->failed);
    wire_put_number(out, (int64_t)policy->detail_count);
    for (size_t i = 0; i < policy->detail_count; i++)
        put_detail(out, &policy->details[i]);
}

void wire_put_report(struct wire_out *out, const struct sts_report *report)
{
    wire_put_text(out, report->organization);
    wire_put_text(out, report->contact);
    wire_put_text(out, report->id);
    wire_put_text(out, report->sender);
    wire_put_number(out, report->begin);
    wire_put_number(out, report->end);
    wire_put_number(out, report->begin_known);
    wire_put_number(out, report->end_known);
    wire_put_number(out, (int64_t)report->policy_count);
    for (size_t i = 0; i < report->policy_count; i++)
        put_policy(out, &report->policies[i]);
    wire_put_number(out, (int64_t)report->note_total);
    wire_put_number(out, (int64_t)report->note_count);
    for (size_t i = 0; i < report->note_count; i++) {
        wire_put_number(out, (int64_t)report->notes[i].code);
        wire_put_text(out, report->notes[i].path);
        wire_put_text(out, report->notes[i].found);
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

static size_t left(const struct wire_in *in)
{
    return in->wrong ? 0 : (size_t)(in->end - in->at);
}

int64_t wire_number(struct wire_in *in, int64_t least, int64_t most)
{
    int64_t number;

    if (left(in) < sizeof(number)) {
        in->wrong = true;
        return least;
    }
    memcpy(&number, in->at, sizeof(number));
    in->at += sizeof(number);
    if (number >= least && number <= most)
        return number;
    in->wrong = true;
    return least;
}

/* As many as what is left can hold, each of `least` bytes. */
static size_t count_of(struct wire_in *in, size_t least)
{
    return (size_t)wire_number(in, 0, (int64_t)(left(in) / least));
}

struct bytes wire_bytes(struct wire_in *in)
{
    size_t length = count_of(in, 1);
    struct bytes bytes = {in->at, length};

    if (in->wrong || length > left(in)) {
        in->wrong = true;
        return (struct bytes){"", 0};
    }
    in->at += length;
    return bytes;
}

const char *wire_text(struct wire_in *in)
{
    int64_t length = wire_number(in, -1, (int64_t)left(in));
    const char *text = in->at;

    if (in->wrong || length < 0)
        return NULL;
    if (left(in) <= (size_t)length || text[length] || memchr(text, 0, (size_t)length)) {
        in->wrong = true;
        return NULL;
    }
    in->at += length + 1;
    return text;
}

static const char *needed_text(struct wire_in *in)
{
    const char *text = wire_text(in);

    in->wrong |= !text;
    return text;
}

static const char *const *read_list(TALLOC_CTX *ctx, struct wire_in *in, size_t *ret_count)
{
    size_t count = count_of(in, sizeof(int64_t) + 1);
    const char **list = count ? talloc_array(ctx, const char *, (unsigned)count) : NULL;

    *ret_count = list ? count : 0;
    in->wrong |= count && !list;
    for (size_t i = 0; list && i < count; i++)
        list[i] = needed_text(in);
    return list;
}

static void read_detail(struct wire_in *in, struct sts_report_detail *detail)
{
    detail->result_type = wire_text(in);
    detail->sending_ip = wire_text(in);
    detail->mx = wire_text(in);
    detail->helo = wire_text(in);
    detail->receiving_ip = wire_text(in);
    detail->reason = wire_text(in);
    detail->info = wire_text(in);
    detail->sessions = wire_number(in, 0, INT64_MAX);
}

static void read_policy(TALLOC_CTX *ctx, struct wire_in *in, struct sts_report_policy *policy)
{
    struct sts_report_detail *details;
    size_t count;

    policy->type = wire_text(in);
    policy->domain = wire_text(in);
    policy->domain_source = (enum sts_domain_source)wire_number(in, 0, STS_DOMAIN_NOWHERE);
    policy->recipient = policy->domain ? needed_text(in) : wire_text(in);
    policy->strings = read_list(ctx, in, &policy->string_count);
    policy->mx = read_list(ctx, in, &policy->mx_count);
    policy->stated_successful = wire_number(in, STS_REPORT_UNKNOWN, INT64_MAX);
    policy->stated_failed = wire_number(in, STS_REPORT_UNKNOWN, INT64_MAX);
    policy->successful = wire_number(in, 0, INT64_MAX);
    policy->failed = wire_number(in, 0, INT64_MAX);
    count = count_of(in, 8 * sizeof(int64_t));
    details = count ? talloc_zero_array(ctx, struct sts_report_detail, (unsigned)count) : NULL;
    in->wrong |= count && !details;
    for (size_t i = 0; details && i < count; i++)
        read_detail(in, &details[i]);
    policy->details = details;
    policy->detail_count = details ? count : 0;
}

static void read_policies(struct sts_report *report, struct wire_in *in)
{
    size_t count = count_of(in, 11 * sizeof(int64_t));

    report->policies =
        count ? talloc_zero_array(report, struct sts_report_policy, (unsigned)count) : NULL;
    in->wrong |= count && !report->policies;
    report->policy_count = report->policies ? count : 0;
    for (size_t i = 0; i < report->policy_count && !in->wrong; i++)
        read_policy(report, in, &report->policies[i]);
}

static void read_notes(struct sts_report *report, struct wire_in *in)
{
    size_t count;

    report->note_total = (size_t)wire_number(in, 0, INT64_MAX);
    count = (size_t)wire_number(in, 0, STS_REPORT_NOTES_MAX);
    report->notes =
        count ? talloc_zero_array(report, struct sts_report_note, (unsigned)count) : NULL;
    in->wrong |= (count && !report->notes) || report->note_total < count;
    report->note_count = report->notes ? count : 0;
    for (size_t i = 0; i < report->note_count && !in->wrong; i++) {
        report->notes[i].code = (enum sts_deviation)wire_number(in, 0, STS_DEVIATION_COUNT - 1);
        report->notes[i].path = needed_text(in);
        report->notes[i].found = wire_text(in);
    }
}

struct sts_report *wire_report(TALLOC_CTX *ctx, struct wire_in *in)
{
    struct sts_report *report =
        talloc_pooled_object(ctx, struct sts_report, 16, 2 * left(in) + 1024);

    if (!report) {
        in->wrong = true;
        return NULL;
    }
    memset(report, 0, sizeof(*report));
    report->organization = wire_text(in);
    report->contact = wire_text(in);
    report->id = wire_text(in);
    report->sender = wire_text(in);
    report->begin = wire_number(in, INT64_MIN, INT64_MAX);
    report->end = wire_number(in, INT64_MIN, INT64_MAX);
    report->begin_known = wire_number(in, 0, 1);
    report->end_known = wire_number(in, 0, 1);
    read_policies(report, in);
    read_notes(report, in);
    if (!in->wrong)
        report_sort_domains(report); /* the key is made of them */
    if (!in->wrong && !report->no_memory)
        return report;
    in->wrong = true;
    talloc_free(report);
    return NULL;
}
