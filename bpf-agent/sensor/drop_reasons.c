// SPDX-License-Identifier: Apache-2.0
#include "drop_reasons.h"

#include <string.h>

/*
 * Most packets that the kernel frees with a reason are no loss: TCP has used what they say (an acknowledgement, a reset, a byte
 * that came twice), they were for somebody else, or nobody says why. What is not in this list and no loss either is missed
 * by nobody but counts as `other`: a new kernel's new reason is rather shown than hidden.
 */
static const struct {
	const char *reason; /* with a star at the end: all that begin so */
	enum drop_place place;
} places[] = {
	{ "NOT_SPECIFIED", DROP_NONE },
	{ "CONSUMED", DROP_NONE },
	{ "SKB_CONSUMED", DROP_NONE },
	{ "SKB_NOT_DROPPED_YET", DROP_NONE },
	{ "NOT_DROPPED_YET", DROP_NONE },
	{ "NO_SOCKET", DROP_NONE }, /* answered by a reset or a message of ICMP: the sender knows */
	{ "SOCKET_CLOSE", DROP_NONE },
	{ "UNIX_*", DROP_NONE },
	{ "OTHERHOST", DROP_NONE },
	{ "UNICAST_IN_L2_MULTICAST", DROP_NONE },
	{ "UNHANDLED_PROTO", DROP_NONE },
	{ "IPV6DISABLED", DROP_NONE },
	{ "DUP_FRAG", DROP_NONE },
	{ "QUEUE_PURGE", DROP_NONE },
	{ "MAX", DROP_NONE },
	{ "SUBSYS_MASK", DROP_NONE },
	{ "PACKET_SOCK_ERROR", DROP_NONE },
	{ "LOCAL_MAC", DROP_NONE },
	{ "MAC_IEEE_MAC_CONTROL", DROP_NONE },
	{ "BRIDGE_INGRESS_STP_STATE", DROP_NONE },
	{ "IPV6_NDISC_*", DROP_NONE },

	{ "TCP_OFO_QUEUE_PRUNE", DROP_SOCKET },
	{ "TCP_OFO_DROP", DROP_SOCKET },
	{ "TCP_ZEROWINDOW", DROP_SOCKET },
	{ "TCP_OVERWINDOW", DROP_SOCKET },
	{ "TCP_LISTEN_OVERFLOW", DROP_SOCKET },
	{ "TCP_MD5*", DROP_POLICY },
	{ "TCP_AO*", DROP_POLICY },
	{ "TCP_AUTH_HDR", DROP_POLICY },
	{ "TCP_MINTTL", DROP_POLICY },
	{ "TCP_CSUM", DROP_OTHER },
	{ "TCP_*", DROP_NONE },

	{ "SOCKET_RCVBUFF", DROP_SOCKET },
	{ "SOCKET_BACKLOG", DROP_SOCKET },
	{ "PROTO_MEM", DROP_SOCKET },
	{ "PFMEMALLOC", DROP_SOCKET },

	{ "QDISC_*", DROP_QUEUE },
	{ "CAKE_FLOOD", DROP_QUEUE },
	{ "DUALPI2_STEP_DROP", DROP_QUEUE },
	{ "FQ_*", DROP_QUEUE },
	{ "FULL_RING", DROP_QUEUE },

	{ "CPU_BACKLOG", DROP_BACKLOG },

	{ "NETFILTER_DROP", DROP_POLICY },
	{ "SOCKET_FILTER", DROP_POLICY },
	{ "XFRM_POLICY", DROP_POLICY },
	{ "BPF_CGROUP_EGRESS", DROP_POLICY },
	{ "SECURITY_HOOK", DROP_POLICY },
	{ "IP_RPFILTER", DROP_POLICY },
	{ "TC_INGRESS", DROP_POLICY },
	{ "TC_EGRESS", DROP_POLICY },
	{ "XDP", DROP_POLICY },
	{ "TAP_FILTER", DROP_POLICY },
	{ "TAP_TXFILTER", DROP_POLICY },
	{ "ARP_PVLAN_DISABLE", DROP_POLICY },
};

enum drop_place drop_place_of(const char *reason)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		const char *star = strchr(places[i].reason, '*');

		if (star ? !strncmp(reason, places[i].reason, star - places[i].reason) : !strcmp(reason, places[i].reason))
			return places[i].place;
	}
	return DROP_OTHER;
}
