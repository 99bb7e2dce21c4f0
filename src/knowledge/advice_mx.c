/* SPDX-License-Identifier: MIT */
/* advice_mx.c - what to know and to do about the MX hosts and the patterns that cover them. */
#include "knowledge/advice_rows.h"

#define MEANS_NOT_COVERED                                                                          \
    N_("In mode enforce, senders do not deliver to a host that no mx line covers, however good "   \
       "its TLS is. They try the other MX hosts; if none is left, they queue the mail and "        \
       "return it after some days. In testing mode they deliver and report validation-failure.")
#define MEANS_NO_MAIL_WAY                                                                          \
    N_("Senders cannot deliver to this host. They try the other MX hosts; if none is left, they "  \
       "queue the mail and return it after some days. This applies with and without MTA-STS.")

#define FIX_ADD_LINE                                                                               \
    N_("Add to the policy:\n"                                                                      \
       "| {right}")
#define FIX_ADD_HOSTS                                                                              \
    N_("The policy needs an mx line for every MX host that the DNS lists for {domain}, before "    \
       "its MX record is published.")
#define FIX_PROVIDERS                                                                              \
    N_("To see the lines that a provider requires, for example (--list names all providers):\n$ "  \
       "mtasts explain microsoft-365\n$ mtasts explain google-workspace\n$ mtasts explain --list")
#define FIX_PATTERN_NOTE N_("An asterisk matches exactly one label, the first.")
#define COMPARE          DIG("+short MX {domain}; " CURL_POLICY " | grep '^mx:'")

const struct advice_row advice_mx[] = {
    {FINDING_MX_LOOKUP_FAILED,
     {.meaning = N_("The mail route could not be determined from here, so the MX hosts were not "
                    "checked. Senders whose lookup fails too keep the mail in their queue and "
                    "try again."),
      .causes =
          LINES(N_("A name server of the domain, or of the MX host's domain, does not answer or "
                   "returns an error."),
                N_("The resolver used here is overloaded, refuses the query or has no network."),
                N_("If the same query succeeds with dig +cd, DNSSEC validation fails.")),
      .fix = LINES(N_("Query the name servers one by one and fix the one that fails."),
                   N_("If they all work, check again with another resolver:\n"
                      "$ mtasts check --resolver ADDRESS {domain}")),
      .commands = LINES(DIG("{name}"), DIG("MX {domain}"), DIG_NS)}},

    {FINDING_MX_DNSSEC_BOGUS,
     {.meaning = N_("Senders whose resolver validates DNSSEC cannot find the MX hosts: they keep "
                    "the mail in their queue and return it after some days. Senders behind other "
                    "resolvers deliver."),
      .causes =
          LINES(N_("The signatures have expired: the zone is not re-signed in time."),
                N_("The key was changed, but the DS record at the parent still belongs to the old "
                   "one."),
                N_("The zone moved to a provider that does not sign it, but the DS record was not "
                   "removed.")),
      .fix = LINES(
          N_("Compare the DS record at the parent with the DNSKEY records of the zone that "
             "contains {name}."),
          N_("If the signatures have expired, re-sign the zone; have the registrar publish the "
             "DS record of the current key, or remove it if the zone is not meant to be signed."),
          N_("Check with delv; old answers disappear from the resolvers when their TTL expires.")),
      .commands = LINES("delv {type} {host}", "delv MX {domain}", "dig +short DS {domain}")}},

    {FINDING_MX_IMPLICIT,
     {.meaning = N_("Senders deliver to the address of the domain itself, so the policy and the "
                    "certificate must name the domain. This is often the web server, which "
                    "accepts no mail."),
      .causes = LINES(N_("The MX record was forgotten, or deleted by mistake."),
                      N_("The domain is not meant to receive mail.")),
      .fix = LINES(
          N_("Publish an MX record with the name of your mail server: {domain}. 3600 IN MX 10 "
             "followed by the name and a dot."),
          N_("If {domain} is not meant to receive mail, publish a null MX:\n| {domain}. 3600 IN MX "
             "0 ."),
          N_("If mail should arrive at {domain} itself, the policy needs:\n"
             "| mx: {domain}")),
      .commands = LINES(DIG_MX, "dig +short {domain} A {domain} AAAA")}},

    {FINDING_MX_NULL,
     {.meaning = N_("Senders return mail to this domain at once. MTA-STS and TLS reporting do "
                    "not apply here."),
      .causes = LINES(N_("The domain publishes MX 0 . on purpose (RFC 7505).")),
      .fix = LINES(N_("There is nothing to do. If {domain} is meant to receive mail, replace "
                      "the null MX with the name of its mail server.")),
      .commands = LINES(DIG_MX)}},

    {FINDING_MX_HOST_MISSING,
     {.meaning = MEANS_NO_MAIL_WAY,
      .causes = LINES(N_("The name contains a typo."),
                      N_("The server was decommissioned and its address deleted, but the MX record "
                         "was not."),
                      N_("The host's domain has expired.")),
      .fix = LINES(N_("Delete the record \"{null_mx}\", or all the others if {domain} accepts no "
                      "mail: according to RFC 7505 it must be the only one."),
                   N_("{!implicit_host}Give {host} an address, or correct the MX record."),
                   N_("{!implicit_host}If the server no longer exists, delete its MX record."),
                   N_("Publish an MX record with the name of your mail server, for example:\n"
                      "| {implicit_host}. 3600 IN MX 10 mail.{implicit_host}."),
                   N_("If {implicit_host} is not meant to receive mail, publish a null MX:\n"
                      "| {implicit_host}. 3600 IN MX 0 ."),
                   N_("Delete mx: {pattern} from the policy only after the TTL of that record has "
                      "expired.")),
      .commands = LINES(DIG_HOST, DIG_MX)}},

    {FINDING_MX_FINAL_DOT_MISSING,
     {.meaning = MEANS_NO_MAIL_WAY,
      .causes = LINES(N_("In a zone file the name server appends the zone's name to every name "
                         "that does not end in a dot."),
                      N_("The name was entered without the dot in a DNS panel that requires it.")),
      .fix = LINES(N_("Add the final dot to the MX record:\n"
                      "| {domain}. 3600 IN MX {preference} {meant}."),
                   N_("Leave the policy as it is: it covers {covered} already."),
                   N_("Wait until the TTL of the old record has expired, then check again:\n"
                      "$ mtasts check {domain}")),
      .commands = LINES(DIG_MX)}},

    {FINDING_MX_TARGET_INVALID,
     {.meaning = N_("Senders look up the name in the DNS exactly as it is. If it is not an "
                    "internet host name, it points nowhere or to the sender's own machine; mail "
                    "is queued or returned, with or without MTA-STS."),
      .causes = LINES(N_("A template was published unchanged."),
                      N_("The name was entered with a final dot but without its domain."),
                      N_("The name of a container or service was used as a host name.")),
      .fix = LINES(N_("Publish the name that the policy covers:\n"
                      "| {domain}. 3600 IN MX {preference} {meant}."),
                   N_("Put the full name of your mail server into the MX record, for "
                      "example:\n"
                      "| {domain}. 3600 IN MX {preference} mail.{domain}."),
                   N_("If {domain} is not meant to receive mail, publish a null MX:\n| {domain}. "
                      "3600 IN MX 0 .")),
      .commands = LINES(DIG_MX)}},

    {FINDING_MX_ADDRESS_PRIVATE,
     {.meaning = N_("Senders on the internet cannot reach such an address. If the host has no "
                    "other, they queue the mail and return it after some days, with and without "
                    "MTA-STS."),
      .causes = LINES(N_("The record was created for the internal network, or copied from a hosts "
                         "file."),
                      N_("The server is behind NAT, and its internal address was published."),
                      N_("A placeholder from a template was left in the zone.")),
      .fix = LINES(N_("Instead of {addresses}, publish the address at which the internet "
                      "reaches {host}."),
                   N_("If {host} is for your own network only, delete its MX record."),
                   N_("Keep internal names in an internal zone or view that is not visible from "
                      "the internet.")),
      .commands = LINES(DIG_HOST)}},

    {FINDING_MX_RECORD_MISSING,
     {.meaning = N_("Without an MX record the domain itself is the mail host. In mode enforce, "
                    "senders do not deliver to it, because the policy does not cover it; in "
                    "testing mode they deliver and report validation-failure."),
      .causes = LINES(N_("The MX record was forgotten, or deleted by mistake."),
                      N_("Mail has arrived without one so far, because the domain's own address "
                         "is that of the mail server.")),
      .fix = LINES(
          N_("Publish the MX record:\n"
             "| {domain}. 3600 IN MX 10 {meant}."),
          N_("Leave the policy as it is; its id need not change."),
          N_("If mail should arrive at {domain} itself, the policy needs mx: {domain}, and the "
             "server needs a certificate for that name."),
          FIX_EMERGENCY),
      .commands = LINES(DIG_MX)}},

    {FINDING_MX_HOST_CNAME,
     {.meaning = N_("The standard requires a name with its own address. Most senders follow the "
                    "alias. Policy and certificate must name the host of the MX record, not the "
                    "alias's target."),
      .causes = LINES(N_("The MX record names a convenient alias of another host, such as mail.")),
      .fix = LINES(
          N_("Name the host itself in the MX record, now {cname}; add mx: {cname} to the policy "
             "and publish a new id before that."),
          N_("Or replace the alias {host} with A and AAAA records.")),
      .commands = LINES("dig +short CNAME {host}", DIG_MX)}},

    {FINDING_MX_IP_LITERAL,
     {.meaning =
          N_("An MX record must contain a host name. Many senders cannot deliver to an address, "
             "and no mx line or certificate can cover it."),
      .causes = LINES(N_("The address was entered in the field for the name.")),
      .fix = LINES(
          N_("Give the server a name with this address, for example mail.{domain}, and use "
             "that name in the MX record:\n"
             "| {domain}. 3600 IN MX 10 mail.{domain}."),
          N_("The policy needs mx: mail.{domain}, and the server needs a certificate for that "
             "name.")),
      .commands = LINES(DIG_MX)}},

    {FINDING_MX_NOT_COVERED,
     {.meaning = MEANS_NOT_COVERED,
      .causes = LINES(
          N_("An MX host was added or the provider changed, but the policy was not."),
          N_("The wildcard is missing, for example mx: mail.protection.outlook.com instead of "
             "mx: *.mail.protection.outlook.com."),
          N_("A typo in the mx line or in the MX record."),
          N_("The host serves only as a backup MX and was overlooked.")),
      .fix = LINES(FIX_ADD_LINE, FIX_NEW_ID, FIX_ADD_HOSTS, FIX_PROVIDERS, FIX_EMERGENCY),
      .commands = LINES(COMPARE)}},

    {FINDING_MX_NONE_COVERED,
     {.meaning = N_("In mode enforce, no sender that honors MTA-STS can deliver any mail: it "
                    "stays in the queues and is returned after some days. In testing mode they "
                    "deliver and report; senders without MTA-STS deliver anyway."),
      .causes = LINES(N_("Mail was moved to another provider, but the policy still names the "
                         "servers of the former one."),
                      N_("The wildcard is missing or at the wrong level."),
                      N_("The policy of another domain was copied.")),
      .fix = LINES(FIX_ADD_LINE,
                   N_("Keep the old mx lines until the TTL of the old MX record has expired."),
                   FIX_NEW_ID, FIX_ADD_HOSTS, FIX_PROVIDERS, FIX_EMERGENCY),
      .commands = LINES(COMPARE)}},

    {FINDING_MX_PATTERN_UNUSED,
     {.meaning = N_("The line covers none of the current MX hosts. It does not harm mail, but "
                    "whoever controls that name may receive yours if DNS is tampered with."),
      .causes =
          LINES(N_("It belongs to a former provider or a decommissioned server."),
                N_("It is prepared for a backup MX or a planned move."), N_("It contains a typo.")),
      .fix = LINES(N_("Nobody owns {name}: delete mx: {pattern} now, or register the domain."),
                   N_("If it is not needed, delete mx: {pattern}, but not before the TTL of the "
                      "last MX record that used it has expired."),
                   FIX_NEW_ID, N_("If it is prepared for a move, leave it.")),
      .commands = LINES(COMPARE)}},

    {FINDING_MX_PATTERN_IS_POLICY_HOST,
     {.meaning = N_("The mx lines must name the mail servers; the policy host only serves the "
                    "file. This line covers no MX host, and senders that enforce the policy do "
                    "not deliver to hosts that no line covers."),
      .causes = LINES(N_("The name of the policy host was used as the value of mx, often from a "
                         "template in a guide.")),
      .fix = LINES(N_("Replace mx: {policy_host} with:\n"
                      "| {right}"),
                   FIX_NEW_ID, FIX_ADD_HOSTS, FIX_EMERGENCY),
      .commands = LINES(COMPARE)}},

    {FINDING_MX_WILDCARD_DEPTH,
     {.meaning = N_("An asterisk matches one label, but this host has more. Senders that follow "
                    "the standard do not deliver to it in mode enforce; some senders accept it, "
                    "so part of the mail arrives."),
      .causes = LINES(N_("The wildcard was written for hosts one level higher."),
                      N_("A well-known example covers less than it seems to: *.google.com does not "
                         "cover aspmx.l.google.com, *.mx.microsoft does not cover a host with two "
                         "labels before it.")),
      .fix = LINES(FIX_ADD_LINE, FIX_NEW_ID, FIX_PATTERN_NOTE, FIX_PROVIDERS, FIX_EMERGENCY),
      .commands = LINES(COMPARE)}},

    {FINDING_MX_PROVIDER_PATTERN,
     {.meaning = N_("Mail arrives today. If the provider starts using another of its hosts, or "
                    "you add one to the MX records, senders that enforce the policy do not "
                    "deliver to it."),
      .causes = LINES(N_("Only the hosts that the MX records name today were copied into the "
                         "policy."),
                      N_("The provider has added hosts since the policy was written.")),
      .fix = LINES(FIX_ADD_LINE, FIX_NEW_ID, FIX_PROVIDERS),
      .commands = LINES(DIG_MX, COMPARE)}},

    {FINDING_MX_UNREACHABLE,
     {.meaning = MEANS_NO_MAIL_WAY,
      .causes = LINES(N_("The mail server is down or does not listen on this port."),
                      N_("A firewall or the hosting provider blocks port 25 to the server."),
                      N_("The address in DNS is that of a former server or a private one.")),
      .fix = LINES(
          N_("Check whether the server listens: ss -ltn 'sport = :25' on {host}; start it, or "
             "correct A and AAAA."),
          N_("Open port 25 to the whole internet in the firewall and at the hosting provider."),
          N_("If the host is being decommissioned, delete its MX record now, and its mx line "
             "after the TTL of the MX record has expired.")),
      .commands = LINES("nc -vz {address} {smtp_port}", DIG_HOST)}},

    {FINDING_MX_ADDRESS_UNREACHABLE,
     {.meaning = N_("Senders that try this address first lose time and then use the next one. "
                    "Senders with only this address family cannot deliver to the host."),
      .causes = LINES(N_("An AAAA record was created, but the mail server listens only on IPv4."),
                      N_("An old address was left in DNS when the server moved."),
                      N_("A firewall opens port 25 only for one address family.")),
      .fix = LINES(N_("Make the mail server listen at {address}, port {smtp_port} (Postfix: "
                      "inet_protocols = all), or delete this address of {host} from DNS."),
                   N_("Open port 25 for both families in the firewall.")),
      .commands = LINES("nc -vz {address} {smtp_port}", DIG_HOST)}},

    {FINDING_MX_PORT25_BLOCKED,
     {.meaning = N_("The MX hosts could not be checked from this network. This says nothing "
                    "about your mail: not even well-known mail servers answer on port 25 from "
                    "here."),
      .causes = LINES(
          N_("The access or cloud provider blocks outgoing connections to port 25, as most do "
             "for home and new cloud customers."),
          N_("Your own firewall allows only the mail server to use port 25.")),
      .fix = LINES(N_("Check again from a machine that may use port 25, for example the mail "
                      "server itself."),
                   N_("Or observe there and evaluate here:\n"
                      "$ mtasts observe {domain} > facts.json\n"
                      "$ mtasts check --from facts.json"),
                   N_("To skip the MX hosts:\n"
                      "$ mtasts check --no-smtp {domain}")),
      .commands = LINES("nc -vz {address} {smtp_port}", "nc -vz gmail-smtp-in.l.google.com 25")}},

    {FINDING_MX_GREETING_REJECTED,
     {.meaning = N_("The host rejected the address this check came from. It may treat other "
                    "senders differently, so it was not checked further."),
      .causes = LINES(
          N_("The address is on a block list, or is a dial-up address without a matching reverse "
             "name."),
          N_("The server is overloaded, or limits connections or errors per client (4xx)."),
          N_("The host is no longer used for mail and rejects everyone.")),
      .fix =
          LINES(N_("Read the reply; it usually names the block list. The log of {host} shows the "
                   "reason."),
                N_("Check again from a network with a mail server, using --helo with the name that "
                   "its address has in reverse DNS."),
                N_("If the reply mentions too many connections, check again a few minutes later."),
                N_("If {host} rejects everyone, remove it from the MX records.")),
      .commands = LINES(SMTP_TALK, MX_TLS "</dev/null")}},

    {FINDING_MX_TIMEOUT,
     {.meaning = N_("The host accepted the connection but then stayed silent. Patient senders "
                    "wait for minutes; others move on to the next MX host or queue the mail."),
      .causes = LINES(
          N_("The server delays its greeting on purpose to deter spammers, longer than this check "
             "waits."),
          N_("The server is overloaded, or waits for a DNS lookup or a block list."),
          N_("A firewall that inspects SMTP swallows a command.")),
      .fix = LINES(
          N_("Give the check more time:\n"
             "$ mtasts check --timeout 120 {domain}"),
          N_("The time was spent in the phase \"{phase}\"; check the log of {host} for that "
             "time."),
          N_("Turn off SMTP inspection in the firewall (\"SMTP fixup\", \"ESMTP inspection\").")),
      .commands = LINES(SMTP_TALK, MX_TLS "</dev/null")}},

    LAST_ROW,
};
