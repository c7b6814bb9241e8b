import unittest
from email.message import Message

from lakehouse_peer.problem import Problem
from lakehouse_peer.sender import check_sender, check_type


def status(headers: list[tuple[str, str]], version: str = "HTTP/1.1", target: str = "/") -> int:
    message = Message()
    for name, value in headers:
        message[name] = value
    try:
        check_sender(message, version, target)
    except Problem as problem:
        return int(problem.status)
    return 200


class Senders(unittest.TestCase):
    def test_hosts(self) -> None:
        for want, hosts in {
            200: ["localhost", "LocalHost:1", "127.0.0.1:3110", "127.9.9.9:", "[::1]:1", "[0:0:0:0:0:0:0:1]"],
            403: ["", ":1", "evil.example", "localhost.", "localhost.evil.example", "127.0.0.1.evil.example",
                  "127.1", "0177.0.0.1", "10.0.0.1", "[::]", "[::ffff:127.0.0.1]"],
            400: ["a b", "localhost/x", "me@localhost", "localhost:x", "[::1", "[::1]x", "[x]", "[127.0.0.1]"],
        }.items():
            for host in hosts:
                self.assertEqual(status([("Host", host)]), want, host)
                origin = [("Host", "localhost"), ("Origin", f"http://{host}")]
                self.assertEqual(status(origin), 200 if want == 200 else 403, host)

    def test_one_host(self) -> None:
        self.assertEqual(status([]), 400)
        self.assertEqual(status([], "HTTP/1.0"), 200)
        self.assertEqual(status([("Host", "localhost"), ("Host", "localhost")]), 400)
        own = [("Host", "localhost")]
        self.assertEqual(status(own, target="http://evil.example/health"), 403)
        self.assertEqual(status(own, target="http://localhost/health"), 200)

    def test_origins(self) -> None:
        for origin in ["", "null", "localhost", "file://", "ftp://localhost", "http://localhost/",
                       "http://localhost@evil.example"]:
            self.assertEqual(status([("Host", "localhost"), ("Origin", origin)]), 403, origin)

    def test_transfer_encodings(self) -> None:
        for encoding, want in {"chunked": 200, "Chunked": 200, "gzip, chunked": 501, "gzip": 501}.items():
            self.assertEqual(status([("Host", "evil.example" if want == 501 else "localhost"),
                                     ("Transfer-Encoding", encoding)]), want, encoding)

    def test_content_types(self) -> None:
        for values in [[], [""], ["Application/JSON ; charset=x"], ["application/merge-patch+json"]]:
            check_type(values)
        for values in [["text/plain"], ["text/plain; x=application/json"], ["application/x-ndjson"],
                       ["application/json, text/plain"], ["application/json"] * 2, [";"]]:
            with self.assertRaises(Problem) as refused:
                check_type(values)
            self.assertIn(f"content type `{', '.join(values)}` is not accepted", refused.exception.detail)
