"""HTTP/1.1 around the routes: bodies, trace ids, problems."""

import re
import secrets
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .jsontext import quoted
from .problem import Problem, bad_request
from .routes import answer
from .sender import check_sender
from .store import Store

LARGEST_BODY = 1 << 20
# Bytes read of an oversized body before the connection is closed.
_MAX_DISCARDED = 64 << 20

_TRACE_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
_TRACE_PARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


class Server(ThreadingHTTPServer):
    """Listens on 127.0.0.1 until `shutdown`."""

    daemon_threads = True
    # Idle connections must not delay the exit.
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, store: Store) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.store = store


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def answer(self) -> None:
        path = self.path.partition("?")[0]
        allow = None
        kind = "application/json"
        trace_id = self.trace_id()
        try:
            self.check_sender()
            content_types = self.headers.get_all("content-type", [])
            status, text = answer(
                self.server.store, self.command, path, self.body(), content_types
            )
        except Problem as problem:
            status, allow = problem.status, problem.allow
            kind = "application/problem+json"
            text = (
                f'{{"type":"about:blank","title":{quoted(problem.title)},"status":{status:d},'
                f'"detail":{quoted(problem.detail)},"trace_id":{quoted(trace_id)}}}'
            )
        data = text.encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        self.send_header("x-lakehouse-trace-id", trace_id)
        if allow is not None:
            self.send_header("allow", allow)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
        self.wfile.flush()

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Any `do_…` handler, because the routes decide which methods exist."""
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def trace_id(self) -> str:
        own = self.headers.get("x-lakehouse-trace-id", "")
        if _TRACE_ID.fullmatch(own):
            return own
        parent = _TRACE_PARENT.fullmatch(self.headers.get("traceparent", ""))
        if parent is not None:
            return parent[1]
        return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"

    def check_sender(self) -> None:
        try:
            check_sender(self.headers, self.request_version, self.path)
        except Problem:
            # The body is not read, so the next request cannot be found.
            self.close_connection = True
            raise

    def body(self) -> bytes:
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            chunks = self.chunks()
        else:
            chunks = self.pieces(int(self.headers.get("content-length") or 0))
        data, length = bytearray(), 0
        for chunk in chunks:
            length += len(chunk)
            if length <= LARGEST_BODY:
                data += chunk
            elif length > _MAX_DISCARDED:
                self.close_connection = True
                break
        if length > LARGEST_BODY:
            raise Problem(413, f"request body is larger than {LARGEST_BODY} bytes")
        return bytes(data)

    def pieces(self, length: int) -> Iterator[bytes]:
        while length > 0:
            piece = self.rfile.read(min(length, 1 << 16))
            if not piece:
                self.close_connection = True
                raise bad_request("request body was cut off")
            length -= len(piece)
            yield piece

    def chunks(self) -> Iterator[bytes]:
        while True:
            size = self.rfile.readline().partition(b";")[0].strip()
            if not size:
                self.close_connection = True
                raise bad_request("request body was cut off")
            yield from self.pieces(int(size, 16))
            self.rfile.readline()
            if int(size, 16) == 0:
                return

    def log_message(self, format: str, *arguments: object) -> None:
        """Requests are not logged; errors reach standard error by themselves."""
