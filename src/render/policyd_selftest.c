/* SPDX-License-Identifier: MIT */
/* policyd_selftest.c - each domain with what it is, and what became of the message to it. */
#include "render/policyd_selftest.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "render/json_parts.h"

static const char *const about[BED_CASES] = {
    [BED_GOOD] = N_("certificate valid, MX host covered by the policy"),
    [BED_WRONG_NAME] = N_("certificate for another name"),
    [BED_EXPIRED] = N_("expired certificate"),
    [BED_NO_STARTTLS] = N_("mail server without STARTTLS"),
    [BED_OUTSIDE] = N_("MX host not covered by the policy"),
};

static const char *const words[] = {
    [BED_UNKNOWN] = N_("nothing seen"),
    [BED_DELIVERED] = N_("delivered"),
    [BED_REFUSED] = N_("refused"),
    [BED_FAILED] = N_("failed for another reason"),
};

/* ---- for people ------------------------------------------------------------------------------ */

static void put_detail(struct textout *out, const char *label, const char *text)
{
    char *shown = text ? text_printable(out, text, strlen(text), 0) : NULL;

    if (shown)
        textout_wrap(out, 4, STYLE_PLAIN, label, STYLE_PLAIN, shown);
}

static void put_case(struct textout *out, enum bed_case which, const struct bed_seen *seen)
{
    bool right = bed_is_right(which, seen);
    char *head = talloc_asprintf(out, "%s, %s: %s", bed_case_name(which), _(about[which]),
                                 _(words[seen->outcome]));

    if (head)
        textout_line(out, 2, right ? STYLE_GOOD : STYLE_BAD, head);
    if (!seen->reply)
        textout_wrap(out, 4, STYLE_PLAIN, "", STYLE_PLAIN,
                     _("Postfix did not ask for its policy."));
    put_detail(out, "", seen->reply);
    put_detail(out, "", seen->log);
}

static const char *verdict(const struct bed_seen seen[BED_CASES], bool *ret_right)
{
    bool unsafe = false;

    *ret_right = true;
    for (size_t i = 0; i < BED_CASES; i++) {
        *ret_right = *ret_right && bed_is_right((enum bed_case)i, &seen[i]);
        unsafe =
            unsafe || (!bed_case_delivers((enum bed_case)i) && seen[i].outcome == BED_DELIVERED);
    }
    if (*ret_right)
        return _("it delivers to the server that the policy allows, and refuses the others");
    return unsafe ? _("it delivers to servers that the policy forbids")
                  : _("the test shows nothing, as not everything happened as it should");
}

char *text_policyd_selftest(TALLOC_CTX *ctx, const struct selftest_account *account,
                            const struct textout_options *options)
{
    struct textout *out = textout_new(ctx, options);
    bool right;
    const char *sentence = verdict(account->seen, &right);
    char *head;

    if (!out)
        return NULL;
    head = talloc_asprintf(out, "Postfix %s, %s: %s", account->version, account->map, sentence);
    if (head)
        textout_line(out, 0, right ? STYLE_GOOD : STYLE_BAD, head);
    for (size_t i = 0; i < BED_CASES && !options->quiet; i++)
        put_case(out, (enum bed_case)i, &account->seen[i]);
    return textout_end(out);
}

/* ---- for programs ---------------------------------------------------------------------------- */

static struct json_object *one_case(TALLOC_CTX *ctx, enum bed_case which,
                                    const struct bed_seen *seen)
{
    struct json_object *object = json_object_new_object();

    if (!object)
        return NULL;
    json_add_text(ctx, object, "name", bed_case_name(which));
    json_add_text(ctx, object, "expected",
                  bed_outcome_name(bed_case_delivers(which) ? BED_DELIVERED : BED_REFUSED));
    json_add_text(ctx, object, "outcome", bed_outcome_name(seen->outcome));
    json_add(object, "reply", json_string(ctx, seen->reply));
    json_add(object, "log", json_string(ctx, seen->log));
    return object;
}

char *json_policyd_selftest(TALLOC_CTX *ctx, const struct selftest_account *account)
{
    struct json_object *object = json_begin("mtasts.policyd-selftest/1");
    struct json_object *cases = json_object_new_array();
    bool right;

    if (!object || !cases) {
        json_object_put(object);
        json_object_put(cases);
        return NULL;
    }
    (void)verdict(account->seen, &right);
    for (size_t i = 0; i < BED_CASES; i++)
        json_append(cases, one_case(ctx, (enum bed_case)i, &account->seen[i]));
    json_add_text(ctx, object, "postfix", account->version);
    json_add_text(ctx, object, "map", account->map);
    json_add(object, "right", json_object_new_boolean(right));
    json_add(object, "cases", cases);
    return json_line(ctx, object);
}
