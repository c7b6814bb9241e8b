import json
import math
import tempfile
import unittest
from pathlib import Path
from typing import Any

import numpy as np
from distill import distill, principal_components, ranked, tokens, weights
from encoder import Encoder, erf, gelu
from safetensors.numpy import load_file, save_file

ADDED = {"[PAD]": 0, "[UNK]": 2, "[CLS]": 3, "[SEP]": 4}
VOCABULARY = ADDED | {"[unused0]": 1, "a": 5, "b": 6, "##c": 7, "d": 8, "e": 9}
LAYERS, HEADS, HIDDEN, INNER = 2, 2, 4, 6


def write_encoder(folder: Path) -> dict[str, np.ndarray]:
    """Writes an encoder with random weights, and returns them."""
    random = np.random.default_rng(1)
    shapes = {
        "embeddings.word_embeddings.weight": (len(VOCABULARY), HIDDEN),
        "embeddings.position_embeddings.weight": (8, HIDDEN),
        "embeddings.token_type_embeddings.weight": (2, HIDDEN),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in (f"encoder.layer.{at}" for at in range(LAYERS)):
        linear = {f"attention.self.{part}": (HIDDEN, HIDDEN) for part in ("query", "key", "value")}
        linear |= {"attention.output.dense": (HIDDEN, HIDDEN)}
        linear |= {"intermediate.dense": (INNER, HIDDEN), "output.dense": (HIDDEN, INNER)}
        for name, shape in linear.items():
            shapes |= {f"{layer}.{name}.weight": shape, f"{layer}.{name}.bias": shape[:1]}
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
    for norm in norms:
        shapes |= {f"{norm}.weight": (HIDDEN,), f"{norm}.bias": (HIDDEN,)}
    tensors = {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    save_file(tensors, folder / "model.safetensors")
    config = {
        "model_type": "bert",
        "hidden_act": "gelu",
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "layer_norm_eps": 1e-12,
    }
    (folder / "config.json").write_text(json.dumps(config))
    tokenizer = {
        "truncation": {"max_length": 8},
        "padding": None,
        "added_tokens": [{"content": token, "id": id} for token, id in ADDED.items()],
        "model": {"vocab": VOCABULARY},
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    return tensors


def dot(a: list[float], b: list[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def mean_by_the_definition(tensors: dict[str, np.ndarray], ids: list[int]) -> list[float]:
    """The mean vector of one sequence, number by number."""

    def linear(name: str, vector: list[float]) -> list[float]:
        rows = zip(tensors[f"{name}.weight"], tensors[f"{name}.bias"], strict=True)
        return [dot(row.tolist(), vector) + float(bias) for row, bias in rows]

    def normalised(name: str, vector: list[float]) -> list[float]:
        mean = sum(vector) / len(vector)
        deviation = math.sqrt(sum((value - mean) ** 2 for value in vector) / len(vector))
        scale, shift = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
        return [
            (value - mean) / deviation * float(scale[at]) + float(shift[at])
            for at, value in enumerate(vector)
        ]

    def attended(name: str, vectors: list[list[float]]) -> list[list[float]]:
        size = HIDDEN // HEADS
        query, key, value = (
            [linear(f"{name}.{part}", vector) for vector in vectors]
            for part in ("query", "key", "value")
        )
        output = [[] for _ in vectors]
        for part in (slice(head * size, (head + 1) * size) for head in range(HEADS)):
            for at, own in enumerate(query):
                scores = [
                    math.exp(dot(own[part], other[part]) / math.sqrt(size)) for other in key
                ]
                for column in range(part.start, part.stop):
                    values = [other[column] for other in value]
                    output[at].append(dot(scores, values) / sum(scores))
        return output

    embeddings = "embeddings.{}_embeddings.weight"
    hidden = [
        normalised(
            "embeddings.LayerNorm",
            [
                float(sum(numbers))
                for numbers in zip(
                    tensors[embeddings.format("word")][id].tolist(),
                    tensors[embeddings.format("position")][at].tolist(),
                    tensors[embeddings.format("token_type")][0].tolist(),
                    strict=True,
                )
            ],
        )
        for at, id in enumerate(ids)
    ]
    for layer in (f"encoder.layer.{at}" for at in range(LAYERS)):
        mixed = attended(f"{layer}.attention.self", hidden)
        for at, before in enumerate(hidden):
            output = linear(f"{layer}.attention.output.dense", mixed[at])
            between = [a + b for a, b in zip(output, before, strict=True)]
            between = normalised(f"{layer}.attention.output.LayerNorm", between)
            inner = linear(f"{layer}.intermediate.dense", between)
            inner = [value * (1 + math.erf(value / math.sqrt(2))) / 2 for value in inner]
            output = linear(f"{layer}.output.dense", inner)
            after = [a + b for a, b in zip(output, between, strict=True)]
            hidden[at] = normalised(f"{layer}.output.LayerNorm", after)
    return [sum(column) / len(hidden) for column in zip(*hidden, strict=True)]


class Encoding(unittest.TestCase):
    def test_the_error_function_is_exact_to_seven_digits(self) -> None:
        values = np.linspace(-5, 5, 1001, dtype=np.float32)
        expected = [math.erf(value) for value in values.tolist()]
        self.assertLess(np.abs(erf(values) - expected).max(), 5e-7)
        self.assertAlmostEqual(float(gelu(np.float32([1]))[0]), 0.8413447, places=6)

    def test_means_are_those_of_the_definition(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            tensors = write_encoder(Path(folder))
            sequences = [[3, 5, 4], [3, 9, 4], [5, 6, 8]]
            means = Encoder(Path(folder)).means(np.array(sequences))
        for mean, ids in zip(means, sequences, strict=True):
            expected = mean_by_the_definition(tensors, ids)
            self.assertLess(np.abs(mean - expected).max(), 1e-5)

    def test_other_architectures_are_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "config.json")
            path.write_text('{"model_type":"roberta","hidden_act":"gelu"}')
            with self.assertRaisesRegex(ValueError, "`model_type` must be `bert`"):
                Encoder(Path(folder))


class Distilling(unittest.TestCase):
    def test_rarer_tokens_weigh_more(self) -> None:
        # Frequencies are 1/2, 1/3 and 1/4 of 13/12: 6/13, 4/13 and 3/13.
        expected = [1e-4 / (1e-4 + frequency / 13) for frequency in (6, 4, 3)]
        np.testing.assert_allclose(weights(3), expected, rtol=1e-12)

    def test_all_components_keep_the_distances(self) -> None:
        vectors = np.random.default_rng(2).normal(size=(20, 4))
        components = principal_components(vectors, 4)
        for a, b in ((0, 1), (3, 7)):
            distance = np.linalg.norm(vectors[a] - vectors[b])
            self.assertAlmostEqual(np.linalg.norm(components[a] - components[b]), distance)
        variances = components.var(axis=0)
        self.assertEqual(list(variances), sorted(variances, reverse=True))
        with self.assertRaisesRegex(ValueError, "to 5 dimensions"):
            principal_components(vectors, 5)

    def test_tokenizers_of_other_models_are_refused(self) -> None:
        def refused(message: str, rows: int = 10, **changes: Any) -> None:
            tokenizer = {"model": {"vocab": VOCABULARY}, "added_tokens": []} | changes
            with self.assertRaisesRegex(ValueError, message):
                tokens(Path("a"), tokenizer, rows)

        refused("more tokens than the 9 of the encoder's weights", rows=9)
        refused("no token `.SEP.`", model={"vocab": {"[CLS]": 0}})
        refused("type `Unigram`", model={"type": "Unigram", "vocab": []})

    def test_ranks_are_those_of_tokens_that_texts_have(self) -> None:
        self.assertEqual(ranked(VOCABULARY, ADDED).tolist(), [5, 6, 7, 8, 9])

    def test_the_folder_has_weighted_components_of_each_token(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            source, output = Path(folder, "encoder"), Path(folder, "static")
            source.mkdir()
            tensors = write_encoder(source)
            distill(source, output, 3)
            embeddings = load_file(output / "model.safetensors")["embeddings"]
            tokenizer = json.loads((output / "tokenizer.json").read_text())
            config = json.loads((output / "config.json").read_text())
        means = np.array([mean_by_the_definition(tensors, [3, id, 4]) for id in range(5, 10)])
        expected = principal_components(means, 3) * weights(5)[:, np.newaxis]
        self.assertEqual(embeddings.dtype, np.float16)
        np.testing.assert_allclose(embeddings[5:], expected, rtol=2e-3, atol=1e-6)
        self.assertFalse(embeddings[:5].any())
        self.assertIsNone(tokenizer["truncation"])
        self.assertEqual(config["hidden_dim"], 3)


if __name__ == "__main__":
    unittest.main()
