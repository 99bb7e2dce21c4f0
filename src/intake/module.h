/* SPDX-License-Identifier: MIT */
/* module.h - what the module (base/module.h) does for intake; private to intake/. */
#ifndef INTAKE_MODULE_H
#define INTAKE_MODULE_H

#include "intake/mime.h"
#include "intake/unpack.h"

#define INTAKE_FUNCTIONS "intake_functions"

struct intake_functions {
    void (**alive)(void); /* unpack_alive() of the program, for the module to call */
    __typeof__(mime_prepare) *mime_prepare;
    __typeof__(mime_read) *mime_read;
    __typeof__(archive_unpack) *archive_unpack;
    __typeof__(unpack_stream) *unpack_stream;
};

#endif
