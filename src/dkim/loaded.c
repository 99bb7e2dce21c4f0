/* SPDX-License-Identifier: MIT */
/* loaded.c - in the program: what libopendkim does is done in the module. */
#include "base/module.h"
#include "dkim/module.h"

static const struct dkim_functions *functions(void)
{
    return module_functions(MODULE_MAIL, DKIM_FUNCTIONS);
}

struct signature_verifier *signature_verifier_new(TALLOC_CTX *ctx)
{
    return functions()->verifier_new(ctx);
}

enum sts_status signature_keys_wanted(struct signature_verifier *verifier, struct bytes mail,
                                      struct signature_names *ret)
{
    return functions()->keys_wanted(verifier, mail, ret);
}

enum sts_status signature_verify(struct signature_verifier *verifier, struct bytes mail,
                                 const char *from, const struct signature_key *keys,
                                 size_t key_count, struct signature *ret)
{
    return functions()->verify(verifier, mail, from, keys, key_count, ret);
}

struct signer *signer_new(TALLOC_CTX *ctx)
{
    return functions()->signer_new(ctx);
}

enum sts_status signer_sign(TALLOC_CTX *ctx, struct signer *signer, const struct signing_key *key,
                            int64_t at, struct bytes mail, char **ret)
{
    return functions()->signer_sign(ctx, signer, key, at, mail, ret);
}
