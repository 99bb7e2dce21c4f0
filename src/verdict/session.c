/* SPDX-License-Identifier: MIT */
/* session.c - one SMTP session as a sender takes it: how far it came, and what stopped it. */
#include "verdict/session.h"

#include <string.h>

#include "base/ascii.h"
#include "verdict/cert.h"
#include "verdict/fetch.h"

#define CLOSING 421 /* "closing the channel": too busy, or too many connections or errors */

static bool refusal(int64_t code)
{
    return code >= 400 && code < 600;
}

/* It does not know the word EHLO, so it cannot offer STARTTLS; that is no refusal of our address.
 * 500 and 502 say so, and HELO that works. */
static bool knows_no_ehlo(const struct smtp_session *session)
{
    return session->ehlo_code == 500 || session->ehlo_code == 502 || session->helo_code == 250;
}

/* ---- what the peer said ---------------------------------------------------------------------- */

/* "220-wait" and then the end: a mail server that changed its mind.  The last line tells why. */
static struct session_reply begun_greeting(const struct smtp_session *session)
{
    struct session_reply reply = {0};

    for (size_t i = 0; i < session->line_count; i++) {
        struct bytes line = session->lines[i].text;

        if (session->lines[i].sent || line.length < 4 ||
            !ascii_is_digit((unsigned char)line.data[0]) ||
            !ascii_is_digit((unsigned char)line.data[1]) ||
            !ascii_is_digit((unsigned char)line.data[2]))
            return (struct session_reply){0};
        reply.code = (line.data[0] - '0') * 100 + (line.data[1] - '0') * 10 + line.data[2] - '0';
        reply.text = (struct bytes){line.data + 4, line.length - 4};
    }
    return reply;
}

/* The first refusal; facts out of a file may have more behind it. */
struct session_reply session_reply(const struct smtp_session *session)
{
    struct session_reply begun = begun_greeting(session);

    if (!session->greeting_code && begun.code)
        return begun;
    if (refusal(session->greeting_code))
        return (struct session_reply){session->greeting_code, session->greeting};
    if (refusal(session->ehlo_code))
        return (struct session_reply){session->ehlo_code, session->ehlo};
    if (session->tls_ehlo_code && session->tls_ehlo_code != 250)
        return (struct session_reply){session->tls_ehlo_code, session->tls_ehlo};
    if (session->starttls_code)
        return (struct session_reply){session->starttls_code, session->starttls};
    if (session->ehlo_code)
        return (struct session_reply){session->ehlo_code == 250 ? 0 : session->ehlo_code,
                                      session->ehlo};
    if (session->greeting_code)
        return (struct session_reply){session->greeting_code == 220 ? 0 : session->greeting_code,
                                      session->greeting};
    return begun;
}

/* ---- how far it came ------------------------------------------------------------------------- */

static enum session_state before_greeting(const struct smtp_session *session)
{
    bool hung_up = session->outcome == NET_CLOSED || session->outcome == NET_RESET;
    int64_t begun = session->greeting_code ? 0 : begun_greeting(session).code;

    if (refusal(session->greeting_code) || refusal(begun) || (begun && hung_up))
        return SESSION_REJECTED;
    return SESSION_UNCONNECTED;
}

static enum session_state in_ehlo(const struct smtp_session *session)
{
    if (knows_no_ehlo(session))
        return SESSION_NO_STARTTLS;
    if (refusal(session->ehlo_code))
        return SESSION_REJECTED;
    if (session->outcome == NET_CLOSED || session->outcome == NET_RESET)
        return SESSION_UNCONNECTED;
    return SESSION_NO_STARTTLS;
}

static enum session_state after_ehlo(const struct smtp_session *session)
{
    if (!session->starttls_offered)
        return SESSION_NO_STARTTLS;
    if (session->starttls_code == CLOSING)
        return SESSION_REJECTED;
    if (session->starttls_code != 220)
        return SESSION_STARTTLS_REFUSED;
    if (tls_demands_certificate(session->tls))
        return SESSION_CLIENT_CERT;
    if (!session->tls || session->tls->outcome != TLS_OK)
        return SESSION_NO_TLS;
    if (refusal(session->tls_ehlo_code))
        return SESSION_REJECTED;
    /* A server of TLS 1.3 that does not go on says so after the handshake. */
    if (session->phase == PHASE_EHLO2 && session->outcome != NET_OK)
        return SESSION_NO_TLS;
    return SESSION_FINE;
}

/* How the session ended where it did not wait in vain. */
static enum session_state stopped_by_peer(const struct smtp_session *session)
{
    switch (session->phase) {
    case PHASE_NONE:
    case PHASE_CONNECT:
        return SESSION_UNCONNECTED;
    case PHASE_GREETING:
        return before_greeting(session);
    case PHASE_EHLO:
        return in_ehlo(session);
    default:
        if (session->greeting_code && session->greeting_code != 220)
            return before_greeting(session);
        if (refusal(session->ehlo_code))
            return in_ehlo(session);
        return after_ehlo(session);
    }
}

/* What was certain before the wait: a refusal or a missing offer is, whatever came after. */
static bool settled_before(const struct smtp_session *session)
{
    if (session->phase == PHASE_QUIT || session->phase == PHASE_DONE)
        return true;
    return refusal(session->greeting_code) || refusal(session->ehlo_code) ||
           refusal(session->starttls_code);
}

enum session_state session_state(const struct facts *facts, const struct smtp_session *session)
{
    bool connected = session->phase != PHASE_NONE && session->phase != PHASE_CONNECT;

    if (session->outcome == NET_NO_ROUTE && !family_works(facts, session->address))
        return SESSION_NO_ROUTE;
    if (session->outcome == NET_UNKNOWN && !settled_before(session))
        return connected && !facts->interrupted ? SESSION_SILENT : SESSION_STOPPED;
    if (session->outcome == NET_TIMEOUT && connected && !settled_before(session))
        return SESSION_SILENT;
    return stopped_by_peer(session);
}

enum answer session_usable(const struct facts *facts, const struct mx_host *host,
                           const struct smtp_session *session, int64_t now)
{
    switch (session_state(facts, session)) {
    case SESSION_FINE:
        return tls_faults(session->tls, host->name, now) & FAULTS_FATAL ? ANSWER_NO : ANSWER_YES;
    case SESSION_REJECTED:
        if (tls_faults(session->tls, host->name, now) & FAULTS_FATAL)
            return ANSWER_NO; /* turned away after TLS: the certificate was seen */
        return ANSWER_UNKNOWN;
    case SESSION_NO_ROUTE:
    case SESSION_STOPPED:
    case SESSION_SILENT:
        return ANSWER_UNKNOWN;
    default:
        return ANSWER_NO;
    }
}

/* ---- this network ---------------------------------------------------------------------------- */

/* A network drops what goes to port 25, or refuses it in the host's name. */
static bool looks_blocked(const struct smtp_session *session)
{
    if (session->outcome == NET_NO_ROUTE || session->outcome == NET_REFUSED)
        return true;
    return session->outcome == NET_TIMEOUT && session->phase == PHASE_CONNECT;
}

/* To an address of a family that this machine lacks nobody could have connected. */
static bool was_possible(const struct facts *facts, const struct port25_control *control)
{
    return control->outcome != NET_NO_ROUTE ||
           vantage_state(facts, strchr(control->address, ':') ? VANTAGE_IPV6 : VANTAGE_IPV4) !=
               VANTAGE_STATE_CLOSED;
}

static bool controls_failed(const struct facts *facts)
{
    size_t failed = 0;

    for (size_t i = 0; i < facts->port25_control_count; i++) {
        if (facts->port25_controls[i].outcome == NET_OK)
            return false;
        failed += was_possible(facts, &facts->port25_controls[i]);
    }
    return failed > 0;
}

bool port25_blocked(const struct facts *facts)
{
    size_t sessions = 0;

    for (size_t i = 0; i < facts->mx_count; i++)
        for (size_t j = 0; j < facts->mx[i].session_count; j++, sessions++)
            if (!looks_blocked(&facts->mx[i].sessions[j]))
                return false;
    return sessions && controls_failed(facts);
}
