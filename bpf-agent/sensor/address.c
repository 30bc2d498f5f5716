// SPDX-License-Identifier: Apache-2.0
#include "address.h"

#include <sys/socket.h>

void address_name(char name[ADDRESS_LENGTH], uint16_t family, const uint32_t address[4])
{
	name[0] = 0;
	if (family == AF_INET)
		inet_ntop(AF_INET, address, name, ADDRESS_LENGTH);
	else if (family == AF_INET6 && !address[0] && !address[1] && address[2] == htonl(0xffff))
		inet_ntop(AF_INET, &address[3], name, ADDRESS_LENGTH);
	else if (family == AF_INET6)
		inet_ntop(AF_INET6, address, name, ADDRESS_LENGTH);
}
