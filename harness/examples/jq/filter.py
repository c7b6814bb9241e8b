"""Serves the filters of a command-line jq line by line: `filter.py PROGRAM`.

A line `{"filter": "...", "input": "..."}` is answered by `{"ok": true, "values": [...]}`, with the
text of each value, or by `{"ok": false}`.
"""

import json
import subprocess
import sys

SECONDS = 3


def answer(program: str, request: dict) -> dict:
    try:
        done = subprocess.run(
            [program, "--compact-output", request["filter"]],
            input=request["input"].encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"ok": False, "error": "no answer in time"}
    if done.returncode != 0:
        return {"ok": False}
    return {"ok": True, "values": done.stdout.decode(errors="backslashreplace").splitlines()}


for line in sys.stdin:
    print(json.dumps(answer(sys.argv[1], json.loads(line))), flush=True)
