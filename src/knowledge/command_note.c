/* SPDX-License-Identifier: MIT */
/* command_note.c - what the commands of the advice show, and the seven of every diagnosis. */
#include "knowledge/command_note.h"

#include <string.h>

#include "knowledge/topic_rows.h"

/* ---- notes: the first row whose pieces are all there counts ---------------------------------- */

static const struct command_note notes[] = {
    {{"while read"},
     N_("the certificate of every MX host in the DNS, after STARTTLS: names and dates"),
     N_("the name of each MX host among its alternative names, and notAfter in the future")},
    /* dig */
    {{"+authority", "{record_name}"},
     N_("how long resolvers remember that the record does not exist: the last number of the SOA"),
     N_("a few hundred to a few thousand seconds")},
    {{"ip -brief address"},
     N_("the addresses and routes of this machine"),
     N_("a global address and a default route for each address family the machine should have")},
    {{"ulimit -a"},
     N_("the limits of this shell"),
     N_("open files of 1024 or more, and max memory size unlimited")},
    {{"{name} {type} @{behind}"},
     N_("what the name server with the oldest zone says"),
     N_("the same as from the other name servers")},
    {{"@{behind}"},
     N_("the record as the name server with the oldest zone has it"),
     N_("the same id as everywhere")},
    {{"TXT {found_at}"}, N_("the record at a name where senders do not look"), N_("no answer")},
    {{"TXT no-such-name."},
     N_("whether a wildcard answers for names that do not exist"),
     N_("no answer")},
    {{"TXT {cname}"}, N_("the record at the end of the alias"), N_("one line, v=STSv1; id=...")},
    {{"A {cname}"}, N_("the address at the end of the alias"), N_("an address")},
    {{"delv "},
     N_("what a validator says about the signatures"),
     N_("\"; fully validated\", or \"; unsigned answer\" where the zone is not signed")},
    {{"+cd ", "{record_name}"},
     N_("the record without DNSSEC validation"),
     N_("the same answer as without +cd; an answer only with +cd means that validation fails")},
    {{"+cd ", "{policy_host}"},
     N_("the address without DNSSEC validation"),
     N_("the same answer as without +cd; an answer only with +cd means that validation fails")},
    {{"+noall +answer TXT {record_name}"},
     N_("the record and the seconds for which resolvers still keep it"),
     N_("one record with at most 3600 before IN")},
    {{"TXT {record_name}"},
     N_("the TXT record that announces the policy"),
     N_("one line, v=STSv1; id=... with letters and digits as id")},
    {{"TXT {tlsrpt_name}"},
     N_("the TXT record that says where reports go"),
     N_("one line, v=TLSRPTv1; rua=mailto:... or https:...")},
    {{"CNAME {record_name}"},
     N_("whether the record is an alias, and of what"),
     N_("no answer, or the name that your service gave you")},
    {{"CNAME {policy_host}"},
     N_("whether the policy host is an alias, and of what"),
     N_("no answer, or the name that your service gave you")},
    {{"CNAME {host}"}, N_("whether the MX host is an alias"), N_("no answer")},
    {{"+nssearch"},
     N_("the SOA record at each name server"),
     N_("the same serial number everywhere")},
    {{"SOA {domain}"},
     N_("whether the domain exists"),
     N_("status: NOERROR; NXDOMAIN says that it does not")},
    {{"CAA {name}"},
     N_("which CAs may issue certificates, for the name and those below it"),
     N_("the identifier of the CA that issued the certificate, or no CAA record")},
    {{"DS {domain}"},
     N_("the key that the parent zone attests to"),
     N_("no answer if the zone is not signed; otherwise the key tag of the current key")},
    {{"TLSA ", "{domain}"},
     N_("the TLSA records of the domain itself"),
     N_("none; they belong to the MX host")},
    {{"TLSA ", "{host}"},
     N_("the TLSA records of the MX host"),
     N_("records 3 1 1 or 2 1 1 with the flag ad, or none")},
    {{"TLSA ", "{dane}"},
     N_("the TLSA records of the MX host"),
     N_("records 3 1 1 or 2 1 1 with the flag ad, or none")},
    {{"grep '^mx:'"},
     N_("the MX hosts, and below them the mx lines of the policy"),
     N_("a matching line for each host; an asterisk matches one label")},
    {{"MX {host}"}, N_("the MX hosts of the domain that reports go to"), N_("at least one host")},
    {{"MX {domain}"},
     N_("the MX hosts with their preferences"),
     N_("an mx line or a wildcard in the policy matches each host")},
    {{"{policy_host} A"}, N_("the addresses of the policy host"), N_("at least one address")},
    {{"A {policy_host}"}, N_("the addresses of the policy host"), N_("at least one address")},
    {{"{host} A"}, N_("the addresses of the host"), N_("at least one address")},
    {{"{domain} A"}, N_("the addresses of the domain itself"), N_("those of the website")},
    {{"dig ", ". DNSKEY"},
     N_("the keys of the DNS root, as the resolver returns them"),
     N_("DNSKEY records and, with them, an RRSIG record")},
    {{"dig ", "{name}"}, N_("what DNS says about the name"), N_("status: NOERROR and an answer")},
    /* curl */
    {{"curl ", "smtp://"},
     N_("the dialogue with the mail server up to STARTTLS"),
     N_("250-STARTTLS in the reply to EHLO")},
    {{"grep -i '^content-type'"}, N_("the media type of the policy"), N_("text/plain")},
    {{"od -c"},
     N_("the policy byte by byte"),
     N_("no bytes before version, and \\n or \\r \\n at the end of each line")},
    {{"cat -A"},
     N_("the policy with visible line endings"),
     N_("$ or ^M$ at the end of each line, and no line that is otherwise empty")},
    {{"wc -c"}, N_("the length of the policy"), N_("a few hundred bytes")},
    {{"time curl"}, N_("how long a response takes"), N_("less than two seconds")},
    {{"curl ", "-X OPTIONS"},
     N_("whether the report endpoint answers a request that changes nothing"),
     N_("a valid certificate, then any status except 3xx, 401, 404, 410 and 5xx; 405 and 501 "
        "are fine")},
    {{"curl ", "-A ''"},
     N_("the response to a client without a name, like senders"),
     N_("HTTP status 200 and the text of the policy")},
    {{"curl -6"}, N_("the response over IPv6"), N_("HTTP status 200, or no IPv6 address at all")},
    {{"curl -4"}, N_("the response over IPv4"), N_("HTTP status 200 and the text of the policy")},
    {{"curl ", "--resolve {policy_host}"},
     N_("the response of this one address, with the whole exchange"),
     N_("a valid certificate, HTTP status 200, and the policy")},
    {{"curl -sSI"},
     N_("the headers of the response"),
     N_("HTTP status 200 and Content-Type: text/plain; no redirect")},
    {{"curl -sSi"},
     N_("headers and text of the response"),
     N_("HTTP status 200, Content-Type: text/plain, and the policy")},
    {{"curl -v"},
     N_("the fetch with the whole exchange"),
     N_("a valid certificate, HTTP status 200, and the policy")},
    {{"curl ", "{policy_url}"},
     N_("the policy"),
     N_("version: STSv1, mode, max_age and an mx line for each MX host")},
    /* openssl */
    {{"sha256sum"},
     N_("the SHA-256 of the key that the MX host uses"),
     N_("the digest of its TLSA record 3 1 1")},
    {{"-dane_tlsa_rrdata"},
     N_("whether the certificate matches this TLSA record"),
     N_("\"Verification: OK\" and \"Verified peername\"")},
    {{"s_client", "-port {port}", "x509"},
     N_("the certificate of the report endpoint: names and dates"),
     N_("the name of the endpoint among the alternative names, and notAfter in the future")},
    {{"s_client", "-port {port}", "-verify_hostname"},
     N_("the certificate chain of the report endpoint, verified"),
     N_("Verify return code: 0 (ok)")},
    {{"s_client", "-tls1_"},
     N_("whether the server supports this TLS version"),
     N_("a certificate with 1.2 or 1.3; with neither, the server is too old")},
    {{"s_client", "-msg"},
     N_("the TLS handshake, message by message"),
     N_("a ServerHello and a Certificate, no alert")},
    {{"s_client", "-noservername", "x509"},
     N_("the certificate that senders without SNI get: names and dates"),
     N_("the name of the MX host among the alternative names, and notAfter in the future")},
    {{"s_client", "-noservername"},
     N_("whether TLS works without SNI"),
     N_("a certificate, and the lines of a TLS session")},
    {{"s_client", "-starttls smtp", "x509"},
     N_("the certificate of the MX host after STARTTLS: names and dates"),
     N_("the name of the MX host among the alternative names, and notAfter in the future")},
    {{"s_client", "-starttls smtp", "-verify_hostname"},
     N_("the chain of the MX host, verified"),
     N_("Verify return code: 0 (ok)")},
    {{"s_client", "-starttls smtp"},
     N_("whether STARTTLS works"),
     N_("a certificate, and the lines of a TLS session")},
    {{"s_client", "{policy_host}", "x509"},
     N_("the certificate of the policy host: names and dates"),
     N_("the name of the policy host among the alternative names, and notAfter in the future")},
    {{"s_client", "{policy_host}"},
     N_("the chain of the policy host, verified"),
     N_("Verify return code: 0 (ok)")},
    /* others */
    {{"nc -vz", "gmail-smtp-in"},
     N_("whether port 25 can be used from this network at all"),
     N_("succeeded or open")},
    {{"nc -vz"}, N_("whether the port answers at this address"), N_("succeeded or open")},
    {{"date -u"}, N_("the time as a new id"), N_("14 digits")},
    {{"mtasts check"}, N_("the whole diagnosis"), N_("OK in the first line")},
};
#define NOTE_COUNT (sizeof(notes) / sizeof(notes[0]))

static bool fits(const struct command_note *note, const char *template)
{
    for (size_t i = 0; i < sizeof(note->with) / sizeof(note->with[0]) && note->with[i]; i++)
        if (!strstr(template, note->with[i]))
            return false;
    return true;
}

const struct command_note *command_note_of(const char *template)
{
    for (size_t i = 0; i < NOTE_COUNT; i++)
        if (fits(&notes[i], template))
            return &notes[i];
    return NULL;
}

/* ---- the seven ------------------------------------------------------------------------------- */

const char *const basic_commands[] = {
    DIG_RECORD,
    DIG_TLSRPT,
    "curl -sS --cacert {ca_file} {policy_url}",
    CURL_POLICY,
    "curl -sSI --cacert {ca_file} {policy_url}",
    "curl -sSI {policy_url}",
    DIG_MX,
    CERT_OF_POLICY_HOST,
    NULL,
};
const char *const basic_mx_command = CERT_OF_MX;

#define FOR_EACH_MX                                                                                \
    " | while read -r _ mx; do mx=${mx%.}; [ -n \"$mx\" ] && openssl s_client -connect "           \
    "\"$mx:\"{smtp_port} "                                                                         \
    "-starttls smtp -servername \"$mx\" </dev/null 2>/dev/null | " SHOW_CERT "; done"
const char *const basic_all_mx_commands[] = {
    "dig @{resolver} -p {resolver_port} +short MX {domain}" FOR_EACH_MX,
    "dig +short MX {domain}" FOR_EACH_MX, NULL};
