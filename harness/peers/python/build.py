#!/usr/bin/env python3
"""Creates the peer's virtual environment, unless it has the packages of `requirements.txt` already.

    build.py FOLDER [REQUIREMENTS]
"""

import subprocess
import sys
import venv
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2):
        print("usage: build.py FOLDER [REQUIREMENTS]", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    requirements = Path(arguments[1]) if len(arguments) == 2 else REQUIREMENTS
    stamp = folder / "installed"
    wanted = f"{sys.version}\n{requirements.read_text()}"
    if stamp.is_file() and stamp.read_text() == wanted:
        return 0
    venv.create(folder, with_pip=True, clear=True)
    pip = [folder / "bin/python", "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--requirement", requirements], check=True)
    # Last, so that an incomplete environment is created again.
    stamp.write_text(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
