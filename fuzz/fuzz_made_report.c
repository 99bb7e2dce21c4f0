/* SPDX-License-Identifier: MIT */
/* fuzz_made_report.c - a report of the shape RFC 8460 wants, with members that are missing, twice
 * there, of another type or out of range, as the input chooses. */
#include "made.h"

#include "mtasts/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const times[] = {"\"2026-11-22T00:00:00Z\"",
                                    "\"2026-11-22T23:59:59Z\"",
                                    "\"2026-11-22t00:00:00z\"",
                                    "\"2026-11-22\"",
                                    "\"2026-02-30T24:61:61Z\"",
                                    "1795305600",
                                    "\"2026-11-22T00:00:00.123+14:00\"",
                                    "\"9999-12-31T23:59:60Z\"",
                                    "\"0000-01-01T00:00:00Z\"",
                                    "null",
                                    NULL};
static const char *const numbers[] = {"1",
                                      "0",
                                      "17",
                                      "-1",
                                      "1e1",
                                      "1.5",
                                      "\"3\"",
                                      "9223372036854775807",
                                      "9223372036854775808",
                                      "1e400",
                                      "-0",
                                      "null",
                                      "[]",
                                      NULL};
static const char *const texts[] = {"\"d.example\"",
                                    "\"D.Example.\"",
                                    "\"b\\u00fccher.example\"",
                                    "\"\"",
                                    "\"*.mx.d.example\"",
                                    "\"mx1.d.example\"",
                                    "\"\\ud800\"",
                                    "\"\\u202ea\\u009b\"",
                                    "7",
                                    "{}",
                                    "[\"mx1.d.example\",\"*.d.example\",3]",
                                    "[]",
                                    "null",
                                    "true",
                                    NULL};
static const char *const kinds[] = {"\"sts\"", "\"tlsa\"", "\"no-policy-found\"", "\"STS\"", "\"\"",
                                    "null",    NULL};
static const char *const results[] = {"\"certificate-expired\"",
                                      "\"starttls-not-supported\"",
                                      "\"validation-failure\"",
                                      "\"sts-policy-fetch-error\"",
                                      "\"dane-required\"",
                                      "\"Other\"",
                                      "9",
                                      NULL};
static const char *const strings[] = {
    "[\"version: STSv1\",\"mode: enforce\",\"mx: *.d.example\",\"max_age: 86400\"]",
    "[\"version: STSv1\\nmode: testing\\nmx: mx1.d.example\\nmax_age: 1\"]",
    "\"version: STSv1\"",
    "[]",
    "[{}]",
    "[\"3 1 1 00\"]",
    NULL};

static void member(struct made *made, const char *name, const char *const *values)
{
    switch (made_choice(made, 16)) {
    case 13:
        return; /* it is not there */
    case 14:
        member(made, name, values); /* twice */
        break;
    case 15:
        made_put(made, "\"x-");
        made_put(made, name);
        made_put(made, "\":{\"a\":[1,{\"b\":null}]},");
        break;
    }
    made_put(made, "\"");
    made_put(made, name);
    made_put(made, "\":");
    if (made_choice(made, 16) == 15) {
        made_put(made, "\"");
        made_raw(made);
        made_put(made, "\"");
    } else {
        made_one(made, values);
    }
    made_put(made, ",");
}

/* In place of the last comma. */
static void end(struct made *made, const char *with)
{
    if (made->length && made->text[made->length - 1] == ',')
        made->length--;
    made_put(made, with);
}

static void failure(struct made *made)
{
    made_put(made, "{");
    member(made, "result-type", results);
    member(made, "sending-mta-ip", texts);
    member(made, "receiving-mx-hostname", texts);
    member(made, "receiving-ip", texts);
    member(made, "failed-session-count", numbers);
    member(made, "additional-information", texts);
    member(made, "failure-reason-code", texts);
    end(made, "},");
}

static void policy(struct made *made)
{
    made_put(made, "{\"policy\":{");
    member(made, "policy-type", kinds);
    member(made, "policy-string", strings);
    member(made, "policy-domain", texts);
    member(made, "mx-host", texts);
    end(made, "},\"summary\":{");
    member(made, "total-successful-session-count", numbers);
    member(made, "total-failure-session-count", numbers);
    end(made, "},\"failure-details\":[");
    for (size_t i = made_choice(made, 4); i; i--)
        failure(made);
    end(made, "]},");
}

static void report(struct made *made)
{
    made_put(made, "{");
    member(made, "organization-name", texts);
    made_put(made, "\"date-range\":{");
    member(made, "start-datetime", times);
    member(made, "end-datetime", times);
    end(made, "},");
    member(made, "contact-info", texts);
    member(made, "report-id", texts);
    made_put(made, "\"policies\":[");
    for (size_t i = made_choice(made, 4); i; i--)
        policy(made);
    end(made, "]}\n");
}

static void check(const struct sts_report *report)
{
    char key[STS_REPORT_FINGERPRINT_SIZE];
    size_t count;
    const struct sts_report_policy *policies = sts_report_policies(report, &count);
    int64_t begin, last, successful, failed;

    for (size_t i = 0; i < count; i++) {
        sts_report_sessions(report, policies[i].domain, &successful, &failed);
        if (successful < policies[i].successful || failed < policies[i].failed)
            abort();
    }
    if (sts_report_range(report, &begin, &last) && begin > last)
        abort();
    sts_report_key(report, key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct made made = {.data = data, .size = size, .text = malloc(MADE_MAX)};
    struct sts_report *parsed;
    enum sts_report_fault fault;
    size_t at = 0, used;

    if (!made.text)
        return 0;
    for (size_t i = made_choice(&made, 3) + 1; i; i--)
        report(&made);
    while (at < made.length && sts_report_parse(made.text + at, made.length - at, NULL, &used,
                                                &fault, &parsed) == STS_OK) {
        check(parsed);
        sts_report_free(parsed);
        at += used;
    }
    free(made.text);
    return 0;
}
