// SPDX-License-Identifier: MIT
// library_cxx.cc - each public header in a C++ program, and a function of each linked.
#include <mtasts/cache.h>
#include <mtasts/issue.h>
#include <mtasts/match.h>
#include <mtasts/names.h>
#include <mtasts/policy.h>
#include <mtasts/record.h>
#include <mtasts/report.h>
#include <mtasts/report_builder.h>
#include <mtasts/result.h>
#include <mtasts/status.h>
#include <mtasts/version.h>

#include <mtasts/mtasts.h>

#include <cstdio>
#include <cstring>

static_assert(MTASTS_VERSION_NUMBER >= MTASTS_VERSION_OF(0, 1, 0), "the header's own version");

int main()
{
    static const char text[] = "v=STSv1; id=1;";
    sts_record *record = nullptr;

    if (sts_record_parse(text, std::strlen(text), &record) != STS_OK)
        return 1;
    const bool valid = sts_record_valid(record);
    sts_record_free(record);
    std::printf("%s %s %s %d %d %d\n", sts_version(), sts_issue_name(STS_ISSUE_POLICY_EMPTY),
                sts_mode_name(STS_MODE_NONE), sts_result_type_known("tlsa-invalid"),
                sts_name_match("*.a.example", "b.a.example"), valid);
    return std::strcmp(sts_version(), MTASTS_VERSION) != 0 || !valid;
}
