/* SPDX-License-Identifier: MIT */
/* sender_differences.c - where known senders differ: by the name of a finding, a result type or a
 * topic.
 *
 * Two tables.  `examples` holds a policy with one fault for each finding about its text: the models
 * of senders.h read it, so that a row more there shows up here by itself.  `rows` holds sentences,
 * for what no model reads; they speak of the versions in sender_rows.c unless they name others. */
#include "knowledge/topic.h"

#include <string.h>

#include <mtasts/mtasts.h>

#include "knowledge/advice_rows.h"
#include "vendors/senders.h"

/* Is the name one of those with '|' between? */
static bool among(const char *names, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = names; *at; at += strcspn(at, "|"), at += *at == '|')
        if (strcspn(at, "|") == length && strncmp(at, name, length) == 0)
            return true;
    return false;
}

/* ---- examples -------------------------------------------------------------------------------- */

#define VERSION "version: STSv1\n"
#define MODE    "mode: enforce\n"
#define MX      "mx: mx1.example.com\n"
#define MAX_AGE "max_age: 604800\n"

static const struct {
    const char *name;
    const char *policy;
    const char *shown; /* the line that matters; NULL: the title says it */
} examples[] = {
    {"policy-empty", "", NULL},
    {"policy-html", "<!DOCTYPE html>\n<html><body>404</body></html>\n", NULL},
    {"policy-bom", "\xef\xbb\xbf" VERSION MODE MX MAX_AGE, NULL},
    {"policy-bare-cr", "version: STSv1\rmode: enforce\rmx: mx1.example.com\rmax_age: 604800\r",
     NULL},
    {"policy-line-malformed", VERSION MODE MX "# comment\n" MAX_AGE, "# comment"},
    {"policy-version-missing", MODE MX MAX_AGE, NULL},
    {"policy-version-invalid", "version: stsv1\n" MODE MX MAX_AGE, "version: stsv1"},
    {"policy-mode-missing", VERSION MX MAX_AGE, NULL},
    {"policy-mode-invalid", VERSION "mode: Enforce\n" MX MAX_AGE, "mode: Enforce"},
    {"policy-max-age-missing", VERSION MODE MX, NULL},
    {"policy-max-age-invalid", VERSION MODE MX "max_age: 7d\n", "max_age: 7d"},
    {"policy-max-age-too-large", VERSION MODE MX "max_age: 31557601\n", "max_age: 31557601"},
    {"policy-mx-missing", VERSION MODE MAX_AGE, NULL},
    {"policy-mx-missing-in-none", VERSION "mode: none\n" MAX_AGE, NULL},
    {"policy-mx-invalid", VERSION MODE "mx: mx1.example.com.\n" MAX_AGE, "mx: mx1.example.com."},
    {"policy-key-case", VERSION "Mode: enforce\n" MX MAX_AGE, "Mode: enforce"},
    {"policy-duplicate-field", VERSION MODE "mode: testing\n" MX MAX_AGE,
     "mode: enforce, mode: testing"},
    {"policy-blank-line", VERSION MODE "\n" MX MAX_AGE, NULL},
    {"policy-spacing", VERSION MODE "mx : mx1.example.com\n" MAX_AGE, "mx : mx1.example.com"},
    {"policy-extension-invalid", VERSION MODE MX MAX_AGE "note:\n", "note:"},
    {"policy-extension-unknown", VERSION MODE MX MAX_AGE "note: since 2026\n", "note: since 2026"},
    {"policy-not-portable", VERSION MODE MX "max_age: 0\n", "max_age: 0"},
};
#define EXAMPLE_COUNT (sizeof(examples) / sizeof(examples[0]))

static size_t example_of(const char *name)
{
    size_t i = 0;

    while (i < EXAMPLE_COUNT && strcmp(examples[i].name, name) != 0)
        i++;
    return i;
}

const char *sender_differences_example(const char *name)
{
    size_t i = example_of(name);

    return i < EXAMPLE_COUNT ? examples[i].shown : NULL;
}

static struct sender_differences_reading by_the_standard(const char *text)
{
    struct sender_differences_reading reading = {STS_MODE_INVALID, -1, NULL};
    struct sts_policy *policy;

    if (sts_policy_parse(text, strlen(text), &policy) != STS_OK)
        return reading;
    if (sts_policy_valid(policy))
        reading = (struct sender_differences_reading){sts_policy_mode(policy),
                                                      sts_policy_max_age(policy), NULL};
    sts_policy_free(policy);
    return reading;
}

/* "mox 0.0.17, maddy 2026-08", one longer. */
static char *with_sender(TALLOC_CTX *ctx, char *list, const struct sender *sender)
{
    return list ? talloc_asprintf_append(list, ", %s %s", sender->name, sender->version)
                : talloc_asprintf(ctx, "%s %s", sender->name, sender->version);
}

/* The sender joins those that read the same. */
static void add_reader(struct sender_differences_reading *list, size_t *count,
                       const struct sender *sender, struct reading reading)
{
    size_t i = 1; /* behind the standard's own */

    while (i < *count && (list[i].mode != reading.mode || list[i].max_age != reading.max_age))
        i++;
    if (i == *count)
        list[(*count)++] = (struct sender_differences_reading){reading.mode, reading.max_age, NULL};
    list[i].senders = with_sender(list, list[i].senders, sender);
}

size_t sender_differences_readings(TALLOC_CTX *ctx, const char *name,
                                   struct sender_differences_reading **ret)
{
    size_t example = example_of(name), count = 1;
    struct sender_differences_reading *list;
    const char *text;

    if (example == EXAMPLE_COUNT)
        return 0;
    text = examples[example].policy;
    list = talloc_zero_array(ctx, struct sender_differences_reading, sender_count + 1);
    if (!list)
        return 0;
    list[0] = by_the_standard(text);
    for (size_t i = 0; i < sender_count; i++)
        add_reader(list, &count, &senders[i], sender_read(&senders[i], text, strlen(text)));
    *ret = list;
    return count;
}

/* ---- habits ---------------------------------------------------------------------------------- */

static bool at_any_depth(const struct sender *sender)
{
    return sender_matches(sender, "*.example.com", "mx1.eu.example.com");
}

static bool plain_only(const struct sender *sender)
{
    return sender->plain_only;
}

static const struct {
    const char *names;
    bool (*has)(const struct sender *sender);
    const char *sentence;
} habits[] = {
    {"mx-wildcard-depth|mx|not-covered", at_any_depth,
     N_("For these, an asterisk matches any number of labels: {senders}.")},
    {"policy-content-type|content-type", plain_only,
     N_("These reject a policy with a media type other than text/plain: {senders}.")},
};
#define HABIT_COUNT (sizeof(habits) / sizeof(habits[0]))

const char *sender_differences_habit(TALLOC_CTX *ctx, const char *name, char **ret_senders)
{
    size_t i = 0;

    while (i < HABIT_COUNT && !among(habits[i].names, name))
        i++;
    if (i == HABIT_COUNT)
        return NULL;
    *ret_senders = NULL;
    for (size_t s = 0; s < sender_count; s++)
        if (habits[i].has(&senders[s]))
            *ret_senders = with_sender(ctx, *ret_senders, &senders[s]);
    return *ret_senders ? habits[i].sentence : NULL;
}

/* ---- sentences ------------------------------------------------------------------------------- */

#define SAY_ID_UNSEEN                                                                              \
    N_("postfix-tlspol and chasquid never check the id: postfix-tlspol keeps a policy until "      \
       "shortly before its max_age expires, chasquid reads every policy again every ten "          \
       "minutes.")
#define SAY_ID_SEEN                                                                                \
    N_("mox, maddy, KumoMTA, Stalwart and Halon query the record before each delivery, "           \
       "postfix-mta-sts-resolver once a minute at most; a new id takes effect there as soon as "   \
       "the old record's TTL expires.")
#define SAY_ID_DAILY                                                                               \
    N_("Once a day, mox queries the record of every policy it has cached, and reads the policy "   \
       "again only under a new id; maddy reads it under a new id or shortly before it expires, "   \
       "postfix-mta-sts-resolver daily only if its operator enabled that. Google and Microsoft "   \
       "do not say how often they check: allow a day.")
#define SAY_OTHERS                                                                                 \
    N_("When sending, Exim applies only DANE, and OpenSMTPD and Haraka neither; Exchange Online "  \
       "applies DANE and MTA-STS. Momentum and KumoMTA apply MTA-STS but send no TLS reports; "    \
       "Momentum reads every policy once a day.")
#define SAY_TESTING                                                                                \
    N_("Postfix with postfix-mta-sts-resolver or postfix-tlspol treats testing as if there were "  \
       "no policy: it checks nothing and reports no-policy-found. mox and Stalwart check and "     \
       "report.")
#define SAY_POSTFIX_NAMES                                                                          \
    N_("Postfix before 3.10.5 with a policy daemon does not compare the name of the MX host: it "  \
       "checks whether the certificate contains any name that the mx lines allow, at any depth "   \
       "below a wildcard. What it delivers, others may reject, and the reverse.")
#define SAY_AT_ONCE                                                                                \
    N_("The standard requires senders to keep the mail and try again. maddy and Stalwart return "  \
       "it at once if no MX host is covered.")
#define SAY_DANE                                                                                   \
    N_("According to the standard, MTA-STS never overrides a failed DANE check. Postfix with "     \
       "postfix-mta-sts-resolver lets MTA-STS decide, with postfix-tlspol DANE; mox requires "     \
       "both at each host. Of 2394 sending domains measured, 62 gave MTA-STS precedence over "     \
       "DANE.")
#define SAY_TLSA_TYPES                                                                             \
    N_("mox and Stalwart report a certificate that no TLSA record matches as "                     \
       "validation-failure, Postfix as certificate-not-trusted. If no record is usable, Postfix "  \
       "delivers over TLS and reports a success without a policy.")
#define SAY_INSECURE_MX                                                                            \
    N_("If the MX host is signed but the MX records are not, Postfix applies DANE by default "     \
       "(smtp_tls_dane_insecure_mx_policy); Postfix 3.7.11 of Debian 12 does so only if "          \
       "smtp_tls_security_level is dane, not for a level from a policy map. mox, KumoMTA and "     \
       "Exim ignore the TLSA records there.")
#define SAY_FIRST_RUA                                                                              \
    N_("Microsoft sends only to the first rua address. mox sends no reports to https:, Stalwart "  \
       "tries https: first and mail only if that fails.")
#define SAY_TLSRPT_FORM                                                                            \
    N_("tlsrpt-reporter, which sends the reports of Postfix, requires v=TLSRPTv1 directly "        \
       "followed by rua=, without a space before the semicolon and without spaces around "         \
       "commas.")
#define SAY_NO_POLICY_REPORTS                                                                      \
    N_("Postfix and its policy daemons report no failures of the policy itself, and since "        \
       "3.10.5 nothing about an MX host that the policy does not cover.")
#define SAY_COMMON_NAME                                                                            \
    N_("Common TLS libraries accept such a certificate unless configured not to: a browser, a "    \
       "checker or a careless sender may consider it valid.")

struct sender_differences_row {
    const char *names; /* of codes, with '|' between */
    const char *const *lines;
};

static const struct sender_differences_row rows[] = {
    {"sts-record-missing",
     LINES(N_("A sender with a cached policy uses it even if the record is gone; mox logs a "
              "possible attack."))},
    {"sts-record-unrelated-txt|sts-record-wildcard",
     LINES(N_("maddy requires exactly one TXT record of any kind at this name, and otherwise "
              "sees no policy."))},
    {"sts-record-version-spacing",
     LINES(N_("chasquid discards a record with a space before the first semicolon; mox, "
              "mailauth and postfix-tlspol accept it."))},
    {"tlsrpt-record-version-spacing",
     LINES(N_("Postfix accepts a space before the first semicolon; tlsrpt-reporter, which "
              "creates its reports, does not."))},
    {"sts-record-multiple",
     LINES(N_("chasquid accepts any TXT record that begins with v=STSv1;, even one of several; "
              "the others then see no policy."))},
    {"sts-record-ttl-high|id|change|propagation|rollback|record|report-stale-policy",
     LINES(SAY_ID_SEEN, SAY_ID_UNSEEN, SAY_ID_DAILY)},
    {"max_age|policy-max-age-short",
     LINES(N_("postfix-mta-sts-resolver, mox and mailauth restart max_age if the record still "
              "has the same id, without reading the policy again; the standard counts from the "
              "last fetch."),
           SAY_ID_UNSEEN)},
    {"policy-host-address-unreachable|policy-host-inconsistent",
     LINES(N_("mailauth and ZoneMTA try only the first IPv4 address; others try one address "
              "after the other."))},
    {"policy-cert-common-name-only|policy-cert-partial-wildcard|mx-cert-common-name-only",
     LINES(SAY_COMMON_NAME)},
    {"certificate|sni", LINES(SAY_POSTFIX_NAMES, SAY_COMMON_NAME)},
    {"policy-redirect|http-to-https",
     LINES(N_("Senders do not follow a redirect from https:; several checkers do and consider "
              "such a policy valid (checkdmarc, baddns, MailPolicyExplainer)."))},
    {"policy-http-status", LINES(N_("mailauth up to 5.0.2 (ZoneMTA has 4.13.3) treats any 2xx "
                                    "as 200, and Stalwart does not check the status."))},
    {"policy-too-large",
     LINES(N_("chasquid reads 10 KB and uses that part; postfix-mta-sts-resolver, "
              "postfix-tlspol and mox reject more than 64 KiB; Stalwart reads 1 MiB."))},
    {"policy-timeout",
     LINES(N_("The standard suggests a minute, and mox waits as long; KumoMTA waits 20 seconds, "
              "postfix-mta-sts-resolver 4, postfix-tlspol 2."))},
    {"policy-mode-testing|mode", LINES(SAY_TESTING)},
    {"phases", LINES(SAY_TESTING, SAY_ID_UNSEEN)},
    {"mx-not-covered|mx-none-covered|mx-pattern-is-policy-host|not-covered|mx",
     LINES(SAY_AT_ONCE, SAY_POSTFIX_NAMES)},
    {"mx-cert-name-mismatch", LINES(SAY_POSTFIX_NAMES)},
    {"enforce", LINES(SAY_AT_ONCE, SAY_POSTFIX_NAMES, SAY_ID_UNSEEN)},
    {"dane-active|dane-sts-conflict|dane", LINES(SAY_DANE)},
    {"dane-tlsa-mismatch", LINES(SAY_TLSA_TYPES, SAY_INSECURE_MX)},
    {"tlsa-invalid", LINES(SAY_TLSA_TYPES)},
    {"dane-tlsa-unsigned", LINES(SAY_INSECURE_MX)},
    {"tlsrpt-record-syntax-invalid|tlsrpt-rua-missing|tlsrpt-record-version-invalid",
     LINES(SAY_TLSRPT_FORM)},
    {"tlsrpt-rua-undeliverable|tlsrpt-rua-invalid|tlsrpt-rua-https-unreachable|"
     "tlsrpt-rua-https-status|external-rua",
     LINES(SAY_FIRST_RUA)},
    {"tls-rpt", LINES(SAY_FIRST_RUA, SAY_TLSRPT_FORM, SAY_TESTING, SAY_OTHERS)},
    {"starttls-not-supported",
     LINES(N_("Senders also report this if STARTTLS is offered and then refused; mox adds the "
              "reply, for example smtp-starttls-reply-code-454."))},
    {"certificate-host-mismatch",
     LINES(N_("Postfix reports this only if the chain is valid; otherwise it reports "
              "certificate-not-trusted or validation-failure."),
           N_("An MX host that the policy does not cover is not a host mismatch: Google, "
              "Microsoft, mox and Stalwart report it as validation-failure."))},
    {"certificate-expired|mx-cert-expired",
     LINES(N_("Stalwart reports an expired certificate, like every other TLS failure, as "
              "certificate-not-trusted: read its reason text."))},
    {"certificate-not-trusted",
     LINES(N_("Stalwart reports every TLS failure like this, including an expired certificate "
              "or a wrong name: read its reason text (UnknownIssuer, NotValidForName, Expired)."),
           N_("Postfix reports a self-signed certificate or an unknown issuer as "
              "validation-failure, with OpenSSL's message as the reason."))},
    {"validation-failure",
     LINES(N_("Google gives no reason; if an MX host is named, the policy usually does not cover "
              "it."),
           N_("Microsoft writes MX_HOSTS_MISMATCH if the policy does not name the MX, and "
              "VALIDATION_FAILURE if the certificate is at fault."),
           N_("mox writes mtasts-policy-mx-mismatch, Stalwart \"MX not authorized by policy.\"; "
              "Postfix writes OpenSSL's message, such as self-signed_certificate or "
              "tls-handshake-failure."))},
    {"dnssec-invalid|dane-lookup-failed",
     LINES(N_("Stalwart writes \"Bogus TLSA records were found.\" or \"Bogus MX records were "
              "found.\"; Microsoft gives no reason."))},
    {"dane-required",
     LINES(N_("Only a sender configured to require DANE for your domain reports this; Stalwart "
              "says what was missing: TLSA records, or the signature of the zone."))},
    {"sts-policy-fetch-error|fetch",
     LINES(N_("Microsoft gives neither reason nor address; Mail.ru writes the HTTP status or "
              "the timeout, mox no-policy-served or cannot-fetch-policy."),
           N_("Stalwart also reports a bad certificate of the policy host this way."),
           SAY_NO_POLICY_REPORTS)},
    {"sts-policy-invalid",
     LINES(N_("mox writes policy-syntax-error, Stalwart its parser's message. What one sender "
              "rejects, another may accept: mtasts lint FILE says which."),
           SAY_NO_POLICY_REPORTS)},
    {"sts-webpki-invalid",
     LINES(N_("mox names the fault, such as certificate-expired or certificate-host-mismatch; "
              "Stalwart reports it as sts-policy-fetch-error."),
           SAY_NO_POLICY_REPORTS)},
    {"reports|result-types",
     LINES(N_("Google omits the reason, Microsoft often the hosts and addresses too; Google and "
              "Microsoft each report a day as a whole, and Microsoft counts the same sessions "
              "once under sts and once under tlsa."),
           N_("The same fault has different names at different senders: read the result type "
              "together with the sender and its reason text."))},
    {"no-reports",
     LINES(N_("Google's reports arrive 10 to 16 hours after the end of the day, Microsoft's "
              "after 19 to 22 hours, those of Mail.ru within minutes."),
           SAY_FIRST_RUA, SAY_TLSRPT_FORM)},
    {"senders", LINES(SAY_ID_SEEN, SAY_ID_UNSEEN, SAY_ID_DAILY, SAY_TESTING, SAY_AT_ONCE,
                      SAY_POSTFIX_NAMES, SAY_DANE, SAY_NO_POLICY_REPORTS, SAY_OTHERS)},
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

const char *const *sender_differences_lines(const char *name)
{
    static const char *const none[] = {NULL};

    for (size_t i = 0; i < ROW_COUNT; i++)
        if (among(rows[i].names, name))
            return rows[i].lines;
    return none;
}
