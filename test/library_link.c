/* SPDX-License-Identifier: MIT */
/* library_link.c - a program whose own functions have names that libmtasts uses inside: linked with
 * the archive, both must keep theirs. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <mtasts/mtasts.h>

int64_t clock_now(void);
void *array_grow(void *ctx, void *list, size_t *count, size_t size);
char *base64_encode(void *ctx, const char *data, size_t length);
long long scanner_number(void *scanner, int least, int most);

static int calls;

int64_t clock_now(void)
{
    calls++;
    return 0;
}

void *array_grow(void *ctx, void *list, size_t *count, size_t size)
{
    calls++;
    return NULL;
}

char *base64_encode(void *ctx, const char *data, size_t length)
{
    calls++;
    return NULL;
}

long long scanner_number(void *scanner, int least, int most)
{
    calls++;
    return -1;
}

int main(void)
{
    static const char text[] = "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 86400\n";
    struct sts_policy *policy;
    long long max_age;

    if (sts_policy_parse(text, strlen(text), &policy) != STS_OK)
        return 1;
    max_age = sts_policy_max_age(policy);
    sts_policy_free(policy);
    printf("max_age %lld, %d calls of ours\n", max_age, calls);
    return max_age == 86400 && !calls ? 0 : 1;
}
