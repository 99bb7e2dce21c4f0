/* SPDX-License-Identifier: MIT */
/* advice_policy_host.c - what to know and to do about the name and addresses of the policy host. */
#include "rules/advice_rows.h"

const struct advice_row advice_policy_host[] = {
    {FINDING_POLICY_HOST_MISSING,
     {.meaning = MEANS_NO_FETCH,
      .causes = LINES(
          N_("The TXT record was published, and the address of the policy host was forgotten."),
          N_("The host was moved or its web server given up, and the record deleted with it."),
          N_("The DNS panel adds the domain by itself, so that the host stands at a doubled name."),
          N_("At Cloudflare the custom domain of the Pages project, or the AAAA record of the "
             "Worker, was never made.")),
      .fix = LINES(
          N_("Point the name to your web server: {policy_host}. 3600 IN A with its address, and "
             "AAAA if it has one; or a CNAME to the name your hosting service gives you."),
          N_("For Cloudflare Pages add {policy_host} as a custom domain, which makes the CNAME to "
             "the project; for a Worker add AAAA 100:: with the proxy switched on."),
          N_("Give the host a certificate for {policy_host} and put the file at {policy_url}."),
          N_("If you want to give up MTA-STS, do not begin here: publish mode none first and wait "
             "until every cached policy has expired.")),
      .commands = LINES(DIG_POLICY, DIG_RECORD)}},

    {FINDING_POLICY_HOST_LOOKUP_FAILED,
     {.meaning = N_("Whether the policy host has an address could not be seen from here. Senders "
                    "for whom the look-up fails too cannot fetch the policy; a cached one goes on "
                    "to apply."),
      .causes = LINES(
          N_("A name server of the domain, or of the hosting service the CNAME leads to, does not "
             "answer or answers with an error."),
          N_("The resolver used here is overloaded, refuses the question or has no network."),
          N_("If the same question succeeds with dig +cd, DNSSEC validation fails.")),
      .fix = LINES(
          N_("Ask the name servers one by one and repair the one that fails; with a CNAME ask "
             "those of its target too."),
          N_("If they are in order, check again with another resolver: mtasts check --resolver "
             "ADDRESS {domain}")),
      .commands = LINES(DIG("A {policy_host}"), DIG_NS, "dig +cd A {policy_host}")}},

    {FINDING_POLICY_HOST_CNAME_DANGLING,
     {.meaning = N_("Senders cannot get the policy; those that hold an earlier one keep to it. "
                    "Worse, whoever registers the target can serve a policy of their own for your "
                    "domain and obtain a certificate for the policy host."),
      .causes = LINES(
          N_("The contract with the hosting service has ended, or the project was deleted there."),
          N_("The domain was never entered at the service."),
          N_("The target was mistyped, or lacks its final dot in the zone file.")),
      .fix = LINES(
          N_("Delete the CNAME {policy_host} to {cname}, or correct its target, today."),
          N_("Have the service set up {policy_host}, or point the name to a web server of your "
             "own: {policy_host}. 3600 IN A with its address."),
          N_("Make sure that {policy_url} is served before you count on the policy again.")),
      .commands = LINES("dig +short CNAME {policy_host}", "dig A {cname}", DIG_POLICY)}},

    {FINDING_POLICY_HOST_UNREACHABLE,
     {.meaning = MEANS_NO_FETCH,
      .causes = LINES(
          N_("The web server is down, or listens on port 80 only."),
          N_("A firewall lets port 443 through for some networks only."),
          N_("The address in DNS is that of a former server, or a private one."),
          N_("The name leads to 100:: or a documentation address: the entry of a Cloudflare Worker "
             "whose proxy is switched off.")),
      .fix = LINES(
          N_("See whether the server listens on port 443 at every address of {policy_host}; start "
             "it or correct A and AAAA."),
          N_("Open port 443 to the whole internet: senders come from everywhere."),
          N_("At Cloudflare switch the proxy on for {policy_host}.")),
      .commands = LINES(CURL_AT, DIG_POLICY)}},

    {FINDING_POLICY_HOST_ADDRESS_UNREACHABLE,
     {.meaning = N_("Senders that try this address first get the policy late or not at all, and "
                    "then deliver without protection. With the next address the fetch succeeds, so "
                    "the fault shows only now and then."),
      .causes = LINES(N_("An AAAA record was made, and the web server listens on IPv4 only."),
                      N_("An old address was left in DNS when the server moved."),
                      N_("A firewall opens port 443 for one family of addresses only.")),
      .fix = LINES(
          N_("Let the web server listen at {address}, port {https_port}, or delete this address "
             "of {policy_host} from DNS."),
          N_("Make sure that every address serves the same policy and certificate.")),
      .commands = LINES(CURL_AT, DIG_POLICY)}},

    {FINDING_POLICY_TLS_HANDSHAKE_FAILED,
     {.meaning = MEANS_NO_FETCH,
      .causes = LINES(
          N_("The hosting service has no certificate for this name yet: the custom domain was not "
             "set up there, or its validation is still pending."),
          N_("The web server has no TLS at this port, or no site for this name."),
          N_("The server demands a client certificate or has no cipher in common with senders.")),
      .fix = LINES(
          N_("Enter {policy_host} as a custom domain at the service the name leads to, and wait "
             "until its certificate has been issued."),
          N_("On a web server of your own make a site for {policy_host} with its certificate at "
             "port {https_port}, with TLS 1.2 and 1.3 and without client certificates."),
          N_("The server's alert was \"{alert}\"; unrecognized_name and internal_error nearly "
             "always mean that it has no certificate for {policy_host}.")),
      .commands = LINES(POLICY_TLS "-msg </dev/null", CURL_AT)}},

    {FINDING_POLICY_TLS_VERSION_OLD,
     {.meaning = N_("Senders of today speak TLS 1.2 and newer. They cannot fetch the policy and "
                    "deliver without protection; a cached policy goes on to apply until its "
                    "max_age is over."),
      .causes = LINES(N_("The web server or the load balancer before it is old, or was set to "
                         "TLS 1.0 or 1.1 for the sake of old clients."),
                      N_("The operating system's library knows nothing newer.")),
      .fix = LINES(
          N_("Allow TLS 1.2 and 1.3: ssl_protocols TLSv1.2 TLSv1.3; in nginx, SSLProtocol -all "
             "+TLSv1.2 +TLSv1.3 in Apache."),
          N_("If the server cannot, serve the policy from another one: the host needs nothing but "
             "one static file.")),
      .commands = LINES(POLICY_TLS "-tls1_2 </dev/null", POLICY_TLS "-tls1_3 </dev/null")}},

    LAST_ROW,
};
