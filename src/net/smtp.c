/* SPDX-License-Identifier: MIT */
/* smtp.c - the socket under smtp_engine: connect, move bytes, keep the time.
 *
 * The loop reads what is there, hands it to TLS or straight to the engine, and writes what they
 * want sent.  Every step has its time-out; a new one starts with each new phase. */
#include "net/smtp.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "event/budget.h"
#include "event/loop.h"
#include "net/limits.h"
#include "net/resources.h"
#include "net/smtp_engine.h"
#include "net/tcp.h"
#include "net/tls.h"

#define CHUNK 16384

struct smtp_probe {
    struct loop *loop;
    struct budget *budget;
    struct tls_trust *trust;
    const char *host;
    const char *helo; /* NULL: the address literal of our end */
    bool limited;     /* by `offer` */
    struct tls_offer offer;
    struct smtp_session *session;
    struct smtp_engine *engine;
    struct tls_client *tls; /* NULL before STARTTLS */
    int fd;
    struct event *readable;
    struct event *writable;
    char *unsent; /* what the socket did not take yet */
    size_t unsent_length;
    struct loop_timer *timer; /* of the phase `timed` */
    enum net_phase timed;
    int64_t started, deadline;
    bool over;
    smtp_done_fn done;
    void *arg;
};

static void go_on(struct smtp_probe *probe);

/* ---- the end --------------------------------------------------------------------------------- */

static void hang_up(struct smtp_probe *probe)
{
    if (probe->readable)
        event_free(probe->readable);
    if (probe->writable)
        event_free(probe->writable);
    probe->readable = probe->writable = NULL;
    if (probe->fd >= 0)
        close(probe->fd);
    probe->fd = -1;
}

static int smtp_drop(struct smtp_probe *probe)
{
    hang_up(probe);
    return 0;
}

static int64_t elapsed(const struct smtp_probe *probe)
{
    return loop_now(probe->loop) - probe->started;
}

/* TLS facts are read once, when nothing more will come. */
static void take_tls_facts(struct smtp_probe *probe)
{
    struct smtp_session *session = probe->session;

    if (!probe->tls || session->tls)
        return;
    if (tls_client_facts(session, probe->tls, probe->host, &session->tls) != STS_OK)
        return;
    if (session->tls->outcome != TLS_OK && session->outcome == NET_TIMEOUT)
        session->tls->outcome = TLS_TIMEOUT;
    else if (session->tls->outcome == TLS_UNKNOWN && session->outcome == NET_RESET)
        session->tls->outcome = TLS_CLOSED;
}

static void deliver(void *arg)
{
    struct smtp_probe *probe = arg;

    probe->timer = NULL;
    probe->done(probe->arg, probe->session);
}

/* The callback comes from the loop, never from inside a start. */
static void finish(struct smtp_probe *probe)
{
    if (probe->over)
        return;
    probe->over = true;
    hang_up(probe);
    probe->session->total_ms = elapsed(probe);
    take_tls_facts(probe);
    talloc_free(probe->timer);
    if (loop_timer_start(probe, probe->loop, 0, deliver, probe, &probe->timer) != STS_OK)
        probe->done(probe->arg, probe->session); /* no memory: late limits beat a hang */
}

static void fail(struct smtp_probe *probe, enum net_outcome outcome, const char *error)
{
    probe->session->outcome = outcome;
    probe->session->error = error;
    finish(probe);
}

struct smtp_session *smtp_partial(struct smtp_probe *probe)
{
    if (!probe->over) {
        probe->over = true;
        hang_up(probe);
        probe->session->total_ms = elapsed(probe);
        take_tls_facts(probe);
    }
    return probe->session;
}

/* ---- time ------------------------------------------------------------------------------------ */

static int64_t allowed(enum net_phase phase)
{
    static const int ms[] = {
        [PHASE_CONNECT] = LIMIT_CONNECT_MS, [PHASE_GREETING] = LIMIT_GREETING_MS,
        [PHASE_EHLO] = LIMIT_REPLY_MS,      [PHASE_STARTTLS] = LIMIT_REPLY_MS,
        [PHASE_TLS] = LIMIT_TLS_MS,         [PHASE_EHLO2] = LIMIT_REPLY_MS,
        [PHASE_QUIT] = LIMIT_QUIT_MS,
    };

    return ms[phase];
}

static void times_out(void *arg)
{
    struct smtp_probe *probe = arg;
    struct loop *loop = probe->loop;

    budget_enter(loop, probe->budget, -1);
    if (probe->session->phase == PHASE_QUIT) {
        probe->session->outcome = NET_OK;
        finish(probe);
    } else {
        fail(probe, NET_TIMEOUT, NULL);
    }
    budget_leave(loop);
}

/* A peer that drips a byte a second does not gain time: the phase's clock runs on. */
static bool keep_time(struct smtp_probe *probe)
{
    int64_t due = loop_now(probe->loop) + allowed(probe->session->phase);

    if (probe->timer && probe->timed == probe->session->phase)
        return true;
    talloc_free(probe->timer);
    probe->timer = NULL;
    probe->timed = probe->session->phase;
    if (due > probe->deadline)
        due = probe->deadline;
    return loop_timer_start(probe, probe->loop, due, times_out, probe, &probe->timer) == STS_OK;
}

/* ---- out ------------------------------------------------------------------------------------- */

static bool queue(struct smtp_probe *probe, const void *data, size_t length)
{
    char *grown = talloc_realloc_size(probe, probe->unsent, probe->unsent_length + length);

    if (!grown)
        return false;
    memcpy(grown + probe->unsent_length, data, length);
    probe->unsent = grown;
    probe->unsent_length += length;
    return true;
}

static bool queue_engine(struct smtp_probe *probe)
{
    size_t length;
    const char *text = smtp_engine_output(probe->engine, &length);

    if (!text)
        return true;
    if (!probe->tls)
        return queue(probe, text, length);
    return tls_client_state(probe->tls) != TLS_STATE_OPEN ||
           tls_client_write(probe->tls, text, length) == STS_OK;
}

static bool queue_tls(struct smtp_probe *probe)
{
    char data[CHUNK];
    size_t length;

    while (probe->tls && (length = tls_client_pull(probe->tls, data, sizeof data)) > 0)
        if (!queue(probe, data, length))
            return false;
    return true;
}

static void send_queued(struct smtp_probe *probe)
{
    ssize_t sent = 0;

    if (probe->unsent_length)
        sent = send(probe->fd, probe->unsent, probe->unsent_length, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        /* The peer may have said why before it closed; the read side will tell. */
        probe->unsent_length = 0;
        return;
    }
    if (sent > 0) {
        probe->unsent_length -= (size_t)sent;
        memmove(probe->unsent, probe->unsent + sent, probe->unsent_length);
    }
    if (probe->unsent_length)
        event_add(probe->writable, NULL);
}

/* ---- in -------------------------------------------------------------------------------------- */

static enum sts_status feed_tls(struct smtp_probe *probe, const char *data, size_t length)
{
    char plain[CHUNK];
    enum sts_status status;
    size_t got;

    status = tls_client_feed(probe->tls, data, length);
    while (status == STS_OK && (got = tls_client_read(probe->tls, plain, sizeof plain)) > 0)
        status = smtp_engine_feed(probe->engine, plain, got);
    return status;
}

static enum sts_status feed(struct smtp_probe *probe, const char *data, size_t length)
{
    enum sts_status status;
    size_t behind;

    if (probe->tls)
        return feed_tls(probe, data, length);
    status = smtp_engine_feed(probe->engine, data, length);
    if (status != STS_OK || smtp_engine_state(probe->engine) != SMTP_START_TLS)
        return status;
    /* What came behind the 220 is the peer's first word in TLS, or else plain text that somebody
     * slipped in; then the handshake fails, as it must. */
    behind = (size_t)probe->session->injected;
    status = tls_client_new(probe, probe->trust, probe->host, probe->limited ? &probe->offer : NULL,
                            &probe->tls);
    if (status == STS_OK && behind)
        status = feed_tls(probe, data + length - behind, behind);
    return status;
}

static void peer_closed(struct smtp_probe *probe)
{
    if (probe->tls)
        tls_client_eof(probe->tls);
    if (probe->session->phase == PHASE_TLS)
        fail(probe, NET_TLS, NULL);
    else
        smtp_engine_eof(probe->engine);
}

static void receive(struct smtp_probe *probe)
{
    char data[CHUNK];
    ssize_t got = recv(probe->fd, data, sizeof data, 0);

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got < 0) {
        if (probe->session->phase == PHASE_QUIT)
            fail(probe, NET_OK, NULL);
        else
            fail(probe, tcp_outcome(errno), strerror(errno));
        return;
    }
    if (got == 0)
        peer_closed(probe);
    else if (feed(probe, data, (size_t)got) != STS_OK)
        fail(probe, NET_FAILED, OUT_OF_MEMORY);
    if (!probe->over)
        go_on(probe);
}

static void readable(evutil_socket_t fd, short what, void *arg)
{
    struct smtp_probe *probe = arg;
    struct loop *loop = probe->loop;

    (void)what;
    budget_enter(loop, probe->budget, (int)fd);
    receive(probe);
    budget_leave(loop);
}

static void writable(evutil_socket_t fd, short what, void *arg)
{
    struct smtp_probe *probe = arg;
    struct loop *loop = probe->loop;

    (void)what;
    budget_enter(loop, probe->budget, (int)fd);
    go_on(probe);
    budget_leave(loop);
}

/* ---- the steps ------------------------------------------------------------------------------- */

/* TLS is over before the dialogue is. */
static void tls_ends(struct smtp_probe *probe, bool failed)
{
    bool handshake = probe->session->phase == PHASE_TLS;

    (void)queue_tls(probe); /* our alert */
    send_queued(probe);
    if (probe->session->phase == PHASE_QUIT)
        smtp_engine_eof(probe->engine);
    else if (handshake || failed) /* TLS 1.3: refused after we thought it was over */
        fail(probe, NET_TLS, NULL);
    else
        fail(probe, NET_CLOSED, NULL);
}

static bool watch_tls(struct smtp_probe *probe)
{
    enum tls_state state = tls_client_state(probe->tls);

    if (smtp_engine_state(probe->engine) == SMTP_DONE)
        return true;
    if (state == TLS_STATE_FAILED || state == TLS_STATE_CLOSED)
        tls_ends(probe, state == TLS_STATE_FAILED);
    if (state != TLS_STATE_OPEN || smtp_engine_state(probe->engine) != SMTP_START_TLS)
        return true;
    probe->session->tls_ms = elapsed(probe);
    return smtp_engine_secured(probe->engine) == STS_OK;
}

static void go_on(struct smtp_probe *probe)
{
    bool memory = true;

    if (probe->session->greeting_ms < 0 && probe->session->greeting_code)
        probe->session->greeting_ms = elapsed(probe);
    if (probe->tls)
        memory = watch_tls(probe);
    if (probe->over)
        return;
    if (smtp_engine_state(probe->engine) == SMTP_DONE) {
        /* QUIT may still be unsent where the peer spoke nonsense; hanging up is answer enough */
        finish(probe);
        return;
    }
    memory = memory && queue_engine(probe) && queue_tls(probe) && keep_time(probe);
    if (memory)
        send_queued(probe);
    else
        fail(probe, NET_FAILED, OUT_OF_MEMORY);
}

static enum sts_status begin_dialogue(struct smtp_probe *probe)
{
    const char *helo = probe->helo ? probe->helo : tcp_own_literal(probe, probe->fd);

    if (!helo)
        return STS_E_NOMEM;
    return smtp_engine_new(probe, probe->session, helo, &probe->engine);
}

static void connected(evutil_socket_t fd, short what, void *arg)
{
    struct smtp_probe *probe = arg;
    int error = tcp_connect_error((int)fd);

    (void)what;
    loop_woke(probe->loop);
    /* Refused is refused: who resets had connected, though we may learn both at once. */
    if (error == ECONNRESET)
        probe->session->phase = PHASE_GREETING;
    if (!error || error == ECONNRESET)
        probe->session->connect_ms = elapsed(probe);
    if (error) {
        fail(probe, tcp_outcome(error), strerror(error));
        return;
    }
    event_free(probe->writable);
    probe->writable = event_new(loop_base(probe->loop), fd, EV_WRITE, writable, probe);
    probe->readable = event_new(loop_base(probe->loop), fd, EV_READ | EV_PERSIST, readable, probe);
    if (!probe->writable || !probe->readable || begin_dialogue(probe) != STS_OK) {
        fail(probe, NET_FAILED, OUT_OF_MEMORY);
        return;
    }
    event_add(probe->readable, NULL);
    go_on(probe);
}

static enum sts_status start(struct smtp_probe *probe);

static void start_again(void *arg)
{
    struct smtp_probe *probe = arg;

    TALLOC_FREE(probe->timer);
    probe->started = loop_now(probe->loop);
    if (probe->started < probe->deadline && start(probe) != STS_OK)
        fail(probe, NET_FAILED, OUT_OF_MEMORY);
}

static enum sts_status start(struct smtp_probe *probe)
{
    struct smtp_session *session = probe->session;
    int error;

    probe->session->phase = PHASE_CONNECT;
    probe->fd = tcp_connect(session->address, session->port, &error);
    session->error = NULL;
    if (probe->fd < 0 && tcp_is_short(error, session->address, session->port)) {
        session->error = tcp_shortage(error);
        return loop_timer_start(probe, probe->loop, probe->started + LIMIT_SHORT_MS, start_again,
                                probe, &probe->timer);
    }
    if (!keep_time(probe))
        return STS_E_NOMEM;
    if (probe->fd < 0) {
        fail(probe, tcp_outcome(error), strerror(error));
        return STS_OK;
    }
    probe->writable = event_new(loop_base(probe->loop), probe->fd, EV_WRITE, connected, probe);
    if (!probe->writable)
        return STS_E_NOMEM;
    event_add(probe->writable, NULL);
    return STS_OK;
}

static struct smtp_session *session_new(TALLOC_CTX *ctx, const struct smtp_request *request)
{
    struct smtp_session *session = talloc_zero(ctx, struct smtp_session);

    if (!session)
        return NULL;
    session->address = talloc_strdup(session, request->address);
    session->port = request->port;
    session->connect_ms = session->greeting_ms = session->tls_ms = session->total_ms = -1;
    if (!session->address) {
        talloc_free(session);
        return NULL;
    }
    return session;
}

enum sts_status smtp_look(TALLOC_CTX *ctx, struct loop *loop, struct tls_trust *trust,
                          const struct smtp_request *request, struct smtp_probe **ret)
{
    struct smtp_probe *probe = talloc_zero(ctx, struct smtp_probe);
    enum sts_status status = STS_E_NOMEM;

    if (!probe)
        return STS_E_NOMEM;
    *probe = (struct smtp_probe){.loop = loop,
                                 .budget = request->budget,
                                 .trust = trust,
                                 .fd = -1,
                                 .deadline = request->deadline,
                                 .started = loop_now(loop),
                                 .done = request->done,
                                 .arg = request->arg};
    talloc_set_destructor(probe, smtp_drop);
    probe->host = talloc_strdup(probe, request->host);
    probe->helo = request->helo ? talloc_strdup(probe, request->helo) : NULL;
    probe->limited = request->offer;
    if (request->offer)
        probe->offer = *request->offer;
    probe->session = session_new(ctx, request);
    if (probe->host && probe->session && !probe->helo == !request->helo)
        status = start(probe);
    if (status != STS_OK) {
        talloc_free(probe->session);
        talloc_free(probe);
        return status;
    }
    *ret = probe;
    return STS_OK;
}
