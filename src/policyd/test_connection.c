/* SPDX-License-Identifier: MIT */
/* test_connection.c - clients of all manners at the other end of a socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "policyd/connection.h"
#include "policyd/limits.h"

/* What the daemon would be: it answers at once, or later. */
struct desk {
    struct loop *loop;
    struct connections *connections;
    struct connection *last; /* that asked */
    const char *reply;       /* NULL: the map and the key */
    bool later;
    int asked, dropped;
};

static int on_dropped(struct desk **hung)
{
    (*hung)->dropped++;
    return 0;
}

static void on_asked(void *arg, struct connection *connection,
                     const struct socketmap_request *request)
{
    struct desk *desk = arg;
    struct desk **hung = talloc(connection, struct desk *);
    char text[200];

    *hung = desk;
    talloc_set_destructor(hung, on_dropped);
    desk->last = connection;
    desk->asked++;
    snprintf(text, sizeof(text), "OK %.*s|%.*s", (int)request->map.length, request->map.data,
             (int)request->key.length, request->key.data);
    if (!desk->later)
        connection_answer(connection, desk->reply ? desk->reply : text);
}

static struct desk *desk_new(void)
{
    struct desk *desk = talloc_zero(NULL, struct desk);
    struct connections_request request = {.asked = on_asked, .arg = desk};

    assert_int_equal(loop_new(desk, &desk->loop), STS_OK);
    request.loop = desk->loop;
    assert_int_equal(connections_new(desk, &request, &desk->connections), STS_OK);
    return desk;
}

static int client_new(struct desk *desk)
{
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    connections_add(desk->connections, ends[0]);
    return ends[1];
}

static void on_turn(void *arg)
{
    loop_stop(arg);
}

/* What a client has sent is there at once, so a few turns are enough for all of it. */
static void turn(struct desk *desk)
{
    for (int i = 0; i < 3; i++) {
        struct loop_timer *timer;

        assert_int_equal(
            loop_timer_start(desk, desk->loop, loop_now(desk->loop), on_turn, desk->loop, &timer),
            STS_OK);
        assert_int_equal(loop_run(desk->loop), STS_OK);
        talloc_free(timer);
    }
}

static void say(struct desk *desk, int client, const char *text)
{
    assert_int_equal(send(client, text, strlen(text), MSG_NOSIGNAL), strlen(text));
    turn(desk);
}

/* All that has come; "" nothing, "closed" the end. */
static const char *heard(int client)
{
    static char text[4096];
    ssize_t got = recv(client, text, sizeof(text) - 1, 0);

    if (got == 0)
        return "closed";
    text[got > 0 ? got : 0] = '\0';
    return text;
}

/* ---- requests -------------------------------------------------------------------------------- */

static void test_pieces(void **state)
{
    static const char *const request = "19:QUERY a.example.com,";
    struct desk *desk = desk_new();
    int client = client_new(desk);
    char piece[32];

    (void)state;
    for (size_t size = 1; size <= strlen(request); size++) {
        for (size_t at = 0; at < strlen(request); at += size) {
            assert_string_equal(heard(client), "");
            snprintf(piece, sizeof(piece), "%.*s", (int)size, request + at);
            say(desk, client, piece);
        }
        assert_string_equal(heard(client), "22:OK QUERY|a.example.com,");
    }
    close(client);
    talloc_free(desk);
}

static void test_pipelined(void **state)
{
    struct desk *desk = desk_new();
    int client = client_new(desk);

    (void)state;
    say(desk, client, "7:QUERY a,7:QUERY b,5:nomap,9:postfix c,7:QUE");
    assert_string_equal(heard(client), "10:OK QUERY|a,10:OK QUERY|b,"
                                       "34:PERM expected a map name and a key,12:OK postfix|c,");
    say(desk, client, "RY d,");
    assert_string_equal(heard(client), "10:OK QUERY|d,");
    close(client);
    talloc_free(desk);
}

/* Who waits for an answer is not asked for more, and replies come in the order of the requests. */
static void test_later(void **state)
{
    struct desk *desk = desk_new();
    int client = client_new(desk);

    (void)state;
    desk->later = true;
    say(desk, client, "7:QUERY a,7:QUERY b,");
    assert_int_equal(desk->asked, 1);
    say(desk, client, "7:QUERY c,");
    assert_int_equal(desk->asked, 1);
    for (int i = 1; i <= 3; i++) {
        char text[20];

        assert_string_equal(heard(client), "");
        snprintf(text, sizeof(text), "OK %d", i);
        assert_int_equal(desk->asked, i);
        connection_answer(desk->last, text);
        turn(desk);
        snprintf(text, sizeof(text), "4:OK %d,", i);
        assert_string_equal(heard(client), text);
    }
    assert_int_equal(desk->asked, 3);
    close(client);
    talloc_free(desk);
}

static void test_broken(void **state)
{
    static const char *const texts[] = {
        "x",      "QUERY a\n", "7:QUERY a;",     "-7:QUERY a,",
        " 7:QUE", "7;",        "10001:QUERY a,", "00000000007:QUERY a,"};
    struct desk *desk = desk_new();

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        int client = client_new(desk), other = client_new(desk);

        say(desk, client, texts[i]);
        assert_string_equal(heard(client), "closed");
        assert_int_equal(connections_count(desk->connections), 1);
        say(desk, other, "007:QUERY a,"); /* others go on, and some zeros are harmless */
        assert_string_equal(heard(other), "10:OK QUERY|a,");
        close(client);
        close(other);
        turn(desk);
        assert_int_equal(connections_count(desk->connections), 0);
    }
    talloc_free(desk);
}

/* What was whole before the broken part is answered. */
static void test_answered_before(void **state)
{
    struct desk *desk = desk_new();
    int client = client_new(desk);

    (void)state;
    say(desk, client, "7:QUERY a,nonsense");
    assert_string_equal(heard(client), "10:OK QUERY|a,");
    assert_string_equal(heard(client), "closed");
    close(client);
    talloc_free(desk);
}

static void test_gone(void **state)
{
    struct desk *desk = desk_new();
    int half = client_new(desk), asking = client_new(desk);

    (void)state;
    desk->later = true;
    say(desk, half, "7:QUE");
    say(desk, asking, "7:QUERY a,");
    close(half);
    turn(desk);
    assert_int_equal(connections_count(desk->connections), 1);
    close(asking); /* it is not read from: it is noticed when it is answered */
    turn(desk);
    connection_answer(desk->last, "OK x");
    turn(desk);
    assert_int_equal(connections_count(desk->connections), 0);
    assert_int_equal(desk->asked, 1);
    assert_int_equal(desk->dropped, 1); /* what hung on it */
    talloc_free(desk);
}

static void test_no_memory(void **state)
{
    struct desk *desk = desk_new();
    int client = client_new(desk);

    (void)state;
    desk->later = true;
    say(desk, client, "7:QUERY a,");
    connection_answer(desk->last, NULL);
    assert_string_equal(heard(client), "closed");
    close(client);
    talloc_free(desk);
}

/* ---- a client that reads nothing ------------------------------------------------------------- */

/* Sends until nobody takes it any more; so many requests. */
static int send_all(struct desk *desk, int client)
{
    int sent = 0;

    for (int full = 0; full < 3;) {
        if (send(client, "7:QUERY a,", 10, MSG_NOSIGNAL) == 10) {
            sent++;
            full = 0;
            continue;
        }
        assert_int_equal(errno, EAGAIN);
        full++;
        turn(desk);
    }
    return sent;
}

static void test_reads_nothing(void **state)
{
    static char reply[LIMIT_SOCKETMAP_REPLY + 1], bytes[1 << 16];
    struct desk *desk = desk_new();
    int client = client_new(desk), small = 4096, requests;
    size_t expected, total = 0;
    ssize_t got;

    (void)state;
    memset(reply, 'x', LIMIT_SOCKETMAP_REPLY);
    desk->reply = reply;
    setsockopt(client, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
    requests = send_all(desk, client);
    assert_true(requests > 10);
    assert_true(talloc_total_size(desk->connections) <
                3 * (LIMIT_SOCKETMAP_OUTPUT + LIMIT_SOCKETMAP_REPLY));
    expected = (size_t)requests * (strlen("100000:,") + LIMIT_SOCKETMAP_REPLY);
    while (total < expected) {
        while ((got = recv(client, bytes, sizeof(bytes), 0)) > 0)
            total += (size_t)got;
        assert_int_equal(errno, EAGAIN);
        turn(desk);
    }
    assert_int_equal(total, expected);
    assert_int_equal(desk->asked, requests);
    close(client);
    talloc_free(desk);
}

/* ---- descriptors run short ------------------------------------------------------------------- */

static void test_close_idle(void **state)
{
    struct desk *desk = desk_new();
    int first = client_new(desk), second = client_new(desk), third = client_new(desk);

    (void)state;
    say(desk, first, "7:QUERY a,"); /* so it is the youngest */
    assert_string_equal(heard(first), "10:OK QUERY|a,");
    desk->later = true;
    say(desk, second, "7:QUERY a,");
    assert_true(connections_close_idle(desk->connections));
    assert_string_equal(heard(third), "closed");
    assert_true(connections_close_idle(desk->connections));
    assert_string_equal(heard(first), "closed");
    assert_false(connections_close_idle(desk->connections)); /* who waits is not idle */
    connection_answer(desk->last, "OK x");
    assert_string_equal(heard(second), "4:OK x,");
    assert_true(connections_close_idle(desk->connections));
    assert_string_equal(heard(second), "closed");
    assert_int_equal(connections_count(desk->connections), 0);
    close(first);
    close(second);
    close(third);
    talloc_free(desk);
}

/* Freed as a whole, what was answered has been sent. */
static void test_end(void **state)
{
    struct desk *desk = desk_new();
    int answered = client_new(desk), asking = client_new(desk);

    (void)state;
    say(desk, answered, "7:QUERY a,");
    desk->later = true;
    say(desk, asking, "7:QUERY a,");
    TALLOC_FREE(desk->connections);
    assert_string_equal(heard(answered), "10:OK QUERY|a,");
    assert_string_equal(heard(answered), "closed");
    assert_string_equal(heard(asking), "closed");
    assert_int_equal(desk->dropped, 2);
    close(answered);
    close(asking);
    talloc_free(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces),          cmocka_unit_test(test_pipelined),
        cmocka_unit_test(test_later),           cmocka_unit_test(test_broken),
        cmocka_unit_test(test_answered_before), cmocka_unit_test(test_gone),
        cmocka_unit_test(test_no_memory),       cmocka_unit_test(test_reads_nothing),
        cmocka_unit_test(test_close_idle),      cmocka_unit_test(test_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
