"""All indexes, and the log of writes that restores them.

`vectors.jsonl` below the root holds a line per write:

    {"make": NAME, "dimension": N, "distance": …, "space": …}
    {"drop": NAME}
    {"upsert": NAME, "items": [[ID, BASE64 OF LITTLE-ENDIAN FLOATS, METADATA'S TEXT], …]}
    {"delete": NAME, "ids": [ID, …]}

A line is on the disk before its write is applied.
"""

import base64
import json
import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from .index import Index, Item
from .jsontext import Object, parse

LOG = "vectors.jsonl"


class Store:
    """Callers hold `lock` around operations that belong together."""

    def __init__(self, root: Path) -> None:
        self.lock = threading.RLock()
        self.indexes: dict[str, Index] = {}
        root.mkdir(parents=True, exist_ok=True)
        self._log = (root / LOG).open("a+b")
        self._replay()
        folder = os.open(root, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._log.close()

    def make(self, name: str, dimension: int, distance: str, space: str | None) -> Index:
        entry = {"make": name, "dimension": dimension, "distance": distance, "space": space}
        self._write(entry)
        return self.indexes[name]

    def drop(self, name: str) -> None:
        self._write({"drop": name})

    def upsert(self, name: str, items: list[tuple[str, Item]]) -> None:
        rows = [
            [id, base64.b64encode(item.vector.astype("<f4").tobytes()).decode(), item.metadata.text()]
            for id, item in items
        ]
        self._write({"upsert": name, "items": rows})

    def delete(self, name: str, ids: list[str]) -> int:
        there = [id for id in dict.fromkeys(ids) if id in self.indexes[name].items]
        if there:
            self._write({"delete": name, "ids": there})
        return len(there)

    def _write(self, entry: dict[str, Any]) -> None:
        self._log.write(json.dumps(entry).encode() + b"\n")
        self._log.flush()
        os.fsync(self._log.fileno())
        self._apply(entry)

    def _replay(self) -> None:
        self._log.seek(0)
        whole = 0
        for line in self._log:
            if not line.endswith(b"\n"):
                break
            self._apply(json.loads(line))
            whole += len(line)
        self._log.truncate(whole)

    def _apply(self, entry: dict[str, Any]) -> None:
        match entry:
            case {"make": name, "dimension": dimension, "distance": distance, "space": space}:
                self.indexes[name] = Index(name, dimension, distance, space)
            case {"drop": name}:
                del self.indexes[name]
            case {"upsert": name, "items": items}:
                for id, vector, metadata in items:
                    floats = np.frombuffer(base64.b64decode(vector), dtype="<f4")
                    self.indexes[name].put(id, Item(floats.astype(np.float32), object_of(metadata)))
            case {"delete": name, "ids": ids}:
                for id in ids:
                    self.indexes[name].remove(id)
            case _:
                raise ValueError(f"`{LOG}` has an unknown entry: {entry}")


def object_of(text: str) -> Object:
    value, _ = parse(text)
    assert isinstance(value, Object)
    return value
