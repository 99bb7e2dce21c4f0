/* SPDX-License-Identifier: MIT */
/* fuzz_socketmap.c - anything a client may send: cut in pieces anywhere it means the same, what
 * waits has a ceiling, a reply is read back as it was meant, and a key becomes a clean domain. */
#include <stdint.h>
#include <string.h>

#include "base/hname.h"
#include "policyd/limits.h"
#include "policyd/netstring.h"
#include "policyd/policy_key.h"
#include "policyd/socketmap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    uint64_t requests;
    size_t keys; /* bytes in all */
    bool broken;
};

static void check_reply(TALLOC_CTX *ctx, struct bytes key)
{
    char *text = talloc_strndup(ctx, key.data, key.length);
    char *reply = text ? socketmap_reply(ctx, SOCKETMAP_TEMP, text) : NULL;
    struct socketmap_output output = {.ctx = ctx};
    struct bytes sent, read;

    if (!reply || !socketmap_put(&output, bytes_of(reply)))
        __builtin_trap();
    sent = (struct bytes){output.bytes, output.length};
    if (netstring_take(&sent, LIMIT_SOCKETMAP_REPLY, &read) != NETSTRING_WHOLE || sent.length ||
        !bytes_equal(read, reply) || bytes_find_char(read, '\n') >= 0)
        __builtin_trap();
}

/* What is a domain is one in its final form: read again it is the same. */
static void check_key(struct bytes key)
{
    char domain[STS_NAME_SIZE], again[STS_NAME_SIZE];

    if (policy_key_read(key, domain) != POLICY_KEY_DOMAIN)
        return;
    if (!hname_valid(bytes_of(domain)) ||
        policy_key_read(bytes_of(domain), again) != POLICY_KEY_DOMAIN || strcmp(domain, again) != 0)
        __builtin_trap();
}

static void take_all(struct bytes *input, struct seen *seen)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct socketmap_request request;
    enum socketmap_event event;

    while ((event = socketmap_next(input, &request)) == SOCKETMAP_REQUEST ||
           event == SOCKETMAP_STRANGE) {
        seen->requests = seen->requests * 2 + (event == SOCKETMAP_REQUEST);
        if (event == SOCKETMAP_STRANGE)
            continue;
        seen->keys += request.key.length;
        if (request.map.length + 1 + request.key.length > LIMIT_SOCKETMAP_REQUEST)
            __builtin_trap();
        check_reply(ctx, request.key);
        check_key(request.key);
    }
    seen->broken = event == SOCKETMAP_BROKEN;
    if (event == SOCKETMAP_MORE && input->length >= socketmap_room())
        __builtin_trap();
    talloc_free(ctx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen whole = {0}, pieces = {0};
    struct bytes input = {(const char *)data, size}, growing = {(const char *)data, 0};

    take_all(&input, &whole);
    for (size_t i = 0; i < size && !pieces.broken; i++) {
        growing.length++;
        take_all(&growing, &pieces);
    }
    if (whole.requests != pieces.requests || whole.keys != pieces.keys ||
        whole.broken != pieces.broken)
        __builtin_trap();
    return 0;
}
