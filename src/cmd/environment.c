/* SPDX-License-Identifier: MIT */
/* environment.c - which variables override what files say; the proxy in the order in which curl
 * looks. */
#include "cmd/environment.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define VARIABLES_MAX 4

static const struct override {
    const char *option, *variables[VARIABLES_MAX]; /* the first that is set counts */
    const char *says;                              /* as the option's value; NULL: its own */
    const char *empty;                             /* what an empty one says; NULL: nothing */
} overrides[] = {
    {"proxy", {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}, NULL, "none"},
    {"store", {"MTASTS_STORE"}, NULL, NULL},
    {"color", {"NO_COLOR"}, "never", NULL},
    {"allow-private", {"MTASTS_ALLOW_PRIVATE"}, "yes", NULL},
};
static const char *const exceptions[] = {"no_proxy", "NO_PROXY"};

static const char *first_set(const char *const *names, size_t count)
{
    for (size_t i = 0; i < count && names[i]; i++)
        if (getenv(names[i]))
            return names[i];
    return NULL;
}

/* What the variable says of the option. */
static const char *said_by(const struct override *override, const char *variable)
{
    const char *value = getenv(variable);

    if (!value || !*value)
        return override->empty;
    return override->says ? override->says : value;
}

static const struct override *override_of(const char *option)
{
    for (size_t i = 0; i < sizeof overrides / sizeof overrides[0]; i++)
        if (strcmp(overrides[i].option, option) == 0)
            return &overrides[i];
    return NULL;
}

/* The variable that overrides the option, and what it says; NULL: none does. */
static const char *find(const char *option, const char **ret_value)
{
    const struct override *override = override_of(option);
    const char *variable;

    if (!override)
        return NULL;
    variable = first_set(override->variables, VARIABLES_MAX);
    *ret_value = variable ? said_by(override, variable) : NULL;
    return *ret_value ? variable : NULL;
}

const char *environment_variable(const char *option)
{
    const char *value;

    return find(option, &value);
}

const char *environment_value(const char *option)
{
    const char *value;

    return find(option, &value) ? value : NULL;
}

const char *environment_proxy(void)
{
    const char *variable = environment_variable("proxy");
    const char *value = variable ? getenv(variable) : NULL;

    return value && *value ? value : NULL;
}

const char *environment_no_proxy(void)
{
    const char *name = first_set(exceptions, sizeof exceptions / sizeof exceptions[0]);

    return name ? getenv(name) : NULL;
}
