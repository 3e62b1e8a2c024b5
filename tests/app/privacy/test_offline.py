"""Whatever the environment says of a network, the server does not hear it."""

import pytest

from reddots_app.privacy.offline import go_offline

# a variable, why
UNSET = [
    ("HTTP_PROXY", "a proxy"),
    ("https_proxy", "in small letters"),
    ("ALL_PROXY", "of any kind"),
    ("no_proxy", "a list of exceptions"),
    ("SSL_CERT_FILE", "a list of certificates, which may be missing"),
    ("SSL_CERT_DIR", "a folder of them"),
    ("REQUESTS_CA_BUNDLE", "another library's"),
]


@pytest.mark.parametrize(("name", "why"), UNSET)
def test_what_leads_to_a_network_is_unset(name: str, why: str) -> None:
    variables = {name: "socks5://127.0.0.1:1", "PATH": "/mine", "LANG": "es"}
    go_offline(variables)
    assert variables == {"PATH": "/mine", "LANG": "es", "MPLBACKEND": "agg"}, why


def test_what_libraries_need_is_set() -> None:
    variables = {"MPLBACKEND": "nonsense"}
    go_offline(variables)
    assert set(variables) == {"PATH", "MPLBACKEND"}
    assert variables["PATH"]
    assert variables["MPLBACKEND"] == "agg"
