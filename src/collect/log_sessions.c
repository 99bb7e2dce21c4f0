/* SPDX-License-Identifier: MIT */
/* log_sessions.c - processes, each with the connection that it has and the MX hosts that have
 * failed before it. */
#include <stdio.h>
#include <string.h>

#include <mtasts/names.h>

#include "base/array.h"
#include "base/ascii.h"
#include "collect/log_sessions_work.h"
#include "collect/postfix_log.h"

/* ---- connections ----------------------------------------------------------------------------- */

static void set_peer(struct log_process *process, const struct log_peer *peer)
{
    if (!log_same_peer(&process->peer, peer) || process->established)
        process->reason[0] = '\0';
    process->peer = *peer;
    process->established = false;
    process->verified = false;
}

static bool begins_with_one(struct bytes text)
{
    static const char *const beginnings[] = {"Verified TLS ",
                                             "Trusted TLS ",
                                             "Untrusted TLS ",
                                             "Anonymous TLS ",
                                             "server certificate verification failed ",
                                             "certificate verification failed "};

    for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
        if (bytes_begin(text, beginnings[i]))
            return true;
    return false;
}

/* True: the line is about a connection. */
static bool take_connection(struct log_process *process, struct bytes text)
{
    struct bytes established = log_behind(text, " TLS connection established to ");
    struct bytes refused = log_behind(text, "certificate verification failed for ");
    struct log_peer peer;

    if (!begins_with_one(text))
        return false;
    if (established.data && log_read_peer(established, &peer)) {
        set_peer(process, &peer);
        process->established = true;
        process->verified = bytes_begin(text, "Verified ");
        return true;
    }
    if (!refused.data || !log_read_peer(refused, &peer))
        return false;
    set_peer(process, &peer);
    /* behind "]:25: " */
    refused = log_behind(refused, "]:");
    refused = log_behind(refused, ": ");
    log_copy_reason(refused.data ? refused : bytes_of(""), process->reason);
    return true;
}

/* ---- failures -------------------------------------------------------------------------------- */

static enum sts_result result_of(const char *reason)
{
    static const struct {
        const char *words;
        enum sts_result result;
    } rows[] = {{"hostname_mismatch", STS_RESULT_CERTIFICATE_HOST_MISMATCH},
                {"has_expired", STS_RESULT_CERTIFICATE_EXPIRED}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strstr(reason, rows[i].words))
            return rows[i].result;
    return STS_RESULT_CERTIFICATE_NOT_TRUSTED;
}

static bool judge_certificate(struct log_process *process, struct log_failure *ret)
{
    if (!process->established)
        return false;
    process->established = false;
    ret->peer = process->peer;
    ret->result = result_of(process->reason);
    memcpy(ret->reason, process->reason, sizeof(ret->reason));
    return true;
}

/* Each recipient has a line of it. */
static bool judge_no_tls(struct log_process *process, struct bytes peer, struct log_failure *ret)
{
    if (process->told || !log_read_peer(peer, &ret->peer))
        return false;
    process->told = true;
    ret->result = STS_RESULT_STARTTLS_NOT_SUPPORTED;
    return true;
}

static const struct {
    const char *words;
    const char *host; /* stands behind this; NULL: it is about the certificate of the connection */
} kinds[] = {
    {"Server certificate not verified", NULL},
    {"Server certificate not trusted", NULL},
    {"TLS is required, but was not offered", " by host "},
    {"TLS is required, but host ", "but host "},
};

/* "Cannot start TLS" does not name the host, "SSL_connect error to" does. */
static bool take_broken(struct log_process *process, struct bytes text, struct log_failure *ret)
{
    struct bytes broken = log_behind(text, "SSL_connect error to ");

    if (!bytes_begin(text, "SSL_connect error to ") || !log_read_peer(broken, &ret->peer))
        return false;
    process->established = false;
    ret->result = STS_RESULT_VALIDATION_FAILURE;
    snprintf(ret->reason, sizeof(ret->reason), "tls-handshake-failure");
    return true;
}

/* Is the text, of a message or of a recipient's status, that of a session that failed? */
static bool read_failure(struct log_process *process, struct bytes text, struct log_failure *ret)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (bytes_begin(text, kinds[i].words))
            return kinds[i].host ? judge_no_tls(process, log_behind(text, kinds[i].host), ret)
                                 : judge_certificate(process, ret);
    return false;
}

static enum sts_status hold(struct log_process *process, const struct log_failure *failure)
{
    struct log_failure *room;

    if (process->failure_count >= LIMIT_LOG_FAILED)
        return STS_OK;
    room = array_grow(process, &process->failures, &process->failure_count, sizeof(*room));
    if (!room)
        return STS_E_NOMEM;
    *room = *failure;
    return STS_OK;
}

static void forget_failures(struct log_process *process)
{
    TALLOC_FREE(process->failures);
    process->failure_count = 0;
}

/* ---- recipients ------------------------------------------------------------------------------ */

/* "to=<anna@example.com>, relay=...": the domain behind the last "@". */
static bool read_domain(struct bytes text, char domain[STS_NAME_SIZE])
{
    long end = bytes_find_nocase(text, ">, ");
    size_t at = end < 0 ? 0 : (size_t)end;
    char raw[STS_NAME_SIZE];

    while (at && text.data[at - 1] != '@')
        at--;
    if (!at || (size_t)end - at >= sizeof(raw))
        return false;
    memcpy(raw, text.data + at, (size_t)end - at);
    raw[(size_t)end - at] = '\0';
    return strlen(raw) == (size_t)end - at && sts_name_from_user(raw, domain) == STS_OK;
}

static void tell(struct log_sessions *sessions, const struct log_session *session)
{
    sessions->request.session(sessions->request.arg, session);
}

static void tell_failure(struct log_sessions *sessions, const char *domain, int64_t at,
                         const struct log_failure *failure)
{
    const struct log_session session = {.at = at,
                                        .domain = domain,
                                        .host = failure->peer.host,
                                        .address = failure->peer.address,
                                        .result = failure->result,
                                        .reason = failure->reason};

    tell(sessions, &session);
}

/* The connection that took, or refused, the message. */
static void tell_established(struct log_sessions *sessions, struct log_process *process,
                             const char *domain, struct bytes relay)
{
    const struct log_session session = {.at = process->at,
                                        .domain = domain,
                                        .host = process->peer.host,
                                        .address = process->peer.address,
                                        .reason = "",
                                        .verified = process->verified};
    struct log_peer peer;

    if (!process->established || !log_read_peer(relay, &peer) ||
        !log_same_peer(&peer, &process->peer))
        return;
    process->established = false;
    tell(sessions, &session);
}

static void take_recipient(struct log_sessions *sessions, struct log_process *process,
                           struct bytes text)
{
    struct bytes status = log_behind(log_behind(text, ", status="), " (");
    struct log_failure failure = {.reason = ""};
    char domain[STS_NAME_SIZE];

    if (!read_domain(text, domain)) {
        forget_failures(process);
        return;
    }
    for (size_t i = 0; i < process->failure_count; i++)
        tell_failure(sessions, domain, process->at, &process->failures[i]);
    forget_failures(process);
    if (status.data && read_failure(process, status, &failure))
        tell_failure(sessions, domain, process->at, &failure);
    else
        tell_established(sessions, process, domain, log_behind(text, ", relay="));
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Hexadecimal digits, or, of long ones, no vowels; so "warning" is none. */
static bool is_in_id(unsigned char c)
{
    char lower = ascii_lower((char)c);

    return ascii_is_digit(c) || (lower >= 'a' && lower <= 'z' && !(c && strchr("aeiou", c)));
}

/* "9500218E: " off the text, if it is that. */
static bool take_id(struct bytes *text, char id[LIMIT_LOG_ID + 1])
{
    size_t length = 0;

    while (length < text->length && is_in_id((unsigned char)text->data[length]))
        length++;
    if (!length || length > LIMIT_LOG_ID || !bytes_begin(bytes_from(*text, length), ": "))
        return false;
    memcpy(id, text->data, length);
    id[length] = '\0';
    *text = bytes_from(*text, length + 2);
    return true;
}

static enum sts_status take_message(struct log_sessions *sessions, struct log_process *process,
                                    const char *id, struct bytes text)
{
    struct log_failure failure = {.reason = ""};

    if (strcmp(process->id, id) != 0) {
        /* what failed without a message is of the one that comes next */
        if (process->id[0])
            forget_failures(process);
        process->told = false;
        snprintf(process->id, sizeof(process->id), "%s", id);
    }
    if (bytes_begin(text, "to=<")) {
        take_recipient(sessions, process, bytes_from(text, strlen("to=<")));
        return STS_OK;
    }
    if (!read_failure(process, text, &failure))
        return STS_OK;
    process->told = false; /* another host may fail in the same way */
    return hold(process, &failure);
}

static enum sts_status take_text(struct log_sessions *sessions, struct log_process *process,
                                 struct bytes text)
{
    struct log_failure failure = {.reason = ""};
    char id[LIMIT_LOG_ID + 1];

    if (take_id(&text, id))
        return take_message(sessions, process, id, text);
    if (take_broken(process, text, &failure)) {
        process->id[0] = '\0';
        return hold(process, &failure);
    }
    (void)take_connection(process, text);
    return STS_OK;
}

/* "Nov 30 12:00:00 mail ...", "2026-11-30T12:00:00.123456+01:00 mail ...": the host, the process.
 */
static struct bytes behind_time(struct bytes text)
{
    bool is_iso = ascii_is_digit((unsigned char)text.data[0]);
    long blank = is_iso ? bytes_find_char(text, ' ') : (long)strlen("Nov 30 12:00:00");

    return blank < 0 || (size_t)blank > text.length ? text : bytes_from(text, (size_t)blank);
}

/* By the first bracket of the line, which is that of the process: what strangers say, as in the
 * lines of smtpd(8), is behind it. */
static struct bytes behind_process(struct bytes line)
{
    static const char name[] = "/smtp";
    size_t length = strlen(name);
    long open = bytes_find_char(line, '[');

    if (open < (long)length || memcmp(line.data + open - length, name, length) != 0)
        return (struct bytes){NULL, 0};
    return log_behind(bytes_from(line, (size_t)open), "]: ");
}

enum sts_status log_sessions_line(struct log_sessions *sessions, struct bytes line, int64_t now,
                                  int64_t *ret_at)
{
    struct bytes text = behind_process(line);
    struct log_process *process;

    *ret_at = 0;
    if (!text.data || !postfix_log_time(line, now, ret_at))
        return STS_OK;
    process = log_process_of(
        sessions, behind_time((struct bytes){line.data, (size_t)(text.data - line.data)}));
    if (!process)
        return STS_E_NOMEM;
    process->at = *ret_at;
    if (*ret_at > sessions->newest)
        sessions->newest = *ret_at;
    return take_text(sessions, process, bytes_trim(text));
}
