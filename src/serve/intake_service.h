/* SPDX-License-Identifier: MIT */
/* intake_service.h - how reports come into the store of this service; made with the routes of
 * report_post.h. */
#ifndef SERVE_INTAKE_SERVICE_H
#define SERVE_INTAKE_SERVICE_H

struct client_limits;
struct receiver;

struct intake_service {
    struct receiver *posts; /* bare reports, for which nobody vouches */
    struct receiver *mails; /* whose signatures are verified; may wait for the DNS */
    struct client_limits *limits;
};

#endif
