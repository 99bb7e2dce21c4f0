/* SPDX-License-Identifier: MIT */
/* web_client.c - libcurl on threads of its own: there are few such requests, and none is in a
 * hurry. */
#include "net/web_client.h"

#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

#include <curl/curl.h>

#include <mtasts/version.h>

#include "base/special_address.h"
#include "event/jobs.h"
#include "net/limits.h"

struct web_client {
    struct jobs *jobs;
    const char *ca_file;
};

struct web_job {
    char *url, *form, *body_sent, *user, *password, *ca_file;
    struct bytes octets;
    struct curl_slist *fields;
    bool public_only, any_certificate;
    bool not_public; /* that it was not is why there is no answer */
    char *body;      /* grows */
    size_t length;
    char error[CURL_ERROR_SIZE];
    struct web_answer answer;
};

struct web_call {
    void (*done)(void *arg, const struct web_answer *answer);
    void *arg;
};

/* ---- in a worker ----------------------------------------------------------------------------- */

static size_t take(char *data, size_t size, size_t count, void *arg)
{
    struct web_job *job = arg;
    size_t more = size * count;
    char *body;

    if (more > LIMIT_WEB_ANSWER - job->length)
        return 0;
    body = talloc_realloc(job, job->body, char, (unsigned)(job->length + more + 1));
    if (!body)
        return 0;
    memcpy(body + job->length, data, more);
    job->length += more;
    body[job->length] = '\0';
    job->body = body;
    return more;
}

/* Connects to the very address that was looked at. */
static curl_socket_t open_public(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct web_job *job = arg;
    char text[NI_MAXHOST];

    if (purpose != CURLSOCKTYPE_IPCXN ||
        getnameinfo(&address->addr, (socklen_t)address->addrlen, text, sizeof(text), NULL, 0,
                    NI_NUMERICHOST) != 0)
        return CURL_SOCKET_BAD;
    text[strcspn(text, "%")] = '\0'; /* a zone */
    job->not_public = special_address_use(text) != ADDRESS_USE_PUBLIC;
    if (job->not_public)
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Posts, where there is anything to be posted. */
static bool set_up_octets(CURL *easy, const struct web_job *job)
{
    return !job->octets.length ||
           (!curl_easy_setopt(easy, CURLOPT_POST, 1L) &&
            !curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)job->octets.length) &&
            !curl_easy_setopt(easy, CURLOPT_POSTFIELDS, job->octets.data));
}

static bool set_up_what(CURL *easy, struct web_job *job)
{
    if (job->form && curl_easy_setopt(easy, CURLOPT_POSTFIELDS, job->form))
        return false;
    if (job->body_sent && curl_easy_setopt(easy, CURLOPT_POSTFIELDS, job->body_sent))
        return false;
    if (job->fields && curl_easy_setopt(easy, CURLOPT_HTTPHEADER, job->fields))
        return false;
    if (!set_up_octets(easy, job))
        return false;
    return !job->public_only || (!curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_public) &&
                                 !curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, job) &&
                                 !curl_easy_setopt(easy, CURLOPT_PROXY, ""));
}

static bool set_up(CURL *easy, struct web_job *job)
{
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, job->any_certificate ? 0L : 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, job->any_certificate ? 0L : 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)LIMIT_WEB_MS);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "mtasts/" MTASTS_VERSION);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, job);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, job->error);
    if (job->user && (curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC) ||
                      curl_easy_setopt(easy, CURLOPT_USERNAME, job->user) ||
                      curl_easy_setopt(easy, CURLOPT_PASSWORD, job->password)))
        return false;
    if (!set_up_what(easy, job))
        return false;
    if (job->ca_file && curl_easy_setopt(easy, CURLOPT_CAINFO, job->ca_file))
        return false;
    return curl_easy_setopt(easy, CURLOPT_URL, job->url) == CURLE_OK;
}

static void ask(void *data)
{
    struct web_job *job = data;
    CURL *easy = curl_easy_init();
    CURLcode result = easy && set_up(easy, job) ? curl_easy_perform(easy) : CURLE_OUT_OF_MEMORY;

    if (easy)
        (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &job->answer.code);
    job->answer.body = (struct bytes){job->body ? job->body : "", job->length};
    job->answer.untrusted = result == CURLE_PEER_FAILED_VERIFICATION;
    if (result)
        job->answer.fault = *job->error ? job->error : curl_easy_strerror(result);
    if (result && job->not_public)
        job->answer.fault = "the address is not public";
    curl_easy_cleanup(easy);
}

/* ---- in the loop ----------------------------------------------------------------------------- */

static void on_answer(void *arg, void *data)
{
    const struct web_call *call = arg;
    const struct web_job *job = data;

    call->done(call->arg, &job->answer);
}

static bool copy(TALLOC_CTX *ctx, const char *text, char **ret)
{
    *ret = text ? talloc_strdup(ctx, text) : NULL;
    return *ret || !text;
}

static bool copy_octets(struct web_job *job, struct bytes octets)
{
    if (!octets.length)
        return true;
    job->octets = (struct bytes){talloc_memdup(job, octets.data, octets.length), octets.length};
    return job->octets.data != NULL;
}

static bool copy_fields(struct web_job *job, const char *const *fields)
{
    for (; fields && *fields; fields++) {
        struct curl_slist *longer = curl_slist_append(job->fields, *fields);

        if (!longer)
            return false;
        job->fields = longer;
    }
    return true;
}

static int job_drop(struct web_job *job)
{
    curl_slist_free_all(job->fields);
    if (job->password)
        explicit_bzero(job->password, strlen(job->password));
    return 0;
}

enum sts_status web_request_start(TALLOC_CTX *ctx, struct web_client *client,
                                  const struct web_request *request, struct jobs_handle **ret)
{
    struct web_job *job = talloc_zero(NULL, struct web_job);
    struct web_call *call = talloc_zero(ctx, struct web_call);
    enum sts_status status = STS_E_NOMEM;

    if (job)
        talloc_set_destructor(job, job_drop);
    if (job && call && copy(job, request->url, &job->url) && copy(job, request->form, &job->form) &&
        copy(job, request->body, &job->body_sent) && copy_octets(job, request->octets) &&
        copy_fields(job, request->fields) && copy(job, request->user, &job->user) &&
        copy(job, request->password, &job->password) && copy(job, client->ca_file, &job->ca_file)) {
        job->public_only = request->public_only;
        job->any_certificate = request->any_certificate;
        *call = (struct web_call){request->done, request->arg};
        status =
            jobs_start(ctx, client->jobs, &(struct jobs_request){ask, on_answer, job, call}, ret);
    }
    if (status) {
        talloc_free(job);
        talloc_free(call);
        return status;
    }
    (void)talloc_steal(*ret, call);
    return STS_OK;
}

enum sts_status web_client_new(TALLOC_CTX *ctx, const struct web_client_setup *setup,
                               struct web_client **ret)
{
    const char *ca_file = setup->ca_file;
    struct web_client *client = talloc_zero(ctx, struct web_client);
    enum sts_status status = STS_E_NOMEM;

    if (!client)
        return STS_E_NOMEM;
    client->ca_file = ca_file ? talloc_strdup(client, ca_file) : NULL;
    if ((client->ca_file || !ca_file) && curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
        status = jobs_new(client, setup->loop, setup->workers, &client->jobs);
    if (status)
        talloc_free(client);
    else
        *ret = client;
    return status;
}
