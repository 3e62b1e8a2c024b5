"""Somebody who speaks to the page without a browser, politely or not."""

import http.client
import json
import re
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

SECONDS = 60  # that any answer may take, on a busy computer


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Visitor:
    """One visitor with a session of their own."""

    address: str
    session: str = ""
    calls: dict[str, int] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=lambda: {"version": 1, "language": "en"})

    def __post_init__(self) -> None:
        self.session = self.session or secrets.token_hex(6)

    @property
    def place(self) -> tuple[str, int]:
        parts = urlsplit(self.address)
        return str(parts.hostname), int(parts.port or 80)

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request as it stands: no path is tidied up."""
        connection = http.client.HTTPConnection(*self.place, timeout=SECONDS)
        try:
            connection.request(method, path, body or None, dict(headers or {}))
            response = connection.getresponse()
            named = {k.lower(): v for k, v in response.getheaders()}
            return Answer(response.status, named, response.read())
        finally:
            connection.close()

    def shout(self, data: bytes) -> bytes:
        """Send bytes that need not be HTTP; return what comes back until the end."""
        with socket.create_connection(self.place, SECONDS) as connection:
            try:
                connection.sendall(data)
                answer = b""
                while part := connection.recv(65536):
                    answer += part
            except ConnectionError:  # it may hang up before it has heard everything
                return b""
            return answer

    def open(self) -> None:
        """Open the page, and learn the numbers of its calls."""
        page = self.ask("GET", "/").body.decode()
        for name in ("answer", "photo"):
            found = re.search(rf'data-{name}="(\d+)"', page)
            assert found
            self.calls[name] = int(found[1])

    def body(self, name: str, *values: object) -> dict[str, Any]:
        """Return the body of a call."""
        return {"data": list(values), "fn_index": self.calls[name], "session_hash": self.session}

    def answer(self, act: str, **event: object) -> Answer:
        """Do what needs no queue; the state that comes back is kept."""
        call = self.body("answer", self.state, {"act": act, **event})
        answer = self.send_json("/gradio_api/run/predict", call)
        if answer.status == 200:
            self.state = json.loads(answer.body)["data"][0]["state"]
        return answer

    def send_json(
        self, path: str, content: object, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Post JSON."""
        told = {"content-type": "application/json", **(headers or {})}
        return self.ask("POST", path, json.dumps(content).encode(), told)

    def upload(
        self, content: bytes, name: str = "a.jpg", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Post a file."""
        body = (
            b'--b\r\ncontent-disposition: form-data; name="files"; filename="'
            + name.encode()
            + b'"\r\ncontent-type: image/jpeg\r\n\r\n'
            + content
            + b"\r\n--b--\r\n"
        )
        told = {"content-type": "multipart/form-data; boundary=b", **(headers or {})}
        return self.ask("POST", "/gradio_api/upload", body, told)

    def analyse(self, path: object, **more: object) -> Answer:
        """Ask to have an uploaded file analysed; return the answer to the asking."""
        return self.send_json(
            "/gradio_api/queue/join", self.body("photo", {"path": path, "with_copy": True, **more})
        )

    def outcome(self) -> str:
        """Return what came of what is in the queue."""
        query = f"/gradio_api/queue/data?session_hash={self.session}"
        lines = self.ask("GET", query).body.decode().splitlines()
        return next((line for line in lines if "process_completed" in line), "")
