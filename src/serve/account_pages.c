/* SPDX-License-Identifier: MIT */
/* account_pages.c - reading and changing for pages, and what is said of it. */
#include "serve/account_pages.h"

#include <stdlib.h>
#include <string.h>

#include "accounts/account.h"
#include "accounts/account_name.h"
#include "accounts/accounts.h"
#include "accounts/crypto.h"
#include "accounts/limits.h"
#include "accounts/password.h"
#include "accounts/prover.h"
#include "base/clock.h"
#include "serve/account_session.h"
#include "serve/exchange.h"

#define PROOF "proof-"

enum i18n_language account_pages_speak(const struct exchange *exchange)
{
    return i18n_use(i18n_language_named(exchange_visitor(exchange)->language));
}

void account_pages_no_room(struct exchange *exchange)
{
    exchange_problem(exchange, 503, "no-room",
                     _("The service is too busy for this request. Try again later."));
}

void account_pages_no_store(struct exchange *exchange)
{
    exchange_problem(exchange, 503, "store-unavailable",
                     _("The store is not available at the moment. Try again later."));
}

const char *account_pages_role(enum store_role role)
{
    static const char *const texts[] = {[STORE_ROLE_NONE] = "",
                                        [STORE_ROLE_VIEWER] = N_("viewer"),
                                        [STORE_ROLE_EDITOR] = N_("editor"),
                                        [STORE_ROLE_ADMIN] = N_("admin")};

    return *texts[role] ? _(texts[role]) : "";
}

int64_t account_pages_number(const struct exchange *exchange, const char *name)
{
    const char *text = exchange_form(exchange, name);

    return text ? strtoll(text, NULL, 10) : 0;
}

const char *account_pages_password_fault(const char *password)
{
    return password_judge(password) == PASSWORD_LONG
               ? _("The password is too long: at most 256 characters.")
               : _("The password is too short: at least 10 characters.");
}

bool account_pages_is_user_name(const char *typed)
{
    char *name = typed ? account_name_of_user(NULL, typed) : NULL;
    bool is = name != NULL;

    talloc_free(name);
    return is;
}

/* ---- reading and writing --------------------------------------------------------------------- */

struct working {
    struct exchange *exchange;
    void (*done)(struct exchange *exchange, void *data);
};

static void on_worked(void *arg, void *data, enum sts_status status)
{
    const struct working *working = arg;
    struct exchange *exchange = working->exchange;
    enum i18n_language before = account_pages_speak(exchange);

    if (status)
        account_pages_no_store(exchange);
    else
        working->done(exchange, data);
    i18n_use(before);
}

static void start(struct exchange *exchange, struct accounts_work work,
                  void (*done)(struct exchange *exchange, void *data))
{
    struct working *working = talloc_zero(exchange, struct working);
    struct accounts_handle *handle;

    work.done = on_worked;
    work.arg = working;
    if (working && work.data) {
        *working = (struct working){exchange, done};
        if (!accounts_work_start(exchange, account_session_service(exchange), &work, &handle))
            return;
    }
    talloc_free(work.data);
    account_pages_no_room(exchange);
}

void account_pages_read(struct exchange *exchange,
                        enum sts_status (*read)(struct store *store, void *data), void *data,
                        void (*done)(struct exchange *exchange, void *data))
{
    start(exchange, (struct accounts_work){.work = read, .data = data}, done);
}

void account_pages_write(struct exchange *exchange,
                         enum sts_status (*write)(struct store *store, void *data), void *data,
                         void (*done)(struct exchange *exchange, void *data))
{
    start(exchange, (struct accounts_work){.work = write, .writes = true, .data = data}, done);
}

/* ---- changing -------------------------------------------------------------------------------- */

struct changing {
    struct account_change change; /* first: it is what is written */
    account_changed_fn done;
    void *kept;
};

static void on_changed(struct exchange *exchange, void *data)
{
    const struct changing *changing = data;

    changing->done(exchange, &changing->change, changing->kept);
}

static bool keep(TALLOC_CTX *ctx, const char **text)
{
    if (!*text)
        return true;
    *text = talloc_strdup(ctx, *text);
    return *text != NULL;
}

static bool keep_bytes(TALLOC_CTX *ctx, struct account_change *change)
{
    if (change->secret.length > 0)
        change->secret.data = talloc_memdup(ctx, change->secret.data, change->secret.length);
    if (change->hash)
        change->hash = talloc_memdup(ctx, change->hash, CRYPTO_SHA256_SIZE);
    return true;
}

static struct changing *copy_change(const struct exchange *exchange,
                                    const struct account_change *change)
{
    const struct account *account = exchange_account(exchange);
    struct changing *changing = talloc_zero(NULL, struct changing);
    struct account_change *copy;

    if (!changing)
        return NULL;
    copy = &changing->change;
    *copy = *change;
    copy->actor = account->user;
    copy->session = account->session;
    copy->token = account->token;
    copy->who = account->name;
    copy->address = exchange_visitor(exchange)->address;
    copy->now = clock_now();
    if (keep(copy, &copy->who) && keep(copy, &copy->address) && keep(copy, &copy->text) &&
        keep(copy, &copy->password) && keep(copy, &copy->scopes) && keep(copy, &copy->label) &&
        keep(copy, &copy->proof) && keep_bytes(copy, copy))
        return changing;
    talloc_free(changing);
    return NULL;
}

void account_pages_change(struct exchange *exchange, const struct account_change *change,
                          account_changed_fn done, void *kept)
{
    struct changing *changing = copy_change(exchange, change);

    if (changing) {
        changing->done = done;
        changing->kept = kept;
    }
    account_pages_write(exchange, account_change, changing, on_changed);
}

/* ---- what is said of it ---------------------------------------------------------------------- */

static const struct {
    const char *word, *sentence;
} errors[] = {
    [CHANGE_DONE] = {"", ""},
    [CHANGE_ABSENT] = {"absent", N_("This no longer exists.")},
    [CHANGE_TAKEN] = {"taken", N_("Nothing was changed: the name or domain is already in use.")},
    [CHANGE_LAST] = {"last",
                     N_("Nothing was changed: the service needs at least one administrator.")},
    [CHANGE_WRONG] = {"wrong", N_("Nothing was changed: the password or code is wrong.")},
    [CHANGE_FULL] = {"full", N_("Nothing was changed: at most 50,000 domains of a group can wait "
                                "for confirmation. Confirm or remove some of them first.")},
    [CHANGE_UNKNOWN] = {"unknown",
                        N_("Nothing was changed: there is no user of this name in your groups. An "
                           "administrator of this service can add other users.")},
    [CHANGE_TOKENS] = {"tokens", N_("No token was created: a user can have at most 100 API tokens. "
                                    "Revoke one first.")},
};

void account_pages_back(struct exchange *exchange, const char *path,
                        const struct account_change *change)
{
    char *target =
        change->outcome == CHANGE_DONE
            ? talloc_asprintf(exchange, "%s?done=%s", path, account_action_name(change->action))
            : talloc_asprintf(exchange, "%s?error=%s", path, errors[change->outcome].word);

    exchange_redirect(exchange, target ? target : path);
}

const char *account_pages_notice(const struct exchange *exchange)
{
    const char *word = exchange_query(exchange, "done");
    const char *text = word ? account_action_text(word) : NULL;

    return text ? _(text) : NULL;
}

static const char *const proofs[] = {
    [PROOF_RIGHT] = NULL,
    [PROOF_ABSENT] = N_("The TXT record was not found. A new record can take some minutes to "
                        "become visible."),
    [PROOF_OTHER] = N_("There are TXT records at this name, but none with this value."),
    [PROOF_NO_WORD] = N_("The DNS did not answer."),
    [PROOF_OWNED] = N_("The TXT record is right, but another group owns this domain. Ask an "
                       "administrator of this service."),
    [PROOF_NO_CLAIM] = NULL,
};

const char *account_pages_proof(const char *found)
{
    const char *text = proofs[proof_found_named(found)];

    return text ? _(text) : NULL;
}

const char *account_pages_outcome(enum account_outcome outcome)
{
    return _(errors[outcome].sentence);
}

const char *account_pages_error(const struct exchange *exchange)
{
    const char *word = exchange_query(exchange, "error");

    for (size_t i = 1; word && i < sizeof errors / sizeof *errors; i++)
        if (strcmp(errors[i].word, word) == 0)
            return _(errors[i].sentence);
    return word && strncmp(word, PROOF, strlen(PROOF)) == 0
               ? account_pages_proof(word + strlen(PROOF))
               : NULL;
}
