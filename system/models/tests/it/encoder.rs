//! The provider `local` with an encoder, compared with the formulas of BERT, number by number.

use std::{borrow::Cow, collections::BTreeMap, f64::consts::PI};

use lakehouse_models::embed::{EmbedError, EmbedRequest, Embedder, Embedding, LocalEmbedder};
use serde_json::{Value, json};

use crate::model_folder::{ModelFolder, Tensor};

const LAYERS: usize = 2;
const HEADS: usize = 2;
const HIDDEN: usize = 4;
const INNER: usize = 6;
const TOKENS: usize = 8;
const POSITIONS: usize = 6;

type Vector = Vec<f64>;

/// The values of each tensor.
struct Weights(BTreeMap<String, (Vec<usize>, Vec<f32>)>);

impl Weights {
    fn new() -> Self {
        let mut weights = Self(BTreeMap::new());
        for (name, rows) in [("word", TOKENS), ("position", POSITIONS), ("token_type", 2)] {
            weights.add(
                &format!("embeddings.{name}_embeddings.weight"),
                &[rows, HIDDEN],
            );
        }
        weights.add_pair("embeddings.LayerNorm", &[HIDDEN]);
        for layer in 0..LAYERS {
            let layer = format!("encoder.layer.{layer}");
            for part in ["query", "key", "value"] {
                weights.add_pair(&format!("{layer}.attention.self.{part}"), &[HIDDEN, HIDDEN]);
            }
            weights.add_pair(
                &format!("{layer}.attention.output.dense"),
                &[HIDDEN, HIDDEN],
            );
            weights.add_pair(&format!("{layer}.attention.output.LayerNorm"), &[HIDDEN]);
            weights.add_pair(&format!("{layer}.intermediate.dense"), &[INNER, HIDDEN]);
            weights.add_pair(&format!("{layer}.output.dense"), &[HIDDEN, INNER]);
            weights.add_pair(&format!("{layer}.output.LayerNorm"), &[HIDDEN]);
        }
        weights
    }

    /// Adds a weight of this shape and a bias.
    fn add_pair(&mut self, name: &str, shape: &[usize]) {
        self.add(&format!("{name}.weight"), shape);
        self.add(&format!("{name}.bias"), &shape[..1]);
    }

    /// Adds a tensor with values from -1 to 1 that follow no pattern.
    fn add(&mut self, name: &str, shape: &[usize]) {
        let start = self.0.len() * 1000;
        let values = (start..start + shape.iter().product::<usize>())
            .map(|at| (at as f64 * 12.9898).sin() as f32)
            .collect();
        self.0.insert(name.to_owned(), (shape.to_vec(), values));
    }

    fn tensors(&self) -> Vec<Tensor> {
        let tensor = |(name, (shape, values)): (&String, &(Vec<usize>, Vec<f32>))| {
            Tensor::f32(name, shape, values)
        };
        self.0.iter().map(tensor).collect()
    }

    /// A row of a matrix, or a whole vector as row 0.
    fn row(&self, name: &str, at: usize) -> Vector {
        let (shape, values) = &self.0[name];
        let length = shape[shape.len() - 1];
        let row = &values[at * length..][..length];
        row.iter().map(|value| f64::from(*value)).collect()
    }

    fn linear(&self, name: &str, input: &[f64]) -> Vector {
        let bias = self.row(&format!("{name}.bias"), 0);
        let output = bias.iter().enumerate();
        let output =
            output.map(|(at, bias)| dot(&self.row(&format!("{name}.weight"), at), input) + bias);
        output.collect()
    }

    fn normalised(&self, name: &str, input: &[f64]) -> Vector {
        let count = input.len() as f64;
        let mean = input.iter().sum::<f64>() / count;
        let variance = input
            .iter()
            .map(|value| (value - mean).powi(2))
            .sum::<f64>()
            / count;
        let weight = self.row(&format!("{name}.weight"), 0);
        let bias = self.row(&format!("{name}.bias"), 0);
        let output = input.iter().zip(weight.iter().zip(&bias));
        let output =
            output.map(|(value, (weight, bias))| (value - mean) / variance.sqrt() * weight + bias);
        output.collect()
    }

    fn attended(&self, layer: &str, hidden: &[Vector]) -> Vec<Vector> {
        let part = |part| {
            let name = format!("{layer}.attention.self.{part}");
            hidden
                .iter()
                .map(|vector| self.linear(&name, vector))
                .collect()
        };
        let [query, key, value]: [Vec<Vector>; 3] = ["query", "key", "value"].map(part);
        let size = HIDDEN / HEADS;
        let mut output = vec![vec![0.0; HIDDEN]; hidden.len()];
        for first in (0..HIDDEN).step_by(size) {
            let head = first..first + size;
            for (query, output) in query.iter().zip(&mut output) {
                let score = |key: &Vector| {
                    (dot(&query[head.clone()], &key[head.clone()]) / (size as f64).sqrt()).exp()
                };
                let scores: Vec<_> = key.iter().map(score).collect();
                let sum: f64 = scores.iter().sum();
                for at in head.clone() {
                    let values: Vec<_> = value.iter().map(|value| value[at]).collect();
                    output[at] = dot(&scores, &values) / sum;
                }
            }
        }
        output
    }

    /// The mean of the last layer's vectors.
    fn mean(&self, ids: &[usize]) -> Vector {
        let first = |(at, id): (usize, &usize)| {
            let word = self.row("embeddings.word_embeddings.weight", *id);
            let position = self.row("embeddings.position_embeddings.weight", at);
            let kind = self.row("embeddings.token_type_embeddings.weight", 0);
            self.normalised("embeddings.LayerNorm", &sum(&sum(&word, &position), &kind))
        };
        let mut hidden: Vec<_> = ids.iter().enumerate().map(first).collect();
        for layer in 0..LAYERS {
            let layer = format!("encoder.layer.{layer}");
            let attended = self.attended(&layer, &hidden);
            for (vector, attended) in hidden.iter_mut().zip(attended) {
                let output = self.linear(&format!("{layer}.attention.output.dense"), &attended);
                let norm = format!("{layer}.attention.output.LayerNorm");
                let between = self.normalised(&norm, &sum(&output, vector));
                let inner = self.linear(&format!("{layer}.intermediate.dense"), &between);
                let inner: Vec<_> = inner.into_iter().map(gelu).collect();
                let output = self.linear(&format!("{layer}.output.dense"), &inner);
                let norm = format!("{layer}.output.LayerNorm");
                *vector = self.normalised(&norm, &sum(&output, &between));
            }
        }
        let mut mean = vec![0.0; HIDDEN];
        for vector in &hidden {
            mean = sum(&mean, vector);
        }
        mean.iter()
            .map(|value| value / hidden.len() as f64)
            .collect()
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn sum(a: &[f64], b: &[f64]) -> Vector {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

/// `x Φ(x)`, with the error function by its series.
fn gelu(x: f64) -> f64 {
    let z = x / 2.0_f64.sqrt();
    let mut term = z;
    let mut erf = z;
    for n in 1..200 {
        term *= -z * z / f64::from(n);
        erf += term / f64::from(2 * n + 1);
    }
    x * (1.0 + erf * 2.0 / PI.sqrt()) / 2.0
}

fn config() -> Value {
    json!({
        "model_type": "bert", "vocab_size": TOKENS, "hidden_size": HIDDEN,
        "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "intermediate_size": INNER,
        "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "max_position_embeddings": POSITIONS,
        "type_vocab_size": 2, "initializer_range": 0.02, "layer_norm_eps": 1e-12, "pad_token_id": 0,
    })
}

fn folder(weights: &Weights, config: &Value) -> ModelFolder {
    let folder = ModelFolder::new(&weights.tensors());
    folder.write("config.json", config.to_string());
    folder
}

async fn embed(embedder: &LocalEmbedder, texts: &[&str]) -> Result<Vec<Embedding>, EmbedError> {
    let texts: Vec<_> = texts.iter().map(|text| Cow::Borrowed(*text)).collect();
    let request = EmbedRequest {
        model: "tiny",
        prefix: "",
        texts: &texts,
    };
    embedder.embed(request).await
}

#[tokio::test]
async fn vectors_are_means_of_the_last_layer() {
    let weights = Weights::new();
    let folder = folder(&weights, &config());
    let embedder = LocalEmbedder::open(folder.path(), "tiny").unwrap();
    // [CLS] is 2, [SEP] 3, an unknown word 1; the fifth token of a text is cut at six positions.
    let cases: [(&str, &[usize]); 5] = [
        ("fork", &[2, 6, 3]),
        ("Picker, fork", &[2, 4, 5, 1, 6, 3]),
        ("fork lift fork lift pick pick", &[2, 6, 7, 6, 7, 3]),
        ("zebra", &[2, 1, 3]),
        ("☃ lift", &[2, 1, 7, 3]),
    ];
    let texts = cases.map(|(text, _)| text);
    let together = embed(&embedder, &texts).await.unwrap();
    for ((text, ids), embedding) in cases.into_iter().zip(together) {
        let expected = Embedding::normalised(&weights.mean(ids)).unwrap();
        for (value, expected) in embedding.values().iter().zip(expected.values()) {
            assert!(
                (value - expected).abs() < 1e-5,
                "{text}: {value} {expected}"
            );
        }
        assert_eq!(
            embed(&embedder, &[text]).await.unwrap(),
            [embedding],
            "{text} alone"
        );
    }
}

#[tokio::test]
async fn the_sentence_encoders_own_limit_counts() {
    let weights = Weights::new();
    let folder = folder(&weights, &config());
    folder.write("sentence_bert_config.json", r#"{"max_seq_length":4}"#);
    let embedder = LocalEmbedder::open(folder.path(), "tiny").unwrap();
    let cut = embed(&embedder, &["fork lift pick"]).await;
    assert_eq!(cut, embed(&embedder, &["fork lift"]).await);
}

#[tokio::test]
async fn vectors_that_are_not_finite_are_rejected() {
    let mut weights = Weights::new();
    weights
        .0
        .get_mut("encoder.layer.1.output.dense.bias")
        .unwrap()
        .1[0] = f32::NAN;
    let folder = folder(&weights, &config());
    let embedder = LocalEmbedder::open(folder.path(), "tiny").unwrap();
    let error = embed(&embedder, &["fork"]).await.unwrap_err();
    let message = "local: its vector is not finite; the weights may be damaged";
    assert_eq!(error.to_string(), message);
}

#[test]
fn files_that_do_not_fit_are_reported() {
    let changed = |key: &str, value: Value| {
        let mut config = config();
        config[key] = value;
        config
    };
    let cases = [
        (
            changed("hidden_size", Value::Null),
            "`{}/config.json` is not the configuration of a BERT encoder: invalid type: null",
        ),
        (
            changed("hidden_act", json!("silu")),
            "`{}/config.json` is not the configuration of a BERT encoder: unknown variant `silu`",
        ),
        (
            changed("num_attention_heads", json!(0)),
            "`{}/config.json` is not the configuration of a BERT encoder: `hidden_size` 4 is not a multiple of `num_attention_heads` 0",
        ),
        (
            changed("num_hidden_layers", json!(3)),
            "`{}/model.safetensors` is not a file with the weights of the encoder that `config.json` describes: tensor `encoder.layer.2.",
        ),
        (
            changed("intermediate_size", json!(5)),
            "`{}/model.safetensors` is not a file with the weights of the encoder that `config.json` describes: shape mismatch for encoder.layer.0.intermediate.dense.weight",
        ),
        (
            changed("max_position_embeddings", json!(2)),
            "`{}/tokenizer.json` is not a tokenizer in the format of Hugging Face's `tokenizers`: it adds 2 tokens to each text, and the model takes 2 in all",
        ),
        (
            changed("vocab_size", json!(7)),
            "`tokenizer.json` in `{}` has token ids from 0 to 7, but the weights have 7 rows; take both files from one model",
        ),
    ];
    for (config, expected) in cases {
        let folder = folder(&Weights::new(), &config);
        let error = LocalEmbedder::open(folder.path(), "tiny").err().unwrap();
        let causes = std::error::Error::source(&error).map(|source| format!(": {source}"));
        let message = format!("{error}{}", causes.unwrap_or_default());
        let message = message.replace(&folder.path().display().to_string(), "{}");
        assert!(message.starts_with(expected), "{message}");
    }
}
