"""Which machine is asking, also behind the proxies this portal knows.

`X-Forwarded-For` is a list that every proxy adds to; anybody can begin it with a lie. So it is read from its end, and
only as long as the machine that wrote it is one of `settings.TRUSTED_PROXIES`.
"""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings

NEIGHBOURHOOD = 64  # bits of an IPv6 address that belong to one household or office


def client_address(request):
    """The address of the machine that asks, as text; "" where the server does not say it."""
    address = _parsed(request.META.get("REMOTE_ADDR", ""))
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while address and hops and any(address in network for network in settings.TRUSTED_PROXIES):
        named = _parsed(hops.pop())
        if named is None:
            break
        address = named
    return str(address or "")


def is_from_proxy(request):
    """Whether one of our own proxies handed this request on, so that what it adds can be believed."""
    address = _parsed(request.META.get("REMOTE_ADDR", ""))
    return address is not None and any(address in network for network in settings.TRUSTED_PROXIES)


def neighbourhood(address):
    """What is counted as one machine: an IPv4 address, or the network of an IPv6 one."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, NEIGHBOURHOOD), strict=False))
    return address


def is_trusted(address):
    """Whether it is one of those that many people are known to share, such as the Wi-Fi of a home."""
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in settings.TRUSTED_ADDRESSES)


def _parsed(text):
    """The address, an IPv4 one that is written as IPv6 as IPv4; None for anything else."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
