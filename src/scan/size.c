/* SPDX-License-Identifier: MIT */
/* size.c - threads, domains, sockets and memory of a scan. */
#include "scan/size.h"

#include <malloc.h>
#include <sched.h>

#include "net/limits.h"

#define JOBS_A_THREAD    500 /* most of them wait; the loop's own lateness is the brake */
#define THREADS_MAX      64
#define FILES_A_THREAD   32 /* of a loop */
#define DNS_SHARE        4  /* one file in so many is for questions */
#define DNS_LEAST        16
#define FILES_OF_PROCESS 32
#define TRIM_BYTES       (256 << 20)
#define MMAP_BYTES       (1 << 20)
#define TOP_PAD_BYTES    (1 << 20)

static size_t processors(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;

    return count < 1 ? 1 : count > THREADS_MAX ? THREADS_MAX : (size_t)count;
}

/* Where files are few, questions and connections wait for each other; none is to fail for it. */
static int64_t dns_sockets(size_t files, size_t threads)
{
    size_t share = files / DNS_SHARE < LIMIT_QUESTIONS ? files / DNS_SHARE : LIMIT_QUESTIONS;

    return share / threads < DNS_LEAST ? DNS_LEAST : (int64_t)(share / threads);
}

/* What the questions leave. */
static int64_t connections(size_t files, size_t threads, size_t questions)
{
    size_t reserved = FILES_OF_PROCESS + (FILES_A_THREAD + questions) * threads;
    size_t share = files > reserved ? files - reserved : 0;

    if (share > LIMIT_CONNECTIONS)
        share = LIMIT_CONNECTIONS;
    return share < threads ? 1 : (int64_t)(share / threads);
}

void scan_set_size(struct scan_config *config, struct net_options *net, size_t files)
{
    if (!config->threads)
        config->threads = processors();
    if (!config->jobs)
        config->jobs = JOBS_A_THREAD * config->threads;
    if (config->threads > config->jobs)
        config->threads = config->jobs;
    net->dns_sockets = dns_sockets(files, config->threads);
    net->connections = connections(files, config->threads, (size_t)net->dns_sockets);
}

/* Each domain is hundreds of small blocks that come and go together.  By default the C library
 * gives memory back and takes it again all the time, and a thread's own heap page by page. */
void scan_tune_memory(void)
{
    (void)mallopt(M_TRIM_THRESHOLD, TRIM_BYTES);
    (void)mallopt(M_MMAP_THRESHOLD, MMAP_BYTES);
    (void)mallopt(M_TOP_PAD, TOP_PAD_BYTES);
}
