/* SPDX-License-Identifier: MIT */
/* advice_dane.c - what to know and to do about TLSA records and DNSSEC at the MX hosts. */
#include "rules/advice_rows.h"

#define DIG_TLSA "dig +dnssec TLSA _25._tcp.{host}"
#define TLSA_NOW                                                                                   \
    MX_TLS "</dev/null 2>/dev/null | openssl x509 -noout -pubkey | openssl pkey -pubin -outform "  \
           "DER | sha256sum"
#define DANE_TEST                                                                                  \
    MX_TLS "-dane_tlsa_domain {host} -dane_tlsa_rrdata {right} -dane_ee_no_namechecks </dev/null"

#define FIX_TLSA                                                                                   \
    N_("For the certificate presented now the record is:\n"                                        \
       "| _25._tcp.{host}. 3600 IN TLSA {right}")
#define FIX_UNSENT                                                                                 \
    N_("Or let {host} send the CA certificate {unsent} as well: append it to the certificate "     \
       "file of the mail server, behind the others.")
#define FIX_DATES                                                                                  \
    N_("Or renew the certificate of {host} ({out_of_date}): the record stays right as long as "    \
       "the same CA certificate issues it.")
#define FIX_NAMES N_("Or give {host} a certificate that contains {reference_missing}.")
#define FIX_SINGLE                                                                                 \
    N_("For {single}: create the next key now and publish its record (3 1 1) beside the present "  \
       "one.")
#define FIX_PINNED                                                                                 \
    N_("For {pinned}: publish the key of the host itself (3 1 1) beside the present record, keep " \
       "that key at renewals, and then delete the record of the intermediate (2 x x).")
#define FIX_ROLLOVER                                                                               \
    N_("Before each new key publish its record beside the old one, wait twice the TTL, then put "  \
       "the certificate in place, and delete the old record last. If renewals keep the key "       \
       "(certbot --reuse-key), a record 3 1 1 stays right.")

const struct advice_row advice_dane[] = {
    {FINDING_DANE_ACTIVE,
     {.meaning = N_("Senders with DANE check the certificate against the TLSA records, whatever "
                    "CA issued it, and do not deliver if it does not match. MTA-STS serves the "
                    "senders that do not know DANE; the two get along."),
      .causes = LINES(N_("DNSSEC and TLSA records were set up for the MX hosts.")),
      .fix = LINES(N_("Nothing has to be done at present."), FIX_SINGLE, FIX_PINNED, FIX_ROLLOVER),
      .commands = LINES(DIG_TLSA, "delv MX {domain}")}},

    {FINDING_DANE_TLSA_MISMATCH,
     {.meaning = N_("Senders with DANE do not deliver to this host, whatever the MTA-STS policy "
                    "says and however good the certificate is otherwise. They try the other MX "
                    "hosts; if none is left they queue the mail and return it after some days."),
      .causes = LINES(
          N_("The certificate was renewed with a new key, and the TLSA record still belongs to the "
             "old one."),
          N_("The record pins a CA certificate (usage 2), and the CA issues from another one now; "
             "or the server does not send that certificate."),
          N_("The record fits, but it is of usage 2, and the certificate has expired or names "
             "another host."),
          N_("Beside the renewed record stands an old one with a stronger digest, which counts "
             "alone."),
          N_("The host moved to another server or provider, and the record was left."),
          N_("The record was made from the wrong file, or with the wrong selector.")),
      .fix = LINES(
          FIX_TLSA, FIX_UNSENT, FIX_DATES, FIX_NAMES,
          N_("Publish the right record at _25._tcp.{host}, or put the certificate back that the "
             "records describe; until then delete the TLSA records if mail is being refused."),
          FIX_ROLLOVER),
      .commands = LINES(DIG_TLSA, TLSA_NOW, DANE_TEST)}},

    {FINDING_DANE_TLSA_MISPLACED,
     {.meaning = N_("DANE for mail goes by the name of the MX host, not by that of the domain. The "
                    "records protect nothing and harm nothing."),
      .causes = LINES(N_("The record was made by a tool for web servers, or with the domain in "
                         "place of the MX host.")),
      .fix =
          LINES(N_("Publish a record for each MX host:\n| _25._tcp.{host}. 3600 IN TLSA {right}"),
                N_("Then delete the records at _25._tcp.{domain}."), FIX_ROLLOVER),
      .commands = LINES("dig +short TLSA _25._tcp.{domain}", DIG_TLSA, TLSA_NOW)}},

    {FINDING_DANE_TLSA_UNUSABLE,
     {.meaning = N_("Senders with DANE see that there are TLSA records and insist on encryption, "
                    "but cannot use any of them to recognise the host: an attacker who puts "
                    "himself in between stays unnoticed."),
      .causes =
          LINES(N_("The records have usage 0 or 1 (PKIX-TA, PKIX-EE), which SMTP does not know."),
                N_("The digest is too short or too long: text was lost when it was copied, or the "
                   "matching type names another digest."),
                N_("A parameter is mistyped.")),
      .fix = LINES(N_("Publish a record with usage 3, selector 1 and matching type 1 at "
                      "_25._tcp.{host}: the SHA-256 of the public key of the host's "
                      "certificate."),
                   FIX_ROLLOVER),
      .commands = LINES(DIG_TLSA, TLSA_NOW)}},

    {FINDING_DANE_TLSA_UNSIGNED,
     {.meaning = N_("Without DNSSEC anybody on the way could have made up the answer, so DANE "
                    "protects nothing. Senders ignore TLSA records that are not signed; below MX "
                    "records that are not, some apply them (Postfix) and some do not. MTA-STS is "
                    "not affected."),
      .causes = LINES(
          N_("The zone is not signed, or was moved to a DNS provider that does not sign."),
          N_("The zone is signed, but the registrar has no DS record for it."),
          N_("The mail provider's zone is signed and this domain, whose MX records lead there, is "
             "not.")),
      .fix = LINES(
          N_("Switch DNSSEC on at the DNS provider of {domain} and of {host}, and enter the DS "
             "record at the registrar."),
          N_("If you do not want DANE, delete the TLSA records of hosts that are yours; those of "
             "a provider may stay.")),
      .commands = LINES("dig +short DS {domain}", "delv MX {domain}", DIG_TLSA)}},

    {FINDING_DANE_LOOKUP_FAILED,
     {.meaning = N_("A sender with DANE must not deliver while it cannot find out whether a host "
                    "in a signed zone has TLSA records: an attacker might hide them. It keeps the "
                    "mail in its queue and returns it after some days. Other senders deliver."),
      .causes = LINES(
          N_("The name servers, or a firewall before them, drop or refuse questions for types they "
             "do not know."),
          N_("The signatures over _25._tcp, or over the proof that it does not exist (NSEC, "
             "NSEC3), are wrong or have expired."),
          N_("_25._tcp was delegated to servers that do not answer.")),
      .fix = LINES(
          N_("Ask each name server of the zone for TLSA _25._tcp.{host}: each must answer with "
             "records or with a signed denial, never with an error or silence."),
          N_("Sign the zone again, or update the name server's software; remove the DNSSEC chain "
             "(the DS record) only if nothing else helps.")),
      .commands = LINES(DIG_TLSA, "delv TLSA _25._tcp.{host}", DIG_NS)}},

    {FINDING_DANE_STS_CONFLICT,
     {.meaning = N_("The same certificate is good for one half of the senders and bad for the "
                    "other, so some mail arrives and some does not, depending on who sends it. A "
                    "sender that knows both must satisfy both; in practice some let DANE decide "
                    "and a few MTA-STS."),
      .causes = LINES(
          N_("The certificate is self-signed or of a private CA, which DANE allows and MTA-STS "
             "does not."),
          N_("The certificate was renewed, and the TLSA record was not."),
          N_("The certificate has expired or names another host, which DANE with usage 3 passes "
             "over.")),
      .fix =
          LINES(N_("Give {host} a certificate of a public CA that names it, as MTA-STS needs, and "
                   "publish a TLSA record 3 1 1 of its key."),
                FIX_ROLLOVER),
      .commands = LINES(DIG_TLSA, MX_CERT, TLSA_NOW)}},

    LAST_ROW,
};
