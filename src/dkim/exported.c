/* SPDX-License-Identifier: MIT */
/* exported.c - in the module: its functions, for dkim/loaded.c. */
#include "dkim/module.h"

__attribute__((visibility("default"))) extern const struct dkim_functions dkim_functions;
const struct dkim_functions dkim_functions = {signature_verifier_new, signature_keys_wanted,
                                              signature_verify, signer_new, signer_sign};
