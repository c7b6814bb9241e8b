"""A small implementation of `vector_search`, written from `docs/contract/` alone."""

VERSION = "0.1.0"
