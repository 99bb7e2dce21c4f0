/* SPDX-License-Identifier: MIT */
/* advice_policy_host.c - what to know and to do about the name and addresses of the policy host. */
#include "knowledge/advice_rows.h"

#define OBSERVE_ELSEWHERE                                                                          \
    N_("Or observe on a machine outside this network and evaluate here:\n"                         \
       "$ mtasts observe {domain} > facts.json\n"                                                  \
       "$ mtasts check --from facts.json")

const struct advice_row advice_policy_host[] = {
    {FINDING_POLICY_HOST_MISSING,
     {.meaning = MEANS_NO_FETCH,
      .causes = LINES(
          N_("The TXT record was published, but the address of the policy host was forgotten."),
          N_("The host was moved or its web server shut down, and the record was deleted with "
             "it."),
          N_("The DNS panel appends the domain itself, so the host has a name that contains it "
             "twice."),
          N_("At Cloudflare the custom domain of the Pages project, or the AAAA record of the "
             "Worker, was never created.")),
      .fix = LINES(
          N_("Point the name at your web server: {policy_host}. 3600 IN A with its address, and "
             "AAAA if it has one; or a CNAME to the name that your hosting service gives you."),
          N_("For Cloudflare Pages, add {policy_host} as a custom domain, which creates the "
             "CNAME to the project; for a Worker, add AAAA 100:: with the proxy turned on."),
          N_("Install a certificate for {policy_host} on the host and put the file at "
             "{policy_url}."),
          N_("If you want to remove MTA-STS, do not start here: publish mode none first and "
             "wait until every cached policy has expired.")),
      .commands = LINES(DIG_POLICY, DIG_RECORD)}},

    {FINDING_POLICY_HOST_LOOKUP_FAILED,
     {.meaning = N_("Whether the policy host has an address could not be determined from here. "
                    "Senders whose lookup fails too cannot fetch the policy; a cached one "
                    "remains in force."),
      .causes = LINES(
          N_("A name server of the domain, or of the hosting service that the CNAME points to, "
             "does not answer or returns an error."),
          N_("The resolver used here is overloaded, refuses the query or has no network."),
          N_("If the same query succeeds with dig +cd, DNSSEC validation fails.")),
      .fix = LINES(
          N_("Query the name servers one by one and fix the one that fails; with a CNAME, query "
             "those of its target too."),
          N_("If they all work, check again with another resolver:\n"
             "$ mtasts check --resolver ADDRESS {domain}")),
      .commands = LINES(DIG("A {policy_host}"), DIG_NS, "dig +cd A {policy_host}")}},

    {FINDING_RENEWAL_DNSSEC_BOGUS,
     {.meaning =
          N_("Certificate authorities must validate DNSSEC before they issue a certificate. "
             "While validation fails, they issue none for the host, and its current one will "
             "expire."),
      .causes =
          LINES(N_("The signatures have expired: the zone is not re-signed in time."),
                N_("The key was changed, but the DS record at the parent still belongs to the old "
                   "one.")),
      .fix = LINES(N_("Compare the DS record at the parent with the DNSKEY records of the zone "
                      "that contains {name}."),
                   N_("Then test the renewal:\n"
                      "$ certbot renew --dry-run")),
      .commands = LINES("delv {type} {host}", DIG_NS)}},

    {FINDING_RENEWAL_CAA_FORBIDDEN,
     {.meaning = N_("Public CAs look up the CAA records before they issue, and refuse if these "
                    "do not allow them. The current certificate remains valid until it expires, "
                    "but its renewal will fail."),
      .causes = LINES(N_("The certificate comes from a new CA, but the CAA records still name "
                         "the previous one."),
                      N_("The CAA records were written for the website; the mail hosts use "
                         "another CA."),
                      N_("The hosting service that obtains the certificate has changed its CA.")),
      .fix = LINES(N_("Add this record to allow {ca} to issue certificates:\n"
                      "| {right}"),
                   N_("Delete the CAA record with the tag {tag}, or set its flags to 0."),
                   N_("Or obtain the certificate from one of the CAs that the records allow: "
                      "{allowed}."),
                   N_("Then renew the certificate manually once to make sure that it works.")),
      .commands = LINES(DIG("CAA {name}"))}},

    {FINDING_POLICY_HOST_CNAME_DANGLING,
     {.meaning = N_("Senders cannot fetch the policy; those with an earlier one cached use "
                    "that. Worse, whoever registers the target can serve a policy of their own "
                    "for your domain and obtain a certificate for the policy host."),
      .causes = LINES(
          N_("The contract with the hosting service has ended, or the project was deleted there."),
          N_("The domain was never entered at the service."),
          N_("The target contains a typo, or lacks its final dot in the zone file.")),
      .fix = LINES(
          N_("Delete the CNAME from {policy_host} to {cname}, or correct its target, today."),
          N_("Have the service set up {policy_host}, or point the name at your own web server: "
             "{policy_host}. 3600 IN A with its address."),
          N_("Make sure that {policy_url} is served before you count on the policy again.")),
      .commands = LINES("dig +short CNAME {policy_host}", "dig A {cname}", DIG_POLICY)}},

    {FINDING_POLICY_HOST_PLACEHOLDER_ADDRESS,
     {.meaning = MEANS_NO_FETCH,
      .causes = LINES(
          N_("At Cloudflare, the record AAAA 100:: (or A 192.0.2.1) was created for a Worker, "
             "but the proxy is turned off for it: the cloud is gray."),
          N_("The zone was moved away from Cloudflare, and the placeholder with it."),
          N_("An address was copied from an example in a guide.")),
      .fix =
          LINES(N_("At Cloudflare, turn the proxy on for {policy_host} (orange cloud), or add the "
                   "name to the Worker as a custom domain."),
                N_("Otherwise, delete {address} and publish the address of the server that serves "
                   "{policy_url}.")),
      .commands = LINES(DIG_POLICY, CURL_TALK)}},

    {FINDING_POLICY_HOST_PRIVATE_ADDRESS,
     {.meaning = MEANS_NO_FETCH,
      .causes = LINES(
          N_("The server's address in the internal network was published instead of that of the "
             "router or load balancer in front of it."),
          N_("A DNS server with two views returns the internal view to the outside."),
          N_("A test entry, such as 127.0.0.1, was left in place.")),
      .fix =
          LINES(N_("Replace {address} with the public address of the server, and make the router "
                   "forward port 443 to it."),
                N_("Check from outside, over another network:\n"
                   "$ dig A {policy_host}")),
      .commands = LINES(DIG_POLICY, CURL_AT)}},

    {FINDING_POLICY_PORT443_BLOCKED,
     {.meaning = N_("The policy could not be fetched from this network. This says nothing about "
                    "the domain: well-known web servers cannot be reached on port 443 either."),
      .causes = LINES(N_("A firewall of this network blocks outgoing connections to port 443."),
                      N_("This network requires a proxy, but none is specified.")),
      .fix = LINES(N_("If this network has a proxy:\n"
                      "$ mtasts check --proxy http://HOST:PORT {domain}"),
                   OBSERVE_ELSEWHERE),
      .commands = LINES(CURL_TALK, "curl -v https://mta-sts.gmail.com/.well-known/mta-sts.txt")}},

    {FINDING_TLS_INTERCEPTED,
     {.meaning = N_("The certificate of the policy host was not checked, so whether senders "
                    "accept the policy is unknown. This says nothing about the domain: senders "
                    "outside this network see its real certificate."),
      .causes = LINES(N_("A company proxy or security gateway inspects TLS connections."),
                      N_("An antivirus program on this machine does the same.")),
      .fix = LINES(
          N_("Exempt {policy_host} from TLS inspection, then check again. Trusting the company "
             "CA with --ca-file does not help: it would check the wrong certificate."),
          OBSERVE_ELSEWHERE),
      .commands = LINES(CURL_TALK, "curl -v https://mta-sts.gmail.com/.well-known/mta-sts.txt")}},

    {FINDING_CLOCK_WRONG,
     {.meaning = N_("The times that this check records are wrong. This says nothing about the "
                    "domain."),
      .causes = LINES(N_("The clock was never set, or its battery is empty."),
                      N_("Time synchronization (NTP) does not run, or this network blocks it.")),
      .fix = LINES(N_("Enable time synchronization:\n"
                      "$ timedatectl set-ntp true"),
                   N_("Then check again:\n"
                      "$ mtasts check {domain}")),
      .commands = LINES("curl -sSi https://mta-sts.gmail.com/.well-known/mta-sts.txt")}},

    {FINDING_ADDRESS_FAMILY_UNREACHABLE,
     {.meaning = N_("Whether these hosts work is unknown; everything else was checked. This "
                    "says nothing about the domain: senders with such connectivity reach them."),
      .causes = LINES(N_("This network, or this machine, has only one of IPv4 and IPv6."),
                      N_("A firewall on this machine blocks the other.")),
      .fix = LINES(N_("See what works from here and what does not:\n"
                      "$ mtasts selftest"),
                   OBSERVE_ELSEWHERE),
      .commands = LINES("ip -brief address; ip route; ip -6 route")}},

    {FINDING_POLICY_PROXY_FAILED,
     {.meaning = N_("The policy could not be fetched from this network. This says nothing about "
                    "the domain: other senders do not use this proxy."),
      .causes = LINES(
          N_("The proxy is not running, or its address is mistyped in --proxy or in the "
             "environment variable https_proxy."),
          N_("The proxy requires a user name and a password (HTTP 407)."),
          N_("The proxy does not allow connections to this host (HTTP 403)."),
          N_("The proxy itself cannot reach or resolve the policy host (HTTP 502, 503 or 504).")),
      .fix = LINES(N_("Correct the proxy, with a user name and password if it requires "
                      "them:\n"
                      "$ mtasts check --proxy http://USER:PASSWORD@HOST:PORT {domain}"),
                   N_("If this machine can connect directly:\n"
                      "$ mtasts check --proxy none {domain}"),
                   OBSERVE_ELSEWHERE),
      .commands = LINES("curl -v -x {proxy} {policy_url}", CURL_TALK)}},

    {FINDING_POLICY_HOST_INCONSISTENT,
     {.meaning = N_("Which policy a sender gets depends on which address it happens to use. An "
                    "earlier policy may name MX hosts that are gone, or another mode; senders "
                    "keep what they got until its max_age expires."),
      .causes = LINES(N_("A change reached only one of several servers."),
                      N_("A or AAAA still points to a former server."),
                      N_("Each server renews its certificate on its own, and one of them "
                         "failed.")),
      .fix = LINES(
          N_("Put the same file and a valid certificate on all servers: {addresses} and "
             "{other_addresses}."),
          N_("Delete addresses of {policy_host} that belong to a former server."),
          N_("If the policy was changed, publish a new id ({new_id}) once all servers have it, "
             "so that senders fetch it again.")),
      .commands = LINES(CURL_AT, DIG_POLICY, POLICY_CERT)}},

    {FINDING_POLICY_HOST_UNPROVISIONED,
     {.meaning = N_("Senders cannot fetch the policy. Those that never had it deliver without "
                    "any protection; those with an earlier one cached use it until its max_age "
                    "expires. At some services, whoever enters the name next can publish a "
                    "policy for your domain."),
      .causes = LINES(
          N_("The CNAME was published, but the name was never added at the service, or its "
             "validation is still pending."),
          N_("The contract has ended or the project was deleted, but the CNAME was not removed."),
          N_("The CNAME points to the service's general name instead of the one assigned to "
             "this domain.")),
      .fix = LINES(
          N_("Add {policy_host} as a custom domain in the service's panel, and wait until its "
             "certificate has been issued."),
          N_("Make sure that the CNAME {policy_host} contains exactly the name that the service "
             "gives."),
          N_("If you have left the service, point {policy_host} at another web server that "
             "serves the policy; do not just delete it while senders have an enforce policy "
             "cached.")),
      .commands = LINES("dig +short CNAME {policy_host}", POLICY_CERT, CURL_HEAD)}},

    {FINDING_POLICY_HOST_DELEGATION_SPLIT,
     {.meaning = N_("Senders look at the id to learn whether the policy has changed. Here one "
                    "service manages the id and another the policy: when the policy changes, "
                    "the id does not, and senders continue to use the old policy; or the id "
                    "changes and the policy does not."),
      .causes = LINES(
          N_("The domain moved from one service to another, and only one of the two CNAMEs was "
             "changed."),
          N_("Two services were tried out, one for the record and one for the policy.")),
      .fix = LINES(
          N_("Decide which of the two has the right policy, and point both {record_name} and "
             "{policy_host} at it."),
          N_("If the policy is your own file, replace the CNAME {record_name} with your own TXT "
             "record: \"v=STSv1; id={new_id}\"")),
      .commands = LINES("dig +short CNAME {record_name}", "dig +short CNAME {policy_host}")}},

    {FINDING_POLICY_HOST_UNREACHABLE,
     {.meaning = MEANS_NO_FETCH,
      .causes =
          LINES(N_("The web server is down or listens only on port 80."),
                N_("A firewall allows port 443 only from some networks."),
                N_("The address in DNS is that of a former server or a private one."),
                N_("The name points to 100:: or a documentation address: the entry of a Cloudflare "
                   "Worker whose proxy is turned off.")),
      .fix = LINES(
          N_("Check whether the server listens on port 443 at every address of {policy_host}; "
             "start it, or correct A and AAAA."),
          N_("Open port 443 to the whole internet: senders come from everywhere."),
          N_("At Cloudflare, turn the proxy on for {policy_host}.")),
      .commands = LINES(CURL_AT, DIG_POLICY)}},

    {FINDING_POLICY_HOST_ADDRESS_UNREACHABLE,
     {.meaning = N_("Senders that try this address first get the policy late or not at all, and "
                    "then deliver without protection. With the next address the fetch succeeds, "
                    "so the fault is intermittent."),
      .causes = LINES(N_("An AAAA record was created, but the web server listens only on IPv4."),
                      N_("An old address was left in DNS when the server moved."),
                      N_("A firewall opens port 443 only for one address family.")),
      .fix = LINES(N_("Make the web server listen at {address}, port {https_port}, or delete this "
                      "address of {policy_host} from DNS."),
                   N_("Make sure that every address serves the same policy and certificate.")),
      .commands = LINES(CURL_AT, DIG_POLICY)}},

    {FINDING_POLICY_TLS_HANDSHAKE_FAILED,
     {.meaning = MEANS_NO_FETCH,
      .causes = LINES(
          N_("The hosting service has no certificate for this name yet: the custom domain was not "
             "set up there, or its validation is still pending."),
          N_("The web server does not speak TLS on this port, or has no site for this name."),
          N_("The server has no cipher in common with senders.")),
      .fix = LINES(
          N_("Add {policy_host} as a custom domain at the service that the name points to, and "
             "wait until its certificate has been issued."),
          N_("On your own web server, create a site for {policy_host} with its certificate on "
             "port {https_port}, with TLS 1.2 and 1.3 and without client certificates."),
          N_("The server's alert was \"{alert}\"; unrecognized_name and internal_error nearly "
             "always mean that it has no certificate for {policy_host}.")),
      .commands = LINES(POLICY_TLS "-msg </dev/null", CURL_AT)}},

    {FINDING_POLICY_TLS_CLIENT_CERTIFICATE,
     {.meaning = MEANS_NO_FETCH,
      .causes =
          LINES(N_("Client certificates are required for the whole server, not only for the sites "
                   "that need them."),
                N_("The CDN's authenticated origin pulls are enabled, and the name points to the "
                   "origin, bypassing the CDN.")),
      .fix = LINES(
          N_("nginx: set ssl_verify_client off; (or optional) in the server block of "
             "{policy_host}. Apache: SSLVerifyClient none. HAProxy: remove \"verify required\" "
             "from the bind line. Reload the server."),
          N_("With Cloudflare's authenticated origin pulls, turn the proxy on for {policy_host} "
             "(orange cloud).")),
      .commands = LINES(CURL_TALK, POLICY_TLS "-msg </dev/null")}},

    {FINDING_POLICY_TLS_VERSION_OLD,
     {.meaning = N_("Modern senders use TLS 1.2 and newer. They cannot fetch the policy and "
                    "deliver without protection; a cached policy remains in force until its "
                    "max_age expires."),
      .causes = LINES(N_("The web server or the load balancer in front of it is old, or was set "
                         "to TLS 1.0 or 1.1 to support old clients."),
                      N_("The operating system's library supports nothing newer.")),
      .fix = LINES(
          N_("Allow TLS 1.2 and 1.3: ssl_protocols TLSv1.2 TLSv1.3; in nginx, SSLProtocol -all "
             "+TLSv1.2 +TLSv1.3 in Apache."),
          N_("If the server cannot do that, serve the policy from another one: the host needs "
             "only one static file.")),
      .commands = LINES(POLICY_TLS "-tls1_2 </dev/null", POLICY_TLS "-tls1_3 </dev/null")}},

    LAST_ROW,
};
