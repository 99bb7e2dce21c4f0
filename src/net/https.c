/* SPDX-License-Identifier: MIT */
/* https.c - libcurl's multi interface in the loop.
 *
 * CONNECT_TO moves only the TCP connection, so URL, SNI and Host stay the policy host's.  The
 * environment's proxies are read by cmd/, not by libcurl, which is told of one or of none.  libcurl
 * verifies nothing itself (its switches also keep it from parsing a CA file for each transfer);
 * tls_watch sees the handshake.  libcurl must not be called from its timer callback, hence a timer
 * of the loop even for "now". */
#include "net/https.h"

#include <errno.h>
#include <linux/tcp.h> /* the C library's struct tcp_info is an old one */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include <curl/curl.h>
#include <event2/event.h>

#include "base/text.h"
#include "event/budget.h"
#include "event/loop.h"
#include "mtasts/version.h"
#include "net/http_head.h"
#include "net/limits.h"
#include "net/proxy.h"
#include "net/resources.h"
#include "net/tcp.h"
#include "net/tls.h"

#define BODY_FIRST 512 /* bytes of a body that there is room for at first */
/* What a server declares may be anything; beyond this a program may not hold it exactly. */
#define LENGTH_MAX   (INT64_C(1) << 53)
#define BUFFER_BYTES 4096L /* of libcurl's, for each transfer; a policy seldom has 1000 */

struct https {
    struct loop *loop;
    struct tls_trust *trust;
    CURLM *multi;
    struct loop_timer *timer;  /* libcurl's next wish */
    const struct proxy *proxy; /* NULL: none */
    const char *passed_by;
    LIST_HEAD(, https_socket) sockets;
};

/* A connection in the loop.  Newer versions of libcurl are still closing it when its transfer is
 * over, or when the client ends. */
struct https_socket {
    struct https *https;
    struct https_transfer *transfer; /* NULL: over */
    struct event *event;
    LIST_ENTRY(https_socket) others;
};

struct https_transfer {
    struct https *https;
    struct budget *budget;
    CURL *easy; /* NULL: over */
    struct curl_slist *connect_to;
    struct tls_watch *watch;
    const char *host;
    bool plain, port_in_url;
    const char *method; /* NULL: GET */
    bool limited;       /* by `offer` */
    struct tls_offer offer;
    struct https_fetch *fetch;
    struct loop_timer *connect_timer, *tls_timer, *total_timer;
    char *body;
    size_t head_bytes;
    bool head_ended;
    bool memory_failed;
    curl_socket_t socket;
    int socket_error; /* no socket could be made; 0: one could */
    struct loop_timer *again_timer;
    int64_t deadline;
    const char *path;
    int64_t started;
    char error[CURL_ERROR_SIZE];
    https_done_fn done;
    void *arg;
};

/* ---- libcurl and the loop -------------------------------------------------------------------- */

static void collect(struct https *https);

/* The watchdog has shut the connection down, which looks as if the peer had. */
static void note_hold(struct https_transfer *transfer)
{
    if (!budget_is_shut(transfer->https->loop))
        return;
    transfer->fetch->outcome = NET_LIMIT;
    transfer->fetch->error = "the connection took too much processor time";
}

static void tell_ready(struct https *https, int fd, short what)
{
    int running = 0,
        action = (what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0);

    curl_multi_socket_action(https->multi, fd, action, &running);
}

static void socket_ready(evutil_socket_t fd, short what, void *arg)
{
    struct https_socket *socket = arg; /* gone when libcurl was told */
    struct https_transfer *transfer = socket->transfer;
    struct https *https = socket->https;

    budget_enter(https->loop, transfer ? transfer->budget : NULL, (int)fd);
    tell_ready(https, (int)fd, what);
    if (transfer)
        note_hold(transfer);
    collect(https);
    budget_leave(https->loop);
}

static int socket_drop(struct https_socket *socket)
{
    LIST_REMOVE(socket, others);
    if (socket->event)
        event_free(socket->event);
    return 0;
}

static struct https_socket *socket_new(struct https *https, CURL *easy)
{
    struct https_socket *socket = talloc_zero(https, struct https_socket);

    if (!socket)
        return NULL;
    socket->https = https;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &socket->transfer);
    LIST_INSERT_HEAD(&https->sockets, socket, others);
    talloc_set_destructor(socket, socket_drop);
    return socket;
}

static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *slot)
{
    struct https *https = arg;
    struct https_socket *socket = NULL;
    short wanted = (short)((what & CURL_POLL_IN ? EV_READ : 0) |
                           (what & CURL_POLL_OUT ? EV_WRITE : 0) | EV_PERSIST);

    talloc_free(slot);
    if (what != CURL_POLL_REMOVE) {
        socket = socket_new(https, easy);
        if (socket)
            socket->event = event_new(loop_base(https->loop), fd, wanted, socket_ready, socket);
        if (!socket || !socket->event) {
            talloc_free(socket);
            curl_multi_assign(https->multi, fd, NULL);
            return -1;
        }
        event_add(socket->event, NULL);
    }
    curl_multi_assign(https->multi, fd, socket);
    return 0;
}

static void timer_due(void *arg)
{
    struct https *https = arg;
    int running = 0;

    talloc_free(https->timer);
    https->timer = NULL;
    budget_enter(https->loop, NULL, -1);
    curl_multi_socket_action(https->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    collect(https);
    budget_leave(https->loop);
}

static int want_timer(CURLM *multi, long ms, void *arg)
{
    struct https *https = arg;

    (void)multi;
    talloc_free(https->timer);
    https->timer = NULL;
    if (ms < 0)
        return 0;
    return loop_timer_start(https, https->loop, loop_now(https->loop) + ms, timer_due, https,
                            &https->timer) == STS_OK
               ? 0
               : -1;
}

/* The events go while their descriptors are open, and nothing is begun any more. */
static int https_drop(struct https *https)
{
    struct https_socket *socket;

    curl_multi_setopt(https->multi, CURLMOPT_SOCKETFUNCTION, NULL);
    curl_multi_setopt(https->multi, CURLMOPT_TIMERFUNCTION, NULL);
    while ((socket = LIST_FIRST(&https->sockets)))
        talloc_free(socket);
    curl_multi_cleanup(https->multi);
    curl_global_cleanup();
    return 0;
}

const char *https_foreign_tls(void)
{
    const char *tls = curl_version_info(CURLVERSION_NOW)->ssl_version;

    if (tls && strncmp(tls, "OpenSSL/", strlen("OpenSSL/")) == 0)
        return NULL;
    return tls ? tls : "no TLS library";
}

enum sts_status https_new(TALLOC_CTX *ctx, struct loop *loop, struct tls_trust *trust,
                          struct https **ret)
{
    struct https *https = talloc_zero(ctx, struct https);

    if (!https)
        return STS_E_NOMEM;
    https->loop = loop;
    https->trust = trust;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        talloc_free(https);
        return STS_E_NOMEM;
    }
    https->multi = curl_multi_init();
    if (!https->multi) {
        talloc_free(https);
        return STS_E_NOMEM;
    }
    talloc_set_destructor(https, https_drop);
    curl_multi_setopt(https->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
    curl_multi_setopt(https->multi, CURLMOPT_SOCKETDATA, https);
    curl_multi_setopt(https->multi, CURLMOPT_TIMERFUNCTION, want_timer);
    curl_multi_setopt(https->multi, CURLMOPT_TIMERDATA, https);
    *ret = https;
    return STS_OK;
}

void https_use_proxy(struct https *https, const struct proxy *proxy, const char *passed_by)
{
    https->proxy = proxy;
    https->passed_by = passed_by;
}

const char *https_proxy(const struct https *https, const char *host)
{
    return https->proxy && !proxy_is_passed_by(https->passed_by, host) ? https->proxy->name : NULL;
}

/* ---- what comes in --------------------------------------------------------------------------- */

/* libcurl gives one whole line at a time; less than `size` returned ends the transfer. */
static size_t head_arrives(char *data, size_t one, size_t size, void *arg)
{
    struct https_transfer *transfer = arg;
    struct https_fetch *fetch = transfer->fetch;

    transfer->head_bytes += size * one;
    if (transfer->head_bytes > LIMIT_HTTP_HEAD_BYTES) {
        fetch->outcome = NET_LIMIT;
        fetch->error = "the response header is too large";
        return 0;
    }
    if (fetch->first_byte_ms < 0)
        fetch->first_byte_ms = loop_now(transfer->https->loop) - transfer->started;
    if (http_head_line(fetch, data, size, &transfer->head_ended))
        return size;
    transfer->memory_failed = true;
    return 0;
}

/* Most policies have 200 bytes: a block for the largest would cost more than all else. */
static bool make_room(struct https_transfer *transfer, size_t length)
{
    size_t size = transfer->body ? talloc_get_size(transfer->body) : BODY_FIRST;
    char *grown;

    while (size < length)
        size *= 2;
    if (transfer->body && size == talloc_get_size(transfer->body))
        return true;
    grown = talloc_realloc_size(transfer->fetch, transfer->body, size);
    if (!grown)
        return false;
    transfer->body = grown;
    transfer->fetch->body.data = grown;
    return true;
}

static size_t body_arrives(char *data, size_t one, size_t size, void *arg)
{
    struct https_transfer *transfer = arg;
    struct https_fetch *fetch = transfer->fetch;
    size_t room = LIMIT_POLICY_BYTES - fetch->body.length;
    size_t taken = size * one < room ? size * one : room;

    if (!make_room(transfer, fetch->body.length + taken)) {
        transfer->memory_failed = true;
        return 0;
    }
    memcpy(transfer->body + fetch->body.length, data, taken);
    fetch->body.length += taken;
    if (taken == size * one)
        return taken;
    fetch->too_large = true;
    fetch->outcome = NET_LIMIT;
    fetch->error = "the response body is larger than 64 KiB";
    return 0;
}

/* ---- the end --------------------------------------------------------------------------------- */

static int64_t phase_ms(CURL *easy, CURLINFO info)
{
    curl_off_t us = 0;

    if (curl_easy_getinfo(easy, info, &us) != CURLE_OK || us <= 0)
        return -1;
    return (int64_t)us / 1000;
}

static enum net_phase phase_of(const struct https_transfer *transfer)
{
    const struct https_fetch *fetch = transfer->fetch;

    if (fetch->connect_ms < 0)
        return fetch->proxy ? PHASE_PROXY : PHASE_CONNECT;
    if (fetch->tls_ms < 0 && !transfer->plain)
        return PHASE_TLS;
    if (fetch->first_byte_ms < 0)
        return PHASE_REQUEST;
    return transfer->head_ended ? PHASE_BODY : PHASE_HEAD;
}

/* CURLE_TOO_LARGE, whichever version this is built with. */
#define SINCE_8_6_TOO_LARGE ((CURLcode)100)

static const struct {
    CURLcode code;
    enum net_outcome outcome;
} outcomes[] = {
    {CURLE_OPERATION_TIMEDOUT, NET_TIMEOUT},
    {CURLE_SSL_CONNECT_ERROR, NET_TLS},
    {CURLE_GOT_NOTHING, NET_CLOSED},
    {CURLE_PARTIAL_FILE, NET_CLOSED},
    {CURLE_SEND_ERROR, NET_RESET},
    {CURLE_RECV_ERROR, NET_RESET},
    {CURLE_UNSUPPORTED_PROTOCOL, NET_PROTOCOL},
    {CURLE_WEIRD_SERVER_REPLY, NET_PROTOCOL},
    {CURLE_BAD_CONTENT_ENCODING, NET_PROTOCOL},
    /* a peer's line longer than libcurl's own ceiling */
    {CURLE_OUT_OF_MEMORY, NET_LIMIT},
    {SINCE_8_6_TOO_LARGE, NET_LIMIT},
};

static enum net_outcome outcome_of(const struct https_transfer *transfer, CURLcode code)
{
    long error = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &error);
    if (code == CURLE_COULDNT_CONNECT)
        return tcp_outcome((int)error);
    if (code == CURLE_RECV_ERROR && error != ECONNRESET)
        return NET_CLOSED;
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
        if (outcomes[i].code == code)
            return outcomes[i].outcome;
    return NET_FAILED;
}

/* A reset shows in the send or in the receive, as it falls; libcurl's sentence tells which, and
 * not the errno.  The fact is the same. */
static bool was_reset(const struct https_transfer *transfer)
{
    return strstr(transfer->error, strerror(ECONNRESET)) ||
           strstr(transfer->error, strerror(EPIPE));
}

/* "OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number": the end is for people. */
static const char *without_library(const char *text)
{
    const char *reason = strstr(text, " routines::");

    return reason ? reason + strlen(" routines::") : text;
}

static const char *sentence_of(const struct https_transfer *transfer)
{
    long error = 0;

    if (transfer->fetch->outcome == NET_RESET)
        return strerror(ECONNRESET);
    if (transfer->fetch->outcome == NET_LIMIT && !*transfer->error)
        return "a header line is too long";
    if (transfer->fetch->connect_ms >= 0) {
        const char *text = without_library(transfer->error);

        return text_printable(transfer->fetch, text, strlen(text), LIMIT_TEXT);
    }
    /* libcurl's sentence holds a duration here: not the same twice */
    curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &error);
    return error ? strerror((int)error) : NULL;
}

static void take_error(struct https_transfer *transfer, CURLcode code)
{
    struct https_fetch *fetch = transfer->fetch;

    if (fetch->outcome == NET_LIMIT) /* one of our own callbacks ended it */
        return;
    if (code == CURLE_OK) {
        fetch->outcome = NET_OK;
        return;
    }
    fetch->outcome = transfer->memory_failed ? NET_FAILED
                     : was_reset(transfer)   ? NET_RESET
                                             : outcome_of(transfer, code);
    /* Refused is refused: who resets had connected, though we may learn both at once. */
    if (fetch->outcome == NET_RESET && fetch->connect_ms < 0 && !fetch->proxy)
        fetch->connect_ms = loop_now(transfer->https->loop) - transfer->started;
    fetch->truncated = transfer->head_ended && fetch->outcome != NET_TIMEOUT;
    fetch->error = transfer->memory_failed ? OUT_OF_MEMORY : sentence_of(transfer);
}

static void take_tls(struct https_transfer *transfer)
{
    struct https_fetch *fetch = transfer->fetch;

    if (fetch->connect_ms < 0 || transfer->plain ||
        tls_watch_facts(fetch, transfer->watch, transfer->host, &fetch->tls) != STS_OK)
        return;
    if (fetch->phase != PHASE_TLS)
        return;
    if (fetch->outcome == NET_TIMEOUT)
        fetch->tls->outcome = TLS_TIMEOUT;
    else if (fetch->outcome == NET_RESET || fetch->outcome == NET_CLOSED)
        fetch->tls->outcome = TLS_CLOSED;
    else if (fetch->outcome == NET_TLS)
        fetch->tls->outcome = TLS_FAILED;
    if (fetch->outcome == NET_TLS && fetch->error) /* its own: it may outlive the fetch */
        fetch->tls->error = talloc_strdup(fetch->tls, fetch->error);
}

static void take_facts(struct https_transfer *transfer)
{
    struct https_fetch *fetch = transfer->fetch;
    const struct http_header *location;
    curl_off_t length = -1;
    long status = 0, proxy_status = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
    curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    fetch->status = status;
    fetch->proxy_status = proxy_status;
    fetch->content_length = length < LENGTH_MAX ? length : LENGTH_MAX;
    if (transfer->plain)
        fetch->connect_ms = phase_ms(transfer->easy, CURLINFO_CONNECT_TIME_T);
    fetch->tls_ms = phase_ms(transfer->easy, CURLINFO_APPCONNECT_TIME_T);
    fetch->total_ms = loop_now(transfer->https->loop) - transfer->started;
    fetch->media_type = http_head_media_type(fetch);
    location = http_head_find(fetch, "location");
    if (location)
        fetch->location = location->value;
    fetch->phase = fetch->outcome == NET_OK ? PHASE_DONE : phase_of(transfer);
    take_tls(transfer);
}

static void hang_up(struct https_transfer *transfer)
{
    struct https_socket *socket;

    if (!transfer->easy)
        return;
    curl_multi_remove_handle(transfer->https->multi, transfer->easy);
    curl_easy_cleanup(transfer->easy);
    LIST_FOREACH(socket, &transfer->https->sockets, others)
    {
        if (socket->transfer == transfer)
            socket->transfer = NULL;
    }
    curl_slist_free_all(transfer->connect_to);
    transfer->easy = NULL;
    transfer->connect_to = NULL;
    talloc_free(transfer->connect_timer);
    talloc_free(transfer->tls_timer);
    talloc_free(transfer->total_timer);
    transfer->connect_timer = transfer->tls_timer = transfer->total_timer = NULL;
}

static int transfer_drop(struct https_transfer *transfer)
{
    hang_up(transfer);
    return 0;
}

static enum sts_status begin(struct https_transfer *transfer);
static void finish(struct https_transfer *transfer);

static void begin_again(void *arg)
{
    struct https_transfer *transfer = arg;

    TALLOC_FREE(transfer->again_timer);
    TALLOC_FREE(transfer->watch);
    transfer->fetch->error = NULL;
    transfer->started = loop_now(transfer->https->loop);
    if (begin(transfer) != STS_OK) {
        transfer->fetch->outcome = NET_FAILED;
        transfer->fetch->error = OUT_OF_MEMORY;
        finish(transfer);
    }
}

/* We have no file or port left, which is no fact about the policy host. */
static bool try_again(struct https_transfer *transfer, CURLcode code)
{
    struct loop *loop = transfer->https->loop;
    struct https_fetch *fetch = transfer->fetch;
    long error = transfer->socket_error;

    if (code != CURLE_COULDNT_CONNECT)
        return false;
    if (!error)
        curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &error);
    if (!tcp_is_short((int)error, fetch->address, fetch->port))
        return false;
    fetch->error = tcp_shortage((int)error);
    hang_up(transfer);
    return loop_timer_start(transfer, loop, loop_now(loop) + LIMIT_SHORT_MS, begin_again, transfer,
                            &transfer->again_timer) == STS_OK;
}

static void finish(struct https_transfer *transfer)
{
    if (transfer->easy)
        take_facts(transfer);
    hang_up(transfer);
    transfer->done(transfer->arg, transfer->fetch);
}

static void collect(struct https *https)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(https->multi, &left))) {
        struct https_transfer *transfer = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        if (try_again(transfer, message->data.result))
            continue;
        take_error(transfer, message->data.result);
        finish(transfer);
    }
}

static void times_out(void *arg)
{
    struct https_transfer *transfer = arg;
    struct loop *loop = transfer->https->loop;

    transfer->fetch->outcome = NET_TIMEOUT;
    budget_enter(loop, transfer->budget, -1);
    finish(transfer);
    budget_leave(loop);
}

/* Connecting and TLS have a time-out of their own: a dead address is told early. */
static void connect_is_due(void *arg)
{
    struct https_transfer *transfer = arg;

    if (transfer->fetch->connect_ms < 0)
        times_out(transfer);
}

static void tls_is_due(void *arg)
{
    struct https_transfer *transfer = arg;

    if (!transfer->plain && phase_ms(transfer->easy, CURLINFO_APPCONNECT_TIME_T) < 0)
        times_out(transfer);
}

struct https_fetch *https_partial(struct https_transfer *transfer)
{
    if (transfer->easy) {
        take_facts(transfer);
        hang_up(transfer);
    }
    return transfer->fetch;
}

/* ---- the start ------------------------------------------------------------------------------- */

/* What neither head nor body shows has no end either: chunk extensions, trailers, TLS records. */
static int count_bytes(void *arg, curl_off_t total, curl_off_t now, curl_off_t up_total,
                       curl_off_t up_now)
{
    struct https_transfer *transfer = arg;
    struct tcp_info info = {0};
    socklen_t length = sizeof info;

    (void)total, (void)now, (void)up_total, (void)up_now;
    if (getsockopt(transfer->socket, IPPROTO_TCP, TCP_INFO, &info, &length) != 0 ||
        info.tcpi_bytes_received <= LIMIT_FETCH_BYTES)
        return 0;
    transfer->fetch->outcome = NET_LIMIT;
    transfer->fetch->error = "the server sent more than 1 MiB in all";
    return 1;
}

static CURLcode attach_watch(CURL *easy, void *ssl_ctx, void *arg)
{
    struct https_transfer *transfer = arg;

    (void)easy;
    /* libcurl's own figure stays 0 where the handshake fails */
    transfer->fetch->connect_ms = loop_now(transfer->https->loop) - transfer->started;
    transfer->memory_failed = tls_watch_attach(transfer->watch, ssl_ctx) != STS_OK;
    return transfer->memory_failed ? CURLE_OUT_OF_MEMORY : CURLE_OK;
}

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct https_transfer *transfer = arg;
    int fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);

    (void)purpose;
    transfer->socket_error = fd < 0 ? errno : 0;
    transfer->socket = fd;
    return fd < 0 ? CURL_SOCKET_BAD : fd;
}

/* The proxy finds the host by its name; only a port other than the usual needs a word more. */
static bool set_proxy(struct https_transfer *transfer)
{
    const struct proxy *proxy = transfer->https->proxy;
    char *where;

    if (curl_easy_setopt(transfer->easy, CURLOPT_PROXY, proxy->url) != CURLE_OK)
        return false;
    if (transfer->plain)
        return true;
    where = talloc_asprintf(transfer, "%s::%s:%lld", transfer->host, transfer->host,
                            (long long)transfer->fetch->port);
    if (!where)
        return false;
    transfer->connect_to = curl_slist_append(NULL, where);
    return transfer->connect_to &&
           curl_easy_setopt(transfer->easy, CURLOPT_HTTPPROXYTUNNEL, 1L) == CURLE_OK &&
           curl_easy_setopt(transfer->easy, CURLOPT_CONNECT_TO, transfer->connect_to) == CURLE_OK;
}

static bool set_address(struct https_transfer *transfer)
{
    const struct https_fetch *fetch = transfer->fetch;
    bool six = strchr(fetch->address, ':');
    char *where = talloc_asprintf(transfer, "%s::%s%s%s:%lld", transfer->host, six ? "[" : "",
                                  fetch->address, six ? "]" : "", (long long)fetch->port);

    if (!where)
        return false;
    transfer->connect_to = curl_slist_append(NULL, where);
    return transfer->connect_to &&
           curl_easy_setopt(transfer->easy, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(transfer->easy, CURLOPT_CONNECT_TO, transfer->connect_to) == CURLE_OK;
}

/* NULL: no memory. */
static const char *url_of(struct https_transfer *transfer)
{
    const char *scheme = transfer->plain ? "http" : "https";

    if (!transfer->port_in_url)
        return talloc_asprintf(transfer, "%s://%s%s", scheme, transfer->host, transfer->path);
    return talloc_asprintf(transfer, "%s://%s:%lld%s", scheme, transfer->host,
                           (long long)transfer->fetch->port, transfer->path);
}

static bool set_target(struct https_transfer *transfer)
{
    const char *url = url_of(transfer);

    return url && curl_easy_setopt(transfer->easy, CURLOPT_URL, url) == CURLE_OK &&
           (transfer->fetch->proxy ? set_proxy(transfer) : set_address(transfer));
}

static void set_options(struct https_transfer *transfer)
{
    CURL *easy = transfer->easy;

    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    if (transfer->method) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, transfer->method);
    }
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, transfer->plain ? "http" : "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "mtasts/" MTASTS_VERSION);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, BUFFER_BYTES);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, attach_watch);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, head_arrives);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body_arrives);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, count_bytes);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

static enum sts_status set_deadlines(struct https_transfer *transfer)
{
    const struct {
        int64_t ms;
        loop_fn due;
        struct loop_timer **timer;
    } rows[] = {
        {LIMIT_CONNECT_MS, connect_is_due, &transfer->connect_timer},
        {LIMIT_CONNECT_MS + LIMIT_TLS_MS, tls_is_due, &transfer->tls_timer},
        {LIMIT_HTTP_MS, times_out, &transfer->total_timer},
    };
    enum sts_status status = STS_OK;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && status == STS_OK; i++) {
        int64_t due = transfer->started + rows[i].ms;

        if (due > transfer->deadline)
            due = transfer->deadline;
        status = loop_timer_start(transfer, transfer->https->loop, due, rows[i].due, transfer,
                                  rows[i].timer);
    }
    return status;
}

static struct https_fetch *fetch_new(TALLOC_CTX *ctx, const struct https *https,
                                     const struct https_request *request)
{
    const char *proxy = https_proxy(https, request->host);
    struct https_fetch *fetch = talloc_zero(ctx, struct https_fetch);

    if (!fetch)
        return NULL;
    fetch->address = talloc_strdup(fetch, request->address);
    fetch->port = request->port;
    fetch->content_length = -1;
    fetch->connect_ms = fetch->tls_ms = fetch->first_byte_ms = fetch->total_ms = -1;
    if (proxy)
        fetch->proxy = talloc_strdup(fetch, proxy);
    if (!fetch->address || !fetch->proxy != !proxy) {
        talloc_free(fetch);
        return NULL;
    }
    return fetch;
}

static enum sts_status begin(struct https_transfer *transfer)
{
    enum sts_status status;

    transfer->easy = curl_easy_init();
    if (!transfer->easy)
        return STS_E_NOMEM;
    status = set_deadlines(transfer);
    if (status == STS_OK)
        status = tls_watch_new(transfer, transfer->https->trust, transfer->host,
                               transfer->limited ? &transfer->offer : NULL, &transfer->watch);
    if (status != STS_OK)
        return status;
    set_options(transfer);
    if (!set_target(transfer) ||
        curl_multi_add_handle(transfer->https->multi, transfer->easy) != CURLM_OK)
        return STS_E_NOMEM;
    return STS_OK;
}

enum sts_status https_get(TALLOC_CTX *ctx, struct https *https, const struct https_request *request,
                          struct https_transfer **ret)
{
    struct https_transfer *transfer = talloc_zero(ctx, struct https_transfer);
    enum sts_status status = STS_E_NOMEM;

    if (!transfer)
        return STS_E_NOMEM;
    *transfer = (struct https_transfer){.https = https,
                                        .budget = request->budget,
                                        .plain = request->plain,
                                        .port_in_url = request->port_in_url,
                                        .started = loop_now(https->loop),
                                        .deadline = request->deadline,
                                        .done = request->done,
                                        .arg = request->arg};
    talloc_set_destructor(transfer, transfer_drop);
    transfer->limited = request->offer;
    if (request->offer)
        transfer->offer = *request->offer;
    transfer->host = talloc_strdup(transfer, request->host);
    transfer->path = talloc_strdup(transfer, request->path);
    transfer->method = talloc_strdup(transfer, request->method);
    transfer->fetch = fetch_new(ctx, https, request);
    if (transfer->host && transfer->path && transfer->fetch &&
        !transfer->method == !request->method)
        status = begin(transfer);
    if (status != STS_OK) {
        talloc_free(transfer->fetch);
        talloc_free(transfer);
        return status;
    }
    *ret = transfer;
    return STS_OK;
}
