/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses as people write them. */
#pragma once

#include <arpa/inet.h>
#include <stdint.h>

#define ADDRESS_LENGTH INET6_ADDRSTRLEN

/*
 * The name of an address, which is in network byte order and, of IPv4, in the first word or as ::ffff:a.b.c.d: IPv4 without
 * that prefix, which it has on a dual-stack socket. Empty if the family is neither.
 */
void address_name(char name[ADDRESS_LENGTH], uint16_t family, const uint32_t address[4]);
