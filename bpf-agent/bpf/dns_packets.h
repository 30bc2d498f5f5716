/* SPDX-License-Identifier: Apache-2.0 */
/* What the programs that see packets hand to dns.bpf.c: packets with payload that go to, or come from, port 53. */
#pragma once

#include "kernel.h"
#include "dns_tables.h"

/* A datagram; payload is where that begins, from the header of IP. `out`: this machine sends it. */
int dns_datagram(struct __sk_buff *skb, __u32 payload, __u32 out);

/* A segment of TCP: the same, and what its header says of its payload. */
int dns_segment(struct __sk_buff *skb, __u32 payload, __u32 out, __u32 sequence, __u32 length);
