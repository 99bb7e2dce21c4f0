/* SPDX-License-Identifier: MIT */
/* dns_direct.c - a DNS message out, a DNS message in, on a socket of its own. */
#include "net/dns_direct.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>

#include "event/loop.h"
#include "net/dns_wire.h"
#include "net/limits.h"
#include "net/resources.h"
#include "net/tcp.h"

#define QUESTION_MAX (NS_HFIXEDSZ + NS_MAXCDNAME + NS_QFIXEDSZ + 11)
#define ANSWER_MAX   1232 /* what passes every path unfragmented */
#define PORT         "53"

struct dns_direct {
    struct loop *loop;
    int fd;
    struct event *readable;
    struct loop_timer *again, *due, *deliver;
    unsigned char question[QUESTION_MAX];
    size_t length, question_end; /* of the message; of its question section */
    struct dns_answer *answer;
    bool authoritative;
    int64_t started, deadline;
    const char *server;
    dns_direct_fn done;
    void *arg;
};

static void hang_up(struct dns_direct *direct)
{
    if (direct->readable)
        event_free(direct->readable);
    direct->readable = NULL;
    if (direct->fd >= 0)
        close(direct->fd);
    direct->fd = -1;
    talloc_free(direct->again);
    talloc_free(direct->due);
    direct->again = direct->due = NULL;
}

static int direct_drop(struct dns_direct *direct)
{
    hang_up(direct);
    return 0;
}

static void deliver(void *arg)
{
    struct dns_direct *direct = arg;

    direct->deliver = NULL;
    direct->answer->elapsed_ms = loop_now(direct->loop) - direct->started;
    direct->done(direct->arg, direct->answer, direct->authoritative);
}

static void finish(struct dns_direct *direct)
{
    hang_up(direct);
    if (loop_timer_start(direct, direct->loop, 0, deliver, direct, &direct->deliver) != STS_OK)
        deliver(direct);
}

static void fail(struct dns_direct *direct, enum dns_outcome outcome, const char *rcode)
{
    direct->answer->outcome = outcome;
    direct->answer->rcode = rcode;
    finish(direct);
}

/* ---- the question ---------------------------------------------------------------------------- */

static bool write_question(struct dns_direct *direct)
{
    static const unsigned char edns[] = {0, 0, 41, ANSWER_MAX >> 8, ANSWER_MAX & 255, 0, 0, 0,
                                         0, 0, 0};
    unsigned char *at = direct->question;
    int name = ns_name_compress(direct->answer->name, at + NS_HFIXEDSZ, NS_MAXCDNAME, NULL, NULL);

    if (name < 0 || getrandom(at, 2, 0) != 2)
        return false;
    at[5] = 1;  /* one question, */
    at[11] = 1; /* one additional record: EDNS */
    at += NS_HFIXEDSZ + name;
    ns_put16((unsigned)dns_type_number(direct->answer->type), at);
    at[3] = ns_c_in;
    direct->question_end = (size_t)(at + NS_QFIXEDSZ - direct->question);
    memcpy(at + NS_QFIXEDSZ, edns, sizeof edns);
    direct->length = direct->question_end + sizeof edns;
    return true;
}

/* Is this the answer to our question?  Anybody may send a datagram. */
static bool is_ours(const struct dns_direct *direct, const unsigned char *packet, size_t length)
{
    return length >= direct->question_end && memcmp(packet, direct->question, 2) == 0 &&
           (packet[2] & 0x80) &&
           memcmp(packet + NS_HFIXEDSZ, direct->question + NS_HFIXEDSZ,
                  direct->question_end - NS_HFIXEDSZ) == 0;
}

static void readable(evutil_socket_t fd, short what, void *arg)
{
    struct dns_direct *direct = arg;
    unsigned char packet[ANSWER_MAX];
    ssize_t got = recv((int)fd, packet, sizeof packet, 0);

    (void)what;
    loop_woke(direct->loop);
    if (got < 0 && errno != EAGAIN && errno != EINTR) {
        fail(direct, DNS_OUTCOME_FAILED, errno == ECONNREFUSED ? "port closed" : "not reachable");
        return;
    }
    if (got < 0 || !is_ours(direct, packet, (size_t)got))
        return;
    direct->authoritative = packet[2] & 0x04;
    if (packet[2] & 0x02) {
        fail(direct, DNS_OUTCOME_FAILED, "truncated");
    } else if (dns_wire_read(direct->answer, packet, (size_t)got) != STS_OK) {
        fail(direct, DNS_OUTCOME_FAILED, OUT_OF_MEMORY);
    } else {
        finish(direct);
    }
}

static void ask_again(void *arg)
{
    struct dns_direct *direct = arg;

    talloc_free(direct->again);
    direct->again = NULL;
    (void)send(direct->fd, direct->question, direct->length, 0);
}

static void times_out(void *arg)
{
    fail(arg, DNS_OUTCOME_TIMEOUT, NULL);
}

/* ---- the start ------------------------------------------------------------------------------- */

static int connect_to(const char *server)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                             .ai_socktype = SOCK_DGRAM};
    struct addrinfo *found = NULL;
    int fd, error;

    if (getaddrinfo(server, PORT, &hints, &found) != 0) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(found->ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    error = errno;
    if (fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
        error = errno;
        close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    errno = error;
    return fd;
}

static enum sts_status begin(struct dns_direct *direct);

/* We had no file left.  The server is to have its whole time. */
static void begin_again(void *arg)
{
    struct dns_direct *direct = arg;
    int64_t now = loop_now(direct->loop);

    TALLOC_FREE(direct->again);
    direct->deadline += now - direct->started;
    direct->started = now;
    if (begin(direct) != STS_OK)
        fail(direct, DNS_OUTCOME_FAILED, OUT_OF_MEMORY);
}

static enum sts_status begin(struct dns_direct *direct)
{
    const char *server = direct->server;
    int64_t again = direct->started + LIMIT_DIRECT_AGAIN_MS, deadline = direct->deadline;
    enum sts_status status;

    direct->fd = connect_to(server);
    if (direct->fd < 0 && tcp_is_short(errno, server, 0))
        return loop_timer_start(direct, direct->loop, direct->started + LIMIT_SHORT_MS, begin_again,
                                direct, &direct->again);
    if (direct->fd < 0 || !write_question(direct)) {
        fail(direct, DNS_OUTCOME_FAILED, "not reachable");
        return STS_OK;
    }
    direct->readable =
        event_new(loop_base(direct->loop), direct->fd, EV_READ | EV_PERSIST, readable, direct);
    if (!direct->readable)
        return STS_E_NOMEM;
    event_add(direct->readable, NULL);
    (void)send(direct->fd, direct->question, direct->length, 0);
    status = loop_timer_start(direct, direct->loop, deadline, times_out, direct, &direct->due);
    if (status == STS_OK && again < deadline)
        status = loop_timer_start(direct, direct->loop, again, ask_again, direct, &direct->again);
    return status;
}

static struct dns_answer *answer_new(TALLOC_CTX *ctx, const char *name, enum dns_type type)
{
    struct dns_answer *answer = talloc_zero(ctx, struct dns_answer);

    if (!answer)
        return NULL;
    answer->name = talloc_strdup(answer, name);
    answer->type = type;
    answer->ttl = answer->negative_ttl = -1;
    if (!answer->name) {
        talloc_free(answer);
        return NULL;
    }
    return answer;
}

enum sts_status dns_direct_ask(TALLOC_CTX *ctx, struct loop *loop,
                               const struct dns_direct_request *request, struct dns_direct **ret)
{
    struct dns_direct *direct = talloc_zero(ctx, struct dns_direct);
    enum sts_status status = STS_E_NOMEM;

    if (!direct)
        return STS_E_NOMEM;
    direct->loop = loop;
    direct->fd = -1;
    direct->started = loop_now(loop);
    direct->done = request->done;
    direct->arg = request->arg;
    talloc_set_destructor(direct, direct_drop);
    direct->deadline = request->deadline;
    direct->server = talloc_strdup(direct, request->server);
    direct->answer = answer_new(ctx, request->name, request->type);
    if (direct->answer && direct->server)
        status = begin(direct);
    if (status != STS_OK) {
        talloc_free(direct->answer);
        talloc_free(direct);
        return status;
    }
    *ret = direct;
    return STS_OK;
}
