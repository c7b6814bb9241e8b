"""Serves a command-line program line by line: `command.py PROGRAM`.

A line `{"args": [...], "input": "..."}` starts the program once. The answer is
`{"exit": 0, "stdout": "..."}`. Standard error is not part of it: the wording of messages is each
program's own.
"""

import json
import subprocess
import sys


def answer(program: str, request: dict) -> dict:
    done = subprocess.run(
        [program, *request["args"]],
        input=request.get("input", "").encode(),
        capture_output=True,
        timeout=8,
        check=False,
    )
    return {"exit": done.returncode, "stdout": done.stdout.decode(errors="backslashreplace")}


for line in sys.stdin:
    print(json.dumps(answer(sys.argv[1], json.loads(line))), flush=True)
