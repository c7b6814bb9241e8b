"""The routes of `vector_search`: each maps a request to a status and a body, or a problem."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from . import VERSION, fields, filters
from .fields import Fields
from .index import Index, Item, RejectedVector
from .jsontext import Number, Object, Value, quoted
from .problem import Problem, bad_request
from .sender import check_type
from .store import Store, object_of

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_NAME_WORDS = (
    "index name must be 1 to 64 characters of `a-z0-9_-`, the first a letter or digit"
)
_DISTANCES = ["cosine", "euclidean", "dot"]
_NOTHING = object_of("{}")


@dataclass(frozen=True)
class Request:
    """A request to a route: the variable segments of its path, undecoded, and its content."""

    store: Store
    segments: tuple[str, ...]
    content: bytes
    content_types: list[str]

    @property
    def body(self) -> bytes:
        check_type(self.content_types)
        return self.content

    @property
    def index(self) -> str:
        name = self.segments[0]
        if not _NAME.fullmatch(name):
            raise bad_request(_NAME_WORDS)
        return name

    @property
    def item(self) -> str:
        try:
            return unquote_to_bytes(self.segments[1]).decode("utf-8")
        except UnicodeDecodeError:
            raise bad_request("item id is not valid UTF-8") from None


_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
Answer = tuple[int, str]
Handler = Callable[[Request], Answer]


def answer(
    store: Store, method: str, path: str, content: bytes = b"", content_types: list[str] | None = None
) -> Answer:
    """Finds the route and runs its handler, one request at a time."""
    allowed: list[str] = []
    for pattern, methods in _ROUTES:
        found = pattern.fullmatch(path)
        if found is None:
            continue
        handler = methods.get("GET" if method == "HEAD" else method)
        if handler is not None:
            with store.lock:
                return handler(Request(store, found.groups(), content, content_types or []))
        allowed += [*methods, "HEAD"] if "GET" in methods else methods
    if not allowed:
        raise Problem(404, f"no route for `{method} {path}`")
    allowed.sort(key=_METHODS.index)
    names = ", ".join(f"`{name}`" for name in allowed)
    raise Problem(405, f"`{method}` is not allowed on `{path}`; allowed: {names}", ", ".join(allowed))


def health(_: Request) -> Answer:
    return 200, f'{{"status":"ok","service":"peer-python","version":"{VERSION}"}}'


def make(request: Request) -> Answer:
    name = request.index
    given = Fields(fields.body(request.body), ["dimension", "distance", "backend", "space"])
    dimension = given.integer("dimension", 1, 4096, required=True)
    assert dimension is not None
    distance = given.choice("distance", _DISTANCES, "`cosine`, `euclidean` or `dot`") or "cosine"
    given.choice("backend", ["hnsw"], "`hnsw`")
    space = given.string("space")
    there = request.store.indexes.get(name)
    if there is None:
        return 201, request.store.make(name, dimension, distance, space).description()
    if (there.dimension, there.distance, there.space) != (dimension, distance, space):
        raise Problem(
            409,
            f"index `{name}` exists with dimension {there.dimension}, distance "
            f"`{there.distance}`, backend `hnsw`, space `{_shown(there.space)}`",
        )
    return 200, there.description()


def list_all(request: Request) -> Answer:
    indexes = sorted(request.store.indexes.items())
    return 200, f'{{"indexes":[{",".join(index.description() for _, index in indexes)}]}}'


def describe(request: Request) -> Answer:
    return 200, _index(request).description()


def drop(request: Request) -> Answer:
    name = _index(request).name
    request.store.drop(name)
    return 200, f'{{"dropped":{quoted(name)}}}'


def upsert(request: Request) -> Answer:
    name = request.index
    given = Fields(fields.body(request.body), ["items", "space"])
    items = given.required("items")
    if (
        not isinstance(items, list)
        or not 1 <= len(items) <= 1000
        or not all(isinstance(item, Object) for item in items)
    ):
        raise given.must_be("items", "an array of 1 to 1000 objects")
    space = given.string("space")
    read = [_item(item, at) for at, item in enumerate(items)]
    index = _index(request)
    _check_space(index, space)
    taken: list[tuple[str, Item]] = []
    for at, (id, numbers, metadata) in enumerate(read):
        try:
            taken.append((id, Item(index.vector(numbers), metadata)))
        except RejectedVector as reason:
            raise bad_request(f"item {at} (`{id}`): {reason}") from None
    request.store.upsert(name, taken)
    return 200, f'{{"upserted":{len(taken)}}}'


def delete_many(request: Request) -> Answer:
    name = request.index
    given = Fields(fields.body(request.body), ["ids"])
    ids = given.strings(
        "ids", "an array of 1 to 1000 strings", given.required("ids"), 1, 1000
    )
    _index(request)
    return 200, f'{{"deleted":{request.store.delete(name, ids)}}}'


def get_item(request: Request) -> Answer:
    id, item = _find(request)
    vector = ",".join(repr(component) for component in item.vector.astype(float).tolist())
    return 200, f'{{"id":{quoted(id)},"vector":[{vector}],"metadata":{item.metadata.text()}}}'


def delete_item(request: Request) -> Answer:
    id, _ = _find(request)
    return 200, f'{{"deleted":{request.store.delete(request.index, [id])}}}'


def search(request: Request) -> Answer:
    _ = request.index
    known = ["vector", "k", "filter", "exclude_ids", "ef", "space"]
    given = Fields(fields.body(request.body), known)
    numbers = given.numbers("vector")
    k = given.integer("k", 1, 1000) or 10
    filter = given.source.get("filter")
    condition = filters.EVERYTHING if filter is None else filters.read(filter)
    excluded = given.source.get("exclude_ids")
    words = "an array of at most 10000 strings"
    excluded_ids = (
        set() if excluded is None else set(given.strings("exclude_ids", words, excluded, 0, 10000))
    )
    given.integer("ef", 1, 10000)
    space = given.string("space")
    index = _index(request)
    _check_space(index, space)
    try:
        query = index.vector(numbers)
    except RejectedVector as reason:
        raise bad_request(str(reason)) from None
    hits = ",".join(
        f'{{"id":{quoted(id)},"distance":{distance!r},"metadata":{item.metadata.text()}}}'
        for distance, id, item in index.search(query, k, condition.passes, excluded_ids)
    )
    notices = ",".join(map(quoted, index.notices(condition.compared)))
    return 200, f'{{"hits":[{hits}]' + (f',"notices":[{notices}]}}' if notices else "}")


def _index(request: Request) -> Index:
    name = request.index
    index = request.store.indexes.get(name)
    if index is None:
        raise Problem(404, f"unknown index `{name}`")
    return index


def _item(item: Value, at: int) -> tuple[str, list[Number], Object]:
    assert isinstance(item, Object)
    given = Fields(item, ["id", "vector", "metadata"], prefix=f"item {at}: ")
    id = given.required("id")
    if not isinstance(id, str) or not 1 <= len(id.encode()) <= 256:
        raise given.must_be("id", "a string of 1 to 256 bytes")
    numbers = given.numbers("vector")
    metadata = item.get("metadata")
    if metadata is not None and not isinstance(metadata, Object):
        raise given.must_be("metadata", "an object")
    return id, numbers, _NOTHING if metadata is None else metadata


def _find(request: Request) -> tuple[str, Item]:
    name, id = request.index, request.item
    item = _index(request).items.get(id)
    if item is None:
        raise Problem(404, f"index `{name}` has no item `{id}`")
    return id, item


def _check_space(index: Index, space: str | None) -> None:
    if space is not None and space != index.space:
        raise Problem(
            409, f"index `{index.name}` holds vectors of space `{_shown(index.space)}`, not `{space}`"
        )


def _shown(space: str | None) -> str:
    return "null" if space is None else space


def _route(path: str, **methods: Handler) -> tuple[re.Pattern[str], dict[str, Handler]]:
    return re.compile(re.sub(r"\{\w+\}", "([^/]+)", path)), methods


# A path may match two routes: `items/delete` is also the item `delete`.
_ROUTES = [
    _route("/health", GET=health),
    _route("/v1/vectors/indexes", GET=list_all),
    _route("/v1/vectors/indexes/{index}", PUT=make, GET=describe, DELETE=drop),
    _route("/v1/vectors/indexes/{index}/items", POST=upsert),
    _route("/v1/vectors/indexes/{index}/items/delete", POST=delete_many),
    _route("/v1/vectors/indexes/{index}/items/{id}", GET=get_item, DELETE=delete_item),
    _route("/v1/vectors/indexes/{index}/search", POST=search),
    _route("/vectors/index/{index}", DELETE=drop),
]
