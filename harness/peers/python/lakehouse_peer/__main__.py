"""`python -m lakehouse_peer serve --port N [--root DIR]`."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from .server import Server
from .store import Store


def main() -> int:
    parser = argparse.ArgumentParser(prog="lakehouse_peer")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="answer requests on 127.0.0.1")
    serve.add_argument("--port", type=int, required=True)
    serve.add_argument("--root", type=Path, default=Path("data"))
    arguments = parser.parse_args()
    with Store(arguments.root) as store:
        server = Server(arguments.port, store)
        # `shutdown` waits for the loop, which runs in this thread.
        stop = threading.Thread(target=server.shutdown)
        signal.signal(signal.SIGTERM, lambda *_: stop.start())
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever(poll_interval=0.02)
        server.server_close()
    return 0


sys.exit(main())
