/* SPDX-License-Identifier: MIT */
/* advice_rua.c - what to know and to do about the endpoints that reports are posted to. */
#include "knowledge/advice_rows.h"

/* a request that changes nothing */
#define RUA_ASK  "curl -v --globoff --max-time 10 -X OPTIONS {uri}"
#define RUA_AT   "curl -v --globoff --max-time 10 --resolve {host}:{port}:{address} -X OPTIONS {uri}"
#define RUA_TLS  "openssl s_client -host {address} -port {port} -servername {host} "
#define RUA_CERT RUA_TLS "</dev/null 2>/dev/null | " SHOW_CERT
#define RUA_VERIFY                                                                                 \
    RUA_TLS "-verify_hostname {host} -CAfile {ca_file} -showcerts </dev/null",                     \
        RUA_TLS "-verify_hostname {host} -showcerts </dev/null"

#define FIX_RUA_POST                                                                               \
    N_("Then post an empty report. A 2xx answer means that reports are accepted; 400 and 415 are " \
       "fine too, because the body is empty:\n"                                                    \
       "$ curl -sSi --globoff --data '' -H 'Content-Type: application/tlsrpt+json' {uri}")
#define FIX_RUA_SERVICE                                                                            \
    N_("If {host} belongs to a reporting service, compare {uri} with what its panel shows, or "    \
       "ask "                                                                                      \
       "its support.")
#define FIX_RUA_OTHER                                                                              \
    N_("Or replace the URL in the record at {tlsrpt_name} with the address of a mailbox that you " \
       "read, such as mailto:tls-reports@example.com.")

const struct advice_row advice_rua[] = {
    {FINDING_TLSRPT_RUA_HTTPS_UNREACHABLE,
     {.meaning =
          N_("Senders cannot post their reports to this address. They retry for a day at most "
             "and then discard them. Mail is not affected, but TLS failures go unreported."),
      .causes = LINES(
          N_("The server is down, or does not listen on this port or at this address."),
          N_("A firewall allows only known networks; senders post from anywhere."),
          N_("The name still points to a former server or to a service that you no longer use."),
          N_("The server has no certificate or site for this name, or requires a client "
             "certificate."),
          N_("If the TLS handshake succeeds but no answer follows: the application behind the web "
             "server hangs, or a firewall drops the method OPTIONS, with which this was tested.")),
      .fix = LINES(
          N_("Make the server answer at every address of {host}, port {port}, and open the port to "
             "the whole internet."),
          N_("{!port}Publish A and AAAA records for {host} with addresses that senders can reach "
             "from the internet."),
          FIX_RUA_POST, FIX_RUA_SERVICE, FIX_RUA_OTHER),
      .commands = LINES(RUA_AT, RUA_ASK, DIG_HOST)}},

    {FINDING_TLSRPT_RUA_HTTPS_STATUS,
     {.meaning =
          N_("If senders get this answer when they post a report, it is lost: RFC 8460 requires "
             "a 2xx status, some senders retry for a day, others ignore the answer. Mail is not "
             "affected."),
      .causes = LINES(
          N_("The URL in the record contains a typo, or the service has changed it or closed "
             "the account."),
          N_("The web server redirects to another host name, or adds or removes a slash at the end "
             "of the path. RFC 8460 mentions no redirects; a client that follows one often turns "
             "POST into GET."),
          N_("A login, a firewall or bot protection applies to the endpoint as well."),
          N_("The application behind the web server is down."),
          N_("The endpoint exists for POST only and answers all other methods, such as the OPTIONS "
             "of this test, with 404. Then nothing is wrong.")),
      .fix = LINES(N_("The redirect points to {location}. If reports are accepted there, put "
                      "that URL in the record."),
                   N_("Correct the URL in the record, or make the server accept POST at {uri} "
                      "without login, redirect or browser challenge, and answer 200 or 201."),
                   FIX_RUA_POST, FIX_RUA_SERVICE, FIX_RUA_OTHER),
      .commands = LINES(RUA_ASK, DIG_TLSRPT)}},

    {FINDING_TLSRPT_RUA_HTTPS_CERT,
     {.meaning = N_("RFC 8460 (section 3) allows senders to ignore certificate errors when they "
                    "post a report, but does not require it. Senders that verify certificates, as "
                    "HTTPS clients do by default, deliver no reports here. Mail is not affected."),
      .causes = LINES(N_("The automatic renewal fails, or the web server was not reloaded after "
                         "it."),
                      N_("The web server has no site for this name and sends its default "
                         "certificate."),
                      N_("The certificate is self-signed, from a private CA, or was meant for "
                         "internal use."),
                      N_("The server does not send the intermediate certificate.")),
      .fix = LINES(FIX_STALE_CA,
                   N_("Get a certificate for {host} from a public CA, for example with certbot, "
                      "and make every renewal reload the web server:\n"
                      "$ certbot certonly -d {host}"),
                   FIX_CHAIN_URL, FIX_FULLCHAIN, FIX_RUA_SERVICE, FIX_RUA_OTHER),
      .commands = LINES(RUA_CERT, RUA_VERIFY, RUA_ASK, DIG_HOST)}},

    LAST_ROW,
};
