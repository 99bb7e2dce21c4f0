/* SPDX-License-Identifier: MIT */
/* sender_options.c - who reports, by which program, signed by which keys. */
#include "cmd/sender_options.h"

#include <string.h>

#include "alerts/mail.h"
#include "app/notify.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/console.h"
#include "dkim/signing.h"
#include "mtasts/match.h"
#include "submit/limits.h"

#define SENDMAIL "/usr/sbin/sendmail"
#define KEY_MAX  16384 /* bytes: RSA with 16,384 bits has 13 KB */

/* ---- sendmail(1) ----------------------------------------------------------------------------- */

/* The recipient is in the message (-t), so that no address becomes a word of a shell.  Nobody is to
 * answer a report: the envelope sender is empty, so no bounce comes, and none of a bounce. */
static char *mail_command(TALLOC_CTX *ctx, const struct options *options)
{
    char *path = text_shell_quote(ctx, options->sendmail ? options->sendmail : SENDMAIL);

    return path ? talloc_asprintf(ctx, "exec %s -i -t -f '<>'", path) : NULL;
}

static bool sends(const struct options *options)
{
    return !options->operand_count && !options->dry_run;
}

int sender_options_prepare(const struct options *options)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *command = ctx ? mail_command(ctx, options) : NULL;
    bool begun = command && (!sends(options) || notify_prepare(NOTIFY_MAIL, command));

    talloc_free(ctx);
    if (!command)
        return console_no_memory();
    return begun ? 0
                 : console_internal("%s", _("could not start the process that runs sendmail or the "
                                            "command"));
}

/* ---- keys ------------------------------------------------------------------------------------ */

const char *sender_options_key_file(const char *key)
{
    const char *file = strchr(key, '=');

    return file && file > key && file[1] ? file + 1 : NULL;
}

static bool is_selector(const char *text, size_t length)
{
    char name[STS_NAME_SIZE];

    if (length >= sizeof(name))
        return false;
    memcpy(name, text, length);
    name[length] = '\0';
    return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") ==
           length;
}

static int read_key(TALLOC_CTX *ctx, const char *given, const char *domain, struct signing_key *key)
{
    const char *file = sender_options_key_file(given);
    size_t length;
    char *pem;
    int status;

    if (!file || !is_selector(given, (size_t)(file - given) - 1))
        return console_usage(_("--dkim-key %s: expected SELECTOR=FILE"), given);
    status = input_read(ctx, file, KEY_MAX, &pem, &length);
    if (status)
        return status;
    if (length > KEY_MAX || strlen(pem) != length)
        return console_usage(_("--dkim-key %s: the file is no private key"), given);
    *key =
        (struct signing_key){domain, talloc_strndup(ctx, given, (size_t)(file - given) - 1), pem};
    return key->selector ? 0 : console_no_memory();
}

/* A key that is of no use is to be known before the first mail. */
static int try_key(TALLOC_CTX *ctx, const char *given, const struct signing_key *key)
{
    struct signer *signer = signer_new(ctx);
    enum sts_status status = STS_E_NOMEM;
    char *field;

    if (signer)
        status =
            signer_sign(ctx, signer, key, 0, bytes_of("From: <a@a.example>\n\ntext\n"), &field);
    talloc_free(signer);
    if (status == STS_E_NOMEM)
        return console_no_memory();
    return status ? console_usage(_("--dkim-key %s: the file is no private key"), given) : 0;
}

static int read_keys(TALLOC_CTX *ctx, const struct options *options, struct submit_sender *sender)
{
    struct signing_key *keys =
        talloc_zero_array(ctx, struct signing_key, (unsigned)options->dkim_key_count + 1);
    int status = 0;

    if (!keys)
        return console_no_memory();
    if (options->dkim_key_count > LIMIT_KEYS)
        return console_usage(_("--dkim-key: at most %d"), LIMIT_KEYS);
    for (size_t i = 0; !status && i < options->dkim_key_count; i++) {
        status = read_key(ctx, options->dkim_keys[i], sender->domain, &keys[i]);
        if (!status)
            status = try_key(ctx, options->dkim_keys[i], &keys[i]);
    }
    sender->keys = keys;
    sender->key_count = options->dkim_key_count;
    return status;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static int check_address(const char *option, const char *address)
{
    if (!address || mail_is_address(address))
        return 0;
    return console_usage(_("--%s %s: expected an address such as mtasts@example.org"), option,
                         address);
}

int sender_options_read(TALLOC_CTX *ctx, const struct options *options, struct submit_sender *ret)
{
    char *domain = talloc_size(ctx, STS_NAME_SIZE);
    int status;

    if (!domain)
        return console_no_memory();
    if (!options->organization || !options->mail_from)
        return console_usage("%s", _("--organization and --mail-from are required"));
    status = check_address("mail-from", options->mail_from);
    if (!status)
        status = check_address("contact", options->contact);
    if (!status)
        status = check_address("copy-to", options->copy_to);
    if (!status && sts_name_from_user(strrchr(options->mail_from, '@') + 1, domain) != STS_OK)
        status = check_address("mail-from", "");
    if (status)
        return status;
    *ret = (struct submit_sender){
        .organization = options->organization,
        .contact = options->contact ? options->contact : options->mail_from,
        .domain = domain,
        .from = options->mail_from,
        .language =
            options->report_lang ? i18n_language_named(options->report_lang) : I18N_ENGLISH};
    return read_keys(ctx, options, ret);
}
