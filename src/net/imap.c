/* SPDX-License-Identifier: MIT */
/* imap.c - the socket under imap_engine: look up, connect, encrypt, move bytes, keep the time. */
#include "net/imap.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/array.h"
#include "event/loop.h"
#include "net/dns.h"
#include "net/imap_engine_work.h"
#include "net/limits.h"
#include "net/resources.h"
#include "net/tcp.h"
#include "net/tls_verified.h"

#define CHUNK 16384

struct imap {
    struct loop *loop;
    struct dns *dns;
    struct tls_trust *trust;
    struct imap_engine *engine;
    const char *host;
    int64_t port;
    struct dns_query *queries[2];
    size_t questions; /* that are not answered */
    const char **addresses;
    size_t address_count, address; /* the one that is tried, from 1 */
    struct tls_verified *tls;      /* NULL: not yet */
    bool implicit;
    int fd;
    struct event *readable, *writable;
    char *unsent; /* what the socket did not take yet */
    size_t unsent_length;
    int64_t deadline;
    struct loop_timer *timer; /* of the deadline, and of what is told at the next turn */
    bool waiting;             /* the owner is to be told */
    bool told;                /* the end */
    void (*done)(void *arg);
    void *arg;
};

static void go_on(struct imap *imap);
static void try_next(struct imap *imap, const char *why);

/* ---- the end --------------------------------------------------------------------------------- */

static void hang_up(struct imap *imap)
{
    if (imap->readable)
        event_free(imap->readable);
    if (imap->writable)
        event_free(imap->writable);
    imap->readable = imap->writable = NULL;
    if (imap->fd >= 0)
        close(imap->fd);
    imap->fd = -1;
    imap->unsent_length = 0;
    TALLOC_FREE(imap->tls);
}

static int imap_drop(struct imap *imap)
{
    hang_up(imap);
    return 0;
}

/* The last thing done with it: the owner may free it, or give a command. */
static void tell(struct imap *imap)
{
    enum imap_state state = imap_engine_state(imap->engine);

    if (imap->told || (!imap->waiting && state != IMAP_ENDED))
        return;
    imap->waiting = false;
    TALLOC_FREE(imap->timer);
    if (state == IMAP_ENDED) {
        imap->told = true;
        hang_up(imap);
    }
    imap->done(imap->arg);
}

static void end(struct imap *imap, enum imap_fault fault, const char *detail)
{
    if (imap_engine_state(imap->engine) != IMAP_ENDED)
        (void)imap_end(imap->engine, fault, detail ? bytes_of(detail) : (struct bytes){0});
}

static void fail(struct imap *imap, enum imap_fault fault, const char *detail)
{
    end(imap, fault, detail);
    tell(imap);
}

static void times_out(void *arg)
{
    struct imap *imap = arg;

    imap->timer = NULL;
    fail(imap, IMAP_FAULT_TIMEOUT, NULL);
}

static bool keep_time(struct imap *imap, int64_t deadline, loop_fn late)
{
    TALLOC_FREE(imap->timer);
    return loop_timer_start(imap, imap->loop, deadline, late, imap, &imap->timer) == STS_OK;
}

/* ---- out ------------------------------------------------------------------------------------- */

static bool queue(struct imap *imap, const void *data, size_t length)
{
    char *grown = talloc_realloc_size(imap, imap->unsent, imap->unsent_length + length);

    if (!grown)
        return false;
    memcpy(grown + imap->unsent_length, data, length);
    imap->unsent = grown;
    imap->unsent_length += length;
    return true;
}

static bool may_speak(const struct imap *imap)
{
    return imap->tls ? tls_verified_state(imap->tls) == TLS_STATE_OPEN : !imap->implicit;
}

static bool queue_all(struct imap *imap)
{
    char data[CHUNK];
    size_t length;
    const char *text = may_speak(imap) ? imap_engine_output(imap->engine, &length) : NULL;

    if (text && !(imap->tls ? tls_verified_write(imap->tls, text, length) == STS_OK
                            : queue(imap, text, length)))
        return false;
    while (imap->tls && (length = tls_verified_pull(imap->tls, data, sizeof(data))) > 0)
        if (!queue(imap, data, length))
            return false;
    return true;
}

static void send_queued(struct imap *imap)
{
    ssize_t sent = 0;

    if (imap->unsent_length)
        sent = send(imap->fd, imap->unsent, imap->unsent_length, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        imap->unsent_length = 0; /* the read side will tell */
        return;
    }
    if (sent > 0) {
        imap->unsent_length -= (size_t)sent;
        memmove(imap->unsent, imap->unsent + sent, imap->unsent_length);
    }
    if (imap->unsent_length)
        event_add(imap->writable, NULL);
}

/* ---- in -------------------------------------------------------------------------------------- */

static bool feed(struct imap *imap, const char *data, size_t length)
{
    char plain[CHUNK];
    enum sts_status status;
    size_t got;

    if (!imap->tls)
        return imap_engine_feed(imap->engine, data, length) == STS_OK;
    status = tls_verified_feed(imap->tls, data, length);
    while (status == STS_OK && (got = tls_verified_read(imap->tls, plain, sizeof(plain))) > 0)
        status = imap_engine_feed(imap->engine, plain, got);
    return status == STS_OK;
}

static void judge_tls(struct imap *imap)
{
    enum tls_state state = imap->tls ? tls_verified_state(imap->tls) : TLS_STATE_OPEN;
    bool certificate;
    const char *why;

    if (state == TLS_STATE_CLOSED)
        imap_engine_eof(imap->engine);
    if (state != TLS_STATE_FAILED)
        return;
    why = tls_verified_error(imap->tls, &certificate);
    end(imap, certificate ? IMAP_FAULT_CERTIFICATE : IMAP_FAULT_TLS, why);
}

static void receive(struct imap *imap)
{
    char data[CHUNK];
    ssize_t got = recv(imap->fd, data, sizeof(data), 0);
    int error = errno;

    if (got < 0 && (error == EAGAIN || error == EINTR))
        return;
    if (got > 0 && !feed(imap, data, (size_t)got))
        end(imap, IMAP_FAULT_PROTOCOL, OUT_OF_MEMORY);
    if (got <= 0 && imap->tls)
        tls_verified_eof(imap->tls);
    if (got == 0)
        imap_engine_eof(imap->engine);
    if (got < 0)
        end(imap, IMAP_FAULT_CLOSED, strerror(error));
    go_on(imap);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct imap *imap = arg;

    (void)fd;
    (void)what;
    loop_woke(imap->loop);
    receive(imap);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
    struct imap *imap = arg;

    (void)fd;
    (void)what;
    loop_woke(imap->loop);
    send_queued(imap);
}

/* ---- the steps ------------------------------------------------------------------------------- */

static bool begin_tls(struct imap *imap)
{
    if (!imap->tls && (imap->implicit || imap_engine_state(imap->engine) == IMAP_START_TLS))
        return tls_verified_new(imap, imap->trust, imap->host, &imap->tls) == STS_OK;
    return true;
}

static bool end_handshake(struct imap *imap)
{
    if (imap->tls && tls_verified_state(imap->tls) == TLS_STATE_OPEN &&
        imap_engine_state(imap->engine) == IMAP_START_TLS)
        return imap_engine_secured(imap->engine) == STS_OK;
    return true;
}

static bool has_news(struct imap *imap)
{
    enum imap_state state = imap_engine_state(imap->engine);

    return state == IMAP_READY || state == IMAP_ENDED ||
           (state == IMAP_IDLING && imap_engine_folder(imap->engine)->changed);
}

static void go_on(struct imap *imap)
{
    bool memory = begin_tls(imap);

    judge_tls(imap);
    memory = memory && end_handshake(imap) && queue_all(imap);
    if (!memory)
        end(imap, IMAP_FAULT_PROTOCOL, OUT_OF_MEMORY);
    if (imap->fd >= 0)
        send_queued(imap); /* our alert too */
    if (has_news(imap))
        tell(imap);
}

static void connected(evutil_socket_t fd, short what, void *arg)
{
    struct imap *imap = arg;
    int error = tcp_connect_error((int)fd);

    (void)what;
    loop_woke(imap->loop);
    if (error) {
        hang_up(imap);
        try_next(imap, strerror(error));
        return;
    }
    event_free(imap->writable);
    imap->writable = event_new(loop_base(imap->loop), fd, EV_WRITE, on_writable, imap);
    imap->readable = event_new(loop_base(imap->loop), fd, EV_READ | EV_PERSIST, on_readable, imap);
    if (!imap->writable || !imap->readable || !keep_time(imap, imap->deadline, times_out)) {
        fail(imap, IMAP_FAULT_CONNECT, OUT_OF_MEMORY);
        return;
    }
    event_add(imap->readable, NULL);
    go_on(imap);
}

/* ---- addresses ------------------------------------------------------------------------------- */

static void too_slow(void *arg)
{
    struct imap *imap = arg;

    imap->timer = NULL;
    hang_up(imap);
    try_next(imap, strerror(ETIMEDOUT));
}

static bool start(struct imap *imap, const char *address, int *ret_error)
{
    int64_t due = loop_now(imap->loop) + LIMIT_CONNECT_MS;

    imap->fd = tcp_connect(address, imap->port, ret_error);
    if (imap->fd < 0)
        return false;
    *ret_error = ENOMEM;
    imap->writable = event_new(loop_base(imap->loop), imap->fd, EV_WRITE, connected, imap);
    if (!imap->writable ||
        !keep_time(imap, due < imap->deadline ? due : imap->deadline, too_slow)) {
        hang_up(imap);
        return false;
    }
    event_add(imap->writable, NULL);
    return true;
}

/* why: the one before could not be reached. */
static void try_next(struct imap *imap, const char *why)
{
    int error;

    while (imap->address < imap->address_count && loop_now(imap->loop) < imap->deadline) {
        if (start(imap, imap->addresses[imap->address++], &error))
            return;
        why = strerror(error);
    }
    fail(imap, imap->address_count ? IMAP_FAULT_CONNECT : IMAP_FAULT_ADDRESS, why);
}

static void begin(void *arg)
{
    struct imap *imap = arg;

    imap->timer = NULL;
    try_next(imap, NULL);
}

static bool add_address(struct imap *imap, const char *text)
{
    const char **address =
        array_grow(imap, &imap->addresses, &imap->address_count, sizeof(*address));

    return address && (*address = talloc_strdup(imap, text));
}

static void on_addresses(void *arg, struct dns_answer *answer)
{
    struct imap *imap = arg;
    bool memory = true;

    for (size_t i = 0; answer->outcome == DNS_OUTCOME_FOUND && i < answer->record_count; i++)
        if (imap->address_count < LIMIT_ADDRESSES)
            memory = memory && add_address(imap, answer->records[i].address);
    if (!memory)
        fail(imap, IMAP_FAULT_ADDRESS, OUT_OF_MEMORY);
    else if (!--imap->questions)
        try_next(imap, NULL);
}

static enum sts_status ask(struct imap *imap)
{
    static const enum dns_type types[] = {DNS_AAAA, DNS_A};
    int64_t due = loop_now(imap->loop) + LIMIT_DNS_MS;

    for (size_t i = 0; i < 2; i++) {
        const struct dns_request request = {.name = imap->host,
                                            .type = types[i],
                                            .deadline = due < imap->deadline ? due : imap->deadline,
                                            .done = on_addresses,
                                            .arg = imap};

        if (dns_ask(imap, imap->dns, &request, &imap->queries[i]) != STS_OK)
            return STS_E_NOMEM;
        imap->questions++;
    }
    return STS_OK;
}

static enum sts_status find(struct imap *imap)
{
    unsigned char address[16];

    if (inet_pton(AF_INET, imap->host, address) != 1 &&
        inet_pton(AF_INET6, imap->host, address) != 1)
        return ask(imap);
    if (!add_address(imap, imap->host))
        return STS_E_NOMEM;
    return loop_timer_start(imap, imap->loop, 0, begin, imap, &imap->timer);
}

/* ---- the interface --------------------------------------------------------------------------- */

struct imap_engine *imap_engine_of(struct imap *imap)
{
    return imap->engine;
}

static void tell_end(void *arg)
{
    struct imap *imap = arg;

    imap->timer = NULL;
    tell(imap);
}

void imap_go(struct imap *imap, int64_t deadline)
{
    imap->waiting = true;
    if (!queue_all(imap))
        end(imap, IMAP_FAULT_PROTOCOL, OUT_OF_MEMORY);
    if (imap->fd >= 0)
        send_queued(imap);
    if (imap_engine_state(imap->engine) == IMAP_ENDED)
        (void)keep_time(imap, 0, tell_end);
    else if (!keep_time(imap, deadline, times_out))
        end(imap, IMAP_FAULT_PROTOCOL, OUT_OF_MEMORY);
}

enum sts_status imap_open(TALLOC_CTX *ctx, struct loop *loop, struct dns *dns,
                          struct tls_trust *trust, const struct imap_request *request,
                          struct imap **ret)
{
    struct imap *imap = talloc_zero(ctx, struct imap);
    enum sts_status status;

    if (!imap)
        return STS_E_NOMEM;
    *imap = (struct imap){.loop = loop,
                          .dns = dns,
                          .trust = trust,
                          .port = request->login.port,
                          .implicit = request->login.tls == IMAP_TLS_IMPLICIT,
                          .fd = -1,
                          .waiting = true,
                          .deadline = request->deadline,
                          .done = request->done,
                          .arg = request->arg};
    talloc_set_destructor(imap, imap_drop);
    status = imap_engine_new(imap, &request->login, &request->sink, &imap->engine);
    imap->host = talloc_strdup(imap, request->login.host);
    if (status == STS_OK)
        status = imap->host ? find(imap) : STS_E_NOMEM;
    if (status != STS_OK) {
        talloc_free(imap);
        return status;
    }
    *ret = imap;
    return STS_OK;
}
