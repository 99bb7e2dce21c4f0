/* SPDX-License-Identifier: MIT */
/* attempts.c - the last attempts in a ring, the oldest overwritten.
 *
 * To count those of a key the ring is read backwards until it is older than a minute: some
 * thousand comparisons beside a hash of 40 ms.  A ring that were full within a minute would forget
 * attempts that still count; so it has more room than passwords can be hashed in that time, and
 * where it is full all the same, nobody may try. */
#include "accounts/attempts.h"

#include <arpa/inet.h>
#include <string.h>

#include "accounts/crypto.h"
#include "accounts/limits.h"

#define SPAN_MS ((int64_t)ATTEMPTS_SPAN_S * 1000)

struct attempt {
    uint64_t key;
    int64_t at_ms;
    bool counts;
};

struct attempts {
    char secret[16]; /* so that nobody can find two keys that are one */
    struct attempt ring[ATTEMPTS_KEPT];
    size_t next, used;
    uint64_t homes[ATTEMPTS_HOMES]; /* an account and an address that it signed in from; 0: none */
    size_t next_home;
};

struct attempts *attempts_new(TALLOC_CTX *ctx)
{
    struct attempts *attempts = talloc_zero(ctx, struct attempts);

    if (attempts)
        crypto_random(attempts->secret, sizeof attempts->secret);
    return attempts;
}

/* Without memory all are one key. */
static uint64_t key_of(const struct attempts *attempts, char kind, struct bytes what)
{
    struct bytes secret = {attempts->secret, sizeof attempts->secret};
    uint8_t digest[CRYPTO_SHA256_SIZE] = {0};
    uint64_t key = 0;

    (void)crypto_hmac_sha256(secret, what, digest);
    memcpy(&key, digest, sizeof key);
    return key ^ (uint64_t)(unsigned char)kind;
}

static uint64_t key_of_account(const struct attempts *attempts, const char *account)
{
    return key_of(attempts, 'n', bytes_of(account));
}

static uint64_t key_of_code(const struct attempts *attempts, const char *account)
{
    return key_of(attempts, 'c', bytes_of(account));
}

static uint64_t key_of_address(const struct attempts *attempts, const char *address)
{
    struct in6_addr six;

    if (inet_pton(AF_INET6, address, &six) == 1 && !IN6_IS_ADDR_V4MAPPED(&six))
        return key_of(attempts, 'a', (struct bytes){(const char *)&six, 8});
    return key_of(attempts, 'a', bytes_of(address));
}

/* One key of both. */
static uint64_t home_of(uint64_t account, uint64_t address)
{
    return account * UINT64_C(0x9e3779b97f4a7c15) ^ address;
}

static bool is_home(const struct attempts *attempts, uint64_t home)
{
    for (size_t i = 0; i < ATTEMPTS_HOMES; i++)
        if (attempts->homes[i] == home)
            return true;
    return false;
}

/* The n-th newest. */
static struct attempt *back(struct attempts *attempts, size_t n)
{
    return &attempts->ring[(attempts->next + ATTEMPTS_KEPT - 1 - n) % ATTEMPTS_KEPT];
}

/* In how many milliseconds there is room for one more of the key; 0: now. */
static int64_t wait_of(struct attempts *attempts, uint64_t key, int most, int64_t now_ms)
{
    int count = 0;

    for (size_t n = 0; n < attempts->used && now_ms - back(attempts, n)->at_ms < SPAN_MS; n++) {
        const struct attempt *attempt = back(attempts, n);

        if (attempt->counts && attempt->key == key && ++count == most)
            return attempt->at_ms + SPAN_MS - now_ms;
    }
    return 0;
}

static int64_t wait_for_room(struct attempts *attempts, int64_t now_ms)
{
    int64_t over;

    if (attempts->used + 2 <= ATTEMPTS_KEPT)
        return 0;
    over = back(attempts, ATTEMPTS_KEPT - 2)->at_ms + SPAN_MS - now_ms;
    return over > 0 ? over : 0;
}

static void note(struct attempts *attempts, uint64_t key, int64_t now_ms)
{
    attempts->ring[attempts->next] = (struct attempt){key, now_ms, true};
    attempts->next = (attempts->next + 1) % ATTEMPTS_KEPT;
    if (attempts->used < ATTEMPTS_KEPT)
        attempts->used++;
}

bool attempts_try(struct attempts *attempts, const struct attempt_of *what, int64_t now_ms,
                  int64_t *ret_wait_s)
{
    uint64_t from = key_of_address(attempts, what->address);
    uint64_t of = what->account ? key_of_account(attempts, what->account) : 0;
    bool strange = what->account && !is_home(attempts, home_of(of, from));
    int most = what->code ? ATTEMPTS_MAX : ATTEMPTS_OF_ACCOUNT;
    int64_t waits[] = {wait_for_room(attempts, now_ms),
                       wait_of(attempts, from, ATTEMPTS_MAX, now_ms), 0};
    int64_t wait = 0;

    if (strange && what->code)
        of = key_of_code(attempts, what->account);
    if (strange)
        waits[2] = wait_of(attempts, of, most, now_ms);

    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++)
        wait = waits[i] > wait ? waits[i] : wait;
    *ret_wait_s = (wait + 999) / 1000;
    if (wait > 0)
        return false;
    note(attempts, from, now_ms);
    if (strange)
        note(attempts, of, now_ms);
    return true;
}

void attempts_forget(struct attempts *attempts, const char *account, const char *address)
{
    uint64_t of = key_of_account(attempts, account), from = key_of_address(attempts, address);
    uint64_t code = key_of_code(attempts, account);
    bool one = false;

    for (size_t n = 0; n < attempts->used; n++) {
        struct attempt *attempt = back(attempts, n);
        bool last = !one && attempt->counts && attempt->key == from;

        if (attempt->key == of || attempt->key == code || last)
            attempt->counts = false;
        one = one || last;
    }
    if (is_home(attempts, home_of(of, from)))
        return;
    attempts->homes[attempts->next_home] = home_of(of, from);
    attempts->next_home = (attempts->next_home + 1) % ATTEMPTS_HOMES;
}
