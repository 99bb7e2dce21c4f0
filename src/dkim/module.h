/* SPDX-License-Identifier: MIT */
/* module.h - what the module (base/module.h) does for dkim; private to dkim/. */
#ifndef DKIM_MODULE_H
#define DKIM_MODULE_H

#include "dkim/signature.h"
#include "dkim/signing.h"

#define DKIM_FUNCTIONS "dkim_functions"

struct dkim_functions {
    __typeof__(signature_verifier_new) *verifier_new;
    __typeof__(signature_keys_wanted) *keys_wanted;
    __typeof__(signature_verify) *verify;
    __typeof__(signer_new) *signer_new;
    __typeof__(signer_sign) *signer_sign;
};

#endif
