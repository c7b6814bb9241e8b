"""One index: a map of items, and a search that measures every item."""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from .filters import Compared
from .jsontext import Number, Object, quoted
from .notices import Fields, fields_of, notices

Vector = NDArray[np.float32]

LARGEST = 1e15


class RejectedVector(Exception):
    """A vector that the index rejects, with the reason."""


@dataclass(frozen=True)
class Item:
    vector: Vector
    metadata: Object


@dataclass
class Index:
    name: str
    dimension: int
    distance: str
    space: str | None
    items: dict[str, Item] = field(default_factory=dict)
    _stacked: "NDArray[np.float64] | None" = None
    _fields: "Fields | None" = None

    def put(self, id: str, item: Item) -> None:
        self.items[id] = item
        self._stacked = self._fields = None

    def remove(self, id: str) -> None:
        del self.items[id]
        self._stacked = self._fields = None

    def stacked(self) -> NDArray[np.float64]:
        """All vectors in the order of the items; cached until the next write."""
        if self._stacked is None:
            vectors = [item.vector for item in self.items.values()]
            self._stacked = np.stack(vectors).astype(np.float64)
        return self._stacked

    def notices(self, compared: list[Compared]) -> list[str]:
        """What a filter that compares this cannot match."""
        if self._fields is None:
            self._fields = fields_of(item.metadata for item in self.items.values())
        return notices(compared, self._fields, any_items=bool(self.items))

    def description(self) -> str:
        space = "null" if self.space is None else quoted(self.space)
        return (
            f'{{"name":{quoted(self.name)},"dimension":{self.dimension},'
            f'"distance":"{self.distance}","backend":"hnsw","space":{space},'
            f'"items":{len(self.items)}}}'
        )

    def vector(self, numbers: list[Number]) -> Vector:
        """The components as the index stores them."""
        count = len(numbers)
        if count != self.dimension:
            raise RejectedVector(f"vector has {count} components, index `{self.name}` has {self.dimension}")
        doubles = np.array([number.double() for number in numbers])
        for at in np.flatnonzero(~(np.abs(doubles) < LARGEST)):
            # The limit is the nearest double of a number slightly beyond it.
            if abs(doubles[at]) == LARGEST and abs(Decimal(numbers[at].lexeme)) <= LARGEST:
                continue
            raise RejectedVector(f"component {at} of the vector is not within ±1e15")
        vector = doubles.astype(np.float32)
        if self.distance != "cosine":
            return vector
        if not vector.any():
            raise RejectedVector("vector is zero and has no direction")
        wide = vector.astype(np.float64)
        return (wide / np.sqrt(summed(wide * wide))).astype(np.float32)

    def search(
        self, query: Vector, k: int, passes: Callable[[Object], bool], excluded: set[str]
    ) -> Iterable[tuple[float, str, Item]]:
        """The `k` nearest items; equal distances are ordered by the bytes of the ids."""
        found = [
            (at, id, item)
            for at, (id, item) in enumerate(self.items.items())
            if id not in excluded and passes(item.metadata)
        ]
        if not found:
            return []
        vectors = self.stacked()
        if len(found) < len(self.items):
            vectors = vectors[[at for at, _, _ in found]]
        distances = self.distances(query.astype(np.float64), vectors)
        ranked = (
            (distance, id.encode(), item)
            for distance, (_, id, item) in zip(distances.tolist(), found, strict=True)
        )
        nearest = heapq.nsmallest(k, ranked, key=lambda hit: hit[:2])
        return ((distance, id.decode(), item) for distance, id, item in nearest)

    def distances(
        self,
        query: NDArray[np.float64],
        vectors: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        match self.distance:
            case "cosine":
                return np.clip(1 - summed(vectors * query), 0, 2)
            case "euclidean":
                return np.sqrt(summed((vectors - query) ** 2))
            case _:
                return 0 - summed(vectors * query)


def summed(terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sums of the last axis, one term after the other. `np.sum` adds partial sums."""
    return np.cumsum(terms, axis=-1)[..., -1]
