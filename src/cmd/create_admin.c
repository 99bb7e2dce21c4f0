/* SPDX-License-Identifier: MIT */
/* create_admin.c - a name, a password, and the store. */
#include "cmd/create_admin.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "accounts/account_name.h"
#include "accounts/make_admin.h"
#include "accounts/password.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/open_store.h"

#define LINE_MAX_SIZE 512

/* ---- the password ---------------------------------------------------------------------------- */

/* Without its line end; false: there is none. */
static bool read_line(char line[LINE_MAX_SIZE])
{
    if (!fgets(line, LINE_MAX_SIZE, stdin))
        return false;
    line[strcspn(line, "\r\n")] = '\0';
    return true;
}

/* What is typed is not shown. */
static bool ask(const char *prompt, char line[LINE_MAX_SIZE])
{
    struct termios shown, hidden;
    bool got, terminal = tcgetattr(STDIN_FILENO, &shown) == 0;

    if (!terminal)
        return read_line(line);
    (void)fprintf(stderr, "%s ", prompt);
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    got = read_line(line);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    (void)fputc('\n', stderr);
    return got;
}

/* 0, or the exit status. */
static int take_password(char password[LINE_MAX_SIZE])
{
    char again[LINE_MAX_SIZE] = "";

    if (!ask(_("Password:"), password))
        return console_usage("%s", _("--create-admin: no password on standard input"));
    if (password_judge(password) == PASSWORD_SHORT)
        return console_usage("%s", _("--create-admin: the password is too short: at least 10 "
                                     "characters"));
    if (password_judge(password) == PASSWORD_LONG)
        return console_usage("%s", _("--create-admin: the password is too long: at most 256 "
                                     "characters"));
    if (!isatty(STDIN_FILENO))
        return 0;
    if (!ask(_("Once more:"), again) || strcmp(password, again) != 0)
        return console_usage("%s", _("--create-admin: the two passwords differ"));
    return 0;
}

/* ---- the administrator ----------------------------------------------------------------------- */

static int write_admin(TALLOC_CTX *ctx, const struct options *options, const char *name,
                       const char *hash)
{
    struct store *store;
    bool is_new = false;
    int exit_status = open_store(ctx, options, STORE_WRITE, &store);
    enum sts_status status;

    if (exit_status)
        return exit_status;
    status = make_admin(store, name, hash, clock_now(), &is_new);
    if (status)
        return say_store_failure(store, status);
    console_note(is_new ? _("%s is an administrator now; sign in with this password")
                        : _("%s is an administrator and has a new password; two-factor "
                            "authentication is off"),
                 name);
    return 0;
}

int create_admin(TALLOC_CTX *ctx, const struct options *options)
{
    char password[LINE_MAX_SIZE] = "";
    char *name = account_name_of_user(ctx, options->create_admin), *hash;
    int status;

    if (!name)
        return console_usage(_("--create-admin %s: not a user name: no spaces, at most 100 "
                               "characters"),
                             options->create_admin);
    status = take_password(password);
    hash = status ? NULL : password_hash(ctx, password);
    explicit_bzero(password, sizeof password);
    if (status)
        return status;
    return hash ? write_admin(ctx, options, name, hash) : console_no_memory();
}
