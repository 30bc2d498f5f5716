/* SPDX-License-Identifier: Apache-2.0 */
/* What the programs that time requests and the sensor say to each other: keys of maps. Nothing here computes. */
#pragma once

#include "request.h"

/* How many requests of a cgroup and role took how long. */
struct request_key {
	__u64 cgroup;
	__u16 bucket; /* as in KIND_WAIT */
	__u8 role;
	__u8 estimated;
	__u32 epoch;
};
