/* SPDX-License-Identifier: MIT */
/* mail_accounts.c - accounts out of their file. */
#include "cmd/mail_accounts.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/i18n.h"
#include "cmd/config_file.h"
#include "cmd/console.h"
#include "cmd/exit_status.h"
#include "cmd/suggest.h"

#define FOLDERS_MAX 50
#define PORT_TLS    993
#define PORT_PLAIN  143

struct reading {
    TALLOC_CTX *ctx;
    struct mail_accounts *all;
    struct mailbox_account *account;
    const struct config_line *line;
    const char *where; /* "FILE:LINE" */
};

/* ---- values ---------------------------------------------------------------------------------- */

static int set_text(const struct reading *r, const char **member)
{
    if (*member)
        return console_usage(_("%s: %s: already set"), r->where, r->line->key);
    *member = r->line->value;
    return 0;
}

static int set_host(const struct reading *r)
{
    return set_text(r, &r->account->host);
}

static int set_user(const struct reading *r)
{
    return set_text(r, &r->account->user);
}

static int set_move_to(const struct reading *r)
{
    return set_text(r, &r->account->move_to);
}

static int set_quarantine(const struct reading *r)
{
    return set_text(r, &r->account->quarantine);
}

/* Relative to the directory of the accounts file. */
static int set_path(const struct reading *r, const char **member)
{
    int status = set_text(r, member);
    char *file = talloc_strdup(r->ctx, r->all->path);

    if (status || **member == '/')
        return status;
    *member = file ? talloc_asprintf(r->ctx, "%s/%s", dirname(file), *member) : NULL;
    return *member ? 0 : console_no_memory();
}

static int set_password_file(const struct reading *r)
{
    return set_path(r, &r->account->password_file);
}

static int set_token_file(const struct reading *r)
{
    return set_path(r, &r->account->token_file);
}

static int set_port(const struct reading *r)
{
    char *end;
    long port = strtol(r->line->value, &end, 10);

    if (*end || port < 1 || port > 65535)
        return console_usage(_("%s: %s: expected a number from 1 to 65535"), r->where,
                             r->line->key);
    r->account->port = port;
    return 0;
}

static int set_tls(const struct reading *r)
{
    if (strcmp(r->line->value, "implicit") != 0 && strcmp(r->line->value, "starttls") != 0)
        return console_usage(_("%s: %s: expected implicit or starttls"), r->where, r->line->key);
    r->account->tls =
        strcmp(r->line->value, "starttls") == 0 ? IMAP_TLS_STARTTLS : IMAP_TLS_IMPLICIT;
    return 0;
}

static int add_folder(const struct reading *r)
{
    struct mailbox_account *account = r->account;
    const char **folders = (const char **)(uintptr_t)account->folders, **folder;

    for (size_t i = 0; i < account->folder_count; i++)
        if (strcmp(folders[i], r->line->value) == 0)
            return console_usage(_("%s: %s: already set"), r->where, r->line->key);
    if (account->folder_count == FOLDERS_MAX)
        return console_usage(_("%s: too many folders"), r->where);
    folder = array_grow(r->ctx, &folders, &account->folder_count, sizeof(*folder));
    if (!folder)
        return console_no_memory();
    *folder = r->line->value;
    account->folders = folders;
    return 0;
}

static const struct {
    const char *key;
    int (*set)(const struct reading *r);
} keys[] = {
    {"host", set_host},
    {"port", set_port},
    {"tls", set_tls},
    {"user", set_user},
    {"password-file", set_password_file},
    {"token-file", set_token_file},
    {"folder", add_folder},
    {"move-to", set_move_to},
    {"quarantine", set_quarantine},
};

/* ---- accounts -------------------------------------------------------------------------------- */

static int find_account(struct reading *r)
{
    const char *name = r->line->section;

    if (!name)
        return console_usage(_("%s: an account begins with its name in brackets: [NAME]"),
                             r->where);
    for (size_t i = 0; i < r->all->count; i++)
        if (strcmp(r->all->accounts[i].name, name) == 0) {
            r->account = &r->all->accounts[i];
            return 0;
        }
    r->account = array_grow(r->ctx, &r->all->accounts, &r->all->count, sizeof(*r->account));
    if (!r->account)
        return console_no_memory();
    r->account->name = name;
    return 0;
}

static int read_line(struct reading *r)
{
    struct suggestion near;
    int status = find_account(r);
    char *wrong;

    if (status || !r->line->key)
        return status;
    near = suggest_begin(r->line->key);
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        if (strcmp(keys[i].key, r->line->key) == 0)
            return keys[i].set(r);
        suggest_offer(&near, keys[i].key);
    }
    wrong = talloc_asprintf(r->ctx, _("%s: %s: unknown key"), r->where, r->line->key);
    return suggest_usage(&near, "", wrong ? wrong : r->where, _("man mtasts-ingest lists them"));
}

static bool is_source(const struct mailbox_account *account, const char *folder)
{
    for (size_t i = 0; folder && i < account->folder_count; i++)
        if (strcmp(account->folders[i], folder) == 0)
            return true;
    return false;
}

static int complete(const char *path, struct mailbox_account *account)
{
    static const char *const inbox[] = {"INBOX"};

    if (!account->folder_count) {
        account->folders = inbox;
        account->folder_count = 1;
    }
    if (!account->port)
        account->port = account->tls == IMAP_TLS_STARTTLS ? PORT_PLAIN : PORT_TLS;
    if (!account->host || !account->user)
        return console_usage(_("%s: [%s]: host and user are required"), path, account->name);
    if (!account->password_file == !account->token_file)
        return console_usage(_("%s: [%s]: either password-file or token-file is required"), path,
                             account->name);
    if (is_source(account, account->move_to) || is_source(account, account->quarantine))
        return console_usage(_("%s: [%s]: messages cannot be moved to a folder that is read"), path,
                             account->name);
    return 0;
}

/* ---- the file -------------------------------------------------------------------------------- */

static int read_text(TALLOC_CTX *ctx, const char *path, struct bytes *ret)
{
    char *text = talloc_size(ctx, CONFIG_FILE_MAX + 2);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    ssize_t got = 1;
    size_t length = 0;

    if (!text)
        return console_no_memory();
    while (fd >= 0 && got > 0 && length <= CONFIG_FILE_MAX) {
        got = read(fd, text + length, CONFIG_FILE_MAX + 1 - length);
        length += got > 0 ? (size_t)got : 0;
    }
    *ret = (struct bytes){text, length};
    if (fd < 0 || got < 0) {
        int error = errno;

        if (fd >= 0)
            close(fd);
        return console_internal(_("%s could not be read: %s"), path, _(strerror(error)));
    }
    close(fd);
    return 0;
}

static int read_file(TALLOC_CTX *ctx, struct mail_accounts *all)
{
    struct config_file file;
    struct bytes text = {NULL, 0};
    int status = read_text(ctx, all->path, &text);

    if (status)
        return status;
    if (config_file_parse(ctx, text, &file) != STS_OK)
        return console_no_memory();
    for (size_t i = 0; !status && i < file.count; i++) {
        struct reading r = {ctx, all, NULL, &file.lines[i],
                            talloc_asprintf(ctx, "%s:%zu", all->path, file.lines[i].line)};

        status = r.where ? read_line(&r) : console_no_memory();
    }
    if (!status && file.fault)
        return console_usage("%s:%zu: %s", all->path, file.fault_line, _(file.fault));
    for (size_t i = 0; !status && i < all->count; i++)
        status = complete(all->path, &all->accounts[i]);
    return status;
}

/* ---- which of them --------------------------------------------------------------------------- */

static int take(const struct mail_accounts *from, const char *name, struct mail_accounts *to)
{
    struct suggestion near = suggest_begin(name);
    char *wrong = talloc_asprintf(from->accounts, _("%s: no account named %s"), from->path, name);

    for (size_t i = 0; i < to->count; i++)
        if (strcmp(to->accounts[i].name, name) == 0)
            return 0;
    for (size_t i = 0; i < from->count; i++) {
        suggest_offer(&near, from->accounts[i].name);
        if (strcmp(from->accounts[i].name, name) == 0) {
            to->accounts[to->count++] = from->accounts[i];
            return 0;
        }
    }
    return suggest_usage(&near, "", wrong ? wrong : name, _("--account all means all of them"));
}

int mail_accounts_read(TALLOC_CTX *ctx, const struct options *options, struct mail_accounts *ret)
{
    struct mail_accounts all = {.path = options->accounts ? options->accounts : MAIL_ACCOUNTS_FILE};
    int status = read_file(ctx, &all);

    *ret = (struct mail_accounts){.path = all.path};
    if (status)
        return status;
    if (!all.count)
        return console_usage(_("%s: contains no accounts"), all.path);
    ret->accounts = talloc_zero_array(ctx, struct mailbox_account, all.count);
    if (!ret->accounts)
        return console_no_memory();
    for (size_t i = 0; !status && i < options->account_count; i++) {
        if (strcmp(options->account_names[i], "all") == 0) {
            *ret = all;
            return 0;
        }
        status = take(&all, options->account_names[i], ret);
    }
    return status;
}
