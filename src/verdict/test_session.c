/* SPDX-License-Identifier: MIT */
/* test_session.c - how far an SMTP session came, what the peer said, and whose fault it was. */
#include "verdict/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "facts/test_domain.h"
#include "verdict/cert.h"

static void assert_text(struct bytes text, const char *expect, const char *name)
{
    if (text.length != strlen(expect) ||
        (text.length && memcmp(text.data, expect, text.length) != 0))
        fail_msg("%s: \"%.*s\", expected \"%s\"", name, (int)text.length, text.data, expect);
}

/* ---- how far it came ------------------------------------------------------------------------- */

/* What a session came to.  Codes: of the greeting, EHLO, HELO, STARTTLS, EHLO after TLS. */
struct state_case {
    const char *name;
    int outcome, phase;
    int64_t greeting, ehlo, helo, starttls, tls_ehlo;
    bool offered;
    enum tls_outcome tls;
    enum session_state expect;
};

static const struct state_case states[] = {
    {"all went well", NET_OK, PHASE_DONE, 220, 250, 0, 220, 250, true, TLS_OK, SESSION_FINE},
    {"not begun", NET_FAILED, PHASE_NONE, 0, 0, 0, 0, 0, false, 0, SESSION_UNCONNECTED},
    {"refused", NET_REFUSED, PHASE_CONNECT, 0, 0, 0, 0, 0, false, 0, SESSION_UNCONNECTED},
    {"connect timed out", NET_TIMEOUT, PHASE_CONNECT, 0, 0, 0, 0, 0, false, 0, SESSION_UNCONNECTED},
    {"never tried", NET_TIMEOUT, PHASE_NONE, 0, 0, 0, 0, 0, false, 0, SESSION_UNCONNECTED},
    {"stopped before", NET_UNKNOWN, PHASE_NONE, 0, 0, 0, 0, 0, false, 0, SESSION_STOPPED},
    {"stopped in connect", NET_UNKNOWN, PHASE_CONNECT, 0, 0, 0, 0, 0, false, 0, SESSION_STOPPED},
    {"silent to the end", NET_UNKNOWN, PHASE_GREETING, 0, 0, 0, 0, 0, false, 0, SESSION_SILENT},
    {"no greeting in time", NET_TIMEOUT, PHASE_GREETING, 0, 0, 0, 0, 0, false, 0, SESSION_SILENT},
    {"no reply in time", NET_TIMEOUT, PHASE_EHLO, 220, 0, 0, 0, 0, false, 0, SESSION_SILENT},
    {"TLS hangs", NET_TIMEOUT, PHASE_TLS, 220, 250, 0, 220, 0, true, TLS_TIMEOUT, SESSION_SILENT},
    /* a wait after all was settled changes nothing */
    {"no 221", NET_TIMEOUT, PHASE_QUIT, 220, 250, 0, 220, 250, true, TLS_OK, SESSION_FINE},
    {"no end", NET_UNKNOWN, PHASE_QUIT, 220, 250, 0, 220, 250, true, TLS_OK, SESSION_FINE},
    {"done", NET_TIMEOUT, PHASE_DONE, 220, 250, 0, 220, 250, true, TLS_OK, SESSION_FINE},
    {"421, then silence", NET_TIMEOUT, PHASE_GREETING, 421, 0, 0, 0, 0, false, 0, SESSION_REJECTED},
    {"550, then stop", NET_UNKNOWN, PHASE_EHLO, 220, 550, 0, 0, 0, false, 0, SESSION_REJECTED},
    {"454, then silence", NET_TIMEOUT, PHASE_STARTTLS, 220, 250, 0, 454, 0, true, 0,
     SESSION_STARTTLS_REFUSED},
    /* the greeting: 400 to 599 are refusals */
    {"closed, nothing said", NET_CLOSED, PHASE_GREETING, 0, 0, 0, 0, 0, false, 0,
     SESSION_UNCONNECTED},
    {"greeting 400", NET_PROTOCOL, PHASE_GREETING, 400, 0, 0, 0, 0, false, 0, SESSION_REJECTED},
    {"greeting 399", NET_PROTOCOL, PHASE_GREETING, 399, 0, 0, 0, 0, false, 0, SESSION_UNCONNECTED},
    {"greeting 599", NET_PROTOCOL, PHASE_GREETING, 599, 0, 0, 0, 0, false, 0, SESSION_REJECTED},
    {"greeting 600", NET_PROTOCOL, PHASE_GREETING, 600, 0, 0, 0, 0, false, 0, SESSION_UNCONNECTED},
    {"554, read to the end", NET_OK, PHASE_DONE, 554, 0, 0, 0, 0, false, 0, SESSION_REJECTED},
    {"200 for a greeting", NET_OK, PHASE_QUIT, 200, 250, 0, 220, 250, true, TLS_OK,
     SESSION_UNCONNECTED},
    /* EHLO */
    {"EHLO unknown, 500", NET_OK, PHASE_EHLO, 220, 500, 0, 0, 0, false, 0, SESSION_NO_STARTTLS},
    {"EHLO unknown, 502", NET_OK, PHASE_EHLO, 220, 502, 0, 0, 0, false, 0, SESSION_NO_STARTTLS},
    {"501 to EHLO", NET_OK, PHASE_EHLO, 220, 501, 0, 0, 0, false, 0, SESSION_REJECTED},
    {"503 to EHLO", NET_OK, PHASE_EHLO, 220, 503, 0, 0, 0, false, 0, SESSION_REJECTED},
    {"550 to EHLO, HELO works", NET_OK, PHASE_EHLO, 220, 550, 250, 0, 0, false, 0,
     SESSION_NO_STARTTLS},
    {"550 to EHLO and HELO", NET_OK, PHASE_EHLO, 220, 550, 550, 0, 0, false, 0, SESSION_REJECTED},
    {"hung up on EHLO", NET_CLOSED, PHASE_EHLO, 220, 0, 0, 0, 0, false, 0, SESSION_UNCONNECTED},
    {"reset on EHLO", NET_RESET, PHASE_EHLO, 220, 0, 0, 0, 0, false, 0, SESSION_UNCONNECTED},
    {"nonsense to EHLO", NET_PROTOCOL, PHASE_EHLO, 220, 0, 0, 0, 0, false, 0, SESSION_NO_STARTTLS},
    {"550 to EHLO, then QUIT", NET_OK, PHASE_DONE, 220, 550, 0, 0, 0, false, 0, SESSION_REJECTED},
    /* STARTTLS */
    {"not offered", NET_OK, PHASE_DONE, 220, 250, 0, 0, 0, false, 0, SESSION_NO_STARTTLS},
    {"421 to STARTTLS", NET_OK, PHASE_DONE, 220, 250, 0, 421, 0, true, 0, SESSION_REJECTED},
    {"420 to STARTTLS", NET_OK, PHASE_DONE, 220, 250, 0, 420, 0, true, 0, SESSION_STARTTLS_REFUSED},
    {"454 to STARTTLS", NET_OK, PHASE_DONE, 220, 250, 0, 454, 0, true, 0, SESSION_STARTTLS_REFUSED},
    {"221 to STARTTLS", NET_OK, PHASE_DONE, 220, 250, 0, 221, 0, true, 0, SESSION_STARTTLS_REFUSED},
    {"TLS fails", NET_TLS, PHASE_TLS, 220, 250, 0, 220, 0, true, TLS_FAILED, SESSION_NO_TLS},
    {"closed in TLS", NET_TLS, PHASE_TLS, 220, 250, 0, 220, 0, true, TLS_CLOSED, SESSION_NO_TLS},
    /* EHLO once more */
    {"550 after TLS", NET_OK, PHASE_DONE, 220, 250, 0, 220, 550, true, TLS_OK, SESSION_REJECTED},
    {"closed after TLS", NET_CLOSED, PHASE_EHLO2, 220, 250, 0, 220, 0, true, TLS_OK,
     SESSION_NO_TLS},
    {"came to EHLO after TLS", NET_OK, PHASE_EHLO2, 220, 250, 0, 220, 250, true, TLS_OK,
     SESSION_FINE},
    {"closed at QUIT", NET_CLOSED, PHASE_QUIT, 220, 250, 0, 220, 250, true, TLS_OK, SESSION_FINE},
};

static void made_of(struct smtp_session *to, const struct state_case *one)
{
    to->outcome = one->outcome;
    to->phase = one->phase;
    to->greeting_code = one->greeting;
    to->ehlo_code = one->ehlo;
    to->helo_code = one->helo;
    to->starttls_code = one->starttls;
    to->starttls_offered = one->offered;
    to->tls_ehlo_code = one->tls_ehlo;
    to->tls->outcome = (int)one->tls;
    if (one->tls == TLS_UNKNOWN)
        to->tls = NULL;
}

static void each_state(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        struct facts *f = healthy(NULL);
        enum session_state found;

        made_of(session(f), &states[i]);
        found = session_state(f, session(f));
        if (found != states[i].expect)
            fail_msg("%s: %d, expected %d", states[i].name, found, states[i].expect);
        talloc_free(f);
    }
}

static void interrupted_is_not_silent(void **state)
{
    struct facts *f = healthy(NULL);

    (void)state;
    f->interrupted = true;
    session_stops(session(f), NET_UNKNOWN, PHASE_GREETING);
    assert_int_equal(session_state(f, session(f)), SESSION_STOPPED);
    talloc_free(f);
}

/* "No route" is about this machine, unless its family is known to work. */
static void no_route(void **state)
{
    struct facts *f = healthy(NULL);

    (void)state;
    session_stops(session(f), NET_NO_ROUTE, PHASE_CONNECT);
    assert_int_equal(session_state(f, session(f)), SESSION_UNCONNECTED);
    fetch_stops(fetch(f), NET_TIMEOUT, PHASE_CONNECT);
    assert_int_equal(session_state(f, session(f)), SESSION_NO_ROUTE);
    talloc_free(f);
}

static void wants_a_client_certificate(void **state)
{
    struct facts *f = healthy(NULL);

    (void)state;
    session(f)->outcome = NET_TLS;
    session(f)->phase = PHASE_TLS;
    session(f)->tls->outcome = TLS_FAILED;
    session(f)->tls->alert_number = ALERT_CERTIFICATE_REQUIRED;
    assert_int_equal(session_state(f, session(f)), SESSION_CLIENT_CERT);
    talloc_free(f);
}

/* ---- a greeting that was begun --------------------------------------------------------------- */

/* Lines of the transcript without a complete greeting. */
struct begun_case {
    const char *name;
    const char *lines[3];
    bool sent; /* the last of them by us */
    int outcome;
    enum session_state expect;
    int64_t code;
    const char *text;
};

static const struct begun_case begun[] = {
    {"wait, and the end", {"220-wait"}, false, NET_CLOSED, SESSION_REJECTED, 220, "wait"},
    {"wait, and a reset", {"220-wait"}, false, NET_RESET, SESSION_REJECTED, 220, "wait"},
    {"wait, and nonsense", {"220-wait"}, false, NET_PROTOCOL, SESSION_UNCONNECTED, 220, "wait"},
    {"no", {"554-no"}, false, NET_PROTOCOL, SESSION_REJECTED, 554, "no"},
    {"the last line tells",
     {"220-wait", "421-not you"},
     false,
     NET_PROTOCOL,
     SESSION_REJECTED,
     421,
     "not you"},
    {"four bytes", {"451-"}, false, NET_CLOSED, SESSION_REJECTED, 451, ""},
    {"three bytes", {"451"}, false, NET_CLOSED, SESSION_UNCONNECTED, 0, ""},
    {"first is no digit", {"x54-no"}, false, NET_CLOSED, SESSION_UNCONNECTED, 0, ""},
    {"second is no digit", {"5x4-no"}, false, NET_CLOSED, SESSION_UNCONNECTED, 0, ""},
    {"third is no digit", {"55x-no"}, false, NET_CLOSED, SESSION_UNCONNECTED, 0, ""},
    {"we spoke too", {"554-no", "EHLO me"}, true, NET_CLOSED, SESSION_UNCONNECTED, 0, ""},
    {"our own words", {"554-no", "554-no"}, true, NET_CLOSED, SESSION_UNCONNECTED, 0, ""},
    {"nothing", {NULL}, false, NET_CLOSED, SESSION_UNCONNECTED, 0, ""},
};

static void says(struct facts *f, struct smtp_session *to, const struct begun_case *one)
{
    to->lines = talloc_zero_array(f, struct smtp_line, 3);
    assert_non_null(to->lines);
    for (size_t i = 0; i < 3 && one->lines[i]; i++)
        to->lines[to->line_count++].text = text_bytes(one->lines[i]);
    if (to->line_count)
        to->lines[to->line_count - 1].sent = one->sent;
}

static void each_begun_greeting(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(begun) / sizeof(begun[0]); i++) {
        struct facts *f = healthy(NULL);
        struct session_reply reply;

        session_stops(session(f), begun[i].outcome, PHASE_GREETING);
        says(f, session(f), &begun[i]);
        reply = session_reply(session(f));
        if (session_state(f, session(f)) != begun[i].expect || reply.code != begun[i].code)
            fail_msg("%s: state %d, code %d", begun[i].name, session_state(f, session(f)),
                     (int)reply.code);
        assert_text(reply.text, begun[i].text, begun[i].name);
        talloc_free(f);
    }
}

/* Where the greeting was complete its own code counts, not the lines of it. */
static void complete_greeting_counts(void **state)
{
    static const struct begun_case one = {"", {"554-no"}, false, 0, 0, 0, ""};
    struct facts *f = healthy(NULL);

    (void)state;
    session_stops(session(f), NET_CLOSED, PHASE_GREETING);
    says(f, session(f), &one);
    session(f)->greeting_code = 220;
    assert_int_equal(session_state(f, session(f)), SESSION_UNCONNECTED);
    assert_int_equal(session_reply(session(f)).code, 0);
    talloc_free(f);
}

/* ---- what the peer said ---------------------------------------------------------------------- */

struct reply_case {
    int64_t greeting, ehlo, starttls, tls_ehlo, expect;
    const char *text;
};

static const struct reply_case replies[] = {
    {220, 0, 0, 0, 0, "greeting"},         {221, 0, 0, 0, 221, "greeting"},
    {421, 550, 454, 0, 421, "greeting"},   {220, 550, 454, 0, 550, "ehlo"},
    {220, 250, 454, 0, 454, "starttls"},   {220, 250, 220, 0, 220, "starttls"},
    {220, 250, 220, 250, 220, "starttls"}, {220, 250, 220, 550, 550, "tls ehlo"},
    {220, 250, 220, 251, 251, "tls ehlo"}, {220, 250, 0, 0, 0, "ehlo"},
    {220, 251, 0, 0, 251, "ehlo"},         {0, 0, 0, 0, 0, ""},
};

static void each_reply(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
        const struct reply_case *one = &replies[i];
        struct smtp_session said = {.greeting_code = one->greeting,
                                    .greeting = text_bytes("greeting"),
                                    .ehlo_code = one->ehlo,
                                    .ehlo = text_bytes("ehlo"),
                                    .starttls_code = one->starttls,
                                    .starttls = text_bytes("starttls"),
                                    .tls_ehlo_code = one->tls_ehlo,
                                    .tls_ehlo = text_bytes("tls ehlo")};
        struct session_reply reply = session_reply(&said);

        assert_int_equal(reply.code, one->expect);
        assert_text(reply.text, one->text, one->text);
    }
}

/* ---- would a sender that enforces deliver? --------------------------------------------------- */

struct usable_case {
    const char *name;
    int outcome, phase;
    int64_t tls_ehlo;
    bool expired;
    enum answer expect;
};

static const struct usable_case usable[] = {
    {"fine", NET_OK, PHASE_DONE, 250, false, ANSWER_YES},
    {"expired", NET_OK, PHASE_DONE, 250, true, ANSWER_NO},
    {"turned away after TLS", NET_OK, PHASE_DONE, 550, false, ANSWER_UNKNOWN},
    {"turned away after TLS, expired", NET_OK, PHASE_DONE, 550, true, ANSWER_NO},
    {"refused", NET_REFUSED, PHASE_CONNECT, 0, false, ANSWER_NO},
    {"silent", NET_TIMEOUT, PHASE_GREETING, 0, false, ANSWER_UNKNOWN},
    {"stopped", NET_UNKNOWN, PHASE_CONNECT, 0, false, ANSWER_UNKNOWN},
    {"no STARTTLS", NET_PROTOCOL, PHASE_EHLO, 0, false, ANSWER_NO},
};

static void each_usable(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(usable) / sizeof(usable[0]); i++) {
        struct facts *f = healthy(NULL);
        struct smtp_session *to = session(f);

        if (usable[i].expired)
            leaf(to->tls)->not_after = NOW - 1;
        to->tls_ehlo_code = usable[i].tls_ehlo;
        if (usable[i].outcome != NET_OK)
            session_stops(to, usable[i].outcome, usable[i].phase);
        if (session_usable(f, &f->mx[0], to, NOW) != usable[i].expect)
            fail_msg("%s: %d", usable[i].name, session_usable(f, &f->mx[0], to, NOW));
        talloc_free(f);
    }
}

static void usable_without_route(void **state)
{
    struct facts *f = healthy(NULL);

    (void)state;
    session_stops(session(f), NET_NO_ROUTE, PHASE_CONNECT);
    fetch_stops(fetch(f), NET_TIMEOUT, PHASE_CONNECT);
    assert_int_equal(session_usable(f, &f->mx[0], session(f), NOW), ANSWER_UNKNOWN);
    talloc_free(f);
}

/* ---- port 25 of this network ----------------------------------------------------------------- */

struct block_case {
    const char *name;
    int outcome, phase; /* of the domain's session */
    int control;        /* outcome of the control over IPv4 */
    int control6;       /* ... over IPv6, where the machine has none */
    bool expect;
};

static const struct block_case blocks[] = {
    {"timed out, controls too", NET_TIMEOUT, PHASE_CONNECT, NET_TIMEOUT, NET_NO_ROUTE, true},
    {"refused, controls too", NET_REFUSED, PHASE_CONNECT, NET_REFUSED, NET_NO_ROUTE, true},
    {"no route", NET_NO_ROUTE, PHASE_CONNECT, NET_TIMEOUT, NET_NO_ROUTE, true},
    {"controls are well", NET_TIMEOUT, PHASE_CONNECT, NET_OK, NET_NO_ROUTE, false},
    {"one control is well", NET_TIMEOUT, PHASE_CONNECT, NET_TIMEOUT, NET_OK, false},
    {"IPv6 alone was tried", NET_TIMEOUT, PHASE_CONNECT, -1, NET_NO_ROUTE, false},
    {"IPv6 timed out", NET_TIMEOUT, PHASE_CONNECT, -1, NET_TIMEOUT, true},
    {"no route for IPv4 either", NET_TIMEOUT, PHASE_CONNECT, NET_NO_ROUTE, -1, true},
    {"no controls", NET_TIMEOUT, PHASE_CONNECT, -1, -1, false},
    {"connected, then silent", NET_TIMEOUT, PHASE_GREETING, NET_TIMEOUT, NET_NO_ROUTE, false},
    {"a reset", NET_RESET, PHASE_CONNECT, NET_TIMEOUT, NET_NO_ROUTE, false},
};

static void control(struct facts *f, const char *address, int outcome)
{
    if (outcome >= 0)
        f->port25_controls[f->port25_control_count++] =
            (struct port25_control){.host = "other", .address = address, .outcome = outcome};
}

static struct facts *blocked(const struct block_case *one)
{
    struct facts *f = healthy(NULL);

    f->vantage = talloc_zero(f, struct vantage);
    f->vantage->points = talloc_zero(f, struct vantage_point);
    f->vantage->points[0] =
        (struct vantage_point){.name = VANTAGE_IPV6, .state = VANTAGE_STATE_CLOSED};
    f->vantage->point_count = 1;
    f->port25_controls = talloc_zero_array(f, struct port25_control, 2);
    control(f, "192.0.2.1", one->control);
    control(f, "2001:db8::1", one->control6);
    session_stops(session(f), one->outcome, one->phase);
    return f;
}

static void each_block(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        struct facts *f = blocked(&blocks[i]);

        if (port25_blocked(f) != blocks[i].expect)
            fail_msg("%s: %d", blocks[i].name, port25_blocked(f));
        talloc_free(f);
    }
}

static void one_open_session_is_enough(void **state)
{
    struct facts *f = blocked(&blocks[0]);

    (void)state;
    assert_true(port25_blocked(f));
    add_session(f, &f->mx[0], "198.18.2.26");
    assert_false(port25_blocked(f));
    session_stops(&f->mx[0].sessions[1], NET_REFUSED, PHASE_CONNECT);
    assert_true(port25_blocked(f));
    add_mx(f, "mx2.example.com", "198.18.2.27");
    assert_false(port25_blocked(f));
    f->mx_count = 0;
    assert_false(port25_blocked(f)); /* nothing was tried */
    talloc_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_state),
        cmocka_unit_test(interrupted_is_not_silent),
        cmocka_unit_test(no_route),
        cmocka_unit_test(wants_a_client_certificate),
        cmocka_unit_test(each_begun_greeting),
        cmocka_unit_test(complete_greeting_counts),
        cmocka_unit_test(each_reply),
        cmocka_unit_test(each_usable),
        cmocka_unit_test(usable_without_route),
        cmocka_unit_test(each_block),
        cmocka_unit_test(one_open_session_is_enough),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
