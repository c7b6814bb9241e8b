"""Greets: one JSON object per line in, one per line out (contract/greet.md)."""

import json
import sys
import time

WORDS = {"en": "Hello", "de": "Hallo", "fr": "Bonjour"}


def greet(name="", language="en"):
    if not name.strip():
        return {"ok": False, "error": "name is empty"}
    if language not in WORDS:
        return {"ok": False, "error": "unknown language"}
    greeting = f"{WORDS[language]}, {name.strip()}!"
    return {"ok": True, "greeting": greeting, "length": len(greeting)}


for line in sys.stdin:
    started = time.perf_counter()
    answer = greet(**json.loads(line))
    answer["elapsed_ms"] = (time.perf_counter() - started) * 1000
    print(json.dumps(answer), flush=True)
