/* SPDX-License-Identifier: MIT */
/* password.c - yescrypt by libcrypt, in jobs. */
#include "accounts/password.h"

#include <string.h>
#include <sys/queue.h>

#include <crypt.h>

#include "accounts/crypto.h"
#include "accounts/limits.h"
#include "event/jobs.h"

#define METHOD "$y$"

/* ---- hashes ---------------------------------------------------------------------------------- */

/* What a secret went through is overwritten before its memory is anybody's again. */
static void forget(void *data, size_t size)
{
    explicit_bzero(data, size);
}

static char *hash_with(TALLOC_CTX *ctx, const char *password, const char *setting)
{
    struct crypt_data *data = talloc_zero(NULL, struct crypt_data);
    char *hash = NULL;

    if (!data)
        return NULL;
    if (crypt_rn(password, setting, data, sizeof *data))
        hash = talloc_strdup(ctx, data->output);
    forget(data, sizeof *data);
    talloc_free(data);
    return hash;
}

static bool new_setting(char setting[CRYPT_GENSALT_OUTPUT_SIZE])
{
    char chance[16];

    crypto_random(chance, sizeof chance);
    return crypt_gensalt_rn(METHOD, PASSWORD_COST, chance, sizeof chance, setting,
                            CRYPT_GENSALT_OUTPUT_SIZE) != NULL;
}

char *password_hash(TALLOC_CTX *ctx, const char *password)
{
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];

    return new_setting(setting) ? hash_with(ctx, password, setting) : NULL;
}

bool password_matches(const char *password, const char *hash)
{
    char setting[CRYPT_GENSALT_OUTPUT_SIZE] = "", *made;
    bool matches;

    if (!hash && !new_setting(setting))
        return false;
    made = hash_with(NULL, password, hash ? hash : setting);
    matches = made && hash && crypto_equal(bytes_of(made), bytes_of(hash));
    talloc_free(made);
    return matches;
}

/* "$y$" and the parameters up to the next '$' hold the cost. */
bool password_is_old(const char *hash)
{
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    const char *end;

    if (crypt_checksalt(hash) != CRYPT_SALT_OK || !new_setting(setting))
        return true;
    end = strchr(setting + strlen(METHOD), '$');
    return !end || strncmp(hash, setting, (size_t)(end - setting) + 1) != 0;
}

enum password_fault password_judge(const char *password)
{
    size_t length = strlen(password);

    return length < PASSWORD_MIN   ? PASSWORD_SHORT
           : length > PASSWORD_MAX ? PASSWORD_LONG
                                   : PASSWORD_GOOD;
}

/* ---- jobs ------------------------------------------------------------------------------------ */

struct passwords {
    struct jobs *jobs;
    size_t waiting; /* and at work */
    LIST_HEAD(, hashing) hashings;
};

struct password_job {
    char *password, *hash;
    bool make;
    struct password_result result;
};

struct hashing {
    struct passwords *passwords; /* NULL: they are gone already */
    void (*done)(void *arg, struct password_result *result);
    void *arg;
    LIST_ENTRY(hashing) link;
};

static int job_drop(struct password_job *job)
{
    if (job->password)
        forget(job->password, strlen(job->password));
    return 0;
}

/* Who may sign in with an old hash gets a new one. */
static void work(void *data)
{
    struct password_job *job = data;
    struct password_result *result = &job->result;

    result->matches = !job->make && password_matches(job->password, job->hash);
    if (job->make || (result->matches && password_is_old(job->hash)))
        result->hash = password_hash(job, job->password);
    if (job->make && !result->hash)
        result->status = STS_E_NOMEM;
}

static int hashing_drop(struct hashing *hashing)
{
    if (hashing->passwords) {
        hashing->passwords->waiting--;
        LIST_REMOVE(hashing, link);
    }
    return 0;
}

/* Handles may outlive the pool. */
static int passwords_drop(struct passwords *passwords)
{
    struct hashing *hashing;

    LIST_FOREACH(hashing, &passwords->hashings, link)
    hashing->passwords = NULL;
    return 0;
}

static void over(void *arg, void *data)
{
    struct hashing *hashing = arg;
    struct password_job *job = data;

    hashing->done(hashing->arg, &job->result);
}

static struct password_job *make_job(TALLOC_CTX *ctx, const struct password_request *request)
{
    struct password_job *job = talloc_zero(ctx, struct password_job);

    if (!job)
        return NULL;
    talloc_set_destructor(job, job_drop);
    job->make = request->make;
    job->password = talloc_strdup(job, request->password);
    job->hash = talloc_strdup(job, request->hash);
    if (job->password && (job->hash || !request->hash))
        return job;
    talloc_free(job);
    return NULL;
}

/* The handle has what counts it, so that both go together: the count is of handles. */
enum sts_status password_start(TALLOC_CTX *ctx, struct passwords *passwords,
                               const struct password_request *request, struct jobs_handle **ret)
{
    struct hashing *hashing;
    struct password_job *job;
    enum sts_status status = STS_E_NOMEM;

    if (passwords->waiting >= PASSWORD_QUEUE_MAX)
        return STS_E_LIMIT;
    hashing = talloc_zero(ctx, struct hashing);
    job = make_job(NULL, request);
    if (hashing && job) {
        *hashing =
            (struct hashing){.passwords = passwords, .done = request->done, .arg = request->arg};
        status =
            jobs_start(ctx, passwords->jobs, &(struct jobs_request){work, over, job, hashing}, ret);
    }
    if (status) {
        talloc_free(job);
        talloc_free(hashing);
        return status;
    }
    passwords->waiting++;
    LIST_INSERT_HEAD(&passwords->hashings, hashing, link);
    talloc_set_destructor(hashing, hashing_drop);
    (void)talloc_steal(*ret, hashing);
    return STS_OK;
}

enum sts_status passwords_new(TALLOC_CTX *ctx, struct loop *loop, struct passwords **ret)
{
    struct passwords *passwords = talloc_zero(ctx, struct passwords);
    enum sts_status status =
        passwords ? jobs_new(passwords, loop, PASSWORD_WORKERS, &passwords->jobs) : STS_E_NOMEM;

    if (status) {
        talloc_free(passwords);
        return status;
    }
    LIST_INIT(&passwords->hashings);
    talloc_set_destructor(passwords, passwords_drop);
    *ret = passwords;
    return STS_OK;
}
