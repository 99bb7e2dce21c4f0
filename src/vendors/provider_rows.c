/* SPDX-License-Identifier: MIT */
/* provider_rows.c - the table of providers: how each is recognised, what goes wrong there, its fix.
 */
#include "vendors/provider.h"

#define LIST(...)                                                                                  \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

/* ---- sentences that several rows share ------------------------------------------------------- */

#define MEANS_MAIL                                                                                 \
    N_("This provider runs the MX hosts and manages their certificates itself. You are "           \
       "responsible for the MX records, the policy and its record.")
#define MEANS_DELEGATION                                                                           \
    N_("This service takes over both names by CNAME: _mta-sts with the id, and mta-sts with the "  \
       "policy and its certificate. You change the policy and the id in its panel, not in your "   \
       "DNS.")
#define MEANS_HOSTING                                                                              \
    N_("This service hosts the policy as a website: one static file at "                           \
       "/.well-known/mta-sts.txt, and a certificate for the policy host. The record with the id "  \
       "stays in your own DNS.")

#define FAULT_LEFT_GONE                                                                            \
    N_("The account was closed but the CNAME left in DNS: the service removes its name, so the "   \
       "alias points to a name that does not exist.")
#define FAULT_LEFT_STALE                                                                           \
    N_("The account was closed but the CNAME left in DNS: the service continues to serve the "     \
       "last policy with a valid certificate, but nobody maintains it.")
#define FAULT_LEFT_EMPTY                                                                           \
    N_("The account was closed but the CNAME left in DNS: the service serves an empty file.")
#define FAULT_NOT_ENTERED                                                                          \
    N_("The CNAME was published, but {policy_host} was never added at the service, which "         \
       "therefore has no certificate for it.")
#define FAULT_MOVED                                                                                \
    N_("The MX records were changed during a move, but the policy still names the former "         \
       "servers.")
#define FAULT_ONE_HOST                                                                             \
    N_("The policy names only one of the MX hosts, and senders reject the others.")

#define STEP_ACCOUNT                                                                               \
    N_("Add {domain} in the panel of {provider} and have it verified there; the service issues "   \
       "the certificate for {policy_host} once both CNAMEs point to it.")
#define STEP_BOTH_ALIASES                                                                          \
    N_("Make both {record_name} and {policy_host} CNAMEs to the names that the panel of "          \
       "{provider} shows.")
#define STEP_LEAVING                                                                               \
    N_("If you have left {provider}, deleting the account is not enough: serve mode none with a "  \
       "new id until every cached policy has expired, then delete both CNAMEs.")
#define STEP_CUSTOM_DOMAIN                                                                         \
    N_("At {provider}, add {policy_host} to the site as a custom domain and wait until its "       \
       "certificate has been issued.")
#define STEP_THE_FILE                                                                              \
    N_("Make sure that the site contains the file .well-known/mta-sts.txt and that {policy_url} "  \
       "serves it with HTTP status 200 and without a redirect.")
#define STEP_SET                                                                                   \
    N_("The policy for {provider} needs these lines:\n"                                            \
       "| {provider_mx}")
#define STEP_MX_NAME                                                                               \
    N_("{provider} manages these certificates itself, and they name its hosts. Make sure that "    \
       "the MX record contains exactly the name that {provider} gave you, and not your own "       \
       "alias or address.")
#define STEP_SUPPORT                                                                               \
    N_("If the MX record is correct, contact the support of {provider}; you cannot fix this in "   \
       "your DNS.")

#define MAIL_STEPS .mx_steps = LIST(STEP_SET), .cert_steps = LIST(STEP_MX_NAME, STEP_SUPPORT)
#define DELEGATION_STEPS                                                                           \
    .host_steps = LIST(STEP_ACCOUNT, STEP_BOTH_ALIASES, STEP_LEAVING), .meaning = MEANS_DELEGATION
#define HOSTING_STEPS                                                                              \
    .host_steps = LIST(STEP_CUSTOM_DOMAIN, STEP_THE_FILE), .meaning = MEANS_HOSTING

/* ---- Microsoft ------------------------------------------------------------------------------- */

#define FAULT_MICROSOFT_STAR                                                                       \
    N_("The wildcard is missing: mx: mail.protection.outlook.com covers no tenant's host.")
#define FAULT_MICROSOFT_DEPTH                                                                      \
    N_("mx: *.mx.microsoft is one label short: the hosts are called, for example, "                \
       "example-com.o-v1.mx.microsoft.")
#define FAULT_MICROSOFT_SWITCH                                                                     \
    N_("DNSSEC and DANE were enabled for the tenant and the MX record was changed to "             \
       ".mx.microsoft, but the policy still has only mx: *.mail.protection.outlook.com.")
#define FAULT_MICROSOFT_REPORTS                                                                    \
    N_("Microsoft 365 starts sending reports two to three days after TLS reporting was set up; "   \
       "an empty mailbox until then is normal.")
#define STEP_MICROSOFT                                                                             \
    N_("For MX hosts below mail.protection.outlook.com Microsoft 365 needs:\n"                     \
       "| mx: *.mail.protection.outlook.com")
#define STEP_MICROSOFT_BOTH                                                                        \
    N_("Before you enable DNSSEC for the tenant, add the new host from the admin center, such "    \
       "as example-com.o-v1.mx.microsoft, as a separate mx line; delete the old line when the "    \
       "TTL of "                                                                                   \
       "the old MX record has expired.")
#define STEP_MICROSOFT_DNSSEC                                                                      \
    N_("Microsoft 365 with DNSSEC requires exactly the host of the MX record:\n"                   \
       "| {provider_mx}")

/* ---- Google ---------------------------------------------------------------------------------- */

#define FAULT_GOOGLE_STAR                                                                          \
    N_("mx: *.google.com was assumed to cover all of Google: it covers smtp.google.com, but "      \
       "neither aspmx.l.google.com nor alt1.aspmx.l.google.com, since a wildcard matches one "     \
       "label.")
#define FAULT_GOOGLE_PARENT                                                                        \
    N_("The policy has only mx: *.aspmx.l.google.com, which does not cover aspmx.l.google.com "    \
       "itself.")
#define FAULT_GOOGLE_SWITCH                                                                        \
    N_("The five MX records were replaced with the single smtp.google.com, or the reverse, but "   \
       "the policy was not changed.")
#define FAULT_GOOGLE_REPORTS                                                                       \
    N_("Google's reports cover a whole UTC day and arrive the day after; what is missing today "   \
       "may be in tomorrow's.")
#define STEP_GOOGLE                                                                                \
    N_("Google Workspace with the five MX hosts needs two lines:\n"                                \
       "| mx: aspmx.l.google.com\n"                                                                \
       "| mx: *.aspmx.l.google.com")
#define STEP_GOOGLE_OLD                                                                            \
    N_("As long as MX records end in googlemail.com, add mx: *.googlemail.com to these; Google "   \
       "has replaced those hosts, so it is better to change the MX records.")
#define STEP_GOOGLE_SINGLE                                                                         \
    N_("Google Workspace with a single MX record needs this line; keep those of the five older "   \
       "hosts until the TTL of their MX records has expired:\n"                                    \
       "| mx: smtp.google.com")
#define GOOGLE_HOSTS                                                                               \
    "aspmx.l.google.com", "alt1.aspmx.l.google.com", "alt2.aspmx.l.google.com",                    \
        "alt3.aspmx.l.google.com", "alt4.aspmx.l.google.com"

/* ---- Cloudflare ------------------------------------------------------------------------------ */

#define MEANS_PAGES                                                                                \
    N_("A Pages project serves the policy as a static file. Cloudflare issues the certificate as " \
       "soon as the policy host is a custom domain of the project.")
#define MEANS_WORKERS                                                                              \
    N_("A Worker answers for the policy host with the text of the policy. It runs only if "        \
       "Cloudflare's proxy is turned on for the name and a route or custom domain points to it.")
#define FAULT_PAGES_PATH                                                                           \
    N_("The file is at another place in the repository: it must be .well-known/mta-sts.txt in "    \
       "the published directory.")
#define FAULT_PAGES_DOMAIN                                                                         \
    N_("The CNAME to the project was published, but {policy_host} is not one of its custom "       \
       "domains: no certificate, or error 522.")
#define FAULT_WORKER_ROUTE N_("The route {policy_host}/* is missing or belongs to another Worker.")
#define FAULT_WORKER_TYPE                                                                          \
    N_("The Worker answers with Content-Type text/html: set text/plain in its response.")
#define FAULT_WORKER_DNS                                                                           \
    N_("The name has no address: AAAA 100:: with the proxy turned on is missing, or the proxy "    \
       "is off and the placeholder itself is published.")
#define FAULT_CLOUDFLARE_CHALLENGE                                                                 \
    N_("Bot protection or a firewall rule presents a challenge before the policy; mail servers "   \
       "cannot solve it.")
#define FAULT_CLOUDFLARE_PAUSED                                                                    \
    N_("Cloudflare is paused for the site, so there is neither a Worker nor a certificate.")
#define STEP_PAGES                                                                                 \
    N_("In the Pages project, open Custom domains and add {policy_host}; Cloudflare then "         \
       "creates the CNAME and the certificate.")
#define STEP_WORKER                                                                                \
    N_("For a Worker, add {policy_host} under Domains & Routes as a custom domain; or create "     \
       "the route {policy_host}/* and the record {policy_host}. AAAA 100:: with the proxy "        \
       "turned on.")
#define STEP_WORKER_TYPE                                                                           \
    N_("Make the Worker answer /.well-known/mta-sts.txt with HTTP status 200 and Content-Type: "   \
       "text/plain; charset=utf-8.")
#define STEP_CLOUDFLARE_RESUME                                                                     \
    N_("If Cloudflare is paused for the site, or the proxy is off for {policy_host} (gray "        \
       "cloud), turn it on again; check in the panel that the Worker is deployed.")
#define STEP_CLOUDFLARE_RULES                                                                      \
    N_("Exempt {policy_host} from bot protection, challenges and redirect rules.")

/* Cloudflare's own list of its addresses. */
#define CLOUDFLARE_NETWORKS                                                                        \
    "173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18",   \
        "108.162.192.0/18", "190.93.240.0/20", "188.114.96.0/20", "197.234.240.0/22",              \
        "198.41.128.0/17", "162.158.0.0/15", "104.16.0.0/13", "104.24.0.0/14", "172.64.0.0/13",    \
        "131.0.72.0/22", "2400:cb00::/32", "2606:4700::/32", "2803:f800::/32", "2405:b500::/32",   \
        "2405:8100::/32", "2a06:98c0::/29", "2c0f:f248::/32"

/* ---- others ---------------------------------------------------------------------------------- */

#define FAULT_JEKYLL                                                                               \
    N_("GitHub skips directories that begin with a dot: an empty file .nojekyll in the root of "   \
       "the site makes it publish .well-known.")
#define STEP_JEKYLL N_("Add an empty file .nojekyll to the root of the published branch.")
#define FAULT_PARKED                                                                               \
    N_("The registrar's parking or forwarding service answers for every name below the domain, "   \
       "with a certificate for other names.")
#define STEP_PARKED                                                                                \
    N_("Delete the wildcard or parking record at the registrar and point {policy_host} at a web "  \
       "server that has a certificate for it.")
#define FAULT_TUTA                                                                                 \
    N_("The domain has left Tuta, but the CNAMEs stayed: the policy still names only Tuta's MX "   \
       "host.")

const struct provider providers[] = {
    {.id = "microsoft-365",
     .name = "Microsoft 365",
     .aliases = "m365 office-365 o365 microsoft exchange-online outlook",
     .kinds = PROVIDER_MAIL,
     .mx_names = LIST(".mail.protection.outlook.com"),
     .mx_patterns = LIST("*.mail.protection.outlook.com"),
     .mx_example = "example-com.mail.protection.outlook.com",
     .meaning = MEANS_MAIL,
     .faults =
         LIST(FAULT_MICROSOFT_STAR, FAULT_MICROSOFT_SWITCH, FAULT_MOVED, FAULT_MICROSOFT_REPORTS),
     .mx_steps = LIST(STEP_MICROSOFT),
     .cert_steps = LIST(STEP_MX_NAME, STEP_SUPPORT)},
    {.id = "microsoft-365-dnssec",
     .name = "Microsoft 365 (DNSSEC)",
     .aliases = "m365 office-365 o365 microsoft exchange-online mx-microsoft",
     .kinds = PROVIDER_MAIL,
     .mx_names = LIST(".mx.microsoft"),
     .mx_example = "example-com.o-v1.mx.microsoft",
     .meaning = MEANS_MAIL,
     .faults = LIST(FAULT_MICROSOFT_DEPTH, FAULT_MICROSOFT_SWITCH, FAULT_MICROSOFT_REPORTS),
     .mx_steps = LIST(STEP_MICROSOFT_DNSSEC, STEP_MICROSOFT_BOTH),
     .cert_steps = LIST(STEP_MX_NAME, STEP_SUPPORT)},
    {.id = "google-workspace",
     .name = "Google Workspace",
     .aliases = "google gmail g-suite google-apps",
     .kinds = PROVIDER_MAIL,
     .mx_names = LIST("aspmx.l.google.com"),
     .mx_patterns = LIST("aspmx.l.google.com", "*.aspmx.l.google.com"),
     .mx_hosts = LIST(GOOGLE_HOSTS),
     .meaning = MEANS_MAIL,
     .faults = LIST(FAULT_GOOGLE_STAR, FAULT_GOOGLE_PARENT, FAULT_GOOGLE_SWITCH, FAULT_MOVED,
                    FAULT_GOOGLE_REPORTS),
     .mx_steps = LIST(STEP_GOOGLE),
     .cert_steps = LIST(STEP_MX_NAME, STEP_SUPPORT)},
    {.id = "google-workspace-old",
     .name = "Google Workspace (googlemail.com)",
     .aliases = "google gmail g-suite google-apps googlemail",
     .kinds = PROVIDER_MAIL,
     .mx_names = LIST(".googlemail.com"),
     .mx_patterns = LIST("aspmx.l.google.com", "*.aspmx.l.google.com", "*.googlemail.com"),
     .mx_hosts = LIST(GOOGLE_HOSTS, "aspmx2.googlemail.com", "aspmx3.googlemail.com"),
     .meaning = MEANS_MAIL,
     .faults =
         LIST(FAULT_GOOGLE_STAR, FAULT_GOOGLE_PARENT, FAULT_GOOGLE_SWITCH, FAULT_GOOGLE_REPORTS),
     .mx_steps = LIST(STEP_GOOGLE, STEP_GOOGLE_OLD),
     .cert_steps = LIST(STEP_MX_NAME, STEP_SUPPORT)},
    {.id = "google-workspace-single",
     .name = "Google Workspace (smtp.google.com)",
     .aliases = "google gmail g-suite google-apps smtp-google-com",
     .kinds = PROVIDER_MAIL,
     .mx_names = LIST("smtp.google.com"),
     .mx_patterns = LIST("smtp.google.com"),
     .meaning = MEANS_MAIL,
     .faults = LIST(FAULT_GOOGLE_SWITCH, FAULT_GOOGLE_STAR, FAULT_GOOGLE_REPORTS),
     .mx_steps = LIST(STEP_GOOGLE_SINGLE),
     .cert_steps = LIST(STEP_MX_NAME, STEP_SUPPORT)},
    {.id = "proton-mail",
     .name = "Proton Mail",
     .aliases = "proton protonmail",
     .kinds = PROVIDER_MAIL,
     .mx_names = LIST("mail.protonmail.ch", "mailsec.protonmail.ch"),
     .mx_patterns = LIST("mail.protonmail.ch", "mailsec.protonmail.ch"),
     .mx_hosts = LIST("mail.protonmail.ch", "mailsec.protonmail.ch"),
     .meaning = MEANS_MAIL,
     .faults = LIST(FAULT_ONE_HOST, FAULT_MOVED),
     MAIL_STEPS},
    {.id = "fastmail",
     .name = "Fastmail",
     .kinds = PROVIDER_MAIL,
     .mx_names = LIST(".messagingengine.com"),
     .mx_patterns = LIST("in1-smtp.messagingengine.com", "in2-smtp.messagingengine.com"),
     .mx_hosts = LIST("in1-smtp.messagingengine.com", "in2-smtp.messagingengine.com"),
     .meaning = MEANS_MAIL,
     .faults = LIST(FAULT_ONE_HOST, FAULT_MOVED),
     MAIL_STEPS},
    {.id = "icloud-mail",
     .name = "iCloud Mail",
     .aliases = "icloud",
     .kinds = PROVIDER_MAIL,
     .mx_names = LIST(".mail.icloud.com"),
     .mx_patterns = LIST("mx01.mail.icloud.com", "mx02.mail.icloud.com"),
     .mx_hosts = LIST("mx01.mail.icloud.com", "mx02.mail.icloud.com"),
     .meaning = MEANS_MAIL,
     .faults = LIST(FAULT_ONE_HOST, FAULT_MOVED),
     MAIL_STEPS},
    {.id = "mailbox-org",
     .name = "mailbox.org",
     .kinds = PROVIDER_MAIL,
     .mx_names = LIST(".mailbox.org"),
     .mx_patterns = LIST("mxext1.mailbox.org", "mxext2.mailbox.org", "mxext3.mailbox.org"),
     .mx_hosts = LIST("mxext1.mailbox.org", "mxext2.mailbox.org", "mxext3.mailbox.org"),
     .meaning = MEANS_MAIL,
     .faults = LIST(FAULT_ONE_HOST, FAULT_MOVED),
     MAIL_STEPS},
    {.id = "tuta",
     .name = "Tuta",
     .aliases = "tutanota",
     .kinds = PROVIDER_MAIL | PROVIDER_DELEGATION,
     .mx_names = LIST("mail.tutanota.de"),
     .cname_names = LIST("tutanota.de"),
     .mx_patterns = LIST("mail.tutanota.de"),
     .faults = LIST(FAULT_TUTA, FAULT_NOT_ENTERED),
     MAIL_STEPS,
     DELEGATION_STEPS},

    {.id = "cloudflare-pages",
     .name = "Cloudflare Pages",
     .aliases = "cloudflare pages",
     .kinds = PROVIDER_HOSTING,
     .cname_names = LIST(".pages.dev"),
     .meaning = MEANS_PAGES,
     .faults = LIST(FAULT_PAGES_PATH, FAULT_PAGES_DOMAIN, FAULT_CLOUDFLARE_CHALLENGE),
     .host_steps = LIST(STEP_PAGES, STEP_THE_FILE, STEP_CLOUDFLARE_RULES)},
    {.id = "cloudflare-workers",
     .name = "Cloudflare Workers",
     .aliases = "cloudflare workers worker",
     .kinds = PROVIDER_HOSTING,
     .cname_names = LIST(".workers.dev"),
     .ns_names = LIST(".ns.cloudflare.com"),
     .networks = LIST(CLOUDFLARE_NETWORKS),
     .meaning = MEANS_WORKERS,
     .faults = LIST(FAULT_WORKER_ROUTE, FAULT_WORKER_TYPE, FAULT_WORKER_DNS,
                    FAULT_CLOUDFLARE_PAUSED, FAULT_CLOUDFLARE_CHALLENGE),
     .host_steps =
         LIST(STEP_WORKER, STEP_CLOUDFLARE_RESUME, STEP_WORKER_TYPE, STEP_CLOUDFLARE_RULES)},
    {.id = "github-pages",
     .name = "GitHub Pages",
     .aliases = "github",
     .kinds = PROVIDER_HOSTING,
     .cname_names = LIST(".github.io"),
     .networks = LIST("185.199.108.0/22", "2606:50c0:8000::/34"),
     .meaning = MEANS_HOSTING,
     .faults = LIST(FAULT_JEKYLL, FAULT_NOT_ENTERED),
     .host_steps = LIST(STEP_CUSTOM_DOMAIN, STEP_JEKYLL, STEP_THE_FILE)},
    {.id = "netlify",
     .name = "Netlify",
     .kinds = PROVIDER_HOSTING,
     .cname_names = LIST(".netlify.app", ".netlify.com", ".netlifyglobalcdn.com"),
     .faults = LIST(FAULT_NOT_ENTERED),
     HOSTING_STEPS},
    {.id = "vercel",
     .name = "Vercel",
     .kinds = PROVIDER_HOSTING,
     .cname_names = LIST(".vercel-dns.com", ".vercel.app"),
     .networks = LIST("76.76.21.0/24"),
     .faults = LIST(FAULT_NOT_ENTERED),
     HOSTING_STEPS},
    {.id = "amazon-cloudfront",
     .name = "Amazon CloudFront",
     .aliases = "cloudfront aws",
     .kinds = PROVIDER_HOSTING,
     .cname_names = LIST(".cloudfront.net"),
     .faults = LIST(FAULT_NOT_ENTERED),
     HOSTING_STEPS},
    {.id = "azure-static-web-apps",
     .name = "Azure Static Web Apps",
     .aliases = "azure",
     .kinds = PROVIDER_HOSTING,
     .cname_names =
         LIST(".azurestaticapps.net", ".azurewebsites.net", ".azureedge.net", ".azurefd.net"),
     .faults = LIST(FAULT_NOT_ENTERED),
     HOSTING_STEPS},
    {.id = "porkbun",
     .name = "Porkbun",
     .kinds = PROVIDER_HOSTING,
     .cname_names = LIST("pixie.porkbun.com", "uixie.porkbun.com"),
     .meaning = MEANS_HOSTING,
     .faults = LIST(FAULT_PARKED),
     .host_steps = LIST(STEP_PARKED)},

    {.id = "powerdmarc",
     .name = "PowerDMARC",
     .kinds = PROVIDER_DELEGATION,
     .cname_names = LIST(".mta-sts.tech"),
     .faults = LIST(FAULT_NOT_ENTERED, FAULT_LEFT_GONE),
     DELEGATION_STEPS},
    {.id = "dmarcreport",
     .name = "DMARC Report",
     .kinds = PROVIDER_DELEGATION,
     .cname_names = LIST(".dmarcinput.com"),
     .faults = LIST(FAULT_NOT_ENTERED, FAULT_LEFT_EMPTY),
     DELEGATION_STEPS},
    {.id = "easydmarc",
     .name = "EasyDMARC",
     .kinds = PROVIDER_DELEGATION,
     .cname_names = LIST(".easydmarc.pro"),
     .faults = LIST(FAULT_NOT_ENTERED, FAULT_LEFT_STALE),
     DELEGATION_STEPS},
    {.id = "mailhardener",
     .name = "Mailhardener",
     .kinds = PROVIDER_DELEGATION,
     .cname_names = LIST(".mailhardener.com"),
     .faults = LIST(FAULT_NOT_ENTERED, FAULT_LEFT_GONE),
     DELEGATION_STEPS},
    {.id = "uriports",
     .name = "URIports",
     .kinds = PROVIDER_DELEGATION,
     .cname_names = LIST(".uriports.com"),
     .faults = LIST(FAULT_NOT_ENTERED, FAULT_LEFT_GONE),
     DELEGATION_STEPS},
    {.id = "sendmarc",
     .name = "Sendmarc",
     .kinds = PROVIDER_DELEGATION,
     .cname_names = LIST(".sdmarc.net"),
     .faults = LIST(FAULT_NOT_ENTERED, FAULT_LEFT_STALE),
     DELEGATION_STEPS},
    {.id = "ondmarc",
     .name = "Red Sift OnDMARC",
     .aliases = "red-sift",
     .kinds = PROVIDER_DELEGATION,
     .cname_names = LIST(".ondmarc.com"),
     .faults = LIST(FAULT_NOT_ENTERED, FAULT_LEFT_STALE),
     DELEGATION_STEPS},
};
const size_t provider_count = sizeof(providers) / sizeof(providers[0]);
