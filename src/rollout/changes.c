/* SPDX-License-Identifier: MIT */
/* changes.c - what differs between two states of a domain. */
#include "rollout/changes.h"

#include <inttypes.h>
#include <string.h>

#include <mtasts/match.h>

#include "base/clock.h"

/* One comparison: where its notes go, and what is compared. */
struct comparison {
    struct advisory *advisory;
    const struct state *before;
    struct state *after;
};

static const struct attribute *counterpart(const struct state *in, const struct attribute *of)
{
    return state_is_single(of->kind) ? state_find(in, of->kind, NULL, NULL)
                                     : state_find(in, of->kind, of->subject, of->item);
}

/* It could not be seen before and can be now: that it is there is no news.  Where neither check
 * saw all, both saw the same part. */
static bool is_first_sight(const struct comparison *c, const struct attribute *attribute)
{
    return state_is_open(c->before, attribute) && !state_is_open(c->after, attribute);
}

/* ---- attributes that are news by themselves -------------------------------------------------- */

/* One row a kind: each attribute of it that is in one state only, or has another value there, is a
 * note.  Kinds whose changes mean something only together have functions of their own below. */

struct wording {
    const char *code;
    enum severity severity;
    const char *text; /* may use {item}, {before}, {after} */
};

struct change_row {
    enum attribute_kind kind;
    const char *item; /* what the place of the item is called */
    struct wording appeared, gone, changed;
};

static const struct change_row rows[] = {
    {ATTRIBUTE_RECORD,
     "item",
     {"record-appeared", SEVERITY_INFO, N_("There is now an MTA-STS record at {record_name}.")},
     {"record-gone", SEVERITY_HIGH,
      N_("There is no longer an MTA-STS record at {record_name}. Senders that have the policy keep "
         "it until its max_age expires; all others deliver without protection.")},
     {0}},
    {ATTRIBUTE_MODE,
     "item",
     {0},
     {0},
     {"mode-changed", SEVERITY_INFO, N_("Policy mode changed from {before} to {after}.")}},
    {ATTRIBUTE_PATTERN,
     "mx",
     {"mx-line-added", SEVERITY_INFO, N_("mx: {mx} was added to the policy.")},
     {"mx-line-removed", SEVERITY_INFO, N_("mx: {mx} was removed from the policy.")},
     {0}},
    {ATTRIBUTE_MX,
     "host",
     {"mx-appeared", SEVERITY_INFO, N_("{host} is a new MX host.")},
     {"mx-gone", SEVERITY_INFO, N_("{host} is no longer an MX host.")},
     {0}},
    {ATTRIBUTE_TLSRPT,
     "item",
     {"tlsrpt-appeared", SEVERITY_INFO, N_("{tlsrpt_name} now requests TLS reports: {after}")},
     {"tlsrpt-gone", SEVERITY_MEDIUM,
      N_("{tlsrpt_name} no longer requests TLS reports (was: {before}); you will not learn of "
         "sending failures.")},
     {"tlsrpt-changed", SEVERITY_INFO, N_("{tlsrpt_name} has changed: {after} (was: {before})")}},
};

static void tell(struct comparison *c, const struct change_row *row, const struct wording *wording,
                 const struct attribute *before, const struct attribute *after)
{
    const char *item = before ? before->item : after->item;

    if (wording->code)
        advisory_note(c->advisory, wording->severity, wording->code, wording->text, row->item,
                      *item ? item : NULL, "before",
                      before && *before->value ? before->value : NULL, "after",
                      after && *after->value ? after->value : NULL, NULL);
}

static void compare_row(struct comparison *c, const struct change_row *row)
{
    for (size_t i = 0; i < c->before->attribute_count; i++) {
        const struct attribute *old = &c->before->attributes[i], *new;

        if (old->kind != row->kind)
            continue;
        new = counterpart(c->after, old);
        if (!new)
            tell(c, row, &row->gone, old, NULL);
        else if (strcmp(old->value, new->value) != 0)
            tell(c, row, &row->changed, old, new);
    }
    for (size_t i = 0; i < c->after->attribute_count; i++) {
        const struct attribute *new = &c->after->attributes[i];

        if (new->kind == row->kind && !counterpart(c->before, new) && !is_first_sight(c, new))
            tell(c, row, &row->appeared, NULL, new);
    }
}

/* ---- sets as a whole ------------------------------------------------------------------------- */

/* Did the policy change, did the MX hosts?  Questions of those who tell of several attributes at
 * once. */

/* Has anything of the kind come or gone?  False where it was not known before. */
static bool set_differs(const struct comparison *c, enum attribute_kind kind)
{
    const struct attribute probe = {.kind = kind, .subject = "", .item = "", .value = ""};

    if (is_first_sight(c, &probe))
        return false;
    for (size_t i = 0; i < c->before->attribute_count; i++)
        if (c->before->attributes[i].kind == kind &&
            !counterpart(c->after, &c->before->attributes[i]))
            return true;
    for (size_t i = 0; i < c->after->attribute_count; i++)
        if (c->after->attributes[i].kind == kind &&
            !counterpart(c->before, &c->after->attributes[i]))
            return true;
    return false;
}

static bool number_differs(const struct comparison *c, enum attribute_kind kind)
{
    const struct attribute *old = state_find(c->before, kind, NULL, NULL);
    const struct attribute *new = state_find(c->after, kind, NULL, NULL);

    return old && new && old->number != new->number;
}

static bool value_differs(const struct comparison *c, enum attribute_kind kind)
{
    const struct attribute *old = state_find(c->before, kind, NULL, NULL);
    const struct attribute *new = state_find(c->after, kind, NULL, NULL);

    return old && new &&strcmp(old->value, new->value) != 0;
}

static bool policy_differs(const struct comparison *c)
{
    return value_differs(c, ATTRIBUTE_MODE) || number_differs(c, ATTRIBUTE_MAX_AGE) ||
           set_differs(c, ATTRIBUTE_PATTERN);
}

/* ---- the policy and its id ------------------------------------------------------------------- */

/* The id must change with the policy and not without it, but the two are published one after the
 * other, and a check may fall between: a changed policy leaves an id owed, which a later check
 * collects (id_owed, kept in the state). */

static void compare_max_age(struct comparison *c)
{
    const struct attribute *old = state_find(c->before, ATTRIBUTE_MAX_AGE, NULL, NULL);
    const struct attribute *new = state_find(c->after, ATTRIBUTE_MAX_AGE, NULL, NULL);

    if (number_differs(c, ATTRIBUTE_MAX_AGE))
        advisory_note(c->advisory, SEVERITY_INFO, "max-age-changed",
                      N_("The policy's max_age changed from {before} to {after}."), "before",
                      advisory_format(c->advisory, "%" PRId64, old->number), "after",
                      advisory_format(c->advisory, "%" PRId64, new->number), NULL);
}

/* Policy first, record second: what stands between the two is owed. */
static void compare_id(struct comparison *c)
{
    static const struct wording same = {
        "id-changed-policy-same", SEVERITY_INFO,
        N_("The record has the new id {after} (was: {before}), but the policy is unchanged. "
           "Senders fetch it once more; there is no other effect.")};
    static const struct wording followed = {
        "id-followed", SEVERITY_INFO,
        N_("The new id {after} (was: {before}) now announces the changed policy.")};
    static const struct wording both = {
        "id-changed", SEVERITY_INFO,
        N_("The policy changed, and the record has the new id {after} (was: {before}).")};
    const struct attribute *old = state_find(c->before, ATTRIBUTE_ID, NULL, NULL);
    const struct attribute *new = state_find(c->after, ATTRIBUTE_ID, NULL, NULL);
    bool policy = policy_differs(c);
    const struct wording *said = policy ? &both : c->before->id_owed ? &followed : &same;

    if (!old || !new)
        return;
    if (strcmp(old->value, new->value) != 0) {
        c->after->id_owed = false;
        advisory_note(c->advisory, said->severity, said->code, said->text, "before", old->value,
                      "after", new->value, NULL);
    } else if (policy) {
        c->after->id_owed = true;
        advisory_note(
            c->advisory, SEVERITY_MEDIUM, "policy-changed-id-same",
            N_("The policy changed, but the record still has the id {id}. Senders with "
               "the old policy do not notice: publish a new id, unless you already have."),
            "id", new->value, NULL);
    }
}

/* ---- MX hosts and the policy ----------------------------------------------------------------- */

/* MX hosts that change are told by their rows; here, whether the policy that stayed the same covers
 * them. */

static bool is_covered(const struct state *s, const char *host)
{
    for (size_t i = 0; i < s->attribute_count; i++)
        if (s->attributes[i].kind == ATTRIBUTE_PATTERN &&
            sts_name_match(s->attributes[i].item, host))
            return true;
    return false;
}

static const char *uncovered(struct comparison *c)
{
    const char *list = NULL;

    for (size_t i = 0; i < c->after->attribute_count; i++) {
        const struct attribute *mx = &c->after->attributes[i];

        if (mx->kind != ATTRIBUTE_MX || is_covered(c->after, mx->item))
            continue;
        list = list ? advisory_format(c->advisory, "%s, %s", list, mx->item) : mx->item;
    }
    return list;
}

static void compare_mx_with_policy(struct comparison *c)
{
    const struct attribute *mode = state_find(c->after, ATTRIBUTE_MODE, NULL, NULL);
    const char *hosts;

    if (!mode || strcmp(mode->value, "none") == 0 || !set_differs(c, ATTRIBUTE_MX) ||
        policy_differs(c))
        return;
    hosts = uncovered(c);
    if (hosts)
        advisory_note(
            c->advisory, strcmp(mode->value, "enforce") == 0 ? SEVERITY_HIGH : SEVERITY_MEDIUM,
            "mx-changed-policy-same",
            N_("The MX hosts changed, but the policy did not: it does not cover {hosts}."), "hosts",
            hosts, NULL);
    else
        advisory_note(c->advisory, SEVERITY_INFO, "mx-changed-policy-same",
                      N_("The MX hosts changed; the policy covers all of them."), NULL);
}

/* ---- addresses, a note a host ---------------------------------------------------------------- */

/* Addresses of the host that are in one and not in the other, where that is news; NULL. */
static const char *missing(struct comparison *c, const struct state *in, const struct state *from,
                           const char *host)
{
    const char *list = NULL;

    for (size_t i = 0; i < in->attribute_count; i++) {
        const struct attribute *t = &in->attributes[i];
        bool seen = false;

        if (t->kind != ATTRIBUTE_ADDRESS || t->past || strcmp(t->subject, host) != 0)
            continue;
        /* Known of old is not news. */
        for (size_t j = 0; j < from->attribute_count && !seen; j++)
            seen = from->attributes[j].kind == ATTRIBUTE_ADDRESS &&
                   (!from->attributes[j].past || from == c->before) &&
                   !strcmp(from->attributes[j].subject, host) &&
                   !strcmp(from->attributes[j].item, t->item);
        if (!seen && !(from == c->before && is_first_sight(c, t)))
            list = list ? advisory_format(c->advisory, "%s, %s", list, t->item) : t->item;
    }
    return list;
}

static void compare_host(struct comparison *c, const char *host)
{
    const char *come = missing(c, c->after, c->before, host);
    const char *gone = state_rotates(c->after, host) ? NULL : missing(c, c->before, c->after, host);

    if (come)
        advisory_note(c->advisory, SEVERITY_INFO, "address-appeared",
                      N_("New address of {host}: {addresses}."), "host", host, "addresses", come,
                      NULL);
    if (gone)
        advisory_note(c->advisory, SEVERITY_INFO, "address-gone",
                      N_("{host} no longer has the address {addresses}."), "host", host,
                      "addresses", gone, NULL);
}

static bool is_first_of_host(const struct state *s, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (s->attributes[j].kind == ATTRIBUTE_ADDRESS &&
            !strcmp(s->attributes[j].subject, s->attributes[i].subject))
            return false;
    return true;
}

/* The addresses of a host that is new, or gone as a whole, are no news beside that. */
static void compare_addresses(struct comparison *c)
{
    for (size_t i = 0; i < c->after->attribute_count; i++) {
        const struct attribute *t = &c->after->attributes[i];
        bool mx_before = state_find(c->before, ATTRIBUTE_MX, "", t->subject);
        bool mx_after = state_find(c->after, ATTRIBUTE_MX, "", t->subject);

        if (t->kind == ATTRIBUTE_ADDRESS && is_first_of_host(c->after, i) && mx_before == mx_after)
            compare_host(c, t->subject);
    }
}

/* ---- certificates, a note for each one that a host has new ----------------------------------- */

/* The one before at the same address, where it is another; NULL. */
static const struct attribute *replaced(const struct comparison *c, const struct attribute *new)
{
    const struct attribute *old =
        state_find(c->before, ATTRIBUTE_CERTIFICATE, new->subject, new->item);

    return old && strcmp(old->value, new->value) != 0 ? old : NULL;
}

static bool same_certificate(const struct attribute *a, const struct attribute *b)
{
    return b->kind == ATTRIBUTE_CERTIFICATE && !strcmp(a->subject, b->subject) &&
           !strcmp(a->value, b->value);
}

static bool was_told(const struct comparison *c, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (same_certificate(&c->after->attributes[i], &c->after->attributes[j]) &&
            replaced(c, &c->after->attributes[j]))
            return true;
    return false;
}

static void tell_certificate(struct comparison *c, size_t i, const struct attribute *old)
{
    const struct attribute *new = &c->after->attributes[i];
    const char *addresses = new->item;
    bool later = new->number >= old->number;

    for (size_t j = i + 1; j < c->after->attribute_count; j++)
        if (same_certificate(new, &c->after->attributes[j]) &&
            replaced(c, &c->after->attributes[j]))
            addresses =
                advisory_format(c->advisory, "%s, %s", addresses, c->after->attributes[j].item);
    advisory_note(c->advisory, later ? SEVERITY_INFO : SEVERITY_LOW,
                  later ? "certificate-renewed" : "certificate-replaced",
                  later ? N_("The certificate of {host} ({addresses}) was renewed: valid until "
                             "{after} (was: {before}).")
                        : N_("The certificate of {host} ({addresses}) was replaced by one that "
                             "expires earlier: on {after} (was: {before})."),
                  "host", new->subject, "addresses", addresses, "before",
                  advisory_time_text(c->advisory, old->number), "after",
                  advisory_time_text(c->advisory, new->number), NULL);
}

static void compare_certificates(struct comparison *c)
{
    for (size_t i = 0; i < c->after->attribute_count; i++) {
        const struct attribute *new = &c->after->attributes[i];
        const struct attribute *old = new->kind == ATTRIBUTE_CERTIFICATE ? replaced(c, new) : NULL;

        if (old && !was_told(c, i))
            tell_certificate(c, i, old);
    }
}

/* ---- posture, delivery, verdict -------------------------------------------------------------- */

/* A row for each value turned to.  From what is not asked, but for postures that all have a usable
 * policy: there the change of the mode has been told. */

static const struct turn {
    const char *code, *value, *text;
    enum attribute_kind kind;
    enum severity severity;
} turns[] = {
    {"posture-changed", "absent", N_("The domain no longer publishes MTA-STS."), ATTRIBUTE_POSTURE,
     SEVERITY_HIGH},
    {"posture-changed", "nonexistent", N_("The domain no longer exists in the DNS."),
     ATTRIBUTE_POSTURE, SEVERITY_CRITICAL},
    {"posture-changed", "broken", N_("MTA-STS is published, but senders can no longer use it."),
     ATTRIBUTE_POSTURE, SEVERITY_HIGH},
    {"posture-changed", "none", N_("Senders now find a policy that ends MTA-STS (mode none)."),
     ATTRIBUTE_POSTURE, SEVERITY_INFO},
    {"posture-changed", "testing", N_("Senders now find a usable policy, in mode testing."),
     ATTRIBUTE_POSTURE, SEVERITY_INFO},
    {"posture-changed", "enforce", N_("Senders now find a usable policy, in mode enforce."),
     ATTRIBUTE_POSTURE, SEVERITY_INFO},
    {"delivery-changed", "protected", N_("Mail delivery is now protected."), ATTRIBUTE_DELIVERY,
     SEVERITY_INFO},
    {"delivery-changed", "reported", N_("Senders now report failures but still deliver."),
     ATTRIBUTE_DELIVERY, SEVERITY_INFO},
    {"delivery-changed", "unprotected", N_("Mail is now delivered without protection."),
     ATTRIBUTE_DELIVERY, SEVERITY_MEDIUM},
    {"delivery-changed", "partly-refused",
     N_("Senders now refuse to deliver to some of the MX hosts."), ATTRIBUTE_DELIVERY,
     SEVERITY_HIGH},
    {"delivery-changed", "refused", N_("Senders now refuse to deliver mail to the domain."),
     ATTRIBUTE_DELIVERY, SEVERITY_CRITICAL},
    {"delivery-changed", "undeliverable",
     N_("Senders no longer find a mail server for the domain; mail cannot be delivered."),
     ATTRIBUTE_DELIVERY, SEVERITY_CRITICAL},
    {"verdict-changed", "ok", N_("Overall verdict is now OK."), ATTRIBUTE_VERDICT, SEVERITY_INFO},
    {"verdict-changed", "warning", N_("Overall verdict is now warning."), ATTRIBUTE_VERDICT,
     SEVERITY_MEDIUM},
    {"verdict-changed", "critical", N_("Overall verdict is now critical."), ATTRIBUTE_VERDICT,
     SEVERITY_HIGH},
};

static bool has_mode(const struct attribute *posture)
{
    static const char *const without[] = {"absent", "broken", "nonexistent"};

    for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++)
        if (strcmp(posture->value, without[i]) == 0)
            return false;
    return true;
}

static void compare_turn(struct comparison *c, const struct turn *turn)
{
    const struct attribute *old = state_find(c->before, turn->kind, NULL, NULL);
    const struct attribute *new = state_find(c->after, turn->kind, NULL, NULL);

    if (!old || !new || strcmp(new->value, turn->value) != 0 || !strcmp(old->value, new->value))
        return;
    /* From one usable policy to another: the mode tells it. */
    if (turn->kind == ATTRIBUTE_POSTURE && has_mode(old) && has_mode(new))
        return;
    advisory_note(c->advisory, turn->severity, turn->code, turn->text, "before", old->value,
                  "after", new->value, NULL);
}

/* ---- findings -------------------------------------------------------------------------------- */

static bool was_found(const struct state *s, const struct attribute *t)
{
    const struct attribute *old = state_find(s, ATTRIBUTE_FINDING, t->subject, t->item);

    return old && !old->unconfirmed;
}

/* In the words of the finding itself. */
static void tell_found(struct comparison *c, const struct attribute *t)
{
    const struct finding *finding = t->finding;
    size_t count = 2 + (finding ? finding->param_count : 0);
    struct param *params = talloc_array(c->advisory, struct param, (unsigned)count);

    if (!params) {
        c->advisory->no_memory = true;
        return;
    }
    params[0] = (struct param){"finding", t->subject};
    params[1] = (struct param){"subject", t->item};
    for (size_t i = 2; i < count; i++)
        params[i] = finding->params[i - 2];
    advisory_note_params(c->advisory, t->severity, "finding-appeared",
                         finding ? finding->detail : N_("New: {finding} ({subject})."), params,
                         count);
    talloc_free(params);
}

static void tell_gone(struct comparison *c, const struct attribute *t)
{
    enum finding_code code = finding_by_name(t->subject);

    advisory_note(c->advisory, SEVERITY_INFO, "finding-gone", N_("Resolved: {title} ({subject})."),
                  "finding", t->subject, "title",
                  code < FINDING_COUNT ? finding_info(code)->title : t->subject, "subject", t->item,
                  NULL);
}

static void compare_findings(struct comparison *c)
{
    for (size_t i = 0; i < c->after->attribute_count; i++) {
        const struct attribute *t = &c->after->attributes[i];

        if (t->kind == ATTRIBUTE_FINDING && !t->unconfirmed && !was_found(c->before, t) &&
            !is_first_sight(c, t))
            tell_found(c, t);
    }
    for (size_t i = 0; i < c->before->attribute_count; i++) {
        const struct attribute *t = &c->before->attributes[i];

        if (t->kind == ATTRIBUTE_FINDING && !t->unconfirmed &&
            !state_find(c->after, ATTRIBUTE_FINDING, t->subject, t->item))
            tell_gone(c, t);
    }
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* That the domain is gone says that all it published is. */
static bool has_vanished(const struct state *s)
{
    const struct attribute *posture = state_find(s, ATTRIBUTE_POSTURE, NULL, NULL);

    return posture && !strcmp(posture->value, posture_name(POSTURE_NONEXISTENT));
}

static void compare_details(struct comparison *c)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        compare_row(c, &rows[i]);
    compare_max_age(c);
    compare_id(c);
    compare_mx_with_policy(c);
    compare_addresses(c);
    compare_certificates(c);
}

size_t changes(struct advisory *a, const struct state *before, struct state *after)
{
    struct comparison c = {a, before, after};
    size_t had = a->note_count;
    char seen_at[CLOCK_TEXT_SIZE];

    if (!before->at)
        return 0;
    for (size_t i = 0; i < sizeof(turns) / sizeof(turns[0]); i++)
        compare_turn(&c, &turns[i]);
    if (!has_vanished(after))
        compare_details(&c);
    compare_findings(&c);
    clock_format(after->at, seen_at);
    advisory_notes_value(a, had, "seen_at", seen_at);
    return a->note_count - had;
}
