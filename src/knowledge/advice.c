/* SPDX-License-Identifier: MIT */
/* advice.c - finds the advice for a code among the tables of the topics. */
#include "knowledge/advice_rows.h"

static const struct advice_row *const tables[] = {
    advice_record, advice_policy_host, advice_policy_cert, advice_fetch,
    advice_policy, advice_mx,          advice_mx_tls,      advice_handshake,
    advice_tlsrpt, advice_rua,         advice_dane,        advice_report,
};

#define TABLE_COUNT (sizeof(tables) / sizeof(tables[0]))

/* test_advice.c sees to it that every code is found. */
static const char *const nothing[] = {NULL};
static const struct advice none = {"", nothing, nothing, nothing};

const struct advice *advice_for(enum finding_code code)
{
    for (size_t i = 0; i < TABLE_COUNT; i++)
        for (const struct advice_row *row = tables[i]; row->code != FINDING_COUNT; row++)
            if (row->code == code)
                return &row->advice;
    return &none;
}
