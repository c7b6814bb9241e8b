"""Which requests are answered at all: those that no foreign web page can have sent."""

import ipaddress
import re
from email.message import Message
from urllib.parse import urlsplit

from .problem import Problem, bad_request

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._~!$&'()*+,;=%]*)(?::[0-9]*)?")
_ORIGIN = re.compile(r"https?://(.*)", re.DOTALL)
_JSON = re.compile(r"application/(json|.*\+json)")


def check_sender(headers: Message, version: str, target: str) -> None:
    """Refuses a request for a host that is not an own one, or from a page of such a host."""
    hosts = headers.get_all("host", [])
    if len(hosts) > 1 or (not hosts and version == "HTTP/1.1"):
        raise bad_request("request must have one Host header")
    if not target.startswith("/"):
        url = urlsplit(target)
        hosts += [url.netloc] if url.scheme else []
    named = {host: _host_of(host) for host in hosts}
    if None in named.values():
        raise bad_request("Host header is not valid")
    encodings = headers.get_all("transfer-encoding", [])
    if encodings and [encoding.strip().lower() for encoding in encodings] != ["chunked"]:
        detail = f"transfer encoding `{_shown(encodings)}` is not supported; send `chunked`"
        raise Problem(501, detail)
    for given, host in named.items():
        if not _is_own(host or ""):
            raise _not_served("host", given)
    for origin in headers.get_all("origin", []):
        page = _ORIGIN.fullmatch(origin)
        host = None if page is None else _host_of(page[1])
        if host is None or not _is_own(host):
            raise _not_served("origin", origin)


def check_type(values: list[str]) -> None:
    """Refuses a body whose content type is neither absent nor JSON."""
    if not values or (len(values) == 1 and not values[0].strip()):
        return
    if len(values) == 1 and _JSON.fullmatch(values[0].partition(";")[0].strip().lower()):
        return
    raise Problem(
        415,
        f"content type `{_shown(values)}` is not accepted; send `application/json` "
        "(curl: `-H 'content-type: application/json'`)",
    )


def _not_served(header: str, value: str) -> Problem:
    return Problem(
        403,
        f"{header} `{_shown([value])}` is not served; this server answers for localhost and its "
        "configured hosts",
    )


def _host_of(authority: str) -> str | None:
    found = _HOST.fullmatch(authority)
    if found is None:
        return None
    host = found[1]
    if host.startswith("["):
        try:
            ipaddress.IPv6Address(host[1:-1])
        except ValueError:
            return None
    return host


def _is_own(host: str) -> bool:
    if host.startswith("["):
        return ipaddress.IPv6Address(host[1:-1]) == ipaddress.IPv6Address("::1")
    try:
        return ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _shown(values: list[str]) -> str:
    return re.sub(r"[^ -~]", "?", ", ".join(values))
