/* SPDX-License-Identifier: MIT */
/* library_memory.c - each reader of libmtasts once, over the public headers only: all that it says
 * of a file, or status 70 where it says that memory ran out. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mtasts/mtasts.h>

#define NO_MEMORY 70

static char text[1 << 20];
static char out[1 << 16]; /* of standard output, which would ask for memory itself */

static void show_issues(const struct sts_issue *issues, size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("%s %s %zu\n", sts_issue_name(issues[i].code), sts_reason_name(issues[i].reason),
               issues[i].offset);
}

static void show_list(const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("- %s\n", list[i]);
}

static enum sts_status read_record(size_t length)
{
    struct sts_record *record;
    enum sts_status status = sts_record_parse(text, length, &record);
    const struct sts_issue *issues;
    size_t count;

    if (status != STS_OK)
        return status;
    issues = sts_record_issues(record, &count);
    show_issues(issues, count);
    printf("%d %d %s\n", sts_record_valid(record), sts_record_usable(record),
           sts_record_id(record) ? sts_record_id(record) : "-");
    sts_record_free(record);
    return STS_OK;
}

static enum sts_status read_tlsrpt(size_t length)
{
    struct sts_tlsrpt_record *record;
    enum sts_status status = sts_tlsrpt_record_parse(text, length, &record);
    const struct sts_issue *issues;
    const char *const *rua;
    size_t count;

    if (status != STS_OK)
        return status;
    issues = sts_tlsrpt_record_issues(record, &count);
    show_issues(issues, count);
    rua = sts_tlsrpt_record_rua(record, &count);
    show_list(rua, count);
    printf("%d %d\n", sts_tlsrpt_record_valid(record), sts_tlsrpt_record_usable(record));
    sts_tlsrpt_record_free(record);
    return STS_OK;
}

static enum sts_status read_policy(size_t length)
{
    struct sts_policy *policy;
    enum sts_status status = sts_policy_parse(text, length, &policy);
    const struct sts_issue *issues;
    const char *const *mx;
    size_t count;

    if (status != STS_OK)
        return status;
    issues = sts_policy_issues(policy, &count);
    show_issues(issues, count);
    mx = sts_policy_mx(policy, &count);
    show_list(mx, count);
    printf("%d %d %s %lld\n", sts_policy_valid(policy), sts_policy_usable(policy),
           sts_mode_name(sts_policy_mode(policy)), sts_policy_max_age(policy));
    sts_policy_free(policy);
    return STS_OK;
}

static void show_report(const struct sts_report *report)
{
    char key[STS_REPORT_FINGERPRINT_SIZE], fingerprint[STS_REPORT_FINGERPRINT_SIZE];
    const struct sts_report_policy *policies;
    const struct sts_report_note *notes;
    size_t count;

    sts_report_key(report, key);
    sts_report_fingerprint(report, fingerprint);
    printf("%s %s\n", key, fingerprint);
    policies = sts_report_policies(report, &count);
    for (size_t i = 0; i < count; i++)
        printf("%s %s %" PRId64 " %" PRId64 "\n", policies[i].type ? policies[i].type : "-",
               policies[i].domain ? policies[i].domain : "-", policies[i].successful,
               policies[i].failed);
    notes = sts_report_notes(report, &count, NULL);
    for (size_t i = 0; i < count; i++)
        printf("%s %s %s\n", sts_deviation_name(notes[i].code), notes[i].path,
               notes[i].found ? notes[i].found : "-");
}

/* Once more, of what it says; a builder refuses what it does not explain. */
static enum sts_status build_report(const struct sts_report *report)
{
    struct sts_report_head head = {"o", "c", "i", 0, 86399};
    struct sts_report_builder *builder;
    enum sts_status status = sts_report_builder_new(&head, &builder);
    const char *json;
    size_t count, length;
    const struct sts_report_policy *policies = sts_report_policies(report, &count);

    if (status != STS_OK)
        return status;
    for (size_t i = 0; i < count && status != STS_E_NOMEM; i++) {
        struct sts_report_applied applied = {policies[i].type,    policies[i].domain,
                                             policies[i].strings, policies[i].string_count,
                                             policies[i].mx,      policies[i].mx_count};

        status =
            sts_report_builder_add(builder, &applied, policies[i].successful, policies[i].failed,
                                   policies[i].details, policies[i].detail_count);
        printf("%s\n", sts_status_text(status));
    }
    if (status != STS_E_NOMEM)
        status = sts_report_builder_write(builder, &json, &length);
    if (status == STS_OK)
        printf("%s\n", json);
    sts_report_builder_free(builder);
    return status;
}

static enum sts_status read_report(size_t length)
{
    static const struct sts_report_origin origin = {"a.example", NULL,
                                                    "Report Domain: b\xc3\xbc"
                                                    "cher.example",
                                                    "c!d.example!1!2.json"};
    enum sts_report_fault fault;
    struct sts_report *report;
    size_t used;
    enum sts_status status = sts_report_parse(text, length, &origin, &used, &fault, &report);

    if (status == STS_OK) {
        show_report(report);
        status = build_report(report);
        sts_report_free(report);
    }
    printf("%s %zu\n", sts_report_fault_name(fault), used);
    return status == STS_E_NOMEM ? status : STS_OK;
}

static enum sts_status read_name(size_t length)
{
    char name[STS_NAME_SIZE];
    enum sts_status status;

    (void)length; /* the text ends with a NUL */
    status = sts_name_from_user(text, name);
    printf("%s\n", status == STS_OK ? name : "no name");
    return status == STS_E_NOMEM ? status : STS_OK;
}

static const struct {
    const char *kind;
    enum sts_status (*read)(size_t length);
} readers[] = {{"record", read_record},
               {"tlsrpt", read_tlsrpt},
               {"policy", read_policy},
               {"report", read_report},
               {"name", read_name}};

int main(int argc, char **argv)
{
    int file = argc == 3 ? open(argv[2], O_RDONLY | O_CLOEXEC) : -1;
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof(text) - 1);

    setvbuf(stdout, out, _IOFBF, sizeof(out));
    for (size_t i = 0; length >= 0 && i < sizeof(readers) / sizeof(readers[0]); i++) {
        if (strcmp(argv[1], readers[i].kind) != 0)
            continue;
        if (readers[i].read((size_t)length) == STS_OK)
            return fflush(stdout) ? 1 : 0;
        fputs("mtasts: memory ran out\n", stderr);
        _exit(NO_MEMORY);
    }
    return 1;
}
