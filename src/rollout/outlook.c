/* SPDX-License-Identifier: MIT */
/* outlook.c - the cases of plan.c, told apart by less. */
#include "rollout/outlook.h"

#include <string.h>

#include "base/scanner.h"
#include "rollout/plan.h"

const char *outlook_name(enum outlook_kind kind)
{
    static const char *const names[] = {
        [OUTLOOK_UNKNOWN] = "unknown",   [OUTLOOK_REPAIR] = "repair",
        [OUTLOOK_ROLLBACK] = "rollback", [OUTLOOK_CHANGE] = "change",
        [OUTLOOK_COMPLETE] = "complete", [OUTLOOK_NO_MAIL] = "no-mail",
    };

    return names[kind];
}

static bool is(const char *name, const char *of)
{
    return name && strcmp(name, of) == 0;
}

/* ---- what was found -------------------------------------------------------------------------- */

struct found {
    enum blocks worst;
    bool null_mx;
};

static bool is_word(unsigned char c)
{
    return c != ' ' && c != '/';
}

/* Copied to be compared; longer than any code. */
#define NAME_SIZE 64

static const char *name_of(struct bytes word, char name[NAME_SIZE])
{
    size_t length = word.length < NAME_SIZE - 1 ? word.length : 0;

    memcpy(name, word.data, length);
    name[length] = '\0';
    return name;
}

/* A code that a newer mtasts stored counts for nothing. */
static void take_finding(struct found *found, struct bytes code, struct bytes severity)
{
    char name[NAME_SIZE];
    struct finding finding = {.code = finding_by_name(name_of(code, name))};
    enum blocks blocks;

    if (finding.code == FINDING_COUNT)
        return;
    finding.severity = severity_by_name(name_of(severity, name));
    blocks = finding_blocks(&finding);
    if (blocks > found->worst)
        found->worst = blocks;
    found->null_mx |= finding.code == FINDING_MX_NULL;
}

static struct found read_found(const char *codes)
{
    struct scanner scanner = scanner_begin(bytes_of(codes ? codes : ""));
    struct found found = {BLOCKS_NOTHING, false};

    while (!scanner_at_end(&scanner)) {
        struct bytes code = scanner_while(&scanner, is_word), severity;

        (void)scanner_try(&scanner, '/');
        severity = scanner_while(&scanner, is_word);
        (void)scanner_try(&scanner, ' ');
        take_finding(&found, code, severity);
    }
    return found;
}

/* ---- where it stands ------------------------------------------------------------------------- */

static enum stage stage_in(const struct outlook_facts *facts)
{
    enum sts_mode mode = is(facts->mode, "enforce")   ? STS_MODE_ENFORCE
                         : is(facts->mode, "testing") ? STS_MODE_TESTING
                                                      : STS_MODE_NONE;

    if (is(facts->posture, "absent"))
        return STAGE_ABSENT;
    if (!facts->mode || is(facts->posture, "broken"))
        return is(facts->verdict, "unknown") ? STAGE_UNSEEN : STAGE_BROKEN;
    return stage_of(mode, facts->max_age);
}

static struct outlook change_from(enum stage stage)
{
    struct outlook outlook = {.kind = OUTLOOK_CHANGE};

    if (!plan_stage_next(stage, &outlook.mode, &outlook.max_age))
        outlook.kind = OUTLOOK_COMPLETE;
    return outlook;
}

static enum outlook_kind hindered(enum stage stage, const struct outlook_facts *facts,
                                  enum blocks worst)
{
    bool enforces = stage >= STAGE_ENFORCE_DAY;

    if (worst == BLOCKS_VIEW)
        return OUTLOOK_UNKNOWN;
    return enforces && worst == BLOCKS_MAIL && !is(facts->delivery, "undeliverable")
               ? OUTLOOK_ROLLBACK
               : OUTLOOK_REPAIR;
}

struct outlook outlook_of(const struct outlook_facts *facts)
{
    struct found found = read_found(facts->codes);
    enum stage stage;

    if (!facts->verdict || !facts->posture)
        return (struct outlook){.kind = OUTLOOK_UNKNOWN};
    if (is(facts->posture, "nonexistent"))
        return (struct outlook){.kind = OUTLOOK_REPAIR};
    stage = stage_in(facts);
    if (stage == STAGE_BROKEN || stage == STAGE_UNSEEN)
        return (struct outlook){.kind = stage == STAGE_BROKEN ? OUTLOOK_REPAIR : OUTLOOK_UNKNOWN};
    if (found.null_mx)
        return (struct outlook){.kind = OUTLOOK_NO_MAIL};
    if (stage < STAGE_TESTING || found.worst == BLOCKS_NOTHING)
        return change_from(stage);
    return (struct outlook){.kind = hindered(stage, facts, found.worst)};
}
