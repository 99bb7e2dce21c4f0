/* SPDX-License-Identifier: MIT */
/* example.c - how a mail server asks libmtasts: may mail for a domain go to this MX host?
 *
 *     cc example.c $(pkg-config --cflags --libs mtasts)
 *
 * Fetching the two texts is the server's own work: the TXT record at _mta-sts.<domain>, and the
 * policy at https://mta-sts.<domain>/.well-known/mta-sts.txt, no redirect followed. */
#include <stdio.h>
#include <string.h>

#include <mtasts/mtasts.h>

static const char record_text[] = "v=STSv1; id=20261123150000";
static const char policy_text[] = "version: STSv1\n"
                                  "mode: enforce\n"
                                  "mx: mx1.example.com\n"
                                  "mx: *.mail.example.net\n"
                                  "max_age: 604800\n";

int main(void)
{
    struct sts_record *record = NULL;
    struct sts_policy *policy = NULL;
    const char *pattern;
    int failed = 1;

    if (sts_record_parse(record_text, strlen(record_text), &record) == STS_OK &&
        sts_policy_parse(policy_text, strlen(policy_text), &policy) == STS_OK &&
        sts_record_usable(record) && sts_policy_usable(policy)) {
        printf("policy %s: mode %s, %lld s\n", sts_record_id(record),
               sts_mode_name(sts_policy_mode(policy)), sts_policy_max_age(policy));
        if (sts_policy_covers(policy, "a.mail.example.net", &pattern))
            printf("a.mail.example.net is covered by %s\n", pattern);
        if (!sts_policy_covers(policy, "mx2.example.com", NULL))
            printf("mx2.example.com is not covered: no delivery there\n");
        failed = 0;
    }
    sts_policy_free(policy);
    sts_record_free(record);
    return failed;
}
