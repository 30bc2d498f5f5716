/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bucket of a duration: OpenTelemetry exponential histogram, scale 3, of seconds. Pure arithmetic.
 *
 * Bucket i holds durations in (2^(i/8), 2^((i+1)/8)] s; a duration of exactly 2^k s is in bucket 8k-1. Zero has no
 * bucket: the caller counts it apart.
 */
#pragma once

#include "bounds.h"

/* Position of the highest set bit of v > 0. Branches instead of a builtin: BPF has no such instruction. */
static __always_inline __u64 highest_bit(__u64 v)
{
	__u64 n = 0;

	if (v >> 32) {
		n = 32;
		v >>= 32;
	}
	if (v >> 16) {
		n += 16;
		v >>= 16;
	}
	if (v >> 8) {
		n += 8;
		v >>= 8;
	}
	if (v >> 4) {
		n += 4;
		v >>= 4;
	}
	if (v >> 2) {
		n += 2;
		v >>= 2;
	}
	return n + (v >> 1);
}

/*
 * Bucket of a duration of ns > 0, as an offset from BUCKET_FIRST; durations past BUCKET_LAST are in BUCKET_LAST.
 *
 * The four bits below the highest narrow the answer to two neighbouring buckets (8 * log2(17/16) < 1), one comparison
 * with the exact bound decides.
 */
static __always_inline __u64 bucket_offset(__u64 ns)
{
	/* Through memory: the verifier of 6.1 believes in combinations of highest_bit()'s branches that cannot be. */
	volatile __u8 bit = highest_bit(ns);
	__u64 n = bit;
	__u64 m = (n >= 4 ? ns >> (n - 4) : ns << (4 - n)) & 15;
	__u64 guess = 8 * n + bucket_offsets[m];

	if (guess >= BUCKET_LAST - BUCKET_FIRST)
		return BUCKET_LAST - BUCKET_FIRST;
	return ns > bucket_bounds[guess + 1] ? guess + 1 : guess;
}
