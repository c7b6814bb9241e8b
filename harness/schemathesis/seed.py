"""Creates what the examples of the document refer to.

    seed.py URL
"""

import sys

import requests

session = requests.Session()
session.trust_env = False


def send(method: str, path: str, body: str) -> None:
    response = session.request(method, sys.argv[1] + path, data=body.encode())
    response.raise_for_status()


send("PUT", "/v1/vectors/indexes/example", '{"dimension":3}')
send(
    "POST",
    "/v1/vectors/indexes/example/items",
    '{"items":[{"id":"w-1001","vector":[0.6,0,0.8],"metadata":{"role":"Picker","years":4}}]}',
)
send("PUT", "/v1/matrix/corpora/workers", '{"model":"hash-768"}')
send(
    "POST",
    "/v1/matrix/corpora/workers/documents",
    '{"id":"w-1001","text":"Ana Ruiz, Picker in Detroit MI","metadata":{"role":"Picker"}}\n',
)
send(
    "POST",
    "/v1/matrix/playbooks/record",
    '{"query_text":"Need 3 pickers in Detroit MI","answer_id":"w-1001",'
    '"answer_corpus":"workers","score":1,"role":"Picker"}',
)
