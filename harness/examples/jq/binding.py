"""Serves the filters of jq's Python binding line by line, with the answers of `filter.py`."""

import json
import sys

import jq


def answer(request: dict) -> dict:
    # The binding turns values into Python's; `tojson` keeps jq's own text of each.
    try:
        program = jq.compile(f"({request['filter']}\n)|tojson")
        return {"ok": True, "values": program.input_text(request["input"]).all()}
    except ValueError:
        return {"ok": False}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
