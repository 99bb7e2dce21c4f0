/* SPDX-License-Identifier: MIT */
/* fuzz_log_sessions.c - any log: what is taken for a session names a domain and a host. */
#include <stdint.h>
#include <string.h>

#include "base/hname.h"
#include "collect/limits.h"
#include "collect/log_sessions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_session(void *arg, const struct log_session *session)
{
    (void)arg;
    if (!hname_valid(bytes_of(session->domain)) || !hname_valid(bytes_of(session->host)) ||
        !*session->address || !session->at || strlen(session->reason) > LIMIT_EVENT_REASON ||
        (session->verified && session->result))
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct log_sessions_request request = {on_session, NULL};
    struct log_sessions *sessions = log_sessions_new(NULL, &request);
    struct bytes rest = {(const char *)data, size};

    while (sessions && rest.length) {
        long end = bytes_find_char(rest, '\n');
        size_t length = end < 0 ? rest.length : (size_t)end;
        int64_t at;

        if (log_sessions_line(sessions, (struct bytes){rest.data, length}, 1795446000, &at))
            break;
        rest = bytes_from(rest, length + (end >= 0));
    }
    talloc_free(sessions);
    return 0;
}
