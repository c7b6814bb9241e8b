#!/usr/bin/env python3
"""An honest implementation of two tiny surfaces, and one for each lie.

`echo`. A question is a JSON object:

    {"n": INTEGER, "text": STRING, "items": ARRAY}

The answer has status 200. Its keys have this order, and strings escape only what JSON requires:

    {"text": as given, "n": as given, "ratio": n / 4, "empty": whether text and items are empty,
     "items": as given, "size": {"text": its code points, "items": their number},
     "elapsed_ms": a number of at least 0}

Any other question is rejected with 422 and `{"error": {"code", "field", "message"}}`.

`places`. A question searches ten places on a line, 0 to 9:

    {"near": NUMBER, "k": INTEGER, "without": [PLACE, …]}

The answer has the `k` nearest places that are not in `without`, those of equal distance by name
(the name of a place is its number):

    {"hits": [{"id": PLACE, "distance": NUMBER}, …]}

Over lines, a question is a line and its answer the line `{"status": …, "body": …}`; the process
ends with exit code 0 when its input ends. Over HTTP, a question is the body of `POST /echo`, the
content type is `application/json`, and `GET /health` answers 200.

    liar.py [--lie NAME] helper
    liar.py [--lie NAME] serve PORT
    liar.py lies

A lie is a class that overrides one step of `Honest`. Without `--lie`, the environment variable
`LIE` names it; without either, the answers are honest.
"""

import json
import os
import sys
import time

# Modules that only one lie or transport needs are imported there, because the tests start this
# program hundreds of times.


class Honest:
    """The correct answers, in steps that a lie can override."""

    content_type = "application/json"

    def start(self):
        """Called before the first question is read."""

    def ready(self):
        """The status of `/health`."""
        return 200

    def answer(self, question):
        """The status and the body, as values."""
        began = time.perf_counter()
        try:
            asked = json.loads(question)
        except ValueError:
            return refusal("not_json", "", "the question is not JSON")
        if isinstance(asked, dict) and "near" in asked:
            return 200, {"hits": self.hits(asked["near"], asked["k"], asked["without"])}
        for field, kind in (("n", int), ("text", str), ("items", list)):
            if not isinstance(asked, dict) or type(asked.get(field)) is not kind:
                return refusal("wrong_type", field, f"`{field}` must be of type {kind.__name__}")
        n, text, items = asked["n"], asked["text"], asked["items"]
        return 200, {
            "text": text,
            "n": n,
            "ratio": n / 4,
            "empty": not text and not items,
            "items": items,
            "size": {"text": len(text), "items": len(items)},
            "elapsed_ms": (time.perf_counter() - began) * 1000,
        }

    def hits(self, near, k, without):
        """The nearest places."""
        places = [place for place in map(str, range(10)) if place not in without]
        ranked = sorted((abs(int(place) - near), place) for place in places)
        return [{"id": place, "distance": distance} for distance, place in ranked[:k]]

    def write(self, body):
        """The body as bytes."""
        return json.dumps(body, ensure_ascii=False).encode()

    def line(self, status, body):
        """All bytes of an answer over lines."""
        return b'{"status": %d, "body": %s}\n' % (status, body)

    def message(self, status, body):
        """All bytes of an answer over HTTP."""
        return self.head(status, len(body)) + body

    def head(self, status, length, more=""):
        kind = f"content-type: {self.content_type}\r\ncontent-length: {length}\r\n{more}"
        return f"HTTP/1.1 {status} Said\r\n{kind}\r\n".encode()

    def send(self, question, data, write):
        """Sends the bytes of an answer."""
        write(data)

    def end(self):
        """Called at the end of the input."""


def refusal(code, field, message):
    return 422, {"error": {"code": code, "field": field, "message": message}}


def is_chosen(question):
    """Whether this is the only question on which a drastic lie shows."""
    return b'"ab"' in question


def change(value, leaf):
    """A copy of a JSON value with every scalar changed."""
    if isinstance(value, dict):
        return {key: change(inner, leaf) for key, inner in value.items()}
    if isinstance(value, list):
        return [change(inner, leaf) for inner in value]
    return leaf(value)


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


# The content of answers.


class Always200(Honest):
    def answer(self, question):
        return 200, super().answer(question)[1]


class SwappedOutcome(Honest):
    def answer(self, question):
        status, _ = super().answer(question)
        if status == 200:
            return refusal("wrong_type", "n", "`n` must be of type int")
        return super().answer(b'{"n": 0, "text": "", "items": []}')


class AnswerLie(Honest):
    """A lie about successful answers: `bend` changes the body."""

    def answer(self, question):
        status, body = super().answer(question)
        return status, self.bend(body) if status == 200 else body


class SwappedFields(AnswerLie):
    def bend(self, body):
        size = body["size"]
        return body | {"size": {"text": size["items"], "items": size["text"]}}


class OmittedZeros(AnswerLie):
    def bend(self, body):
        kept = {key: value for key, value in body.items() if value}
        return kept | {"size": {key: value for key, value in body["size"].items() if value}}


class NumbersAsStrings(AnswerLie):
    def bend(self, body):
        return change(body, lambda value: str(value) if is_number(value) else value)


class NumbersAsFloats(AnswerLie):
    def bend(self, body):
        return change(body, lambda value: float(value) if is_number(value) else value)


class SortedKeys(AnswerLie):
    def bend(self, body):
        return dict(sorted(body.items()))


class NullForEmpty(AnswerLie):
    def bend(self, body):
        return body | {"items": body["items"] or None}


class ReversedItems(AnswerLie):
    def bend(self, body):
        return body | {"items": body["items"][::-1]}


class DroppedItem(AnswerLie):
    def bend(self, body):
        return body | {"items": body["items"][:-1]}


class ExtraKey(AnswerLie):
    def bend(self, body):
        return body | {"debug": True}


class Hollow(AnswerLie):
    def bend(self, body):
        return {}


class NegativeTime(AnswerLie):
    def bend(self, body):
        return body | {"elapsed_ms": -1}


class RandomField(AnswerLie):
    def bend(self, body):
        return body | {"n": int.from_bytes(os.urandom(7), "big")}


class OtherError(Honest):
    def answer(self, question):
        status, body = super().answer(question)
        if status != 200:
            body["error"]["code"] = "bad_request"
        return status, body


# Hits.


class SwappedHits(Honest):
    def hits(self, near, k, without):
        first, second, *rest = super().hits(near, k, without)
        return [second, first, *rest]


class MissingHit(Honest):
    def hits(self, near, k, without):
        return super().hits(near, k - 1, without)


class MissedNeighbour(Honest):
    """The list has the right length."""

    def hits(self, near, k, without):
        return super().hits(near, k + 1, without)[1:]


class ExcludedHit(Honest):
    def hits(self, near, k, without):
        return super().hits(near, k, [])


class DistanceOff(Honest):
    def hits(self, near, k, without):
        return [hit | {"distance": hit["distance"] + 0.01} for hit in super().hits(near, k, without)]


class DistanceRounded(Honest):
    """A difference within the tolerance, which must pass."""

    def hits(self, near, k, without):
        return [hit | {"distance": hit["distance"] + 1e-7} for hit in super().hits(near, k, without)]


class TiesReversed(Honest):
    """Hits of equal distance in reverse order."""

    def hits(self, near, k, without):
        found = super().hits(near, 10, without)
        return sorted(found, key=lambda hit: (hit["distance"], -int(hit["id"])))[:k]


class LeakedState(AnswerLie):
    """Each answer depends on the number of answers before it."""

    def start(self):
        self.before = 0

    def bend(self, body):
        self.before += 1
        return body | {"n": body["n"] + self.before}


class OutOfOrder(Honest):
    """Each question but the first gets the answer to the one before it."""

    def start(self):
        self.before = None

    def answer(self, question):
        own = super().answer(question)
        given, self.before = self.before or own, own
        return given


class FirstAnswerForever(Honest):
    def start(self):
        self.first = None

    def answer(self, question):
        self.first = self.first or super().answer(question)
        return self.first


# The bytes of answers.


class EscapedText(Honest):
    def write(self, body):
        return json.dumps(body).encode()


class DuplicateKey(Honest):
    def write(self, body):
        return super().write(body).replace(b'"n":', b'"n": 1, "n":')


class CutBody(Honest):
    def write(self, body):
        written = super().write(body)
        return written[: len(written) // 2]

    def line(self, status, body):
        return super().line(status, body).replace(b"}\n", b"\n")


class TrailingBytes(Honest):
    def write(self, body):
        return super().write(body) + b" OK"

    def line(self, status, body):
        return super().line(status, body.removesuffix(b" OK"))[:-1] + b" OK\n"


class ByteOrderMark(Honest):
    def write(self, body):
        return b"\xef\xbb\xbf" + super().write(body)

    def line(self, status, body):
        return b"\xef\xbb\xbf" + super().line(status, body[3:])


class NotUtf8(Honest):
    def write(self, body):
        return json.dumps(body, ensure_ascii=False).encode("latin-1")


class EmptyAnswer(Honest):
    def write(self, body):
        return b""

    def line(self, status, body):
        return b"\n"


# Over lines.


class NoStatus(Honest):
    def line(self, status, body):
        return body + b"\n"


class AnsweredTwice(Honest):
    def line(self, status, body):
        return super().line(status, body) * 2


class AnsweredTwiceLate(Honest):
    """The second copy follows later, usually after the next question."""

    def send(self, question, data, write):
        write(data)
        if is_chosen(question):
            time.sleep(0.1)
            write(data)


class UnfinishedLine(Honest):
    def send(self, question, data, write):
        if is_chosen(question):
            write(data[:-10])
            os._exit(0)
        write(data)


class Noise(Honest):
    def start(self):
        os.write(1, b"listening to standard input\n")


class JsonNoise(Honest):
    def start(self):
        os.write(1, b'{"level": "info", "message": "ready"}\n')


class Flood(Honest):
    """A line that never ends."""

    def send(self, question, data, write):
        while is_chosen(question):
            write(b" " * (1 << 20))
        write(data)


class DiesAtTheEnd(Honest):
    def end(self):
        os._exit(7)


# Over HTTP.


class WrongContentType(Honest):
    content_type = "text/plain"


class NoContent(Honest):
    def message(self, status, body):
        return b"HTTP/1.1 204 Said\r\ncontent-type: application/json\r\n\r\n"


class Redirects(Honest):
    def message(self, status, body):
        return self.head(302, len(body), "location: /health\r\n") + body


class LengthTooLong(Honest):
    def message(self, status, body):
        return self.head(status, len(body) + 10) + body

    def send(self, question, data, write):
        write(data)
        raise ConnectionError


class LengthTooShort(Honest):
    def message(self, status, body):
        return self.head(status, len(body) - 10) + body


class ClosedConnection(Honest):
    def send(self, question, data, write):
        raise ConnectionError


class StuckBody(Honest):
    def send(self, question, data, write):
        if is_chosen(question):
            write(data[:-10])
            time.sleep(300)
        write(data)


class EndlessBody(Honest):
    def message(self, status, body):
        return self.head(status, 1 << 40)

    def send(self, question, data, write):
        write(data)
        while True:
            write(b" " * (1 << 20))


class SlowStart(Honest):
    def start(self):
        time.sleep(0.5)


class NeverReady(Honest):
    def ready(self):
        return 503


class NeverListens(Honest):
    def start(self):
        print("waiting for a database", file=sys.stderr, flush=True)
        time.sleep(300)


class IgnoresSigterm(Honest):
    def start(self):
        import signal

        signal.signal(signal.SIGTERM, signal.SIG_IGN)


# Hanging, dying, and child processes.


class Stuck(Honest):
    def send(self, question, data, write):
        if is_chosen(question):
            time.sleep(300)
        write(data)


class DiesHalfWay(Honest):
    def send(self, question, data, write):
        if is_chosen(question):
            print("out of luck", file=sys.stderr, flush=True)
            os._exit(3)
        write(data)


class AnswersThenDies(Honest):
    def send(self, question, data, write):
        write(data)
        if is_chosen(question):
            os._exit(4)


class Grandchild(Honest):
    leaves_the_group = False

    def start(self):
        import subprocess

        null = subprocess.DEVNULL
        subprocess.Popen(
            ["sleep", "300"],
            stdin=null,
            stdout=null,
            stderr=null,
            start_new_session=self.leaves_the_group,
        )


class Daemon(Grandchild):
    leaves_the_group = True


def lies():
    """Every lie by its name: `always_200` for `Always200`."""
    found, queue = {}, [Honest]
    while queue:
        for kind in queue.pop().__subclasses__():
            queue.append(kind)
            if kind is not AnswerLie:
                letters = ("_" + c.lower() if c.isupper() else c for c in kind.__name__)
                found["".join(letters).lstrip("_").replace("s200", "s_200")] = kind
    return found


def helper(answerer):
    answerer.start()
    out = sys.stdout.buffer

    def write(data):
        out.write(data)
        out.flush()

    for question in sys.stdin.buffer:
        status, body = answerer.answer(question)
        answerer.send(question, answerer.line(status, answerer.write(body)), write)
    answerer.end()


def serve(answerer, port):
    import socket
    import threading

    answerer.start()
    listener = socket.create_server(("127.0.0.1", port))
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=converse, args=(answerer, connection), daemon=True).start()


def converse(answerer, connection):
    """Answers requests on one connection until it ends."""
    with connection, connection.makefile("rb") as lines:
        while first := lines.readline():
            length = 0
            while (header := lines.readline()) not in (b"\r\n", b""):
                name, _, value = header.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            question = lines.read(length)
            if first.startswith(b"GET /health "):
                connection.sendall(Honest().message(answerer.ready(), b"{}"))
                continue
            status, body = answerer.answer(question)
            data = answerer.message(status, answerer.write(body))
            try:
                answerer.send(question, data, connection.sendall)
            except ConnectionError:
                return


def main(arguments):
    if arguments == ["lies"]:
        print("\n".join(sorted(lies())))
        return 0
    name = os.environ.get("LIE", "")
    if arguments[:1] == ["--lie"]:
        name, arguments = arguments[1], arguments[2:]
    if name and name not in lies():
        print(f"unknown lie `{name}`; `liar.py lies` lists them", file=sys.stderr)
        return 2
    answerer = lies()[name]() if name else Honest()
    if arguments == ["helper"]:
        helper(answerer)
    elif len(arguments) == 2 and arguments[0] == "serve":
        serve(answerer, int(arguments[1]))
    else:
        print("usage: liar.py [--lie NAME] helper | serve PORT, or liar.py lies", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
