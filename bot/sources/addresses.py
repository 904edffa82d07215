"""Which network addresses an outside URL may lead to: public ones only.

It judges the address a socket is about to connect to, never a name, which may change its mind after being asked.
"""

import socket
from collections.abc import Sequence
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

_CLOSED_V4 = (
    "0.0.0.0/8",  # this network
    "10.0.0.0/8",  # private
    "100.64.0.0/10",  # carrier-grade NAT
    "127.0.0.0/8",  # loopback
    "168.63.129.16/32",  # public by number, but on Azure the host that hands out a machine's secrets
    "169.254.0.0/16",  # link-local, with the metadata services of most clouds
    "172.16.0.0/12",  # private
    "192.0.0.0/24",  # protocol assignments
    "192.0.2.0/24",  # documentation
    "192.88.99.0/24",  # 6to4 relays
    "192.168.0.0/16",  # private
    "198.18.0.0/15",  # benchmarks
    "198.51.100.0/24",  # documentation
    "203.0.113.0/24",  # documentation
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",  # reserved, and broadcast
)
"""IANA's special-purpose registry for IPv4, and multicast."""

_OPEN_V6 = "2000::/3"
"""The only part of IPv6 that is given out as global unicast; loopback, private, link-local, mapped lie outside."""

_CLOSED_V6 = (
    "2001::/23",  # protocol assignments, with Teredo, which hides an IPv4 address
    "2001:db8::/32",  # documentation
    "2002::/16",  # 6to4, which hides an IPv4 address
    "3fff::/20",  # documentation
)

_NAT64 = "64:ff9b::/96"
"""Where a network without IPv4 finds the IPv4 internet (RFC 6052): the last 32 bits are the address meant."""


def is_public(address: str) -> bool:
    """Whether this address, in digits, is one that anybody on the internet could reach. False for anything unclear."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed in _v6(_NAT64):
        parsed = IPv4Address(int(parsed) & 0xFFFFFFFF)
    if isinstance(parsed, IPv4Address):
        return not any(parsed in _v4(network) for network in _CLOSED_V4)
    return parsed in _v6(_OPEN_V6) and not any(parsed in _v6(network) for network in _CLOSED_V6)


@cache
def _v4(network: str) -> IPv4Network:
    return IPv4Network(network)


@cache
def _v6(network: str) -> IPv6Network:
    return IPv6Network(network)


class PublicSockets:
    """Makes the sockets of one request, and none towards an address that is not public.

    aiohttp asks it for every address it is about to connect to, also where the URL holds the address in digits
    and no resolver is asked.
    """

    def __init__(self, *, trusted: bool) -> None:
        self._trusted = trusted
        self.refused = False
        """Whether an address had to be refused."""

    def __call__(self, candidate: tuple[Any, ...]) -> socket.socket:
        """A socket for one of getaddrinfo's answers; OSError where it leads inside."""
        family, kind, protocol, _, where = candidate
        if not self._trusted and not is_public(_digits(where)):
            self.refused = True
            raise OSError("not a public address")
        return socket.socket(family, kind, protocol)


def _digits(where: Sequence[object]) -> str:
    return str(where[0])
