"""Offline environment: variables that lead libraries to a network are unset before their import.

The page contacts nobody, so a proxy or a list of certificates can only keep it from starting: the
libraries under it build an HTTP client when they are imported and fail on a proxy that they do not
support and on a certificate file that is missing.
"""

import os
from collections.abc import MutableMapping
from typing import Final

_CERTIFICATES: Final = {
    "CURL_CA_BUNDLE",
    "REQUESTS_CA_BUNDLE",
    "SSLKEYLOGFILE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
}


def go_offline(environment: MutableMapping[str, str]) -> None:
    """Unset proxies and certificates, and set what libraries need to be imported at all.

    Example:
        >>> variables = {"HTTPS_PROXY": "socks5://127.0.0.1:1", "LANG": "C.UTF-8"}
        >>> go_offline(variables)
        >>> sorted(variables)
        ['LANG', 'MPLBACKEND', 'PATH']
    """
    for name in list(environment):
        if name.lower().endswith("_proxy") or name.upper() in _CERTIFICATES:
            del environment[name]
    environment.setdefault("PATH", os.defpath)
    environment["MPLBACKEND"] = "agg"
