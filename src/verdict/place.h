/* SPDX-License-Identifier: MIT */
/* place.h - where nothing can be concluded, because of the observer's own place. */
#ifndef VERDICT_PLACE_H
#define VERDICT_PLACE_H

#include "facts/facts.h"

/* Nothing at all could be looked up, and that is the resolver's or the network's fault. */
bool place_is_blind(const struct facts *facts);

/* Are signatures of the domain out of date by our clock alone?  Then nothing is known either. */
bool clock_spoils_dnssec(const struct facts *facts);

/* No word on any question, from a resolver of which nothing good is known; and nobody stopped us.
 */
bool place_is_silent(const struct facts *facts);
/* The resolver does not answer or answers with errors only, or there is no network. */
bool place_lacks_resolver(const struct facts *facts);

/* No word on any of the first questions, be it of the domain or of ours. */
bool place_is_unanswered(const struct facts *facts);

#endif
