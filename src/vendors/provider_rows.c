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
    N_("This provider runs the MX hosts and keeps their certificates itself. Yours are the MX "    \
       "records, the policy and its record.")
#define MEANS_DELEGATION                                                                           \
    N_("This service takes over both names by CNAME: _mta-sts with the id, and mta-sts with the "  \
       "policy and its certificate. Policy and id are changed in its panel, not in your DNS.")
#define MEANS_HOSTING                                                                              \
    N_("This service hosts the policy as a web site: one static file at "                          \
       "/.well-known/mta-sts.txt, and a certificate for the policy host. The record with the id "  \
       "stays in your own DNS.")

#define FAULT_LEFT_GONE                                                                            \
    N_("The account was closed and the CNAME left in DNS: the service removes its name, so that "  \
       "the alias leads nowhere.")
#define FAULT_LEFT_STALE                                                                           \
    N_("The account was closed and the CNAME left in DNS: the service goes on serving the last "   \
       "policy with a valid certificate, and nobody keeps it up to date.")
#define FAULT_LEFT_EMPTY                                                                           \
    N_("The account was closed and the CNAME left in DNS: the service serves an empty file.")
#define FAULT_NOT_ENTERED                                                                          \
    N_("The CNAME was published, but {policy_host} was never entered at the service, which has "   \
       "no certificate for it then.")
#define FAULT_MOVED                                                                                \
    N_("The MX records were changed in a move, and the policy still names the servers of before.")
#define FAULT_ONE_HOST                                                                             \
    N_("The policy names one of the MX hosts only, and mail for the others is refused.")

#define STEP_ACCOUNT                                                                               \
    N_("Enter {domain} in the panel of {provider} and have it check the domain there; it issues "  \
       "the certificate for {policy_host} once both CNAMEs lead to it.")
#define STEP_BOTH_ALIASES                                                                          \
    N_("Let {record_name} and {policy_host} both be CNAMEs to the names that the panel of "        \
       "{provider} shows.")
#define STEP_LEAVING                                                                               \
    N_("If you have left {provider}, do not only delete the account: serve mode none with a new "  \
       "id until every cached policy has expired, then delete both CNAMEs.")
#define STEP_CUSTOM_DOMAIN                                                                         \
    N_("At {provider} add {policy_host} to the site as a custom domain and wait until its "        \
       "certificate has been issued.")
#define STEP_THE_FILE                                                                              \
    N_("See that the site holds the file .well-known/mta-sts.txt and that {policy_url} serves it " \
       "with status 200 and without a redirection.")
#define STEP_SET                                                                                   \
    N_("The policy for {provider} needs these lines:\n"                                            \
       "| {provider_mx}")
#define STEP_MX_NAME                                                                               \
    N_("{provider} keeps these certificates itself and they name its hosts. See that the MX "      \
       "record holds the name that {provider} gave you, letter for letter, and no alias or "       \
       "address of your own.")
#define STEP_SUPPORT                                                                               \
    N_("If the MX record is right, tell the support of {provider}; nothing in your DNS can cure "  \
       "it.")

#define MAIL_STEPS .mx_steps = LIST(STEP_SET), .cert_steps = LIST(STEP_MX_NAME, STEP_SUPPORT)
#define DELEGATION_STEPS                                                                           \
    .host_steps = LIST(STEP_ACCOUNT, STEP_BOTH_ALIASES, STEP_LEAVING), .meaning = MEANS_DELEGATION
#define HOSTING_STEPS                                                                              \
    .host_steps = LIST(STEP_CUSTOM_DOMAIN, STEP_THE_FILE), .meaning = MEANS_HOSTING

/* ---- Microsoft
 * ------------------------------------------------------------------------------- */

#define FAULT_MICROSOFT_STAR                                                                       \
    N_("The wildcard is missing: mx: mail.protection.outlook.com covers no tenant's host.")
#define FAULT_MICROSOFT_DEPTH                                                                      \
    N_("mx: *.mx.microsoft was written, which is one label short: the hosts are called "           \
       "tenant.zone.mx.microsoft.")
#define FAULT_MICROSOFT_SWITCH                                                                     \
    N_("DNSSEC and DANE were switched on for the tenant, the MX record was changed to "            \
       ".mx.microsoft, and the policy still has mx: *.mail.protection.outlook.com alone.")
#define FAULT_MICROSOFT_REPORTS                                                                    \
    N_("The reports of Microsoft 365 begin two to three days after TLS reporting was set up; an "  \
       "empty mailbox until then is no fault.")
#define STEP_MICROSOFT                                                                             \
    N_("For MX hosts below mail.protection.outlook.com Microsoft 365 needs:\n"                     \
       "| mx: *.mail.protection.outlook.com")
#define STEP_MICROSOFT_BOTH                                                                        \
    N_("Before DNSSEC is switched on for the tenant, add the new host of the admin centre, "       \
       "tenant.zone.mx.microsoft, as an mx line of its own; delete the old line when the TTL of "  \
       "the old MX record has passed.")
#define STEP_MICROSOFT_DNSSEC                                                                      \
    N_("Microsoft 365 with DNSSEC wants the very host of the MX record:\n"                         \
       "| {provider_mx}")

/* ---- Google
 * ---------------------------------------------------------------------------------- */

#define FAULT_GOOGLE_STAR                                                                          \
    N_("mx: *.google.com was taken for the whole of Google: it covers smtp.google.com, but not "   \
       "aspmx.l.google.com nor alt1.aspmx.l.google.com, since a wildcard stands for one label.")
#define FAULT_GOOGLE_PARENT                                                                        \
    N_("Only mx: *.aspmx.l.google.com was written, which does not cover aspmx.l.google.com "       \
       "itself.")
#define FAULT_GOOGLE_SWITCH                                                                        \
    N_("The five MX records were replaced by the single smtp.google.com, or the reverse, and the " \
       "policy was not.")
#define FAULT_GOOGLE_REPORTS                                                                       \
    N_("Google's reports cover a whole day of UTC and come the day after; what is missing today "  \
       "may stand in tomorrow's.")
#define STEP_GOOGLE                                                                                \
    N_("Google Workspace with the five MX hosts needs two lines:\n"                                \
       "| mx: aspmx.l.google.com\n"                                                                \
       "| mx: *.aspmx.l.google.com")
#define STEP_GOOGLE_OLD                                                                            \
    N_("While MX records end in googlemail.com, add mx: *.googlemail.com to these; Google has "    \
       "replaced those hosts, so that the MX records are better changed.")
#define STEP_GOOGLE_SINGLE                                                                         \
    N_("Google Workspace with a single MX record needs mx: smtp.google.com; keep the lines of "    \
       "the five older hosts until the TTL of their MX records has passed.")
#define GOOGLE_HOSTS                                                                               \
    "aspmx.l.google.com", "alt1.aspmx.l.google.com", "alt2.aspmx.l.google.com",                    \
        "alt3.aspmx.l.google.com", "alt4.aspmx.l.google.com"

/* ---- Cloudflare
 * ------------------------------------------------------------------------------ */

#define MEANS_PAGES                                                                                \
    N_("A Pages project serves the policy as a static file. Cloudflare issues the certificate as " \
       "soon as the policy host is a custom domain of the project.")
#define MEANS_WORKERS                                                                              \
    N_("A Worker answers for the policy host with the text of the policy. It runs only where "     \
       "Cloudflare's proxy is switched on for the name and a route or custom domain leads to it.")
#define FAULT_PAGES_PATH                                                                           \
    N_("The file stands at another place in the repository: it must be .well-known/mta-sts.txt "   \
       "in the folder that is published.")
#define FAULT_PAGES_DOMAIN                                                                         \
    N_("The CNAME to the project was published, but {policy_host} is not among its custom "        \
       "domains: no certificate, or error 522.")
#define FAULT_WORKER_ROUTE N_("The route {policy_host}/* is missing or belongs to another Worker.")
#define FAULT_WORKER_TYPE                                                                          \
    N_("The Worker answers with Content-Type text/html: set text/plain in its response.")
#define FAULT_WORKER_DNS                                                                           \
    N_("The name has no address: AAAA 100:: with the proxy switched on is missing, or the proxy "  \
       "is off and the placeholder itself is published.")
#define FAULT_CLOUDFLARE_CHALLENGE                                                                 \
    N_("Bot protection or a rule of the firewall puts a challenge before the policy; mail "        \
       "servers "                                                                                  \
       "cannot solve it.")
#define FAULT_CLOUDFLARE_PAUSED                                                                    \
    N_("Cloudflare is paused for the site, so that neither Worker nor certificate is there.")
#define STEP_PAGES                                                                                 \
    N_("In the Pages project open Custom domains and add {policy_host}; Cloudflare then makes "    \
       "the CNAME and the certificate.")
#define STEP_WORKER                                                                                \
    N_("For a Worker add {policy_host} under Domains and Routes as a custom domain; or make the "  \
       "route {policy_host}/* and the record {policy_host}. AAAA 100:: with the proxy switched "   \
       "on.")
#define STEP_WORKER_TYPE                                                                           \
    N_("Let the Worker answer /.well-known/mta-sts.txt with status 200 and Content-Type: "         \
       "text/plain; charset=utf-8.")
#define STEP_CLOUDFLARE_RESUME                                                                     \
    N_("If Cloudflare is paused for the site, or the proxy is off for {policy_host} (grey "        \
       "cloud), switch it on again; in the panel see that the Worker is deployed.")
#define STEP_CLOUDFLARE_RULES                                                                      \
    N_("Except {policy_host} from bot protection, challenges and redirect rules.")

/* Cloudflare's own list of its addresses. */
#define CLOUDFLARE_NETWORKS                                                                        \
    "173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18",   \
        "108.162.192.0/18", "190.93.240.0/20", "188.114.96.0/20", "197.234.240.0/22",              \
        "198.41.128.0/17", "162.158.0.0/15", "104.16.0.0/13", "104.24.0.0/14", "172.64.0.0/13",    \
        "131.0.72.0/22", "2400:cb00::/32", "2606:4700::/32", "2803:f800::/32", "2405:b500::/32",   \
        "2405:8100::/32", "2a06:98c0::/29", "2c0f:f248::/32"

/* ---- others
 * ---------------------------------------------------------------------------------- */

#define FAULT_JEKYLL                                                                               \
    N_("GitHub leaves out folders that begin with a dot: an empty file .nojekyll in the root of "  \
       "the site makes it publish .well-known.")
#define STEP_JEKYLL N_("Add an empty file .nojekyll to the root of the published branch.")
#define FAULT_PARKED                                                                               \
    N_("The registrar's parking or forwarding service answers for every name below the domain, "   \
       "with a certificate for other names.")
#define STEP_PARKED                                                                                \
    N_("Delete the wildcard or parking record at the registrar and point {policy_host} to a web "  \
       "server that has a certificate for it.")
#define FAULT_TUTA                                                                                 \
    N_("The domain has left Tuta and the CNAMEs stayed: the policy goes on to name Tuta's MX "     \
       "host "                                                                                     \
       "alone.")

const struct provider providers[] = {
    {.id = "microsoft-365",
     .name = "Microsoft 365",
     .aliases = "m365 office-365 o365 microsoft exchange-online outlook",
     .kinds = PROVIDER_MAIL,
     .mx_names = LIST(".mail.protection.outlook.com"),
     .mx_patterns = LIST("*.mail.protection.outlook.com"),
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
