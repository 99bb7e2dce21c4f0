/* SPDX-License-Identifier: MIT */
/* confine.c - which files and which network each subcommand needs.
 *
 * Reading: where the system keeps what libraries look up (resolvers, trusted certificates, names,
 * character sets, time zones), by whole folders, since a service lives longer than a file such as
 * /etc/resolv.conf, which is replaced.  And what the options name.  Writing: the folder of the
 * store, of the output and of temporary files, as far as the subcommand has them. */
#include "cmd/confine.h"

#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/notify.h"
#include "base/array.h"
#include "base/i18n.h"
#include "base/module.h"
#include "cmd/alert_options.h"
#include "cmd/collect_audit.h"
#include "cmd/collect_socket.h"
#include "cmd/config_read.h"
#include "cmd/console.h"
#include "cmd/control_socket.h"
#include "cmd/ingest_socket.h"
#include "cmd/listen.h"
#include "cmd/mail_accounts.h"
#include "cmd/open_store.h"
#include "cmd/scan_word.h"
#include "cmd/sender_options.h"
#include "cmd/policyd_postfix.h"
#include "cmd/policyd_verbs.h"
#include "event/listener.h"
#include "sandbox/sandbox.h"
#include "store/store.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

#define LOOKS                                                                                      \
    (FOR_CHECK | FOR_OBSERVE | FOR_SCAN | FOR_WATCH | FOR_GENERATE | FOR_PLAN | FOR_ROLLBACK |     \
     FOR_COMMANDS | FOR_SELFTEST | FOR_SERVE | FOR_POLICYD | FOR_EVENT | FOR_WOULD_DELIVER)
#define READS_FILES (FOR_LINT | FOR_REPORT | FOR_INGEST | FOR_SCAN | FOR_COLLECT)
#define READS_MAILS (FOR_REPORT | FOR_INGEST | FOR_SERVE | FOR_SEND_REPORTS | FOR_SELFTEST)
#define HAS_STORE                                                                                  \
    (FOR_WATCH | FOR_INGEST | FOR_REPORT | FOR_HISTORY | FOR_PLAN | FOR_ROLLBACK | FOR_CHECK |     \
     FOR_SCAN | FOR_SERVE | FOR_COLLECT | FOR_SEND_REPORTS | FOR_POLICYD)
#define WRITES_STORE                                                                               \
    (FOR_WATCH | FOR_INGEST | FOR_CHECK | FOR_SCAN | FOR_SERVE | FOR_COLLECT | FOR_SEND_REPORTS |  \
     FOR_POLICYD)

struct need {
    TALLOC_CTX *ctx;
    enum command_bit command;
    const struct options *options;
    struct sandbox_path *paths;
    size_t count;
    bool network;
    bool no_memory;
    int status; /* a file is wrong, and that was said */
};

/* ---- paths ----------------------------------------------------------------------------------- */

static void add(struct need *need, const char *path, enum sandbox_access access)
{
    struct sandbox_path *place = NULL;

    if (!path || !*path)
        return;
    place = array_grow(need->ctx, &need->paths, &need->count, sizeof(*place));
    if (place)
        *place = (struct sandbox_path){talloc_strdup(need->ctx, path), access};
    if (!place || !place->path)
        need->no_memory = true;
}

/* The path, or the nearest folder above it that is there. */
static char *standing(TALLOC_CTX *ctx, const char *path)
{
    char *at = talloc_strdup(ctx, path);

    while (at && access(at, F_OK) != 0 && strcmp(at, ".") != 0)
        at = talloc_strdup(ctx, dirname(at));
    return at;
}

/* The folder in which the file stands, or will: where it is a link, the one it leads to. */
static void add_folder_of(struct need *need, const char *path, enum sandbox_access access)
{
    char real[PATH_MAX];
    char *copy;

    if (!path || strcmp(path, "-") == 0)
        return;
    copy = talloc_strdup(need->ctx, realpath(path, real) ? real : path);
    copy = copy ? standing(need->ctx, dirname(copy)) : NULL;
    need->no_memory |= !copy;
    add(need, copy, access);
}

static void add_standing(struct need *need, const char *path)
{
    char *at = path ? standing(need->ctx, path) : NULL;

    need->no_memory |= path && !at;
    add(need, at, SANDBOX_WRITE);
}

/* ---- what all need --------------------------------------------------------------------------- */

static void add_system(struct need *need)
{
    static const char *const folders[] = {"/etc",         "/usr",       "/lib",
                                          "/lib32",       "/lib64",     "/nix/store",
                                          "/proc/self",   "/proc/sys",  "/sys/devices/system/cpu",
                                          "/dev/urandom", "/dev/random"};
    static const char *const links[] = {"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf",
                                        "/etc/localtime"};
    static const char *const variables[] = {
        "SSL_CERT_FILE", "SSL_CERT_DIR", "OPENSSL_CONF", "OPENSSL_MODULES",
        "GCONV_PATH",    "LOCPATH",      "TZDIR"};

    for (size_t i = 0; i < COUNT(folders); i++)
        add(need, folders[i], SANDBOX_READ);
    for (size_t i = 0; i < COUNT(links); i++)
        add_folder_of(need, links[i], SANDBOX_READ);
    for (size_t i = 0; i < COUNT(variables); i++)
        add(need, getenv(variables[i]), SANDBOX_READ);
    add(need, "/dev/null", SANDBOX_WRITE);
}

static bool is_policyd(enum command_bit command, const struct options *options)
{
    return command == FOR_POLICYD && !options->operand_count;
}

static bool is_serving(enum command_bit command, const struct options *options)
{
    return command == FOR_SERVE && !options->create_admin && !options->create_token;
}

/* ---- what options name ----------------------------------------------------------------------- */

static bool is_folder(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* A folder of reports may hold links to wherever; who parses what they lead to has no files. */
static void add_operands(struct need *need)
{
    const struct options *options = need->options;

    for (size_t i = 0; i < options->operand_count; i++)
        add(need, is_folder(options->operands[i]) ? "/" : options->operands[i], SANDBOX_READ);
}

/* They have been read by now, but config shows them, and policyd reads them again. */
static void add_configuration(struct need *need)
{
    struct config config;

    need->no_memory |= config_sources(need->ctx, need->options, &config) != STS_OK;
    for (size_t i = 0; !need->no_memory && i < config.source_count; i++)
        add_folder_of(need, config.sources[i].path, SANDBOX_READ); /* replaced while we run */
}

/* A socket that is bound to a path is taken away at the end. */
static void add_listening(struct need *need)
{
    const struct options *options = need->options;

    for (size_t i = 0; i < options->listen_count; i++) {
        const char *where = collect_listen_where(listen_where(options->listen[i]));

        if (strncmp(where, LISTENER_UNIX, strlen(LISTENER_UNIX)) == 0)
            add_folder_of(need, where + strlen(LISTENER_UNIX), SANDBOX_WRITE);
    }
}

/* Passwords and tokens are read for each session. */
static void add_accounts(struct need *need)
{
    struct mail_accounts found;

    if (!need->options->account_count)
        return;
    need->status = mail_accounts_read(need->ctx, need->options, &found);
    if (need->status)
        return;
    add(need, found.path, SANDBOX_READ);
    for (size_t i = 0; i < found.count; i++) {
        add_folder_of(need, found.accounts[i].password_file, SANDBOX_READ);
        add_folder_of(need, found.accounts[i].token_file, SANDBOX_READ);
    }
}

static void add_files(struct need *need)
{
    const struct options *options = need->options;

    if (need->command == FOR_CONFIG || is_policyd(need->command, options))
        add_configuration(need);
    if (need->command & READS_FILES || (need->command == FOR_POLICYD && options->operand_count))
        add_operands(need);
    add_folder_of(need, control_socket_path(), SANDBOX_WRITE);
    add_folder_of(need, options->overrides, SANDBOX_READ); /* replaced while we run */
    if (need->command == FOR_INGEST || is_serving(need->command, need->options))
        add_accounts(need);
    add(need, options->from, SANDBOX_READ);
    add(need, options->domains, SANDBOX_READ);
    add(need, options->against, SANDBOX_READ);
    add_folder_of(need, options->ca_file, SANDBOX_READ); /* opened again in each pass */
    add_folder_of(need, options->trust_anchor, SANDBOX_READ);
    for (size_t i = 0; i < options->dkim_key_count; i++)
        add(need, sender_options_key_file(options->dkim_keys[i]), SANDBOX_READ);
    add_listening(need);
    add_folder_of(need, options->tls_certificate, SANDBOX_READ); /* replaced while we run */
    add_folder_of(need, options->tls_key, SANDBOX_READ);
    add_folder_of(need, options->queue_credentials, SANDBOX_READ); /* read at each connection */
    add_folder_of(need, options->queue_ca, SANDBOX_READ);
    add(need, options->output, SANDBOX_WRITE); /* where it is a device or a pipe */
    add_folder_of(need, options->output, SANDBOX_WRITE);
    add_folder_of(need, options->prometheus, SANDBOX_WRITE);
    add_standing(need, options->out);
}

/* ---- the store ------------------------------------------------------------------------------- */

static bool has_store(const struct need *need)
{
    const struct options *options = need->options;

    if (need->command & (FOR_CHECK | FOR_SCAN))
        return options->save || options->plugin ||
               (need->command == FOR_SCAN &&
                scan_word_of(options->operands, options->operand_count) != SCAN_WORDS);
    if (need->command == FOR_REPORT)
        return !options->operand_count;
    return need->command & HAS_STORE;
}

static void add_home(struct need *need, const char *name)
{
    const char *home = getenv("HOME");
    char *path = home && *home == '/' ? talloc_asprintf(need->ctx, "%s/%s", home, name) : NULL;

    add(need, path, SANDBOX_READ);
}

/* What libpq reads: passwords, services, certificates. */
static void add_server(struct need *need)
{
    static const char *const names[] = {".pgpass", ".pg_service.conf", ".postgresql"};
    static const char *const variables[] = {"PGPASSFILE", "PGSERVICEFILE", "PGSYSCONFDIR",
                                            "PGSSLCERT",  "PGSSLKEY",      "PGSSLROOTCERT",
                                            "PGSSLCRL",   "PGSSLCRLDIR"};

    need->network = true;
    for (size_t i = 0; i < COUNT(names); i++)
        add_home(need, names[i]);
    for (size_t i = 0; i < COUNT(variables); i++)
        add(need, getenv(variables[i]), SANDBOX_READ);
}

/* Certificates may stand in its address as well: "sslrootcert=/path" behind the "?". */
static void add_address(struct need *need, const char *address)
{
    const char *query = strchr(address, '?');

    while (query && (query = strchr(query, '='))) {
        size_t length = strcspn(++query, "&");
        char *path = talloc_strndup(need->ctx, query, length);

        for (char *slash = path; slash && (slash = strcasestr(slash, "%2f")); slash++) {
            *slash = '/';
            memmove(slash + 1, slash + 3, strlen(slash + 3) + 1);
        }
        if (path && *path == '/')
            add(need, path, SANDBOX_READ);
    }
}

/* Large sorts and changes go through temporary files. */
static void add_temporary(struct need *need)
{
    add(need, getenv("SQLITE_TMPDIR"), SANDBOX_WRITE);
    add(need, getenv("TMPDIR"), SANDBOX_WRITE);
    add(need, "/var/tmp", SANDBOX_WRITE);
    add(need, "/tmp", SANDBOX_WRITE);
}

static void add_store(struct need *need)
{
    const char *where = open_store_where(need->options);
    char *file =
        store_file(need->ctx, where, need->command & WRITES_STORE ? STORE_WRITE : STORE_READ);

    if (file) {
        add_folder_of(need, file, SANDBOX_WRITE); /* readers too: the journal */
        add_temporary(need);
    } else if (where) {
        add_server(need);
        add_address(need, where);
    }
}

/* ---- all of it ------------------------------------------------------------------------------- */

static bool needs_network(const struct need *need)
{
    const struct options *options = need->options;
    bool asks_keys = options->dkim || options->require_dkim;

    if (need->command & LOOKS)
        return !options->from;
    if (need->command == FOR_SEND_REPORTS)
        return true;
    if (need->command == FOR_COLLECT)
        return options->from_log || collect_has_lines(options);
    return (need->command == FOR_REPORT && (options->check || asks_keys)) ||
           (need->command == FOR_INGEST && (asks_keys || options->account_count));
}

int confine(TALLOC_CTX *ctx, enum command_bit command, const struct options *options)
{
    struct need need = {.ctx = talloc_new(ctx), .command = command, .options = options};
    int status = 0;

    if (command == FOR_POLICYD && policyd_is_selftest(options))
        return 0;
    if (is_serving(command, options) || is_policyd(command, options))
        status = listen_prepare(command, options);
    if (!status && is_policyd(command, options))
        status = control_socket_prepare(options);
    if (!status && command == FOR_COLLECT && !collect_is_audit(options) && !options->from_log)
        status = collect_sockets_prepare(options);
    if (!status && (command == FOR_INGEST || is_serving(command, options)))
        status = ingest_socket_prepare(options);
    if (!status && command == FOR_SERVE && !options->create_admin)
        status = alert_options_prepare(options);
    if (!status && is_policyd(command, options))
        policyd_postfix_check(options);
    if (!status && command == FOR_SEND_REPORTS)
        status = sender_options_prepare(options);
    if (status)
        return status;
    if (!need.ctx)
        return console_no_memory();
    /* It runs what it was told to, whatever becomes of us. */
    if (options->notify && !notify_prepare(NOTIFY_CHANGES, options->notify))
        return console_internal("%s",
                                _("could not start the process that runs the command of --notify"));
    if (command & READS_MAILS)
        module_load(MODULE_MAIL);
    if (command == FOR_SCAN && options->queue &&
        scan_word_of(options->operands, options->operand_count) <= SCAN_WORK)
        module_load(MODULE_QUEUE);
    need.network = needs_network(&need);
    add_system(&need);
    add_files(&need);
    if (has_store(&need))
        add_store(&need);
    if (command & (FOR_REPORT | FOR_SERVE))
        add_temporary(&need); /* standard input is kept to be read twice; uploads */
    if (!need.no_memory && !need.status)
        sandbox_enter(&(struct sandbox_wish){
            need.paths, need.count, need.network,
            .accepts = command == FOR_SERVE || is_policyd(command, options) ||
                       (command == FOR_INGEST && options->lmtp) ||
                       (command == FOR_COLLECT && collect_has_lines(options))});
    talloc_free(need.ctx);
    return need.no_memory ? console_no_memory() : need.status;
}
