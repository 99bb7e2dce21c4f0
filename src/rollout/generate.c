/* SPDX-License-Identifier: MIT */
/* generate.c - the policy, the records, and the steps of a first publication. */
#include "rollout/generate.h"

#include <inttypes.h>
#include <string.h>

#include <mtasts/match.h>

#include "base/hname.h"
#include "base/zone.h"
#include "rollout/forecast.h"
#include "vendors/provider.h"
#include "verdict/mx_target.h"

/* ---- mx lines -------------------------------------------------------------------------------- */

static void add_pattern(struct advisory *a, const char **list, size_t *count, const char *pattern)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(list[i], pattern) == 0)
            return;
    }
    list[(*count)++] = advisory_format(a, "%s", pattern);
}

/* Only what covers the host: a row of the table may know less than the DNS. */
static bool add_of_provider(struct advisory *a, const char **list, size_t *count, size_t room,
                            const char *host)
{
    const struct provider *provider = provider_of_mx(host);
    const char *const *patterns = provider ? provider->mx_patterns : NULL;
    size_t length = 0;

    while (patterns && patterns[length])
        length++;
    if (!length || !patterns_cover(patterns, length, host) || *count + length > room)
        return false;
    for (size_t i = 0; i < length; i++)
        add_pattern(a, list, count, patterns[i]);
    return true;
}

/* RFC 7505: a domain that takes no mail needs no policy; one MX whose name is the root. */
static bool takes_mail(const struct facts *facts)
{
    return !(facts->mx_count == 1 && (!*facts->mx[0].name || !strcmp(facts->mx[0].name, ".")));
}

const char **generate_hosts(struct advisory *a, const struct facts *facts, size_t *ret_count)
{
    const char **hosts = talloc_zero_array(a, const char *, (unsigned)facts->mx_count + 1);

    *ret_count = 0;
    if (!hosts) {
        a->no_memory = true;
        return NULL;
    }
    if (mx_servers_differ(facts))
        advisory_note(
            a, SEVERITY_HIGH, "name-servers-differ",
            N_("The name servers of {domain} return different MX records, so the mx lines "
               "below may be out of date. Wait until they agree:\n"
               "$ mtasts check {domain}"),
            NULL);
    for (size_t i = 0; i < facts->mx_count && takes_mail(facts); i++) {
        const struct mx_host *mx = &facts->mx[i];

        if (mx->is_address || mx_target_findable(facts, mx))
            hosts[(*ret_count)++] = mx->name;
        else
            advisory_note(a, SEVERITY_HIGH, "mx-not-found",
                          N_("Senders cannot find the MX host {host}, so it gets no mx line. This "
                             "shows what is wrong with its MX record:\n$ mtasts check {domain}"),
                          "host", mx->name, NULL);
    }
    return hosts;
}

const char **generate_patterns(struct advisory *a, const char *const *hosts, size_t count,
                               size_t *ret_count)
{
    size_t room = count + STS_POLICY_MX_MAX;
    const char **list = talloc_zero_array(a, const char *, room);

    *ret_count = 0;
    if (!list) {
        a->no_memory = true;
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        const char *star = strncmp(hosts[i], "*.", 2) == 0 ? "*." : "";
        char name[STS_NAME_SIZE];

        if (sts_name_from_user(hosts[i] + strlen(star), name) != STS_OK ||
            mx_target_of(name) != MX_TARGET_HOST)
            advisory_note(a, SEVERITY_HIGH, "mx-no-name",
                          N_("The MX {host} is not a host name; senders that follow MTA-STS cannot "
                             "deliver to it, so it gets no mx line."),
                          "host", hosts[i], NULL);
        else if (*star || !add_of_provider(a, list, ret_count, room, name))
            add_pattern(a, list, ret_count, advisory_format(a, "%s%s", star, name));
    }
    return list;
}

const char **generate_more_patterns(struct advisory *a, const struct live_policy *live,
                                    const char *const *hosts, size_t count, size_t *ret_count)
{
    size_t added;
    const char **more = generate_patterns(a, hosts, count, &added);
    const char **all = talloc_zero_array(a, const char *, (unsigned)(live->mx_count + added) + 1);

    *ret_count = live->mx_count + added;
    if (!all || !more) {
        a->no_memory = true;
        return NULL;
    }
    for (size_t i = 0; i < live->mx_count; i++)
        all[i] = live->mx[i];
    for (size_t i = 0; i < added; i++)
        all[live->mx_count + i] = more[i];
    return all;
}

/* ---- texts ----------------------------------------------------------------------------------- */

static bool is_pattern(const char *text)
{
    return hname_valid(bytes_of(strncmp(text, "*.", 2) ? text : text + 2));
}

char *generate_policy(TALLOC_CTX *ctx, enum sts_mode mode, int64_t max_age, const char *const *mx,
                      size_t mx_count)
{
    char *text = talloc_asprintf(ctx, "version: STSv1\r\nmode: %s\r\n", sts_mode_name(mode));

    for (size_t i = 0; text && i < mx_count; i++)
        text = is_pattern(mx[i]) ? talloc_asprintf_append_buffer(text, "mx: %s\r\n", mx[i]) : NULL;
    return text ? talloc_asprintf_append_buffer(text, "max_age: %" PRId64 "\r\n", max_age) : NULL;
}

static char *record_text(TALLOC_CTX *ctx, const struct generate_wish *wish)
{
    return talloc_asprintf(ctx, "v=STSv1; id=%s", wish->id);
}

static char *tlsrpt_text(TALLOC_CTX *ctx, const struct generate_wish *wish)
{
    char *text = talloc_strdup(ctx, "v=TLSRPTv1; rua=");

    for (size_t i = 0; text && i < wish->rua_count; i++)
        text = talloc_asprintf_append_buffer(text, "%s%s", i ? "," : "", wish->rua[i]);
    return text;
}

/* NULL: no memory, or no name. */
static char *record_line(TALLOC_CTX *ctx, const char *remove, const char *head, const char *name,
                         const char *data, int64_t ttl)
{
    char *owner = zone_name(ctx, name), *strings = zone_strings(ctx, data);
    char *line = owner && strings ? talloc_strdup(ctx, "") : NULL;

    if (line && *remove)
        line = talloc_asprintf_append_buffer(line, "%s%s. TXT\n", remove, owner);
    if (line)
        line = talloc_asprintf_append_buffer(line, "%s%s. %" PRId64 " IN TXT %s\n", head, owner,
                                             ttl, strings);
    return line;
}

/* A line for each record: `head` before it, and before that one that begins with `remove`. */
static char *record_lines(struct advisory *a, const struct generate_wish *wish, const char *remove,
                          const char *head)
{
    const struct {
        const char *name;
        char *data;
    } records[] = {
        {"_mta-sts", record_text(a, wish)},
        {"_smtp._tls", tlsrpt_text(a, wish)},
    };
    size_t count = wish->rua_count ? 2 : 1;
    char *text = talloc_strdup(a, "");

    for (size_t i = 0; text && i < count; i++) {
        const char *name = advisory_format(a, "%s.%s", records[i].name, wish->domain);
        char *line = records[i].data ? record_line(a, remove, head, name, records[i].data,
                                                   wish->ttl ? wish->ttl : GENERATE_TTL)
                                     : NULL;

        text = line ? talloc_strdup_append_buffer(text, line) : NULL;
    }
    return text;
}

char *generate_zone(struct advisory *a, const struct generate_wish *wish)
{
    return record_lines(a, wish, "", "");
}

char *generate_update(struct advisory *a, const struct generate_wish *wish)
{
    char *lines = record_lines(a, wish, "update delete ", "update add ");

    return lines ? talloc_strdup_append_buffer(lines, "send\n") : NULL;
}

void generate_change(struct advisory *a, const struct generate_wish *wish)
{
    advisory_artefact(a, POLICY_FILE, N_("the policy, served at {policy_url}"),
                      generate_policy(a, wish->mode, wish->max_age, wish->mx, wish->mx_count));
    advisory_artefact(a, ZONE_FILE,
                      N_("the records, as lines of a zone file (BIND, NSD, Knot); they replace the "
                         "TXT records of these names"),
                      generate_zone(a, wish));
}

void generate_nsupdate(struct advisory *a, const struct generate_wish *wish)
{
    advisory_artefact(a, NSUPDATE_FILE,
                      N_("the same records for a server that takes dynamic updates: nsupdate -k "
                         "KEYFILE nsupdate.txt"),
                      generate_update(a, wish));
}

/* ---- the whole ------------------------------------------------------------------------------- */

const char *const show_policy_commands[] = {"curl -sS --max-redirs 0 -D - {policy_url}", NULL};
const char *const show_record_commands[] = {"dig +short TXT {record_name}", NULL};
static const char *const show_records[] = {"dig +short TXT {record_name}",
                                           "dig +short TXT {tlsrpt_name}", NULL};
static const char *const show_host[] = {
    "dig +short A {policy_host}; dig +short AAAA {policy_host}",
    "openssl s_client -connect {policy_host}:443 -servername {policy_host} -brief </dev/null",
    NULL};
static const char *const check_all[] = {"mtasts check {domain}", "mtasts plan {domain}", NULL};

static void steps(struct advisory *a, const struct generate_wish *wish)
{
    advisory_step(
        a, "prepare-host", 0,
        N_("Point {policy_host} to a web server (A and AAAA, or a CNAME) that has a "
           "certificate for exactly this name. The files below are configurations for the "
           "usual web servers; one is enough."),
        NULL)
        ->commands = show_host;
    struct step *file = advisory_step(a, "publish-policy", 0,
                                      N_("Publish the policy file. It must be served with status "
                                         "200, without a redirect, as text/plain."),
                                      NULL);
    file->artefact = POLICY_FILE;
    file->commands = show_policy_commands;
    struct step *record =
        advisory_step(a, "publish-record", 0,
                      wish->rua_count ? N_("Once the policy is served, publish the records. From "
                                           "then on, senders apply the policy and report failures.")
                                      : N_("Once the policy is served, publish the record. From "
                                           "then on, senders apply the policy."),
                      NULL);
    record->artefact = ZONE_FILE;
    record->commands = show_records;
    advisory_step(a, "check", 0, N_("Check the complete setup, then see what comes next and when."),
                  NULL)
        ->commands = check_all;
}

void generate(struct advisory *a, const struct generate_wish *wish)
{
    advisory_text(a, "mode", sts_mode_name(wish->mode));
    advisory_number(a, "max_age", wish->max_age);
    advisory_list(a, "mx", wish->mx, wish->mx_count);
    advisory_text(a, "id", wish->id);
    advisory_list(a, "rua", wish->rua, wish->rua_count);
    if (wish->mode == STS_MODE_ENFORCE)
        advisory_note(
            a, SEVERITY_LOW, "enforce-first",
            N_("In mode enforce, senders refuse every mail server that is not covered or has no "
               "valid certificate. Start with testing if {domain} has not been through that phase. "
               "This shows when enforce is safe:\n$ mtasts plan {domain}"),
            NULL);
    if (!wish->rua_count)
        advisory_note(a, SEVERITY_LOW, "no-reports",
                      N_("Without a TLSRPT record no sender reports failures to you; --rua sets an "
                         "address for reports."),
                      NULL);
    steps(a, wish);
    generate_change(a, wish);
    generate_nsupdate(a, wish);
    generate_hosting(a, wish);
}
