//! Ollama's wire format: the answers to requests that no script covers.
//!
//! The source is Ollama's `docs/api.md` and `server/routes.go`. Times and durations are fixed, so
//! that the same request gets the same bytes.

use std::fmt::Write as _;

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::instance::Instance;
use super::reply::Reply;

const CREATED_AT: &str = "2026-01-01T00:00:00Z";
const VERSION: &str = "0.12.0";
const DEFAULT_REPLY: &str = "This is the fixed reply of the scripted model server.";

/// A user's message with this text asks for the rest of the message as the reply, up to
/// [`REPLY_END`], so that a generated request scripts its own reply.
const REPLY_WITH: &str = "Reply with: ";
/// The same for a reply that ended at a limit of its length.
const REPLY_CUT_OFF_WITH: &str = "Reply cut off with: ";
/// The beginning of what a service adds to a prompt.
const REPLY_END: &str = "\n\nContext: ";

/// The name, family, parameters and size of each known model.
const MODELS: [(&str, &str, &str, u64); 2] = [
    ("nomic-embed-text", "nomic-bert", "137M", 274_302_450),
    ("qwen2.5", "qwen2", "7.6B", 4_683_087_332),
];

/// The answer to a request that no script covers.
pub(super) fn default_reply(
    instance: &Instance,
    method: &Method,
    path: &str,
    body: &[u8],
) -> Reply {
    match (method, path) {
        (&Method::POST, "/api/embed") => embed(instance, body),
        (&Method::POST, "/api/chat") => chat(body),
        (&Method::GET, "/api/tags") => tags(),
        (&Method::GET, "/api/version") => {
            Reply::json(StatusCode::OK, &json!({ "version": VERSION }))
        }
        (&Method::GET | &Method::HEAD, "/" | "") => {
            Reply::text(StatusCode::OK, "Ollama is running")
        }
        (_, "/api/embed" | "/api/chat" | "/api/tags" | "/api/version") => {
            Reply::text(StatusCode::METHOD_NOT_ALLOWED, "405 method not allowed")
        }
        _ => Reply::text(StatusCode::NOT_FOUND, "404 page not found"),
    }
}

/// An embed answer with these vectors and the name of the model in the request.
pub(super) fn vectors_reply(body: &[u8], vectors: &[Vec<f64>]) -> Reply {
    let model = Lenient::parse(body).model;
    embed_answer(&model, vectors, vectors.len())
}

/// A chat answer with this text: one object or a stream, whichever the request asks for.
pub(super) fn chat_reply(body: &[u8], text: &str) -> Reply {
    let request = Lenient::parse(body);
    chat_answer(&request.model, request.stream, text, "stop")
}

/// The parts of an arbitrary request that a scripted answer repeats.
struct Lenient {
    model: String,
    stream: bool,
}

impl Lenient {
    fn parse(body: &[u8]) -> Lenient {
        let value: Value = serde_json::from_slice(body).unwrap_or_default();
        Lenient {
            model: value["model"].as_str().unwrap_or_default().to_owned(),
            stream: value["stream"].as_bool().unwrap_or(true),
        }
    }
}

#[derive(Deserialize)]
struct EmbedRequest {
    #[serde(default)]
    model: String,
    #[serde(default)]
    input: Value,
}

fn embed(instance: &Instance, body: &[u8]) -> Reply {
    let request: EmbedRequest = match parse(body) {
        Ok(request) => request,
        Err(reply) => return *reply,
    };
    let texts = match request.input {
        Value::Null => Vec::new(),
        // Ollama treats one empty text as no text.
        Value::String(text) if text.is_empty() => Vec::new(),
        Value::String(text) => vec![text],
        Value::Array(items) => {
            let texts: Option<Vec<String>> = items
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect();
            match texts {
                Some(texts) => texts,
                None => return Reply::error(StatusCode::BAD_REQUEST, "invalid input type"),
            }
        }
        _ => return Reply::error(StatusCode::BAD_REQUEST, "invalid input type"),
    };
    if !instance.accepts_any_model()
        && let Some(missing) = missing_model(&request.model)
    {
        return missing;
    }
    let vectors: Vec<Vec<f64>> = texts.iter().map(|text| instance.embed(text)).collect();
    let tokens = texts
        .iter()
        .map(|text| text.split_whitespace().count())
        .sum();
    embed_answer(&request.model, &vectors, tokens)
}

fn embed_answer(model: &str, vectors: &[Vec<f64>], tokens: usize) -> Reply {
    let mut body = format!("{{\"model\":{},\"embeddings\":[", Value::from(model));
    for (index, vector) in vectors.iter().enumerate() {
        body.push_str(if index == 0 { "[" } else { ",[" });
        write_numbers(&mut body, vector);
        body.push(']');
    }
    // Writing to a string cannot fail.
    let _ = write!(
        body,
        "],\"total_duration\":14143917,\"load_duration\":1019500,\"prompt_eval_count\":{tokens}}}"
    );
    Reply::raw(StatusCode::OK, body.into())
}

/// Most components of a word embedding are 0, and thousands of them are sent under load.
fn write_numbers(body: &mut String, numbers: &[f64]) {
    for (index, number) in numbers.iter().enumerate() {
        if index > 0 {
            body.push(',');
        }
        if *number == 0.0 {
            body.push('0');
        } else {
            let _ = write!(body, "{number}");
        }
    }
}

#[derive(Deserialize)]
struct ChatRequest {
    #[serde(default)]
    model: String,
    messages: Option<Vec<Message>>,
    stream: Option<bool>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    role: String,
    #[serde(default)]
    content: String,
}

impl ChatRequest {
    /// The reply, and the reason why it ends.
    fn reply(&self) -> (&str, &'static str) {
        let messages = self.messages.iter().flatten();
        let mut contents = messages.filter(|m| m.role == "user").map(|m| &m.content);
        let asked = contents.find_map(|content| {
            let (reply, reason) = match content.split_once(REPLY_CUT_OFF_WITH) {
                Some((_, reply)) => (reply, "length"),
                None => (content.split_once(REPLY_WITH)?.1, "stop"),
            };
            let end = reply.rfind(REPLY_END).unwrap_or(reply.len());
            Some((&reply[..end], reason))
        });
        asked.unwrap_or((DEFAULT_REPLY, "stop"))
    }
}

fn chat(body: &[u8]) -> Reply {
    let request: ChatRequest = match parse(body) {
        Ok(request) => request,
        Err(reply) => return *reply,
    };
    if let Some(missing) = missing_model(&request.model) {
        return missing;
    }
    let (text, reason) = request.reply();
    let stream = request.stream.unwrap_or(true);
    chat_answer(&request.model, stream, text, reason)
}

fn chat_answer(model: &str, stream: bool, text: &str, reason: &str) -> Reply {
    let message = |content: &str, done: bool| {
        let mut value = json!({
            "model": model,
            "created_at": CREATED_AT,
            "message": { "role": "assistant", "content": content },
            "done": done,
        });
        if done {
            value["done_reason"] = json!(reason);
            value["total_duration"] = json!(4_883_583_458_u64);
            value["load_duration"] = json!(1_334_875_u64);
            value["prompt_eval_count"] = json!(26);
            value["prompt_eval_duration"] = json!(342_546_000_u64);
            value["eval_count"] = json!(text.split_whitespace().count());
            value["eval_duration"] = json!(4_535_599_000_u64);
        }
        value
    };
    if stream {
        let mut lines: Vec<Value> = text
            .split_inclusive(' ')
            .map(|piece| message(piece, false))
            .collect();
        lines.push(message("", true));
        Reply::lines(&lines)
    } else {
        Reply::json(StatusCode::OK, &message(text, true))
    }
}

fn tags() -> Reply {
    let models: Vec<Value> = MODELS
        .iter()
        .map(|(name, family, parameters, size)| {
            json!({
                "name": format!("{name}:latest"),
                "model": format!("{name}:latest"),
                "modified_at": CREATED_AT,
                "size": size,
                "digest": format!("{:064x}", size),
                "details": {
                    "parent_model": "",
                    "format": "gguf",
                    "family": family,
                    "families": [family],
                    "parameter_size": parameters,
                    "quantization_level": "Q4_K_M",
                },
            })
        })
        .collect();
    Reply::json(StatusCode::OK, &json!({ "models": models }))
}

fn missing_model(model: &str) -> Option<Reply> {
    if model.is_empty() {
        return Some(Reply::error(StatusCode::BAD_REQUEST, "model is required"));
    }
    let bare = model.strip_suffix(":latest").unwrap_or(model);
    if MODELS.iter().any(|(name, ..)| *name == bare) {
        return None;
    }
    Some(Reply::error(
        StatusCode::NOT_FOUND,
        format!("model \"{model}\" not found, try pulling it first"),
    ))
}

fn parse<T: for<'a> Deserialize<'a>>(body: &[u8]) -> Result<T, Box<Reply>> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Box::new(Reply::error(
            StatusCode::BAD_REQUEST,
            "missing request body",
        )));
    }
    serde_json::from_slice(body)
        .map_err(|error| Box::new(Reply::error(StatusCode::BAD_REQUEST, error.to_string())))
}
