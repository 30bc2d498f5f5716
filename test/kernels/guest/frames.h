/* SPDX-License-Identifier: Apache-2.0 */
/* The sensor as a child process, and the lines it prints, kept as they are. Knows of a frame only its time. */
#pragma once

#include <stdint.h>

/* Starts the sensor on a CPU; gives up if no first frame comes. */
void sensor_start(const char *path, int cpu);

/* Forgets the frames held; those that come from now on are kept. */
void frames_forget(void);

/*
 * Waits until a frame holds all that has happened so far. That is not the first one with a later time: its time is when all
 * programs had turned to the next tables, which takes long on a busy machine, and some had done so before now. The frame
 * after it began later.
 */
void frames_settle(void);

/* Reports {"event":"frame",...} for every frame held. */
void frames_report(const char *scenario);

/* Ends the sensor; gives up if it had ended by itself or says that it failed. */
void sensor_end(void);
