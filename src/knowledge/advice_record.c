/* SPDX-License-Identifier: MIT */
/* advice_record.c - what to know and to do about the TXT record at _mta-sts. */
#include "knowledge/advice_rows.h"

#define CAUSE_PANEL_NAME                                                                           \
    N_("The DNS panel appends the domain to the name, so the name contains it twice.")

/* Of servers of one zone that answer differently, whichever record it is. */
#define SERVERS_DIFFER                                                                             \
    .causes = LINES(                                                                               \
        N_("The change is a few minutes old, and the secondary servers have not fetched the "      \
           "zone yet."),                                                                           \
        N_("The serial number of the zone was not increased, so the secondaries do not see that "  \
           "it has changed."),                                                                     \
        N_("A secondary can no longer fetch the zone: a firewall, a changed address, a key."),     \
        N_("The domain is delegated to the servers of two DNS providers, but the record was "      \
           "changed at only one of them.")),                                                       \
    .fix = LINES(                                                                                  \
        N_("{behind} has the oldest zone: check its log to find out why it does not fetch a "      \
           "newer one."),                                                                          \
        N_("Increase the serial number of the SOA record and make the primary notify the "         \
           "secondaries (rndc notify, pdnsutil, nsd-control transfer)."),                          \
        N_("With two DNS providers, make the same change at both, or remove the former "           \
           "provider's servers from the delegation."),                                             \
        N_("Then wait for the TTL to expire and check again:\n"                                    \
           "$ mtasts check {domain}"))

const struct advice_row advice_record[] = {
    {FINDING_DOMAIN_NONEXISTENT,
     {.meaning = N_("Mail to this domain is returned at once, and nothing can be published for it. "
                    "After registration or delegation, resolvers may still report it as "
                    "nonexistent for some minutes."),
      .causes = LINES(N_("The name contains a typo."),
                      N_("The registration has expired, or the registry has suspended it."),
                      N_("It is a subdomain for which nothing is published in the DNS.")),
      .fix = LINES(N_("Check the domain you meant:\n"
                      "$ mtasts check {meant}"),
                   N_("Compare the spelling of {domain} with the address that mail is sent to."),
                   N_("If the domain is yours, check at the registrar whether it has expired "
                      "and which name servers it is delegated to.")),
      .commands = LINES(DIG("SOA {domain}"))}},

    {FINDING_STS_RECORD_MISSING,
     {.meaning = MEANS_NO_RECORD,
      .causes =
          LINES(N_("MTA-STS was never set up, or only the policy file was."),
                N_("The record is new: resolvers remember for a while that it did not exist. The "
                   "zone's SOA record says for how long."),
                CAUSE_PANEL_NAME,
                N_("The record was entered at a DNS provider that does not serve the zone.")),
      .fix = LINES(
          N_("First make sure that {policy_host} serves the policy: senders fetch it as soon as "
             "they see the record."),
          FIX_RECORD_TEXT,
          N_("If the DNS panel appends the domain, enter only _mta-sts as the name, and the "
             "text without quotation marks."),
          N_("If the record is already published, wait: a resolver that queried it just before "
             "may return a cached denial for up to {negative_ttl} seconds, until "
             "{denied_until} at the latest.")),
      .commands = LINES(DIG_RECORD, "dig +noall +authority TXT {record_name}", DIG_NS)}},

    {FINDING_STS_RECORD_LOOKUP_FAILED,
     {.meaning = N_("Whether the record exists could not be determined from here. Senders whose "
                    "lookup fails too behave as if there were no MTA-STS, unless they have a "
                    "cached policy, which remains in force."),
      .causes =
          LINES(N_("A name server of the domain does not answer, or returns an error."),
                N_("The parent zone delegates to servers that do not host the domain."),
                N_("The resolver used here is overloaded, refuses the query or has no network.")),
      .fix = LINES(
          N_("Query each name server of {domain} individually and fix the one that fails."),
          N_("If the same query succeeds with dig +cd, DNSSEC validation fails: compare the DS "
             "record at the parent with the keys in the zone."),
          N_("If the name servers all work, check again with another resolver:\n"
             "$ mtasts check --resolver ADDRESS {domain}")),
      .commands = LINES("dig TXT {record_name}", DIG_NS, "dig +cd TXT {record_name}")}},

    {FINDING_STS_RECORD_DNSSEC_BOGUS,
     {.meaning = N_("Resolvers that validate DNSSEC return an error. Senders behind them see no "
                    "record and no new policy; a cached policy remains in force. Often the same "
                    "senders cannot find the MX hosts either."),
      .causes =
          LINES(N_("The signatures have expired: the zone is not re-signed in time."),
                N_("The key was changed, but the DS record at the parent still belongs to the old "
                   "one."),
                N_("The zone moved to a provider that does not sign it, but the DS record was not "
                   "removed.")),
      .fix = LINES(
          N_("Read the validator's message and compare the DS record at the parent with the "
             "DNSKEY records of the zone."),
          N_("If the signatures have expired, re-sign the zone; have the registrar publish the "
             "DS record of the current key, or remove it if the zone is not meant to be signed."),
          N_("Check with delv; old answers disappear from the resolvers when their TTL expires.")),
      .commands = LINES("delv TXT {record_name}", "dig +short DS {domain}",
                        "dig +cd +dnssec TXT {record_name}")}},

    {FINDING_STS_RECORD_MULTIPLE,
     {.meaning = N_("With more than one record that begins with v=STSv1; senders must behave as "
                    "if there were none: no sender discovers the policy. A cached policy "
                    "remains in force until its max_age expires."),
      .causes = LINES(
          N_("A record with a new id was added, but the old one was not deleted."),
          N_("Two systems publish it: the zone file and a hosting service, or two DNS providers "
             "that both serve the zone.")),
      .fix = LINES(
          N_("Delete all but one of the records at {record_name}."), FIX_RECORD_TEXT,
          N_("If the name servers return different records, bring them to the same version of "
             "the zone.")),
      .commands = LINES(DIG_RECORD, DIG_NS)}},

    {FINDING_STS_RECORD_VERSION_INVALID,
     {.meaning = N_("Senders discard a TXT record that does not begin with exactly v=STSv1; and "
                    "then behave as if the domain had no MTA-STS. A cached policy remains in "
                    "force until its max_age expires."),
      .causes =
          LINES(N_("A typo, for example v=STS1 or v=STSv10, or wrong capitalization."),
                N_("The version is not the first field, or the semicolon after it is missing."),
                N_("There is whitespace around the equals sign.")),
      .fix = LINES(N_("Replace \"{text}\" with:\n"
                      "| {right}"),
                   FIX_RECORD_TEXT, FIX_ONE_FIELD,
                   N_("Capitalization matters: in v=STSv1, S, T and S are upper case and both v "
                      "are lower case.")),
      .commands = LINES(DIG_RECORD)}},

    {FINDING_STS_RECORD_ID_MISSING,
     {.meaning = N_("A record without an id is invalid: senders behave as if the domain had no "
                    "MTA-STS. A cached policy remains in force until its max_age expires."),
      .causes = LINES(
          N_("Only the version was entered: v=STSv1;"),
          N_("The field has another name or a capital letter (ID=), or there is a colon instead "
             "of the equals sign.")),
      .fix = LINES(FIX_RECORD_TEXT, FIX_ONE_FIELD,
                   N_("The id can be any text of 1 to 32 letters and digits. Use the time of "
                      "the last change, and change it with every change of the policy.")),
      .commands = LINES(DIG_RECORD, "date -u +%Y%m%d%H%M%S")}},

    {FINDING_STS_RECORD_ID_INVALID,
     {.meaning = N_("The id may contain only letters and digits, 1 to 32 of them. Senders "
                    "reject the record and behave as if the domain had no MTA-STS; a cached "
                    "policy remains in force until its max_age expires."),
      .causes = LINES(N_("A date with hyphens, dots or colons, for example 2026-01-31."),
                      N_("A UUID, which has hyphens and is longer than 32 characters."),
                      N_("An empty id, or one with an invisible character at its end.")),
      .fix = LINES(FIX_RECORD_TEXT, FIX_ONE_FIELD,
                   N_("Build the id from the time without separators: year, month, day, hour, "
                      "minute, second.")),
      .commands = LINES(DIG_RECORD, "date -u +%Y%m%d%H%M%S")}},

    {FINDING_STS_RECORD_SYNTAX_INVALID,
     {.meaning = N_("The record violates the grammar of the standard. Senders that check it "
                    "behave as if the domain had no MTA-STS; a cached policy remains in force "
                    "until its max_age expires."),
      .causes = LINES(
          N_("A comma or a space separates the fields instead of a semicolon."),
          N_("A field has no equals sign or no value, or its value contains a space."),
          N_("Characters outside ASCII, such as a typographic quotation mark or a non-breaking "
             "space, were copied from a web page.")),
      .fix = LINES(FIX_RECORD_TEXT, FIX_ONE_FIELD,
                   N_("Leave out all other fields: none is defined so far.")),
      .commands = LINES(DIG_RECORD)}},

    {FINDING_STS_RECORD_POLICY_PASTED,
     {.meaning = N_("The policy belongs in a file on the policy host, not in the DNS. Senders "
                    "find no valid record and behave as if the domain had no MTA-STS."),
      .causes = LINES(N_("The record and the policy file were confused."),
                      N_("The generator's output for the file was pasted into the DNS panel.")),
      .fix = LINES(N_("Move the lines version, mode, mx and max_age into the file {policy_url}, "
                      "one field per line."),
                   N_("Then leave only version and id in DNS:\n"
                      "| {record_name}. 3600 IN TXT \"v=STSv1; id={new_id}\"")),
      .commands = LINES(DIG_RECORD, CURL_POLICY)}},

    {FINDING_STS_RECORD_QUOTED,
     {.meaning = N_("The quotation marks or backslashes are part of the text, so it does not "
                    "begin with v=STSv1; or its id is invalid. Senders behave as if the domain "
                    "had no MTA-STS."),
      .causes =
          LINES(N_("The text was entered with quotation marks in a DNS panel that adds its own."),
                N_("A script escaped the semicolon or quoted the text twice.")),
      .fix = LINES(FIX_ONE_FIELD,
                   N_("In a zone file, write one pair of quotation marks and no backslash:\n"
                      "| {record_name}. 3600 IN TXT \"v=STSv1; id={new_id}\""),
                   N_("dig must show one pair of quotation marks, without a backslash.")),
      .commands = LINES(DIG_RECORD)}},

    {FINDING_STS_RECORD_MISPLACED,
     {.meaning = N_("Senders query only {record_name}. They never see a record at another name "
                    "and behave as if the domain had no MTA-STS."),
      .causes =
          LINES(CAUSE_PANEL_NAME,
                N_("The record was entered for the domain itself or for mta-sts, without the "
                   "underscore."),
                N_("The name contains a typo, for example an underscore instead of the hyphen.")),
      .fix =
          LINES(N_("Publish the same text at {record_name}, and delete the record at {found_at}."),
                FIX_RECORD_TEXT,
                N_("If the DNS panel appends the domain, enter only _mta-sts as the name.")),
      .commands = LINES(DIG_RECORD, "dig +short TXT {found_at}")}},

    {FINDING_STS_RECORD_WILDCARD,
     {.meaning = MEANS_NO_RECORD,
      .causes = LINES(
          N_("The zone has a wildcard TXT record (*.{domain}), often an SPF record for all "
             "subdomains, and MTA-STS was never set up."),
          N_("The MTA-STS record was deleted, or entered under another name; the wildcard hides "
             "its absence.")),
      .fix = LINES(
          N_("First make sure that {policy_host} serves the policy: senders fetch it as soon as "
             "they see the record."),
          FIX_RECORD_TEXT,
          N_("A record at {record_name} itself replaces the wildcard there; the wildcard may "
             "stay.")),
      .commands = LINES(DIG_RECORD, DIG("+short TXT no-such-name.{domain}"))}},

    {FINDING_STS_RECORD_NOT_PROPAGATED,
     {.meaning = N_("Which record a sender sees depends on the name server that its resolver "
                    "happens to query. Some senders do not learn of the new policy, or see no "
                    "record at all; those with a cached policy use that."),
      SERVERS_DIFFER,
      .commands = LINES("dig +norecurse TXT {record_name} @{behind}", DIG_NS, DIG_RECORD)}},

    {FINDING_NAME_SERVERS_DIFFER,
     {.meaning = N_("Which answer a sender gets depends on the name server that its resolver "
                    "happens to query, so senders treat {domain} differently. Do not change the "
                    "policy until the name servers agree."),
      SERVERS_DIFFER,
      .commands = LINES("dig +norecurse {name} {type} @{behind}", DIG_NS)}},

    {FINDING_STS_RECORD_DUPLICATE_FIELD,
     {.meaning = N_("According to the standard, the first of two fields counts; some senders "
                    "use the last, others reject the record and behave as if the domain had no "
                    "MTA-STS."),
      .causes = LINES(N_("A new id was added after the old one."),
                      N_("Two records were merged into one.")),
      .fix = LINES(N_("Keep each field once."), FIX_RECORD_TEXT, FIX_ONE_FIELD),
      .commands = LINES(DIG_RECORD)}},

    {FINDING_STS_RECORD_VERSION_SPACING,
     {.meaning = N_("The standard contradicts itself about whitespace before the first "
                    "semicolon. Some senders discard such a record and behave as if the domain "
                    "had no MTA-STS."),
      .causes = LINES(N_("The record was typed or generated as v=STSv1 ; id=...")),
      .fix = LINES(N_("Remove the whitespace before the semicolon."), FIX_RECORD_TEXT),
      .commands = LINES(DIG_RECORD)}},

    {FINDING_STS_RECORD_TRAILING_SPACE,
     {.meaning = N_("The grammar allows no whitespace at the end. Strict senders reject the "
                    "record and behave as if the domain had no MTA-STS; most ignore it."),
      .causes = LINES(N_("The text was copied with a trailing space or line break.")),
      .fix = LINES(N_("Remove everything after the id or its semicolon."), FIX_RECORD_TEXT),
      .commands = LINES(DIG_RECORD)}},

    {FINDING_STS_RECORD_UNRELATED_TXT,
     {.meaning = N_("Senders ignore TXT records that do not begin with v=STSv1; so these are "
                    "harmless. Some checkers wrongly report them as errors."),
      .causes = LINES(N_("A wildcard TXT record of the zone answers here too."),
                      N_("A verification token of some service is published at this name.")),
      .fix = LINES(N_("There is nothing to do; remove what is not needed at {record_name}.")),
      .commands = LINES(DIG_RECORD)}},

    {FINDING_STS_RECORD_CNAME_DANGLING,
     {.meaning = N_("The alias points to a name where nothing is published. Senders behave as "
                    "if the domain had no MTA-STS; whoever can register the target controls "
                    "your record."),
      .causes = LINES(N_("The contract with the MTA-STS service has ended, or the domain was "
                         "never added there."),
                      N_("The target contains a typo, or lacks its final dot in the zone file.")),
      .fix = LINES(
          N_("Have the service set up {domain} and publish its record, or correct the target."),
          N_("Or delete the CNAME and publish the record yourself:\n"
             "| {record_name}. 3600 IN TXT \"v=STSv1; id={new_id}\""),
          N_("Do the same for {policy_host}: both names must point to the same service.")),
      .commands = LINES("dig CNAME {record_name} +short", DIG_RECORD, "dig TXT {cname}")}},

    {FINDING_STS_RECORD_TTL_HIGH,
     {.meaning = N_("Resolvers keep the record for more than a day. When you change the policy "
                    "or roll it back in an emergency, senders see the new id correspondingly "
                    "late."),
      .causes = LINES(N_("The zone's default TTL is intended for records that never change.")),
      .fix = LINES(N_("Set a TTL of 300 to 3600 seconds:\n"
                      "| {record_name}. 3600 IN TXT \"v=STSv1; id={id}\""),
                   N_("Lower the TTL at {record_name} to at most 3600 seconds; the id may stay.")),
      .commands = LINES("dig +noall +answer TXT {record_name}")}},

    {FINDING_RESOLVER_UNREACHABLE,
     {.meaning = N_("Nothing could be looked up from this machine. This says nothing about the "
                    "domain or its mail."),
      .causes = LINES(N_("This machine is offline, or a firewall blocks DNS (port 53)."),
                      N_("The resolver in /etc/resolv.conf is down, or refuses queries from "
                         "this machine.")),
      .fix = LINES(N_("See what works from here and what does not:\n"
                      "$ mtasts selftest"),
                   N_("Check with another resolver:\n"
                      "$ mtasts check --resolver ADDRESS {domain}"),
                   N_("If port 53 is open, resolve from the root servers down:\n"
                      "$ mtasts check --resolver none {domain}")),
      .commands = LINES(DIG("MX {domain}"))}},

    {FINDING_RESOLVER_NO_DNSSEC,
     {.meaning = N_("This concerns the network of the check, not the domain: whether zones are "
                    "signed correctly cannot be determined through this resolver. Mail servers "
                    "behind it cannot use DANE."),
      .causes = LINES(N_("The resolver of a cloud network, a home router, a container or a "
                         "virtual machine forwards queries but drops DNSSEC records."),
                      N_("A firewall drops large DNS answers or those with EDNS.")),
      .fix = LINES(N_("Check with a resolver that returns DNSSEC signatures:\n"
                      "$ mtasts check --resolver ADDRESS {domain}"),
                   N_("If port 53 is open, resolve from the root servers down:\n"
                      "$ mtasts check --resolver none {domain}"),
                   N_("To query this resolver without any validation:\n"
                      "$ mtasts check --trust-anchor none {domain}")),
      .commands = LINES(DIG("+dnssec . DNSKEY"))}},

    {FINDING_RESOLVER_FILTERS,
     {.meaning = N_("This concerns the network of the check, not the domain. Mail servers "
                    "behind this resolver cannot fetch the policy or deliver mail."),
      .causes = LINES(N_("The resolver is a filter (ad blocker, parental control, company "
                         "blocklist) and has the host on its list.")),
      .fix = LINES(N_("Allow the host in the filter, or use a resolver that does not filter:\n"
                      "$ mtasts check --resolver ADDRESS {domain}")),
      .commands = LINES(DIG("A {policy_host}"))}},

    {FINDING_DNSSEC_FAULT_UNCONFIRMED,
     {.meaning = N_("If the fault is in the domain, other validating senders see it as well; if "
                    "it is in the resolver, only those behind that resolver do."),
      .causes =
          LINES(N_("This network allows only its own resolver to query name servers (port 53).")),
      .fix = LINES(N_("Check with another resolver; if the fault remains, it is in the "
                      "domain:\n"
                      "$ mtasts check --resolver ADDRESS {domain}")),
      .commands = LINES(DIG("+dnssec SOA {domain}"))}},

    {FINDING_TRUST_ANCHOR_WRONG,
     {.meaning = N_("This concerns the machine of the check, not the domain: with this trust "
                    "anchor, no DNSSEC signature can be validated."),
      .causes = LINES(N_("The file is out of date: the root has changed its key."),
                      N_("The file is that of another DNS root, such as a laboratory's.")),
      .fix = LINES(N_("Use the trust anchor that IANA publishes; on Debian:\n"
                      "$ apt install dns-root-data"),
                   N_("Then check again with that file:\n"
                      "$ mtasts check --trust-anchor /usr/share/dns/root.key {domain}")),
      .commands = LINES(DIG("+dnssec . DNSKEY"))}},

    {FINDING_OWN_SHORTAGE,
     {.meaning = N_("Lookups or connections failed because the machine or process that runs the "
                    "check lacks memory, open files or local ports. This says nothing about the "
                    "domain."),
      .causes = LINES(N_("A limit of the shell, the service or the container is too low: ulimit, "
                         "LimitNOFILE= or MemoryMax= of systemd, --ulimit of docker."),
                      N_("Too many domains are being checked at the same time, or other "
                         "programs use up the machine's resources."),
                      N_("The clock was set, or the machine was suspended, while the check was "
                         "running.")),
      .fix = LINES(N_("Allow more open files, then check again:\n$ ulimit -n {file_limit}"),
                   N_("Remove the memory limit, then check again:\n"
                      "$ ulimit -v {memory_limit}"),
                   N_("Allow more local ports, then check again:\n$ sysctl -w "
                      "net.ipv4.ip_local_port_range='{port_range}'"),
                   N_("Check that the clock is correct ({clock}), then check again:\n"
                      "$ timedatectl"),
                   N_("Check fewer domains at a time:\n"
                      "$ mtasts check --jobs 1 {domain}")),
      .commands = LINES("ulimit -a")}},

    {FINDING_CHECK_INTERRUPTED,
     {.meaning = N_("The check was stopped while lookups or connections were still in progress. "
                    "The result says nothing about what it had not observed by then."),
      .causes = LINES(N_("Ctrl-C was pressed."),
                      N_("A script or service manager ended the check with SIGTERM, for example "
                         "because of a time limit shorter than that of the check.")),
      .fix = LINES(N_("Check again and let the check finish. It takes 60 seconds per domain at "
                      "most; --timeout changes that:\n"
                      "$ mtasts check {domain}")),
      .commands = LINES("mtasts check {domain}")}},

    {FINDING_CHECK_PARTIAL,
     {.meaning =
          N_("A check has limits, so that no domain can delay the others: 32 MX hosts, 16 "
             "addresses of each host and IP version, about 128 SMTP sessions, and 5 seconds of "
             "processor time. Anything beyond them was not checked, and the verdict does not cover "
             "it."),
      .causes =
          LINES(N_("There are more MX hosts or addresses than usual."),
                N_("The servers present certificates or use TLS parameters that take extremely "
                   "long to verify, perhaps on purpose.")),
      .fix = LINES(N_("Publish fewer addresses for {host}, or check those that were left out "
                      "yourself."),
                   N_("If the processor time was used up, use certificates of a public CA with "
                      "ECDSA or RSA keys of at most 4,096 bits.")),
      .commands = LINES(DIG_MX)}},

    LAST_ROW,
};
