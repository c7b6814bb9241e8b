import json
import tempfile
import unittest
from pathlib import Path

from lakehouse_peer.problem import Problem
from lakehouse_peer.routes import answer
from lakehouse_peer.store import LOG, Store


class Routes(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.open()

    def open(self) -> None:
        self.store = Store(self.root)
        self.addCleanup(self.store.__exit__, None, None, None)

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, dict]:
        status, text = answer(self.store, method, path, json.dumps(body).encode())
        return status, json.loads(text)

    def refused(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        with self.assertRaises(Problem) as raised:
            self.ask(method, path, body)
        return raised.exception.status, raised.exception.detail

    def fill(self, distance: str = "euclidean") -> None:
        self.ask("PUT", "/v1/vectors/indexes/x", {"dimension": 2, "distance": distance})
        items = [
            {"id": "b", "vector": [0, 1], "metadata": {"n": 1}},
            {"id": "a", "vector": [1, 0]},
            {"id": "c", "vector": [3, 4]},
        ]
        self.ask("POST", "/v1/vectors/indexes/x/items", {"items": items})

    def test_hits_are_ordered_by_distance_then_id(self) -> None:
        self.fill()
        _, found = self.ask("POST", "/v1/vectors/indexes/x/search", {"vector": [0, 0], "k": 5})
        hits = [(hit["id"], hit["distance"]) for hit in found["hits"]]
        self.assertEqual(hits, [("a", 1.0), ("b", 1.0), ("c", 5.0)])
        asked = {"vector": [0, 0], "exclude_ids": ["a"], "filter": {"not": {"eq": {"field": "n", "value": 1}}}}
        _, found = self.ask("POST", "/v1/vectors/indexes/x/search", asked)
        self.assertEqual([hit["id"] for hit in found["hits"]], ["c"])

    def test_distances(self) -> None:
        for distance, expected in [("cosine", [0.0, 0.4, 1.0]), ("dot", [-6.0, -2.0, 0.0])]:
            self.fill(distance)
            _, found = self.ask("POST", "/v1/vectors/indexes/x/search", {"vector": [2, 0]})
            for hit, wanted in zip(found["hits"], expected, strict=True):
                self.assertAlmostEqual(hit["distance"], wanted, places=6)
            self.ask("DELETE", "/v1/vectors/indexes/x")

    def test_acknowledged_writes_survive_a_restart(self) -> None:
        self.fill("cosine")
        self.ask("DELETE", "/v1/vectors/indexes/x/items/b")
        with (self.root / LOG).open("ab") as log:
            log.write(b'{"drop":"x')
        self.open()
        self.assertEqual(self.ask("GET", "/v1/vectors/indexes/x")[1]["items"], 2)
        _, item = self.ask("GET", "/v1/vectors/indexes/x/items/c")
        self.assertAlmostEqual(item["vector"][0], 0.6, places=6)
        self.ask("DELETE", "/vectors/index/x")
        self.open()
        self.assertEqual(self.ask("GET", "/v1/vectors/indexes")[1], {"indexes": []})

    def test_a_batch_is_applied_whole_or_not_at_all(self) -> None:
        self.fill()
        items = [{"id": "d", "vector": [1, 1]}, {"id": "e", "vector": [1]}]
        self.assertEqual(
            self.refused("POST", "/v1/vectors/indexes/x/items", {"items": items}),
            (400, "item 1 (`e`): vector has 1 components, index `x` has 2"),
        )
        self.assertEqual(self.ask("GET", "/v1/vectors/indexes/x")[1]["items"], 3)

    def test_errors_follow_the_contracts_order(self) -> None:
        self.fill()
        for method, path, body, expected in [
            ("PUT", "/v1/vectors/indexes/X", None, (400, "index name must be")),
            ("PUT", "/v1/vectors/indexes/x", {"dimension": 3}, (409, "index `x` exists with dimension 2")),
            ("POST", "/v1/vectors/indexes/y/search", {}, (400, "missing field `vector`")),
            ("POST", "/v1/vectors/indexes/y/search", {"vector": [1]}, (404, "unknown index `y`")),
            ("POST", "/v1/vectors/indexes/x/search", {"vector": [1], "space": "s"}, (409, "index `x` holds")),
            ("POST", "/v1/vectors/indexes/x/search", {"vector": [1]}, (400, "vector has 1")),
            ("POST", "/v1/vectors/indexes/x/search", {"vector": [0, 1e16]}, (400, "component 1 of")),
            ("GET", "/v1/vectors/indexes/x/items/%ff", None, (400, "item id is not")),
            ("GET", "/v1/vectors/indexes/x/items/z%2Fz", None, (404, "index `x` has no item `z/z`")),
            ("GET", "/v1/vectors/indexes/x/items/delete", None, (404, "index `x` has no item `delete`")),
            ("GET", "/nowhere", None, (404, "no route for `GET /nowhere`")),
            ("PUT", "/v1/vectors/indexes", None, (405, "`PUT` is not allowed on")),
        ]:
            status, detail = self.refused(method, path, body)
            self.assertEqual((status, detail[: len(expected[1])]), expected, path)
