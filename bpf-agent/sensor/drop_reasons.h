/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's reasons to free a packet (enum skb_drop_reason, without its prefix): which are losses, and where. */
#pragma once

#include "programs.h"

/* Where packets are dropped for a reason of that name; DROP_NONE if that is no loss. */
enum drop_place drop_place_of(const char *reason);
