/* SPDX-License-Identifier: MIT */
/* topic_terms.c - topics: the words of the trade. */
#include "knowledge/topic_rows.h"

const struct topic topic_terms[] = {
    {"mta-sts", "sts strict-transport-security rfc8461 rfc-8461", TOPIC_GROUP_TERM,
     TOPIC_APPENDIX_NONE, N_("Mandatory TLS for mail to a domain"),
     N_("In a policy that senders fetch over HTTPS, a domain says that its mail servers support "
        "TLS with verifiable certificates, and which hosts these are. Senders that follow it no "
        "longer fall back to clear text, nor deliver to a forged MX host. MTA-STS protects mail "
        "on its way to the domain; the mail that a domain sends is protected by the policies of "
        "its recipients."),
     LINES(N_("The certificate of the policy host does not name it: the most common fault of all."),
           N_("The record was published but the policy was not, or the reverse; senders need "
              "both."),
           N_("The policy does not name every MX host."),
           N_("The policy stays in testing mode forever, which protects nothing.")),
     LINES(ASK_CHECK, DIG_RECORD, CURL_POLICY),
     LINES(N_("See the state of the domain:\n$ mtasts check {domain}"), FIX_GENERATE,
           N_("From the first test to enforce:\n"
              "$ mtasts explain phases")),
     LINES("sts-record-missing", "policy-host-missing", "policy-not-found"), "RFC 8461",
     LINES("fundamentals", "phases", "tls-rpt", "dane")},

    {"tls-rpt", "tls-reporting smtp-tls-reporting tlsrpt-record rua rfc8460 rfc-8460",
     TOPIC_GROUP_TERM, TOPIC_APPENDIX_NONE,
     N_("Daily reports about TLS connections to a domain's mail servers"),
     N_("Once a day, senders report how many connections to your mail servers succeeded, which "
        "failed, and why, for MTA-STS and for DANE. They do so if the TXT record at "
        "{tlsrpt_name} names an address. Without it you learn of failures only when someone "
        "misses mail."),
     LINES(N_("The record is at a name other than {tlsrpt_name}."),
           N_("The version is misspelt, for example v=TLSRPT1 or v=TSLRPTv1; some guides have "
              "it wrong."),
           N_("The email address lacks its mailto: prefix."),
           N_("The mailbox belongs to the domain whose mail is being rejected, or nobody reads "
              "it.")),
     LINES(DIG_TLSRPT,
           "mtasts lint --tlsrpt-record 'v=TLSRPTv1; rua=mailto:tls-reports@example.com'"),
     LINES(N_("Publish exactly this, with an address that you read:\n"
              "| {tlsrpt_name}. 3600 IN TXT \"v=TLSRPTv1; rua=mailto:tls-reports@{domain}\""),
           N_("The address may be in another domain; no record there has to allow it."),
           N_("How to read the reports:\n$ mtasts explain reports")),
     LINES("tlsrpt-record-missing", "tlsrpt-rua-invalid"), "RFC 8460 section 3",
     LINES("reports", "tls-rpt-report", "result-types", "no-reports")},

    {"starttls", "start-tls", TOPIC_GROUP_TERM, TOPIC_APPENDIX_NONE,
     N_("How mail servers start TLS"),
     N_("A mail server offers STARTTLS in its reply to EHLO on port 25, and the connection "
        "continues encrypted. On its own that is opportunistic: a man in the middle can remove "
        "the offer, and the sender delivers in clear text. MTA-STS and DANE make it mandatory, "
        "with TLS 1.2 or newer and a verified certificate."),
     LINES(N_("TLS is not enabled in the mail server, or its certificate cannot be loaded."),
           N_("A firewall that inspects SMTP removes STARTTLS from the reply to EHLO."),
           N_("One of several MX hosts was forgotten, often the backup MX.")),
     LINES(CERT_OF_MX, "curl -v smtp://{host}:{smtp_port}"),
     LINES(N_("Enable TLS: in Postfix smtpd_tls_security_level = may, in Exim "
              "tls_advertise_hosts = *, each with certificate and key."),
           FIX_RENEW_MX_CERT),
     LINES("mx-starttls-missing", "mx-starttls-refused", "mx-tls-version-old"), "RFC 3207",
     LINES("certificate", "sni")},

    {"policy", "policy-file mta-sts.txt policies richtlinie policy-datei", TOPIC_GROUP_TERM,
     TOPIC_APPENDIX_NONE, N_("A small text file on the policy host"),
     N_("Four fields, one per line: version: STSv1, mode, max_age in seconds, and an mx line "
        "for each MX host or wildcard. Senders fetch it from exactly {policy_url}, with HTTP "
        "status 200 and a valid certificate, and keep it for max_age. Lines end with LF or "
        "CRLF; keys are in lower case; senders ignore fields they do not know."),
     LINES(N_("A web page is served instead of the file, with HTTP status 200."),
           N_("A key is misspelt, or the file contains a comment, a blank line or quotation "
              "marks."),
           N_("The policy was changed but the id was not, so senders do not fetch it.")),
     LINES(CURL_HEAD, CURL_POLICY " | mtasts lint -"),
     LINES(N_("A valid policy has one field per line, and an mx line for each MX host or "
              "wildcard:\n| version: STSv1\n| mode: testing\n| mx: mail.example.com\n| max_age: "
              "604800"),
           FIX_LINT, FIX_ORDER),
     LINES("policy-not-found", "policy-html", "policy-line-malformed"), "RFC 8461 section 3.2",
     LINES("mode", "mx", "max_age", "policy-host")},

    {"policy-host", "mta-sts-host mta-sts-subdomain policy-server policy-domain", TOPIC_GROUP_TERM,
     TOPIC_APPENDIX_NONE, N_("The web server at mta-sts in front of the domain"),
     N_("{policy_host} is a web server whose only purpose is to serve the policy. It needs an "
        "address (A, AAAA, or a CNAME to a hosting service), port 443, and a certificate that "
        "names it; no website and no mail. Of the domains whose MTA-STS does not work, five in "
        "six fail here, most of them because of the certificate."),
     LINES(CAUSE_CERT_NAME, CAUSE_NOT_SET_UP, N_("The file is missing or at another path."),
           N_("An AAAA record points to a server that does not know the name.")),
     LINES(DIG_POLICY, CERT_OF_POLICY_HOST, CURL_HEAD),
     LINES(N_("Point the name at your web server: {policy_host}. 3600 IN A with its address, "
              "and AAAA if it has one; or a CNAME to the name that your hosting service gives "
              "you."),
           FIX_RENEW_POLICY_CERT, N_("Put the file at exactly this URL: {policy_url}")),
     LINES("policy-host-missing", "policy-cert-name-mismatch", "policy-host-unprovisioned"),
     "RFC 8461 section 3.3", LINES("certificate", "fetch", "delegation")},

    {"record", "txt txt-record dns-record sts-record eintrag dns-eintrag txt-eintrag",
     TOPIC_GROUP_TERM, TOPIC_APPENDIX_NONE, N_("The TXT record at _mta-sts"),
     N_("It says that there is a policy and, by its id, which version: v=STSv1; id=... Exactly "
        "one record at {record_name} may begin with v=STSv1; in this spelling. Other TXT "
        "records there are harmless. Mode and hosts do not belong in it; they are in the "
        "policy."),
     LINES(N_("An id with hyphens or characters other than letters and digits, or none at all."),
           N_("A typo, for example v=STS1 or v=STSv10, or wrong capitalization."),
           N_("Two records: one with a new id was added, but the old one was not deleted."),
           N_("The DNS panel appends the domain to the name, so the name contains it twice.")),
     LINES(DIG_RECORD, "mtasts lint --record 'v=STSv1; id={new_id}'"),
     LINES(N_("First make sure that {policy_host} serves the policy: senders fetch it as soon "
              "as they see the record."),
           FIX_RECORD_TEXT, FIX_ONE_FIELD),
     LINES("sts-record-missing", "sts-record-id-invalid", "sts-record-multiple"),
     "RFC 8461 section 3.1", LINES("id", "policy-host", "propagation")},

    {"id", "policy-id", TOPIC_GROUP_TERM, TOPIC_APPENDIX_NONE,
     N_("The policy version, in the record"),
     N_("1 to 32 letters and digits in the TXT record. Senders remember it and fetch the policy "
        "again when they see a different one; so it must change with every change of the "
        "policy, and after it. It does not have to increase or be a time, though the time works "
        "well. It is not a remote control: some senders never look at it."),
     LINES(N_("The policy was changed, but the id was not."),
           N_("The id was changed before the new policy was served everywhere, so senders keep "
              "the old text under the new id."),
           N_("A date with hyphens, dots or colons, for example 2026-01-31.")),
     LINES(DIG_RECORD, "date -u +%Y%m%d%H%M%S"), LINES(FIX_ORDER, FIX_RECORD_TEXT),
     LINES("sts-record-id-missing", "sts-record-id-invalid", "report-stale-policy"),
     "RFC 8461 section 3.1", LINES("change", "propagation", "senders")},

    {"max_age", "cache cache-duration cache-dauer lifetime", TOPIC_GROUP_TERM, TOPIC_APPENDIX_NONE,
     N_("How long senders keep the policy"),
     N_("The number of seconds, at most 31557600 (about a year), for which a sender may use a "
        "policy without fetching it again, counted from the last fetch. A long one protects: an "
        "attacker who blocks DNS or HTTPS must persist as long. A short one makes a wrong "
        "policy disappear sooner. 86400 is fine while testing; in the end it should be weeks. A "
        "longer max_age does not slow down senders that check the id."),
     LINES(N_("The value of a first trial was never raised."),
           N_("It was raised to weeks before enforce had proved reliable."),
           N_("A unit or word was added, for example 7d, 1w or 86400 seconds.")),
     LINES(CURL_POLICY " | grep -i '^max_age'"),
     LINES(N_("testing, at first: 86400 (a day)."),
           N_("testing, after two weeks without failures: 604800 (a week)."),
           N_("enforce, the first weeks: 604800 (a week)."),
           N_("enforce, after a month without failures: 2592000 (30 days)."), FIX_ORDER),
     LINES("policy-max-age-short", "policy-max-age-too-large", "policy-max-age-invalid"),
     "RFC 8461 section 3.2", LINES("phases", "propagation")},

    {"mode", "modes modus testing test-mode testmodus policy-mode", TOPIC_GROUP_TERM,
     TOPIC_APPENDIX_NONE, N_("testing, enforce or none: what senders do on failure"),
     N_("testing: senders deliver whatever they find, and report failures. enforce: they "
        "deliver only to MX hosts that the policy covers, over TLS and with a valid "
        "certificate. none: as if there were no policy; use it to withdraw one. The words are "
        "in lower case."),
     LINES(N_("The policy stays in testing mode, so the mail is not protected."),
           N_("enforce is enabled before reports have shown that all is well."),
           N_("A word that is not a mode, such as enforced, test, off, or report from an early "
              "draft of the standard.")),
     LINES(CURL_POLICY " | grep -i '^mode'"),
     LINES(N_("Begin with testing, and read the reports for at least two weeks."), FIX_ORDER,
           N_("What enforce rejects: mtasts explain enforce. How to remove MTA-STS: mtasts "
              "explain none."),
           FIX_PLAN),
     LINES("policy-mode-testing", "policy-mode-none", "policy-mode-invalid"), "RFC 8461 section 5",
     LINES("phases", "enforce", "none")},

    {"none", "mode-none remove removal give-up switch-off abschalten entfernen", TOPIC_GROUP_TERM,
     TOPIC_APPENDIX_NONE, N_("How to remove MTA-STS"),
     N_("Mode none withdraws a policy. Deleting the record or the file does not: senders "
        "continue to use the cached policy until its max_age expires, and in mode enforce they "
        "continue to reject what it rejects."),
     LINES(N_("Record and host were deleted while senders still had an enforce policy cached."),
           N_("The mx lines were deleted when MTA-STS was disabled."),
           N_("The policy host or its certificate was removed first.")),
     LINES(CURL_POLICY, DIG_RECORD),
     LINES(N_("Serve this policy, with the mx lines of your current one: some senders reject a "
              "policy without any:\n"
              "| version: STSv1\n"
              "| mode: none\n"
              "| {mx_line}\n"
              "| max_age: 86400"),
           N_("Once it is served, publish a new id:\n"
              "| {record_name}. 300 IN TXT \"v=STSv1; id={new_id}\""),
           N_("To remove MTA-STS: keep this policy until every policy served before it has "
              "expired, that is, for the largest max_age you ever served, counted from the last "
              "day you served it. Then remove the TXT record {record_name} first, and "
              "{policy_host} after it."),
           FIX_ROLLBACK),
     LINES("policy-mode-none", "policy-mx-missing-in-none"), "RFC 8461 section 8.3",
     LINES("rollback", "max_age")},

    {"mx", "mx-pattern mx-patterns pattern patterns wildcard wildcards muster platzhalter",
     TOPIC_GROUP_TERM, TOPIC_APPENDIX_NONE,
     N_("mx lines and wildcards: the hosts that may receive mail"),
     N_("Each mx line contains a host name, or an asterisk, a dot and a host name; every MX "
        "host in DNS must match one of them. The asterisk matches exactly one label, the first: "
        "*.example.com covers mx1.example.com, but neither example.com nor mx1.eu.example.com. "
        "Capitalization does not matter. The certificate must then name the MX host itself."),
     LINES(CAUSE_MX_CHANGED,
           N_("The wildcard is missing, for example mx: mail.protection.outlook.com instead of "
              "mx: *.mail.protection.outlook.com."),
           N_("A well-known example covers less than it seems to: *.google.com does not cover "
              "aspmx.l.google.com, *.mx.microsoft does not cover a host with two labels before "
              "it."),
           N_("mta-sts with the domain was used as mx, which is the policy host.")),
     LINES(COMPARE_MX),
     LINES(N_("The policy needs an mx line for every MX host that the DNS lists for {domain}, "
              "before its MX record is published."),
           N_("To see the lines that a provider requires, for example (--list names all "
              "providers):\n$ mtasts explain microsoft-365\n$ mtasts explain google-workspace\n$ "
              "mtasts explain --list"),
           N_("Check which hosts a file covers:\n"
              "$ mtasts lint --mx HOST mta-sts.txt")),
     LINES("mx-not-covered", "mx-none-covered", "mx-wildcard-depth", "mx-pattern-is-policy-host"),
     "RFC 8461 section 4.1", LINES("not-covered", "change")},

    {"certificate",
     "cert certs certificates tls-certificate san cn common-name subject-alternative-name chain "
     "intermediate zertifikat zertifikate zertifikatskette",
     TOPIC_GROUP_TERM, TOPIC_APPENDIX_NONE,
     N_("The certificates of the policy host and of each MX host"),
     N_("Two certificates matter. Without a valid one of {policy_host}, senders do not accept "
        "the policy; without a valid one of an MX host, they do not deliver to it in mode "
        "enforce. Each needs a complete chain to a public CA, must not have expired, and must "
        "contain the name in its subject alternative names (SAN). The common name (CN) does not "
        "count, although guides say that CN or SAN will do. An asterisk counts only as the "
        "whole first label."),
     LINES(N_("The name is not in the certificate: it is that of the website, the server's "
              "default one, or one of a hosting service that does not know the domain."),
           N_("It has expired: the renewal fails, or the server was not reloaded afterwards."),
           N_("The server does not send its intermediate certificate."),
           N_("The certificate is self-signed or from a private CA.")),
     LINES(CERT_OF_POLICY_HOST, VERIFY_POLICY_HOST, CERT_OF_MX, VERIFY_MX),
     LINES(N_("First determine which one is affected: reports call the policy host's "
              "sts-webpki-invalid, and those of the MX hosts certificate-host-mismatch, "
              "certificate-expired or certificate-not-trusted."),
           FIX_RENEW_POLICY_CERT, FIX_RENEW_MX_CERT, FIX_FULLCHAIN, FIX_MANAGED_MX,
           N_("Look for \"Verify return code: 0 (ok)\" in the output of openssl.")),
     LINES("policy-cert-name-mismatch", "policy-cert-expired", "mx-cert-name-mismatch",
           "mx-cert-expired", "mx-cert-chain-incomplete"),
     "RFC 8461 sections 3.3 and 4.2", LINES("sni", "fetch", "starttls")},

    {"dane", "tlsa rfc7672 rfc-7672", TOPIC_GROUP_TERM, TOPIC_APPENDIX_NONE,
     N_("The certificate of a mail server, vouched for by DNSSEC"),
     N_("A TLSA record at _25._tcp below the MX host says which key or CA its certificate has; "
        "DNSSEC protects the record, and no public CA is needed. It achieves the same as "
        "MTA-STS for senders that support it, and both can be used together: a sender that "
        "supports both must not deliver where DANE fails, whatever the policy says."),
     LINES(N_("The certificate was renewed with a new key, but the TLSA record still describes "
              "the old one."),
           N_("The zone of the MX host or of the domain is not signed, so the records do not "
              "count."),
           N_("The records have usage 0 or 1 (PKIX-TA, PKIX-EE), which SMTP does not use.")),
     LINES("dig +dnssec TLSA _25._tcp.{host}", "delv TLSA _25._tcp.{host}"),
     LINES(N_("Before each new key, publish its record next to the old one, wait twice the TTL, "
              "then install the certificate, and delete the old record last. If renewals keep "
              "the key (certbot --reuse-key), a 3 1 1 record stays valid."),
           N_("Check whether records and certificate match:\n"
              "$ mtasts check {domain}")),
     LINES("dane-active", "dane-tlsa-mismatch", "dane-tlsa-unsigned", "dane-sts-conflict"),
     "RFC 7672", LINES("dnssec", "certificate")},

    {"dnssec", "dns-security signed-zone", TOPIC_GROUP_TERM, TOPIC_APPENDIX_NONE, N_("Signed DNS"),
     N_("With a signed zone, resolvers can detect forged answers. MTA-STS works without it; "
        "DANE does not. A zone whose signatures are wrong is worse than an unsigned one: "
        "validating resolvers give no answer at all, and senders behind them find neither the "
        "record nor the MX hosts."),
     LINES(N_("The signatures have expired: the zone is not re-signed in time."),
           N_("The key was changed, but the DS record at the parent still belongs to the old "
              "one."),
           N_("The zone moved to a provider that does not sign it, but the DS record was not "
              "removed.")),
     LINES("delv MX {domain}", "dig +short DS {domain}"),
     LINES(N_("If the signatures have expired, re-sign the zone; have the registrar publish the "
              "DS record of the current key, or remove it if the zone is not meant to be "
              "signed."),
           N_("Check with delv; old answers disappear from the resolvers when their TTL "
              "expires.")),
     LINES("sts-record-dnssec-bogus", "mx-dnssec-bogus", "dane-lookup-failed"), "RFC 4035",
     LINES("dane")},

    {"sni", "server-name server-name-indication", TOPIC_GROUP_TERM, TOPIC_APPENDIX_NONE,
     N_("The name a client requests when TLS begins"),
     N_("A server with several certificates chooses one by the name that the client sends. "
        "Senders send the name of the policy host when they fetch the policy, and that of the "
        "MX host on port 25. A server that does not know the name presents its default "
        "certificate, which is then for other names."),
     LINES(N_("The web server has no site for this name and presents its default certificate."),
           N_("Several names share the server, but it does not select the certificate by SNI."),
           N_("A test without -servername shows a different certificate than senders get.")),
     LINES(CERT_OF_POLICY_HOST, CERT_OF_MX,
           "openssl s_client -connect {host}:{smtp_port} -starttls "
           "smtp -noservername </dev/null 2>/dev/null | " SHOW_CERT),
     LINES(N_("On your own web server create a site (server_name, ServerName) for {policy_host} "
              "that uses it."),
           N_("Get a certificate that names every MX host, and present it with and without SNI.")),
     LINES("policy-cert-name-mismatch", "mx-cert-name-mismatch"), "RFC 6066 section 3",
     LINES("certificate")},

    {"delegation", "cname delegated outsourcing hosted hosting delegierung", TOPIC_GROUP_TERM,
     TOPIC_APPENDIX_NONE, N_("Record and policy managed by a service"),
     N_("Both names may be aliases: {record_name} by CNAME to the service's record, and "
        "{policy_host} by CNAME to its web server, or your own reverse proxy in front of it. "
        "Senders follow CNAMEs in DNS. The certificate must nevertheless name {policy_host}, "
        "not the service; whoever controls the target of the CNAME controls your policy."),
     LINES(CAUSE_NOT_SET_UP,
           N_("Only one of the two CNAMEs was changed during a move, so id and policy are "
              "managed separately."),
           N_("The contract has ended or the project was deleted, but the CNAME was not "
              "removed.")),
     LINES("dig +short CNAME {record_name}", "dig +short CNAME {policy_host}", CERT_OF_POLICY_HOST),
     LINES(N_("Make sure that {record_name} and {policy_host} point to the same service, or "
              "manage both yourself."),
           N_("Add {policy_host} as a custom domain in the service's panel, and wait until its "
              "certificate has been issued."),
           N_("Before you leave a service, serve mode none there, or take over the policy with "
              "the same text and a new id.")),
     LINES("policy-host-unprovisioned", "policy-host-delegation-split",
           "policy-host-cname-dangling"),
     "RFC 8461 section 8.2", LINES("policy-host", "none")},

    {"subdomains", "subdomain parent-domain smart-host subdomaenen", TOPIC_GROUP_TERM,
     TOPIC_APPENDIX_NONE, N_("Each domain that receives mail has its own policy"),
     N_("A policy applies to the domain after the @ of the address, never to its subdomains or "
        "the domain above. mail@sub.example.com needs a record at _mta-sts.sub.example.com and "
        "a policy at mta-sts.sub.example.com. If a sender uses a smart host, the smart host's "
        "domain is used instead."),
     LINES(N_("The main domain's policy is assumed to cover mail to subdomains."),
           N_("A wildcard certificate for *.example.com does not cover mta-sts.sub.example.com.")),
     LINES(DIG_RECORD, ASK_CHECK),
     LINES(N_("Publish a record and a policy for each domain that receives mail; several policy "
              "hosts may point to one web server."),
           N_("A subdomain that receives no mail needs none; a null MX states this (MX 0 .).")),
     LINES("sts-record-missing", "policy-cert-name-mismatch"), "RFC 8461 section 3.4",
     LINES("record", "policy-host")},
};
const size_t topic_term_count = sizeof(topic_terms) / sizeof(topic_terms[0]);
