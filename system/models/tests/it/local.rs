//! The provider `local` with static token vectors, on tiny models whose vectors are computed by hand.

use std::borrow::Cow;

use half::f16;
use lakehouse_base::ErrorCode;
use lakehouse_models::embed::{
    EmbedError, EmbedRequest, Embedder, LocalEmbedder, local::ModelError,
};
use proptest::prelude::*;
use safetensors::Dtype;
use serde_json::{Value, json};

use crate::model_folder::{ModelFolder, Tensor, bytes, tokenizer};

/// The vectors of the tokens: those that mark a text's parts have large ones, to be seen if they count.
const VECTORS: [[f32; 3]; 8] = [
    [90.0, 0.0, 0.0],
    [0.0, 90.0, 0.0],
    [0.0, 0.0, 90.0],
    [90.0, 90.0, 0.0],
    [3.0, 0.0, 0.0],
    [0.0, 4.0, 0.0],
    [1.0, 2.0, 2.0],
    [-2.0, 1.0, 2.0],
];

fn vectors() -> Tensor {
    Tensor::f32("embeddings", &[8, 3], VECTORS.as_flattened())
}

fn open(folder: &ModelFolder) -> LocalEmbedder {
    LocalEmbedder::open(folder.path(), "tiny").unwrap()
}

async fn embed(embedder: &LocalEmbedder, texts: &[&str]) -> Vec<Vec<f32>> {
    let texts: Vec<_> = texts.iter().map(|text| Cow::Borrowed(*text)).collect();
    let request = EmbedRequest {
        model: "tiny",
        prefix: "",
        texts: &texts,
    };
    let embeddings = embedder.embed(request).await.unwrap();
    embeddings.iter().map(|one| one.values().to_vec()).collect()
}

/// The vectors of the words that most tests ask for, by a model with [`VECTORS`].
#[track_caller]
fn check_words(vectors: &[Vec<f32>]) {
    // (3, 4, 0) / 2 and (-1, 3, 4) / 2, divided by their lengths.
    let length = 26.0_f64.sqrt();
    let forklift = [-1.0, 3.0, 4.0].map(|value| (value / length) as f32);
    assert_eq!(vectors, [&[0.6, 0.8, 0.0][..], &forklift]);
}

#[tokio::test]
async fn a_vector_is_the_mean_of_the_known_tokens() {
    let embedder = open(&ModelFolder::new(&[vectors()]));
    check_words(&embed(&embedder, &["picker", "fork lift"]).await);
    check_words(&embed(&embedder, &["PICKER, picker!", "zebra Fork (lift) 2"]).await);
    // One text, and one of several.
    assert_eq!(
        embed(&embedder, &["fork"]).await[0],
        embed(&embedder, &["fork", "lift"]).await[0]
    );
}

#[tokio::test]
async fn half_precision_and_integers_are_read() {
    let values = VECTORS.as_flattened();
    let half = values
        .iter()
        .flat_map(|value| f16::from_f32(*value).to_le_bytes());
    let integers = values.iter().map(|value| *value as i8 as u8);
    for (dtype, bytes) in [
        (Dtype::F16, half.collect()),
        (Dtype::I8, integers.collect()),
    ] {
        let tensor = Tensor::new("embeddings", dtype, &[8, 3], bytes);
        let embedder = open(&ModelFolder::new(&[tensor]));
        check_words(&embed(&embedder, &["picker", "fork lift"]).await);
    }
}

#[tokio::test]
async fn tokens_may_share_vectors_and_have_weights() {
    // `pick` and `##er` are 3 and 4 times a unit vector; `fork` and `lift` have rows of their own.
    let rows = [
        [0.0, 0.0, 9.0],
        [1.0, 0.0, 0.0],
        [0.0, 1.0, 0.0],
        [1.0, 2.0, 2.0],
        [-4.0, 2.0, 4.0],
    ];
    let mapping = [0_i32, 0, 0, 0, 1, 2, 3, 4].map(i32::to_le_bytes);
    let mapping = Tensor::new("mapping", Dtype::I32, &[8], mapping.as_flattened().to_vec());
    let weights = Tensor::f32("weights", &[8], &[1.0, 1.0, 1.0, 1.0, 3.0, 4.0, 1.0, 0.5]);
    let table = Tensor::f32("embedding.weight", &[5, 3], rows.as_flattened());
    let embedder = open(&ModelFolder::new(&[table, mapping, weights]));
    check_words(&embed(&embedder, &["picker", "fork lift"]).await);
}

#[tokio::test]
async fn the_configuration_does_not_change_that_vectors_are_unit_vectors() {
    let folder = ModelFolder::new(&[vectors()]);
    folder.write(
        "config.json",
        r#"{"model_type":"model2vec","normalize":false}"#,
    );
    check_words(&embed(&open(&folder), &["picker", "fork lift"]).await);
}

#[tokio::test]
async fn long_texts_are_cut() {
    let embedder = open(&ModelFolder::new(&[vectors()]));
    let forks = "fork ".repeat(512);
    let expected = embed(&embedder, &["fork"]).await;
    assert_eq!(embed(&embedder, &[&format!("{forks}lift")]).await, expected);
    // Unknown tokens do not count.
    assert_eq!(
        embed(&embedder, &[&format!("zebra {forks}lift")]).await,
        expected
    );
    let one_less = format!("{} lift", &forks[5..]);
    assert_ne!(embed(&embedder, &[&one_less]).await, expected);
    // Characters of more than one byte, and a word that is cut.
    let unknown = "é".repeat(8192 - " fork".len());
    assert_eq!(
        embed(&embedder, &[&format!("{unknown} fork")]).await,
        expected
    );
    assert_ne!(
        embed(&embedder, &[&format!("{unknown}é fork")]).await,
        expected
    );
}

#[tokio::test]
async fn texts_without_known_tokens_have_a_direction_of_their_own() {
    let embedder = open(&ModelFolder::new(&[vectors()]));
    for text in ["zebra", "gnu", "☃", "okapi"] {
        let mut expected = [0.0; 3];
        expected[(fnv_1a(&format!("t:{text}")) % 3) as usize] = 1.0;
        assert_eq!(embed(&embedder, &[text]).await, [expected], "{text}");
    }
}

/// The hash that the contract names.
fn fnv_1a(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(1_099_511_628_211);
    text.bytes().fold(14_695_981_039_346_656_037, step)
}

#[tokio::test]
async fn other_models_are_unknown() {
    let embedder = open(&ModelFolder::new(&[vectors()]));
    let request = EmbedRequest {
        model: "huge",
        prefix: "",
        texts: &["fork".into()],
    };
    let error = embedder.embed(request).await.unwrap_err();
    assert_eq!(error.to_string(), "unknown model `huge`");
}

#[tokio::test]
async fn a_prefix_is_part_of_the_text() {
    let embedder = open(&ModelFolder::new(&[vectors()]));
    let request = EmbedRequest {
        model: "tiny",
        prefix: "pick",
        texts: &["er".into()],
    };
    let embeddings = embedder.embed(request).await.unwrap();
    assert_eq!(embeddings[0].values(), [0.6, 0.8, 0.0]);
}

#[test]
fn failures_at_a_text_are_the_texts() {
    let error = EmbedError::Rejected {
        provider: "local",
        words: "it has no tokens".to_owned(),
    };
    assert_eq!(error.to_string(), "local: it has no tokens");
    assert_eq!(error.code(), ErrorCode::BadRequest);
    assert!(error.is_of_a_text());
}

proptest! {
    #[test]
    fn vectors_match_the_formula(
        rows in prop::collection::vec(prop::array::uniform3(-9.0_f32..9.0), 8),
        ids in prop::collection::vec(4_usize..8, 1..600),
    ) {
        let words = ["pick", "pick", "pick", "pick", "pick", "picker", "fork", "lift"];
        let text: Vec<_> = ids.iter().map(|id| words[*id]).collect();
        // `picker` has two tokens.
        let tokens = ids.iter().flat_map(|id| if *id == 5 { vec![4, 5] } else { vec![*id] });
        let mut sum = [0.0_f64; 3];
        for id in tokens.take(512) {
            for (sum, value) in sum.iter_mut().zip(rows[id]) {
                *sum += f64::from(value);
            }
        }
        let length = sum.iter().map(|value| value * value).sum::<f64>().sqrt();
        prop_assume!(length > 1e-3);

        let table = Tensor::f32("embeddings", &[8, 3], rows.as_flattened());
        let embedder = open(&ModelFolder::new(&[table]));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let vectors = runtime.block_on(embed(&embedder, &[&text.join(" ")]));
        for (value, sum) in vectors[0].iter().zip(sum) {
            prop_assert!((f64::from(*value) - sum / length).abs() < 1e-6);
        }
    }
}

/// The error's message and those of its causes; the folder is `{}`.
fn error(folder: &ModelFolder) -> String {
    let error = LocalEmbedder::open(folder.path(), "tiny").err().unwrap();
    let message = match std::error::Error::source(&error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    };
    message.replace(&folder.path().display().to_string(), "{}")
}

#[test]
fn missing_files_are_reported() {
    let folder = ModelFolder::new(&[vectors()]);
    for name in ["tokenizer.json", "model.safetensors"] {
        folder.remove(name);
        let expected = format!(
            "cannot read `{{}}/{name}`; a model folder has `tokenizer.json`, `model.safetensors` and, for an encoder, `config.json`: No such file"
        );
        assert!(error(&folder).starts_with(&expected), "{}", error(&folder));
    }
    let absent = folder.path().join("absent");
    let error = LocalEmbedder::open(&absent, "tiny").err().unwrap();
    assert!(matches!(error, ModelError::NoFolder(_)), "{error:?}");
    let absent = absent.display();
    assert_eq!(
        error.to_string(),
        format!(
            "there is no model folder `{absent}`; `cargo xtask model --output {absent}` makes one"
        )
    );
}

#[test]
fn malformed_files_are_reported() {
    let not_tokenizer =
        "`{}/tokenizer.json` is not a tokenizer in the format of Hugging Face's `tokenizers`: ";
    let mut without_unknown = tokenizer();
    without_unknown["model"]["unk_token"] = json!("[NONE]");
    let mut empty = tokenizer();
    empty["model"]["vocab"] = json!({});
    empty["model"]["unk_token"] = Value::Null;
    for (name, content, expected) in [
        (
            "config.json",
            "[",
            "`{}/config.json` is not a JSON object: EOF".to_owned(),
        ),
        ("tokenizer.json", "", format!("{not_tokenizer}EOF")),
        ("tokenizer.json", "{}", not_tokenizer.to_owned()),
        (
            "tokenizer.json",
            &empty.to_string(),
            not_tokenizer.to_owned(),
        ),
        (
            "tokenizer.json",
            &without_unknown.to_string(),
            format!("{not_tokenizer}its `unk_token` `[NONE]` is not in its vocabulary"),
        ),
        (
            "model.safetensors",
            "",
            "`{}/model.safetensors` is not a file in the format `safetensors`: header too small"
                .to_owned(),
        ),
    ] {
        let folder = ModelFolder::new(&[vectors()]);
        folder.write(name, content);
        assert!(error(&folder).starts_with(&expected), "{}", error(&folder));
    }
}

#[test]
fn tensors_that_do_not_fit_are_reported() {
    let tensor = "tensor `embeddings` of `{}/model.safetensors` has";
    let other = |name, dtype, shape: &[usize], size| Tensor::new(name, dtype, shape, vec![0; size]);
    let mut infinite = VECTORS;
    infinite[6][2] = f32::INFINITY;
    let cases = [
        (
            vec![other("b", Dtype::F32, &[1], 4), other("a", Dtype::F32, &[1], 4)],
            "`{}/model.safetensors` has no tensor `embeddings` with token vectors; its first tensors are \
             `a`, `b`. An encoder needs a `config.json` beside it whose `model_type` is `bert`".to_owned(),
        ),
        (
            vec![other("embeddings", Dtype::F32, &[24], 96)],
            format!("{tensor} shape [24] and type F32; it must have two dimensions, the second above 0"),
        ),
        (
            vec![other("embeddings", Dtype::F32, &[8, 0], 0)],
            format!("{tensor} shape [8, 0] and type F32; it must have two dimensions, the second above 0"),
        ),
        (
            vec![other("embeddings", Dtype::U8, &[8, 3], 24)],
            format!("{tensor} shape [8, 3] and type U8; it must have type F64, F32, F16 or I8"),
        ),
        (
            vec![Tensor::f32("embeddings", &[8, 3], infinite.as_flattened())],
            "tensor `embeddings` of `{}/model.safetensors` has a number in row 6 that is not finite; \
             the file is damaged".to_owned(),
        ),
        (
            vec![Tensor::f32("embeddings", &[7, 3], VECTORS[..7].as_flattened())],
            "`tokenizer.json` in `{}` has token ids from 0 to 7, but the weights have 7 rows; take both \
             files from one model".to_owned(),
        ),
        (
            vec![vectors(), other("weights", Dtype::F32, &[7], 28)],
            "tensor `weights` of `{}/model.safetensors` has shape [7] and type F32; it must have shape [8]".to_owned(),
        ),
        (
            vec![vectors(), other("mapping", Dtype::F32, &[8], 32)],
            "tensor `mapping` of `{}/model.safetensors` has shape [8] and type F32; it must have type I64 or I32".to_owned(),
        ),
        (
            vec![vectors(), Tensor::new("mapping", Dtype::I64, &[1], 8_i64.to_le_bytes().to_vec())],
            "tensor `mapping` of `{}/model.safetensors` has shape [1] and type I64; it must have numbers from 0 to 7".to_owned(),
        ),
    ];
    for (tensors, expected) in cases {
        let folder = ModelFolder::new(&[vectors()]);
        folder.write("model.safetensors", bytes(&tensors));
        assert_eq!(error(&folder), expected);
    }
}

#[cfg(not(feature = "encoder"))]
#[test]
fn encoders_need_their_feature() {
    let folder = ModelFolder::new(&[vectors()]);
    folder.write("config.json", r#"{"model_type":"bert"}"#);
    assert_eq!(
        error(&folder),
        "`{}/config.json` describes an encoder, which this build cannot run; build with `--features encoder`, \
         or make token vectors of it with `cargo xtask model --from {}`"
    );
}
