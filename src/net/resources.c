/* SPDX-License-Identifier: MIT */
/* resources.c - limits of this process, and how their being reached shows in the facts. */
#include "net/resources.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "facts/facts.h"

#define FILES_USUAL 256
#define FILES_MOST  1000000

size_t resources_files(void)
{
    struct rlimit limit = {FILES_USUAL, FILES_USUAL};

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        struct rlimit more = {limit.rlim_max, limit.rlim_max};

        if (setrlimit(RLIMIT_NOFILE, &more) == 0)
            limit = more;
    }
    return limit.rlim_cur > FILES_MOST ? FILES_MOST : (size_t)limit.rlim_cur;
}

/* Address space is what a limit counts; pages that nobody touches cost nothing. */
bool resources_memory(size_t bytes)
{
    void *room = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (room == MAP_FAILED)
        return false;
    (void)munmap(room, bytes);
    return true;
}

/* Our own words and those of OpenSSL.  libcurl says "out of memory" of a line that is too long. */
static const struct {
    const char *ends, *shortage;
} rows[] = {
    {OUT_OF_MEMORY, "memory"},
    {"malloc failure", "memory"},
    {OUT_OF_FILES, "files"},
    {OUT_OF_PORTS, "ports"},
};

const char *resources_shortage(const char *error)
{
    size_t length;

    if (!error)
        return NULL;
    length = strlen(error);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t part = strlen(rows[i].ends);

        if (length >= part && strcmp(error + length - part, rows[i].ends) == 0)
            return rows[i].shortage;
    }
    return NULL;
}

static const char *of_tls(const struct tls_session *tls)
{
    return tls ? resources_shortage(tls->error) : NULL;
}

static const char *of_answer(const struct dns_answer *answer)
{
    return answer ? resources_shortage(answer->rcode) : NULL;
}

static const char *of_policy_host(const struct policy_host *host)
{
    const char *shortage = of_answer(host->a);

    if (!shortage)
        shortage = of_answer(host->aaaa);
    if (!shortage)
        shortage = of_answer(host->caa);
    for (size_t i = 0; !shortage && i < host->fetch_count; i++) {
        shortage = resources_shortage(host->fetches[i].error);
        if (!shortage)
            shortage = of_tls(host->fetches[i].tls);
    }
    return shortage;
}

static const char *of_mx(const struct mx_host *host)
{
    const struct dns_answer *answers[] = {host->a, host->aaaa, host->tlsa, host->caa};
    const char *shortage = NULL;

    for (size_t i = 0; !shortage && i < sizeof answers / sizeof answers[0]; i++)
        shortage = of_answer(answers[i]);
    for (size_t i = 0; !shortage && i < host->session_count; i++) {
        shortage = resources_shortage(host->sessions[i].error);
        if (!shortage)
            shortage = of_tls(host->sessions[i].tls);
    }
    return shortage;
}

const char *resources_shortage_of(const struct facts *facts)
{
    const struct dns_answer *answers[] = {facts->sts_txt, facts->mx_answer, facts->tlsrpt_txt,
                                          facts->domain_soa};
    const char *shortage = of_policy_host(&facts->policy_host);

    for (size_t i = 0; !shortage && i < sizeof answers / sizeof answers[0]; i++)
        shortage = of_answer(answers[i]);
    for (size_t i = 0; !shortage && i < facts->mx_count; i++)
        shortage = of_mx(&facts->mx[i]);
    return shortage;
}
