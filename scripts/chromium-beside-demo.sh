#!/bin/sh
# Chromium on the CPUs that the demo does not use, so that a test's own browser is not what the demo's services suffer from.
exec taskset --cpu-list "$CONTENTION_PORTAL_CPUS" "${CONTENTION_CHROMIUM:-chromium}" "$@"
