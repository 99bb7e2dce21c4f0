/* SPDX-License-Identifier: MIT */
/* session_outcome.c - how far it came; then what is wrong with the handshake. */
#include "policyd/session_outcome.h"

#include "verdict/cert.h"
#include "verdict/session.h"

/* The first that is set. */
static const struct {
    unsigned faults;
    enum sts_outcome outcome;
} rows[] = {
    {FAULT_BIT(FAULT_CLIENT_CERT), STS_OUTCOME_TLS_CLIENT_CERTIFICATE},
    {FAULT_BIT(FAULT_VERSION), STS_OUTCOME_TLS_VERSION_TOO_OLD},
    {FAULT_BIT(FAULT_HANDSHAKE), STS_OUTCOME_TLS_HANDSHAKE_FAILED},
    {FAULT_BIT(FAULT_EXPIRED), STS_OUTCOME_CERTIFICATE_EXPIRED},
    {FAULT_BIT(FAULT_NOT_YET), STS_OUTCOME_CERTIFICATE_NOT_YET_VALID},
    {FAULT_BIT(FAULT_SELF_SIGNED), STS_OUTCOME_CERTIFICATE_SELF_SIGNED},
    {FAULT_BIT(FAULT_UNTRUSTED_ROOT), STS_OUTCOME_CERTIFICATE_UNKNOWN_CA},
    {FAULT_BIT(FAULT_INCOMPLETE), STS_OUTCOME_CERTIFICATE_INCOMPLETE},
    {FAULT_BIT(FAULT_PURPOSE), STS_OUTCOME_CERTIFICATE_PURPOSE},
    {FAULTS_NAME, STS_OUTCOME_CERTIFICATE_NAME},
};

static enum sts_outcome of_handshake(const struct smtp_session *session, const char *host,
                                     int64_t now)
{
    unsigned faults = tls_faults(session->tls, host, now) & FAULTS_FATAL;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (faults & rows[i].faults)
            return rows[i].outcome;
    return STS_OUTCOME_SUCCESS;
}

enum sts_outcome session_outcome(const struct facts *facts, const struct smtp_session *session,
                                 const char *host, int64_t now)
{
    switch (session_state(facts, session)) {
    case SESSION_FINE:
        return of_handshake(session, host, now);
    case SESSION_REJECTED:
        return STS_OUTCOME_SMTP_REJECTED;
    case SESSION_NO_STARTTLS:
        return STS_OUTCOME_STARTTLS_NOT_OFFERED;
    case SESSION_STARTTLS_REFUSED:
        return STS_OUTCOME_STARTTLS_REFUSED;
    case SESSION_CLIENT_CERT:
        return STS_OUTCOME_TLS_CLIENT_CERTIFICATE;
    case SESSION_NO_TLS:
        return STS_OUTCOME_TLS_HANDSHAKE_FAILED;
    default:
        return STS_OUTCOME_NOT_CONNECTED;
    }
}
