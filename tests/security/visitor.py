"""Somebody who speaks to the page without a browser, politely or not."""

import http.client
import json
import re
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
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
    plan: Mapping[str, Any] | None = None

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
        """Open the page."""
        page = self.ask("GET", "/").body.decode()
        found = re.search(r"window\.gradio_config = (\{.*?\});</script>", page)
        assert found
        self.plan = json.loads(found[1])
        assert self.touch("load", []).status == 200

    def call(self, event: str, values: list[Any], element: str | None = None) -> dict[str, Any]:
        """Return the body of a call."""
        assert self.plan is not None
        targets = {
            c["id"]
            for c in self.plan["components"]
            if element is None or c["props"].get("elem_id") == element
        }
        function = next(
            d["id"]
            for d in self.plan["dependencies"]
            for target, name in d["targets"]
            if name == event and (element is None or target in targets)
        )
        return {"data": values, "fn_index": function, "session_hash": self.session}

    def touch(self, event: str, values: list[Any], element: str | None = None) -> Answer:
        """Do what needs no queue."""
        return self.send_json("/gradio_api/run/predict", self.call(event, values, element))

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

    def look(self, path: object, **more: object) -> Answer:
        """Ask to have an uploaded file looked at; return the answer to the asking."""
        file = {"path": path, "meta": {"_type": "gradio.FileData"}, **more}
        body = self.call("upload", [None, "en", [file]], "rd-upload")
        return self.send_json("/gradio_api/queue/join", body)

    def outcome(self) -> str:
        """Return what came of what is in the queue."""
        query = f"/gradio_api/queue/data?session_hash={self.session}"
        lines = self.ask("GET", query).body.decode().splitlines()
        return next((line for line in lines if "process_completed" in line), "")
