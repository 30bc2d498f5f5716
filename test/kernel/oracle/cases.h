/* SPDX-License-Identifier: Apache-2.0 */
/* Cases that others get wrong, each by hand, with what has to be counted written beside it. */
#pragma once

/* How many came out wrong. */
int named_cases(void);
