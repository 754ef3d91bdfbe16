"""Which emulator a command means: the port that it is given, or that of AWS_ENDPOINT_URL."""

from urllib.parse import urlsplit

from local.settings import DEFAULT_PORT, HOST

VARIABLE = "AWS_ENDPOINT_URL"


def port_of_endpoint(url: str) -> int:
    """Return the port of an endpoint on loopback, the default one where `url` is empty.

    Raises ValueError, with what to do, for an endpoint that is elsewhere or names no port.
    """
    if not url:
        return DEFAULT_PORT
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host not in (HOST, "localhost"):
        raise ValueError(
            f"{VARIABLE} is '{url}', which is not on this machine; unset it, or set it to http://{HOST}:PORT"
        )
    if port is None:
        raise ValueError(f"{VARIABLE} is '{url}', which names no port; set it to http://{HOST}:PORT, or unset it")
    return port
