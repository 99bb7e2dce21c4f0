/* SPDX-License-Identifier: MIT */
/* log_process.c - processes by their names: those that say nothing any more make room. */
#include <stdio.h>
#include <string.h>

#include "collect/log_sessions_work.h"

static uint64_t hash_of(const void *owner, uint64_t word)
{
    const struct log_process *process = table_thing(word);

    (void)owner;
    return table_hash(0, process->key, strlen(process->key));
}

static bool has_key(const void *owner, uint64_t word, const void *key)
{
    (void)owner;
    return strcmp(((const struct log_process *)table_thing(word))->key, key) == 0;
}

static const struct table_kind by_key = {hash_of, has_key};

struct log_sessions *log_sessions_new(TALLOC_CTX *ctx, const struct log_sessions_request *request)
{
    struct log_sessions *sessions = talloc_zero(ctx, struct log_sessions);

    if (!sessions)
        return NULL;
    sessions->request = *request;
    table_begin(&sessions->processes, sessions, &by_key, NULL);
    return sessions;
}

static bool is_idle(void *arg, uint64_t word)
{
    const struct log_sessions *sessions = arg;
    struct log_process *process = table_thing(word);

    if (sessions->newest - process->at < LIMIT_LOG_IDLE_S)
        return false;
    talloc_free(process);
    return true;
}

/* More than can be at work: all begin anew. */
static bool is_any(void *arg, uint64_t word)
{
    (void)arg;
    talloc_free(table_thing(word));
    return true;
}

static struct log_process *process_new(struct log_sessions *sessions, const char *key)
{
    size_t size = strlen(key) + 1;
    struct log_process *process;

    if (sessions->processes.count >= LIMIT_LOG_PROCESSES)
        table_sweep(&sessions->processes, is_idle, sessions);
    if (sessions->processes.count >= LIMIT_LOG_PROCESSES)
        table_sweep(&sessions->processes, is_any, sessions);
    process = talloc_zero_size(sessions, sizeof(*process) + size);
    if (!process)
        return NULL;
    memcpy(process->key, key, size);
    if (!table_add(&sessions->processes, table_word(process)))
        TALLOC_FREE(process);
    return process;
}

struct log_process *log_process_of(struct log_sessions *sessions, struct bytes name)
{
    char key[STS_NAME_SIZE];
    struct log_process *process;

    if (name.length >= sizeof(key))
        name = bytes_from(name, name.length - sizeof(key) + 1);
    snprintf(key, sizeof(key), "%.*s", (int)name.length, name.data);
    process = table_thing(table_find(&sessions->processes, table_hash(0, key, strlen(key)), key));
    return process ? process : process_new(sessions, key);
}
