/* SPDX-License-Identifier: MIT */
/* account.c - an entry in JSON: the record, the policy, the fetch, DANE, and the replies. */
#include "policyd/account.h"

#include "base/json_write.h"
#include "policyd/policy_cache_work.h"

/* As a time of day; 0, which is "never", stays. */
static int64_t time_of(const struct policy_account *account, int64_t when)
{
    return when ? when - account->now + account->time : 0;
}

static void string_or_null(struct json_writer *json, const char *name, const char *text)
{
    if (text)
        json_write_string(json, name, text);
    else
        json_write_null(json, name);
}

static void write_names(struct json_writer *json, const char *name, const char *const *names,
                        size_t count)
{
    json_write_begin(json, name, '[');
    for (size_t i = 0; i < count; i++)
        json_write_string(json, NULL, names[i]);
    json_write_end(json, ']');
}

static void write_record(struct json_writer *json, const struct policy_account *account)
{
    static const char *const seen[STS_SEEN_COUNT] = {
        [STS_SEEN_UNKNOWN] = "unknown", [STS_SEEN_NONE] = "none", [STS_SEEN_RECORD] = "found"};
    const struct policy_entry *entry = account->entry;

    json_write_begin(json, "record", '{');
    json_write_string(json, "seen", seen[entry->seen]);
    string_or_null(json, "id", policy_entry_id(entry));
    json_write_time_or_null(json, "next",
                            time_of(account, policy_entry_recent(entry)->record_until));
    json_write_end(json, '}');
}

static void write_policy(struct json_writer *json, const struct policy_account *account)
{
    const struct policy_entry *entry = account->entry;
    const struct live_policy *policy = policy_entry_view(entry);

    if (!policy) {
        json_write_null(json, "policy");
        return;
    }
    json_write_begin(json, "policy", '{');
    json_write_string(json, "mode", sts_mode_name(policy->mode));
    json_write_integer(json, "max_age", policy->max_age);
    write_names(json, "mx", policy->mx, policy->mx_count);
    string_or_null(json, "id", policy->id);
    json_write_time(json, "fetched", time_of(account, entry->fetched_at));
    json_write_time(json, "expires", time_of(account, entry->fetched_at + policy->max_age));
    json_write_end(json, '}');
}

static void write_failure(struct json_writer *json, const struct policy_account *account)
{
    const struct policy_recent *recent = policy_entry_recent(account->entry);
    const struct sts_cache_decision decision = policy_entry_decision(account->entry, account->now);

    if (!recent->failed_why) {
        json_write_null(json, "failure");
        return;
    }
    json_write_begin(json, "failure", '{');
    json_write_string(json, "why", recent->failed_why);
    json_write_time(json, "time", time_of(account, recent->failed_at));
    json_write_integer(json, "count", recent->failures);
    json_write_time_or_null(
        json, "retry",
        decision.reason == STS_CACHE_REASON_PAUSED ? time_of(account, decision.next_at) : 0);
    json_write_end(json, '}');
}

static void write_dane(struct json_writer *json, const struct policy_account *account)
{
    static const char *const covers[] = {
        [DANE_COVER_NONE] = "none", [DANE_COVER_SOME] = "some", [DANE_COVER_ALL] = "all"};
    const struct policy_known known = policy_entry_known(account->entry, account->now);

    if (account->no_dane) {
        json_write_null(json, "dane");
        return;
    }
    json_write_begin(json, "dane", '{');
    json_write_string(json, "cover", covers[known.dane]);
    write_names(json, "mx_hosts", known.mx_hosts, known.mx_host_count);
    json_write_time_or_null(json, "next",
                            time_of(account, policy_entry_recent(account->entry)->dane_until));
    json_write_end(json, '}');
}

/* Under the map names that ask for them. */
static void write_replies(struct json_writer *json, const struct policy_account *account)
{
    static const char *const maps[PROFILES] = {
        [PROFILE_PLAIN] = "postfix", [PROFILE_ATTRIBUTES] = "QUERYwithTLSRPT"};

    if (account->brief)
        return;
    json_write_begin(json, "replies", '{');
    for (int profile = 0; profile < PROFILES; profile++) {
        const struct policy_made *made =
            policy_entry_reply(account->entry, (enum reply_profile)profile, account->now);

        if (made)
            json_write_string(json, maps[profile], made->text);
    }
    json_write_end(json, '}');
}

static void write_override(struct json_writer *json, const struct override *override)
{
    if (!override) {
        json_write_null(json, "override");
        return;
    }
    json_write_begin(json, "override", '{');
    json_write_string(json, "action", override_action_name(override->action));
    json_write_string(json, "reason", override->reason);
    json_write_time_or_null(json, "expires", override->expires);
    json_write_integer(json, "line", (int64_t) override->line);
    json_write_end(json, '}');
}

static void write_entry(struct json_writer *json, const struct policy_account *account)
{
    const struct policy_known known = policy_entry_known(account->entry, account->now);
    const struct sts_cache_decision decision = policy_entry_decision(account->entry, account->now);

    json_write_string(json, "answer", policy_answer_name(policy_answer_of(&known)));
    json_write_string(json, "reason", sts_cache_reason_name(decision.reason));
    if (account->entry->used_at)
        json_write_time(json, "used", time_of(account, account->entry->used_at));
    write_record(json, account);
    write_policy(json, account);
    write_failure(json, account);
    write_dane(json, account);
    write_replies(json, account);
}

char *policy_account_json(TALLOC_CTX *ctx, const struct policy_account *account)
{
    struct json_writer json = {.ctx = ctx};
    char *text;

    json_write_begin(&json, NULL, '{');
    json_write_string(&json, "format", "mtasts.policyd/1");
    json_write_string(&json, "domain", account->domain);
    json_write_string(&json, "source", account->source);
    json_write_time(&json, "time", account->time);
    write_override(&json, account->override);
    if (account->entry)
        write_entry(&json, account);
    json_write_end(&json, '}');
    text = json.no_memory ? NULL : talloc_strndup(ctx, json.text, json.length);
    talloc_free(json.text);
    return text;
}
