/* SPDX-License-Identifier: MIT */
/* topic_questions.c - topics: what people ask when something does not work. */
#include "knowledge/topic_rows.h"

const struct topic topic_questions[] = {
    {"fundamentals",
     "three-fundamentals basics quick-diagnosis quick-check first-steps grundlagen schnelldiagnose "
     "drei-grundlagen",
     TOPIC_GROUP_QUESTION, TOPIC_APPENDIX_NONE,
     N_("The three fundamentals: record, policy, certificate"),
     N_("Three checks, in this order, find most faults: is the TXT record present and well "
        "formed, is the policy served with HTTP status 200 and as plain text, and does the "
        "certificate of the policy host name it? Only then look at the MX hosts and their "
        "certificates."),
     LINES(
         N_("The certificate of the policy host does not name {policy_host}, has expired, or comes "
            "without its intermediate."),
         N_("The file is missing: a 404, a redirect, or a web page in its place."),
         N_("The record is missing, not yet propagated, or misspelt (v=STS1), or has no id.")),
     LINES(DIG_RECORD, CURL_TALK, CERT_OF_POLICY_HOST, VERIFY_POLICY_HOST),
     LINES(N_("Record: exactly one line, v=STSv1; id=... (mtasts explain record)."),
           N_("Policy: HTTP status 200, Content-Type text/plain, and version, mode, mx and "
              "max_age in the text (mtasts explain fetch)."),
           N_("Certificate: not expired, with {policy_host} among its names, and with the "
              "complete chain (mtasts explain certificate)."),
           N_("All of it at once, including the MX hosts:\n"
              "$ mtasts check {domain}")),
     LINES("sts-record-missing", "policy-not-found", "policy-cert-name-mismatch"),
     "RFC 8461 section 3", LINES("record", "fetch", "certificate", "action-plan")},

    {"fetch",
     "not-fetched policy-not-fetched policy-fetch why-not-fetched policy-nicht-abgerufen abruf",
     TOPIC_GROUP_QUESTION, TOPIC_APPENDIX_NONE, N_("Why is my policy not fetched?"),
     N_("Senders request exactly {policy_url} over HTTPS and accept only a response with HTTP "
        "status 200 from a host whose certificate they can verify. They follow no redirects, "
        "solve no challenges, and are not as lenient as a browser. Failures are reported as "
        "sts-policy-fetch-error, sts-webpki-invalid or sts-policy-invalid."),
     LINES(N_("The certificate does not name {policy_host}, has expired, or has an incomplete "
              "chain."),
           N_("The file is missing or at another path (404)."),
           N_("{policy_host} has no address, or an IPv6 address where nothing answers."),
           N_("A redirect, a login, a firewall or bot protection answers instead of the file."),
           N_("The proxy or the Worker at Cloudflare is paused or has no route for the name.")),
     LINES(CURL_HEAD, DIG_POLICY, CURL_TALK, CERT_OF_POLICY_HOST, "curl -6 -sSi {policy_url}"),
     LINES(N_("Make sure that {policy_host} has an address and that every address answers on "
              "port 443."),
           FIX_RENEW_POLICY_CERT, N_("Put the file at exactly this URL: {policy_url}"),
           N_("The response must be HTTP status 200 with Content-Type: text/plain, without "
              "redirect, login or bot protection."),
           N_("The check names the cause:\n"
              "$ mtasts check {domain}")),
     LINES("policy-host-missing", "policy-not-found", "policy-redirect", "policy-forbidden",
           "policy-cert-name-mismatch", "policy-proxy-error"),
     "RFC 8461 section 3.3", LINES("policy-host", "certificate", "http-to-https")},

    {"not-covered", "coverage covered mx-coverage nicht-abgedeckt abdeckung", TOPIC_GROUP_QUESTION,
     TOPIC_APPENDIX_NONE, N_("What does it mean that an MX is not covered by the policy?"),
     N_("An MX host in the DNS matches no mx line. In mode enforce, senders do not deliver to "
        "it, however good its TLS is; in testing mode they deliver and report "
        "validation-failure. With mx: mail.protection.outlook.com the host "
        "example-com.mail.protection.outlook.com is not covered; with mx: "
        "*.mail.protection.outlook.com it is."),
     LINES(CAUSE_MX_CHANGED, N_("The wildcard is missing or at the wrong level."),
           N_("The policy follows an incorrect guide: mx: *.google.com with *.googlemail.com "
              "covers none of the five hosts aspmx.l.google.com and alt1 to "
              "alt4.aspmx.l.google.com."),
           N_("A backup MX was overlooked.")),
     LINES(COMPARE_MX),
     LINES(N_("Add an mx line for each MX host, or a wildcard one label above it."),
           N_("The policy needs an mx line for every MX host that the DNS lists for {domain}, "
              "before its MX record is published."),
           FIX_ORDER,
           N_("To see the lines that a provider requires, for example (--list names all "
              "providers):\n$ mtasts explain microsoft-365\n$ mtasts explain google-workspace\n$ "
              "mtasts explain --list"),
           N_("If mail is being rejected now:\n"
              "$ mtasts explain rollback")),
     LINES("mx-not-covered", "mx-none-covered", "mx-wildcard-depth", "mx-pattern-is-policy-host",
           "mx-provider-pattern"),
     "RFC 8461 section 4.1", LINES("mx", "change", "rollback")},

    {"enforce",
     "mode-enforce blocked blocks blocking refused bounces enforce-blockiert blockiert abgelehnt",
     TOPIC_GROUP_QUESTION, TOPIC_APPENDIX_NONE, N_("Why does enforce block mail?"),
     N_("In mode enforce, a sender delivers only to an MX host that the policy covers, that "
        "supports STARTTLS with TLS 1.2 or newer, and whose certificate is valid. If none is "
        "left, it keeps the mail, tries again, and returns it after some days. Contrary to what "
        "some guides say, a policy that cannot be fetched does not block mail: a sender without "
        "a cached policy then delivers unprotected, one with a cached policy uses that."),
     LINES(N_("The policy does not cover an MX host, usually after a change of the MX records."),
           N_("The certificate of an MX host has expired, names another host, or comes without its "
              "intermediate."),
           N_("One of several MX hosts or addresses does not support TLS."),
           N_("Senders still have an earlier policy cached that no longer fits.")),
     LINES(ASK_CHECK, COMPARE_MX, CERT_OF_MX),
     LINES(N_("Fix the cause if that takes only minutes: a missing mx line, a certificate, a "
              "reload. That also helps senders with a cached policy, except for a missing mx "
              "line."),
           N_("Otherwise, go back to testing at once: serve this policy with the mx lines of your "
              "current one, then publish a new id (mtasts explain rollback):\n"
              "| version: STSv1\n"
              "| mode: testing\n"
              "| {mx_line}\n"
              "| max_age: 86400"),
           N_("Read the TLS reports to see which hosts and senders are affected:\n$ mtasts report "
              "FILE"),
           N_("Go back to enforce only after the reports have been clean for at least two days.")),
     LINES("mx-not-covered", "mx-cert-expired", "mx-cert-name-mismatch", "mx-starttls-missing"),
     "RFC 8461 section 5.1", LINES("rollback", "propagation", "mode")},

    {"content-type", "media-type text-plain mime-type inhaltstyp", TOPIC_GROUP_QUESTION,
     TOPIC_APPENDIX_NONE, N_("Which Content-Type must the policy have?"),
     N_("text/plain; parameters such as charset=utf-8 are ignored. Some senders reject anything "
        "else, especially text/html, and deliver unprotected; others do not check."),
     LINES(N_("A Worker or script sets text/html, which is often the default."),
           N_("The web server knows no type for .txt, or sends its general type for downloads.")),
     LINES("curl -sSi {policy_url} | grep -i '^content-type'"),
     LINES(
         N_("Send Content-Type: text/plain; charset=utf-8 for {policy_url}."),
         N_("nginx: default_type text/plain; in the location. Apache: AddType text/plain .txt. In "
            "a Worker set the header content-type of the Response.")),
     LINES("policy-content-type", "policy-html"), "RFC 8461 section 3.2", LINES("fetch", "policy")},

    {"http-to-https", "http redirect redirects plain-http http-redirect weiterleitung port-80",
     TOPIC_GROUP_QUESTION, TOPIC_APPENDIX_NONE, N_("Is a redirect from HTTP to HTTPS harmful?"),
     N_("No. Senders never use http:, so it does not matter what port 80 does, although guides "
        "and checkers warn about it. What is harmful is a redirect of the https: URL itself: "
        "senders must not follow it, whatever its target."),
     LINES(N_("The whole site redirects to another host name, for example to www."),
           N_("The server answers only on port 80, and HTTPS was never set up for the name."),
           N_("The test used http: or a browser, which follows redirects.")),
     LINES(CURL_HEAD, "curl -sSI http://{policy_host}/.well-known/mta-sts.txt"),
     LINES(N_("Test only the https: URL: it must itself return HTTP status 200."),
           N_("Serve {policy_url} directly; if the file lives elsewhere, fetch it through a "
              "reverse proxy (proxy_pass, ProxyPass), not with a redirect.")),
     LINES("policy-redirect"), "RFC 8461 section 3.3", LINES("fetch")},

    {"commands", "diagnosis-commands befehle diagnosebefehle seven-commands dig curl openssl",
     TOPIC_GROUP_QUESTION, TOPIC_APPENDIX_NONE, N_("The seven basic diagnostic commands"),
     N_("With dig, curl and openssl anyone can see what senders see: both TXT records, the "
        "policy and its headers, the MX hosts, the certificate of the policy host, and that of "
        "each MX host after STARTTLS."),
     LINES(N_("The command queries a different resolver than the rest of the world: an internal "
              "view, or a cache that still has the old answer."),
           N_("openssl without -servername shows a different certificate than senders get."),
           N_("Port 25 is blocked, as in most home and cloud networks.")),
     LINES(DIG_RECORD, DIG_TLSRPT, CURL_POLICY, "curl -sSI {policy_url}", DIG_MX,
           CERT_OF_POLICY_HOST, CERT_OF_MX),
     LINES(N_("To get the commands filled in for a domain and each of its MX hosts, with what "
              "to expect:\n"
              "$ mtasts commands {domain}"),
           N_("What the program itself saw, word for word:\n"
              "$ mtasts check --verbose {domain}")),
     LINES("mx-port25-blocked"), "RFC 8461", LINES("fundamentals", "action-plan")},

    {"action-plan", "aktionsplan what-to-do repair fix reparatur vorgehen", TOPIC_GROUP_QUESTION,
     TOPIC_APPENDIX_NONE, N_("How to fix a problem, step by step"),
     N_("From the overview to the individual fault: see what is wrong, check the three "
        "fundamentals, consult the reports for what senders encountered, fix, check, and watch "
        "for two days. Change the policy first, then the id."),
     LINES(N_("The symptom is fixed instead of the cause, because a browser shows no fault."),
           N_("The policy is corrected but the id forgotten, or the reverse."),
           N_("Nobody monitors the fix: reports arrive a day late.")),
     LINES(ASK_CHECK, "mtasts commands {domain}", "mtasts lint mta-sts.txt"),
     LINES(N_("See what is wrong:\n"
              "$ mtasts check {domain}"),
           N_("Check record, policy and certificate, in this order:\n"
              "$ mtasts explain fundamentals"),
           N_("Read the TLS reports; result-type says what failed:\n"
              "$ mtasts report FILE"),
           N_("Fix what the finding describes; mtasts explain with its code says more."),
           N_("Check the text, then the domain again:\n"
              "$ mtasts lint mta-sts.txt\n"
              "$ mtasts check {domain}"),
           N_("Watch the reports for two more days:\n"
              "$ mtasts explain watch")),
     LINES("report-confirmed", "report-not-confirmed"), "RFC 8461",
     LINES("fundamentals", "reports", "rollback", "watch")},

    {"false-alarms", "other-checkers checkers fehlalarm fehlalarme checker", TOPIC_GROUP_QUESTION,
     TOPIC_APPENDIX_NONE, N_("What other checkers complain about needlessly"),
     N_("Some things are reported as faults that do not bother any sender: LF line endings "
        "instead of CRLF, unknown fields in the policy, other TXT records next to the record, "
        "reports that go to another domain without a record there that allows it, a single TLSA "
        "record, a max_age of exactly 86400, and a redirect from http:."),
     LINES(N_("The checker is stricter than the standard, or follows an early draft."),
           N_("The checker connects over IPv6 or from a blocked network."),
           N_("The checker looks at the common name of the certificate or follows redirects; "
              "then it accepts what senders reject.")),
     LINES(ASK_CHECK),
     LINES(N_("See how senders handle it: mtasts lint FILE lists the known ones that interpret "
              "it differently."),
           N_("If this program reports a fault where there is none, save its observations as "
              "evidence:\n"
              "$ mtasts observe {domain} > facts.json")),
     LINES("policy-extension-unknown", "sts-record-unrelated-txt"), "RFC 8461",
     LINES("senders", "external-rua")},
};
const size_t topic_question_count = sizeof(topic_questions) / sizeof(topic_questions[0]);
