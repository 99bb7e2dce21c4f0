/* SPDX-License-Identifier: MIT */
/* article_questions.c - topics: what people ask when something does not work. */
#include "knowledge/article_rows.h"

const struct article article_questions[] = {
    {"fundamentals",
     "three-fundamentals basics quick-diagnosis quick-check first-steps grundlagen schnelldiagnose "
     "drei-grundlagen",
     ARTICLE_QUESTION, N_("The three fundamentals: record, policy, certificate"),
     N_("Most faults are found by three looks, in this order: is the TXT record there and well "
        "formed, does the policy come with HTTP status 200 and as plain text, and does the "
        "certificate of the policy host name it. Only then look at the MX hosts and their "
        "certificates."),
     LINES(
         N_("The certificate of the policy host does not name {policy_host}, has expired, or comes "
            "without its intermediate."),
         N_("The file is not there: a 404, a redirect, a web page in its place."),
         N_("The record is missing, not yet propagated, or mistyped (v=STS1), or has no id.")),
     LINES(DIG_RECORD, CURL_TALK, CERT_OF_POLICY_HOST, VERIFY_POLICY_HOST),
     LINES(N_("Record: exactly one line, v=STSv1; id=... (mtasts explain record)."),
           N_("Policy: status 200, Content-Type text/plain, and version, mode, mx and max_age in "
              "the text (mtasts explain fetch)."),
           N_("Certificate: in date, with {policy_host} among its names, and with its whole chain "
              "(mtasts explain certificate)."),
           N_("All of it at once, with the MX hosts:\n"
              "$ mtasts check {domain}")),
     LINES("sts-record-missing", "policy-not-found", "policy-cert-name-mismatch"),
     "RFC 8461 section 3"},

    {"fetch",
     "not-fetched policy-not-fetched policy-fetch why-not-fetched policy-nicht-abgerufen abruf",
     ARTICLE_QUESTION, N_("Why is my policy not fetched?"),
     N_("A sender asks for exactly {policy_url}, over HTTPS, and takes only an answer with HTTP "
        "status 200 from a host whose certificate it can check. It follows no redirect, solves "
        "no challenge and never looks at a browser's idea of a good page. What fails is "
        "reported as sts-policy-fetch-error, sts-webpki-invalid or sts-policy-invalid."),
     LINES(N_("The certificate does not name {policy_host}, has expired, or its chain is not "
              "whole."),
           N_("The file is missing or stands at another path (404)."),
           N_("{policy_host} has no address, or an IPv6 address where nothing answers."),
           N_("A redirect, a login, a firewall or bot protection answers instead of the file."),
           N_("The proxy or the Worker at Cloudflare is paused or has no route for the name.")),
     LINES(CURL_HEAD, DIG_POLICY, CURL_TALK, CERT_OF_POLICY_HOST, "curl -6 -sSi {policy_url}"),
     LINES(N_("See that {policy_host} has an address and that every address answers on port 443."),
           FIX_RENEW_POLICY_CERT, N_("Put the file at exactly this URL: {policy_url}"),
           N_("Let the answer be 200 with Content-Type: text/plain, without redirect, login and "
              "bot protection."),
           N_("The check names the cause:\n"
              "$ mtasts check {domain}")),
     LINES("policy-host-missing", "policy-not-found", "policy-redirect", "policy-forbidden",
           "policy-cert-name-mismatch", "policy-proxy-error"),
     "RFC 8461 section 3.3"},

    {"not-covered", "coverage covered mx-coverage nicht-abgedeckt abdeckung", ARTICLE_QUESTION,
     N_("What does it mean that an MX is not covered by the policy?"),
     N_("An MX host of DNS matches no mx line. Under enforce senders do not deliver to it, however "
        "good its TLS is; in testing they deliver and report validation-failure. With "
        "mx: mail.protection.outlook.com the host example-com.mail.protection.outlook.com is not "
        "covered, with mx: *.mail.protection.outlook.com it is."),
     LINES(CAUSE_MX_CHANGED, N_("The wildcard is missing or at the wrong level."),
           N_("The policy follows a guide that is wrong: mx: *.google.com with *.googlemail.com "
              "covers none of the five hosts aspmx.l.google.com and alt1 to "
              "alt4.aspmx.l.google.com."),
           N_("A backup MX was overlooked.")),
     LINES(COMPARE_MX),
     LINES(N_("Write each MX host, or a wildcard one label above it, as an mx line."),
           N_("The policy needs an mx line for every MX host that the DNS lists for {domain}, "
              "before its MX record is published."),
           FIX_ORDER,
           N_("To see the lines that a provider requires, for example (--list names all "
              "providers):\n$ mtasts explain microsoft-365\n$ mtasts explain google-workspace\n$ "
              "mtasts explain --list"),
           N_("If mail is being refused now:\n"
              "$ mtasts explain rollback")),
     LINES("mx-not-covered", "mx-none-covered", "mx-wildcard-depth", "mx-pattern-is-policy-host",
           "mx-provider-pattern"),
     "RFC 8461 section 4.1"},

    {"enforce",
     "mode-enforce blocked blocks blocking refused bounces enforce-blockiert blockiert abgelehnt",
     ARTICLE_QUESTION, N_("Why does enforce block mail?"),
     N_("Under enforce a sender delivers only to an MX host that the policy covers, that speaks "
        "STARTTLS with TLS 1.2 or newer, and whose certificate is good. If none is left it keeps "
        "the mail, tries again, and returns it after some days. A policy that cannot be fetched "
        "blocks nothing by itself, though guides say so: a sender without a cached policy then "
        "delivers unprotected, one with a cached policy keeps to that."),
     LINES(N_("An MX host is not covered by the policy, mostly after a change of the MX records."),
           N_("The certificate of an MX host has expired, names another host, or comes without its "
              "intermediate."),
           N_("One of several MX hosts or addresses speaks no TLS."),
           N_("Senders still hold an earlier policy that does not fit any more.")),
     LINES(ASK_CHECK, COMPARE_MX, CERT_OF_MX),
     LINES(
         N_("Repair the cause if that is a matter of minutes: a missing mx line, a certificate, a "
            "reload. That helps senders with a cached policy too, except for a missing mx line."),
         N_("Else go back to testing at once:\n"
            "$ mtasts explain rollback"),
         N_("Read the TLS reports to see which hosts and senders are affected:\n$ mtasts report "
            "FILE"),
         N_("Go back to enforce only when the reports have been clean for two days at least.")),
     LINES("mx-not-covered", "mx-cert-expired", "mx-cert-name-mismatch", "mx-starttls-missing"),
     "RFC 8461 section 5.1"},

    {"content-type", "media-type text-plain mime-type inhaltstyp", ARTICLE_QUESTION,
     N_("Which Content-Type must the policy have?"),
     N_("text/plain; parameters such as charset=utf-8 are passed over. Some senders refuse "
        "anything "
        "else, text/html above all, and deliver unprotected; others do not look."),
     LINES(N_("A Worker or script sets text/html, which is often the default."),
           N_("The web server knows no type for .txt, or sends its general type for downloads.")),
     LINES("curl -sSi {policy_url} | grep -i '^content-type'"),
     LINES(
         N_("Send Content-Type: text/plain; charset=utf-8 for {policy_url}."),
         N_("nginx: default_type text/plain; in the location. Apache: AddType text/plain .txt. In "
            "a Worker set the header content-type of the Response.")),
     LINES("policy-content-type", "policy-html"), "RFC 8461 section 3.2"},

    {"http-to-https", "http redirect redirects plain-http http-redirect weiterleitung port-80",
     ARTICLE_QUESTION, N_("Does a redirect from HTTP to HTTPS do harm?"),
     N_("No. Senders never ask over http:, so what port 80 does is all the same, although guides "
        "and checkers warn of it. Harmful is a redirect of the https: address itself: senders must "
        "not follow it, to whatever address."),
     LINES(N_("The whole site redirects to another host name, for example to www."),
           N_("The server answers on port 80 only, and HTTPS was never set up for the name."),
           N_("A test was made with http:, or in a browser, which follows redirects.")),
     LINES(CURL_HEAD, "curl -sSI http://{policy_host}/.well-known/mta-sts.txt"),
     LINES(N_("Test the https: address alone: it must answer with HTTP status 200 itself."),
           N_("Serve {policy_url} directly; if the file lives elsewhere, fetch it through a "
              "reverse proxy (proxy_pass, ProxyPass), not with a redirect.")),
     LINES("policy-redirect"), "RFC 8461 section 3.3"},

    {"commands", "diagnosis-commands befehle diagnosebefehle seven-commands dig curl openssl",
     ARTICLE_QUESTION, N_("The seven basic diagnostic commands"),
     N_("With dig, curl and openssl anybody can see what a sender sees: both TXT records, the "
        "policy and its head, the MX hosts, the certificate of the policy host, and that of each "
        "MX "
        "host after STARTTLS."),
     LINES(N_("The command asks another resolver than the world does: an internal view, or a cache "
              "that still has the old answer."),
           N_("openssl without -servername shows another certificate than senders get."),
           N_("Port 25 is blocked on the way, as in most home and cloud networks.")),
     LINES(DIG_RECORD, DIG_TLSRPT, CURL_POLICY, "curl -sSI {policy_url}", DIG_MX,
           CERT_OF_POLICY_HOST, CERT_OF_MX),
     LINES(N_("Have them filled in for a domain and each of its MX hosts, with "
              "what to expect:\n"
              "$ mtasts commands {domain}"),
           N_("What the program itself saw, word for word:\n"
              "$ mtasts check --verbose {domain}")),
     LINES("mx-port25-blocked"), "RFC 8461"},

    {"action-plan", "aktionsplan what-to-do repair fix reparatur vorgehen", ARTICLE_QUESTION,
     N_("The way to a repair, step by step"),
     N_("From the whole to the single fault: see what is wrong, look at the three fundamentals, "
        "ask "
        "the reports what senders met, repair, check, and watch for two days. Policy and id are "
        "changed in this order."),
     LINES(N_("The symptom is repaired instead of the cause, because a browser shows no fault."),
           N_("The policy is put right and the id forgotten, or the reverse."),
           N_("The repair is not watched: reports come a day late.")),
     LINES(ASK_CHECK, "mtasts commands {domain}", "mtasts lint mta-sts.txt"),
     LINES(N_("See what is wrong:\n"
              "$ mtasts check {domain}"),
           N_("Look at record, policy and certificate, in this order:\n"
              "$ mtasts explain fundamentals"),
           N_("Read the TLS reports; result-type says what failed:\n"
              "$ mtasts report FILE"),
           N_("Repair what the finding says; mtasts explain with its code says more."),
           N_("Check the text and then the domain again:\n"
              "$ mtasts lint mta-sts.txt\n"
              "$ mtasts check {domain}"),
           N_("Watch the reports for two days more:\n"
              "$ mtasts explain watch")),
     LINES("report-confirmed", "report-not-confirmed"), "RFC 8461"},

    {"false-alarms", "other-checkers checkers fehlalarm fehlalarme checker", ARTICLE_QUESTION,
     N_("What other checkers complain about without need"),
     N_("Some things are called faults that no sender minds: line ends of LF instead of CRLF, "
        "fields in the policy that are unknown, other TXT records beside the record, reports "
        "that go to another domain without a record there that allows it, a single TLSA record, "
        "a max_age of exactly 86400, and a redirect from http:."),
     LINES(N_("The checker is stricter than the standard, or follows an early draft."),
           N_("The checker asks over IPv6 or from a network that is blocked."),
           N_("The checker looks at the common name of the certificate, or follows redirects; then "
              "it calls good what senders refuse.")),
     LINES(ASK_CHECK),
     LINES(N_("See what senders make of it: mtasts lint FILE names the known "
              "ones that read it otherwise."),
           N_("If this program reports a fault where there is none, save what it saw as "
              "evidence:\n$ mtasts observe {domain} > facts.json")),
     LINES("policy-extension-unknown", "sts-record-unrelated-txt"), "RFC 8461"},
};
const size_t article_question_count = sizeof(article_questions) / sizeof(article_questions[0]);
