"""The shipped nginx configuration in front of the page, run by Debian's nginx, in a browser."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.person import Person
from app.running_site import start_site, stop_site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CONFIGURATION = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin")
WRAPPER = "daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}} http {{ access_log off; {paths} {inner} }}"
PATHS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def proxied(
    tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The page's address behind nginx, which speaks HTTPS with a certificate made here."""
    if NGINX is None or not shutil.which("openssl"):
        pytest.skip("no nginx or no openssl is installed")
    port = free_port()
    monkeypatch.setenv("REDDOTS_HOST_NAMES", "spots.example")
    site = start_site(tiny_checkpoint, tmp_path)
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    request = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=spots.example"
    subprocess.run(
        ["openssl", *request.split(), "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    inner = CONFIGURATION.read_text(encoding="utf-8")
    for old, new in (
        (r"server 127\.0\.0\.1:7860", f"server {site.address.removeprefix('http://')}"),
        (r"listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        (r"listen \[::\]:443 ssl;", ""),
        (r"/etc/ssl/spots\.example\.pem", str(certificate)),
        (r"/etc/ssl/private/spots\.example\.key", str(key)),
        (r"/var/log/nginx/reddots\.log", str(tmp_path / "reddots.log")),
    ):
        assert re.search(old, inner), old
        inner = re.sub(old, new, inner)
    paths = " ".join(f"{name}_temp_path {tmp_path}/{name};" for name in PATHS)
    (tmp_path / "nginx.conf").write_text(WRAPPER.format(folder=tmp_path, paths=paths, inner=inner))
    command = [NGINX, "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)]
    nginx = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"https://spots.example:{port}"
    finally:
        nginx.terminate()
        nginx.wait(20)
        stop_site(site)
        for name in PATHS:
            folder = tmp_path / name
            left = [p for p in folder.rglob("*") if p.is_file()] if folder.exists() else []
            assert left == [], "no photo touched the proxy's disk"


@pytest.mark.slow
def test_the_whole_way_behind_the_shipped_proxy(browser: Any, proxied: str, tmp_path: Path) -> None:
    from PIL import Image

    from tiny_checkpoint import RED, SKIN

    photo = Image.new("RGB", (320, 240), SKIN)
    photo.paste(RED, (20, 20, 60, 60))
    photo.save(tmp_path / "a.jpg")
    own = browser.browser_type.launch(
        executable_path="/usr/bin/chromium",
        args=["--no-sandbox", "--host-resolver-rules=MAP spots.example 127.0.0.1"],
    )
    context = own.new_context(ignore_https_errors=True, locale="en-GB")
    page = context.new_page()
    answer = page.goto(proxied)
    assert answer.status == 200
    assert "max-age" in answer.headers["strict-transport-security"]
    person = Person(page)
    person.upload(tmp_path / "a.jpg")
    person.begin()
    person.type_number(30)
    person.go_on("#rd-show-result")
    assert person.shown(".rd-banner")
    own.close()
