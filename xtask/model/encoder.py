"""A sentence encoder of BERT's architecture, for sequences of one length."""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file


class Encoder:
    """The encoder in a folder with `config.json` and `model.safetensors`."""

    def __init__(self, folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text())
        if config.get("model_type") != "bert" or config.get("hidden_act") != "gelu":
            raise ValueError(
                f"`{folder / 'config.json'}` does not describe an encoder that can be used: "
                "`model_type` must be `bert`, and `hidden_act` `gelu`"
            )
        self.layers = config["num_hidden_layers"]
        self.heads = config["num_attention_heads"]
        self.epsilon = config["layer_norm_eps"]
        self.path = folder / "model.safetensors"
        self.tensors = {
            name.removeprefix("bert."): tensor.astype(np.float32)
            for name, tensor in load_file(self.path).items()
        }
        # The number of tokens.
        self.rows = len(self._tensor("embeddings.word_embeddings.weight"))

    def means(self, ids: np.ndarray) -> np.ndarray:
        """The mean vector of each sequence: ids [sequences, length] to [sequences, dimensions]."""
        words, positions, types = (
            self._tensor(f"embeddings.{name}_embeddings.weight")
            for name in ("word", "position", "token_type")
        )
        hidden = words[ids] + positions[: ids.shape[1]] + types[0]
        hidden = self._normalised("embeddings.LayerNorm", hidden)
        for layer in range(self.layers):
            hidden = self._layer(f"encoder.layer.{layer}", hidden)
        return hidden.mean(axis=1)

    def _layer(self, name: str, hidden: np.ndarray) -> np.ndarray:
        attended = self._linear(f"{name}.attention.output.dense", self._attention(name, hidden))
        hidden = self._normalised(f"{name}.attention.output.LayerNorm", attended + hidden)
        inner = gelu(self._linear(f"{name}.intermediate.dense", hidden))
        output = self._linear(f"{name}.output.dense", inner)
        return self._normalised(f"{name}.output.LayerNorm", output + hidden)

    def _attention(self, name: str, hidden: np.ndarray) -> np.ndarray:
        sequences, length, dimensions = hidden.shape
        shape = (sequences, length, self.heads, dimensions // self.heads)
        query, key, value = (
            self._linear(f"{name}.attention.self.{part}", hidden).reshape(shape).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.sqrt(np.float32(shape[3]))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        attended = scores / scores.sum(axis=-1, keepdims=True) @ value
        return attended.transpose(0, 2, 1, 3).reshape(hidden.shape)

    def _linear(self, name: str, values: np.ndarray) -> np.ndarray:
        weight, bias = self._tensor(f"{name}.weight"), self._tensor(f"{name}.bias")
        # One large product: NumPy multiplies each sequence alone if the array has three dimensions.
        product = values.reshape(-1, values.shape[-1]) @ weight.T + bias
        return product.reshape(*values.shape[:-1], len(bias))

    def _normalised(self, name: str, values: np.ndarray) -> np.ndarray:
        centred = values - values.mean(axis=-1, keepdims=True)
        deviation = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self.epsilon)
        return centred / deviation * self._tensor(f"{name}.weight") + self._tensor(f"{name}.bias")

    def _tensor(self, name: str) -> np.ndarray:
        if name not in self.tensors:
            raise ValueError(f"`{self.path}` has no tensor `{name}`, which a BERT encoder has")
        return self.tensors[name]


def gelu(values: np.ndarray) -> np.ndarray:
    """The Gaussian error linear unit (Hendrycks and Gimpel, 2016)."""
    return values * (1 + erf(values / np.sqrt(np.float32(2)))) / 2


def erf(values: np.ndarray) -> np.ndarray:
    """The error function, to 1.5e-7: Abramowitz and Stegun, formula 7.1.26. NumPy has none."""
    magnitude = np.abs(values)
    t = 1 / (1 + np.float32(0.3275911) * magnitude)
    polynomial = np.zeros_like(t)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        polynomial = (polynomial + np.float32(factor)) * t
    return np.copysign(1 - polynomial * np.exp(-(magnitude**2)), values)
