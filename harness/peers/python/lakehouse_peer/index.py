"""One index: a map of items, and a search that measures every item."""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from .jsontext import Number, Object, quoted

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
    _stacked: "tuple[NDArray[np.float64], NDArray[np.float64]] | None" = None

    def put(self, id: str, item: Item) -> None:
        self.items[id] = item
        self._stacked = None

    def remove(self, id: str) -> None:
        del self.items[id]
        self._stacked = None

    def stacked(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """All vectors in the order of the items, and their norms; cached until the next write."""
        if self._stacked is None:
            vectors = np.stack([item.vector for item in self.items.values()]).astype(np.float64)
            self._stacked = vectors, np.linalg.norm(vectors, axis=1)
        return self._stacked

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
        return (wide / np.linalg.norm(wide)).astype(np.float32)

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
        vectors, norms = self.stacked()
        if len(found) < len(self.items):
            places = [at for at, _, _ in found]
            vectors, norms = vectors[places], norms[places]
        distances = self.distances(query.astype(np.float64), vectors, norms)
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
        norms: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        match self.distance:
            case "cosine":
                return np.clip(1 - vectors @ query / (np.linalg.norm(query) * norms), 0, 2)
            case "euclidean":
                return np.linalg.norm(vectors - query, axis=1)
            case _:
                return -(vectors @ query)
