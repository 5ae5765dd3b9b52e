"""The client: one connection that stays open, and what the server answers."""

from dataclasses import dataclass
from http.client import HTTPConnection


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None = None


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    cookies: list[str]


class Connection:
    """To a server on this machine, kept open from one request to the next as browsers do.

    Python's own client needs 0.06 ms for a request, little beside what it measures: 8 of them tell what they used.
    """

    def __init__(self, port: int):
        self.http = HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(self, request: Request) -> Answer:
        """Raises OSError if there is no server.

        gunicorn closes connections that were silent for two seconds: then it is sent again on a new one.
        """
        was_open = self.http.sock is not None
        try:
            return self._send(request)
        except ConnectionError:
            self.http.close()
            if not was_open:
                raise
            return self._send(request)

    def _send(self, request: Request) -> Answer:
        self.http.request(request.method, request.path, request.body, request.headers)
        answer = self.http.getresponse()
        return Answer(answer.status, answer.read(), answer.headers.get_all("Set-Cookie", []))
