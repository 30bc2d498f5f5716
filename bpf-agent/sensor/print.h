/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of the frame that several of its members are made of. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include "sums.h"

/* A JSON string. */
void print_string(FILE *out, const char *s);

/* The word for a kind of blame, as the frame has it. */
const char *kind_name(uint32_t kind);

/* Where the key of a histogram's row holds the bucket: below the kind in b, or alone in c. */
enum bucket_place { BUCKET_IN_B, BUCKET_IN_C };

/*
 * The rows from `first` on that belong to one histogram: same a, and same b where the key holds the bucket in c. Prints its
 * sums and buckets, as members of an object; returns the row after it.
 */
size_t print_histogram(const struct sums *sums, size_t first, enum bucket_place place, FILE *out);
