/* SPDX-License-Identifier: MIT */
/* ca_rows.c - public CAs, and the names by which CAA records mean them.
 *
 * The identifiers are those that the CAs disclose in their practice statements (CPS) and in the
 * CCADB.  A list must be complete, else a certificate that will be renewed looks as if it could
 * not; a CA whose list is not known for certain is left out. */
#include "vendors/ca_rows.h"

#include <stddef.h>

#include "base/hname.h"
#include "base/scanner.h"

#define LIST(...)                                                                                  \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

static const struct ca_row rows[] = {
    {"Let's Encrypt", LIST("Let's Encrypt", "Internet Security Research Group", "ISRG"),
     LIST("letsencrypt.org")},
    {"Google Trust Services", LIST("Google Trust Services"), LIST("pki.goog", "google.com")},
    {"DigiCert", LIST("DigiCert", "GeoTrust", "RapidSSL", "Symantec", "thawte"),
     LIST("digicert.com", "www.digicert.com", "digicert.ne.jp", "cybertrust.ne.jp", "symantec.com",
          "thawte.com", "geotrust.com", "rapidssl.com", "quovadisglobal.com", "pkioverheid.nl",
          "digitalcertvalidation.com", "volusion.digitalcertvalidation.com",
          "stratossl.digitalcertvalidation.com",
          "intermediatecertificate.digitalcertvalidation.com", "1and1.digitalcertvalidation.com",
          "amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com", "flipkart.com")},
    {"Sectigo", LIST("Sectigo", "COMODO CA", "The USERTRUST Network", "ZeroSSL"),
     LIST("sectigo.com", "comodoca.com", "comodo.com", "usertrust.com", "trust-provider.com",
          "zerossl.com", "entrust.net", "affirmtrust.com")},
    {"GlobalSign", LIST("GlobalSign"), LIST("globalsign.com")},
    {"Amazon", LIST("Amazon"),
     LIST("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com", "aws.amazon.com")},
    {"GoDaddy", LIST("GoDaddy.com", "Starfield Technologies"),
     LIST("godaddy.com", "starfieldtech.com")},
    {"SSL.com", LIST("SSL Corp", "SSL Corporation"),
     LIST("ssl.com", "entrust.net", "affirmtrust.com")},
    {"Microsoft", LIST("Microsoft Corporation"), LIST("microsoft.com", "digicert.com")},
    {"Buypass", LIST("Buypass"), LIST("buypass.com", "buypass.no")},
    {"Actalis", LIST("Actalis"), LIST("actalis.it")},
    {"HARICA", LIST("Hellenic Academic and Research Institutions"), LIST("harica.gr")},
    {"Certum", LIST("Asseco Data Systems", "Unizeto Technologies"),
     LIST("certum.pl", "certum.eu", "yandex.ru")},
    {"D-Trust", LIST("D-Trust"), LIST("d-trust.net", "dtrust.net", "d-trust.de", "dtrust.de")},
    {"Deutsche Telekom Security", LIST("Deutsche Telekom Security"),
     LIST("telesec.de", "pki.dfn.de", "dfn.de")},
};

static bool is_word(int c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

/* Does the value begin with one of the names, as a whole word? */
static bool is_one_of(struct bytes value, const char *const *names)
{
    for (; *names; names++) {
        size_t length = bytes_of(*names).length;

        if (bytes_begin_nocase(value, *names) &&
            (value.length == length || !is_word((unsigned char)value.data[length])))
            return true;
    }
    return false;
}

/* No name of the table needs an escape, so that of what is escaped only the extent counts. */
static void skip_value(struct scanner *scanner)
{
    while (!scanner_at_end(scanner) && scanner_peek(scanner) != ',' &&
           scanner_peek(scanner) != '+') {
        scanner->at += scanner_peek(scanner) == '\\' ? 1 : 0;
        scanner->at += scanner_at_end(scanner) ? 0 : 1;
    }
}

/* The O of "CN=R11,O=Let's Encrypt,C=US" (RFC 2253); empty: it has none. */
static struct bytes organisation(const char *issuer)
{
    struct scanner scanner = scanner_begin(bytes_of(issuer));

    while (!scanner_at_end(&scanner)) {
        bool found = scanner_try_text(&scanner, "O=");
        size_t begin = scanner.at;

        skip_value(&scanner);
        if (found)
            return (struct bytes){scanner.text.data + begin, scanner.at - begin};
        if (!scanner_try(&scanner, ','))
            scanner_try(&scanner, '+');
    }
    return (struct bytes){"", 0};
}

const struct ca_row *ca_of_issuer(const char *issuer)
{
    struct bytes name = organisation(issuer);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (is_one_of(name, rows[i].organisations))
            return &rows[i];
    return NULL;
}

bool ca_heeds(const struct ca_row *ca, struct bytes identifier)
{
    for (const char *const *known = ca->identifiers; *known; known++)
        if (hname_equal(identifier, bytes_of(*known)))
            return true;
    return false;
}
