/* SPDX-License-Identifier: Apache-2.0 */
/* The sensor as a child process, and the lines it prints, kept as they are. Knows of a frame only its time. */
#pragma once

#include <stdint.h>

/* Starts the sensor on a CPU; gives up if no first frame comes. */
void sensor_start(const char *path, int cpu);

/* Forgets the frames held; those that come from now on are kept. */
void frames_forget(void);

/* Waits for a frame whose edge is not before the given time of CLOCK_MONOTONIC. */
void frames_wait(uint64_t not_before_ns);

/* Reports {"event":"frame",...} for every frame held. */
void frames_report(const char *scenario);

/* Ends the sensor; gives up if it had ended by itself or says that it failed. */
void sensor_end(void);
