//! The OpenAPI document, as a check on exchanges.

use jsonschema::Validator;
use lakehouse_json::{Json, Value as JsonValue};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

/// The document of a server, and how many exchanges were checked.
pub(super) struct Document {
    document: Value,
    /// The same, with responses that have no members but those described.
    closed: Value,
    pub(super) checked: usize,
}

/// A request and its response.
pub(super) struct Exchange<'e> {
    pub(super) method: &'e str,
    pub(super) path: &'e str,
    pub(super) request: &'e [u8],
    pub(super) status: u16,
    pub(super) content_type: &'e str,
    pub(super) response: &'e str,
}

impl Document {
    pub(super) fn new(text: &str) -> Self {
        let document: Value = serde_json::from_str(text).unwrap();
        let mut closed = document.clone();
        close(&mut closed["components"]["schemas"]);
        Self {
            document,
            closed,
            checked: 0,
        }
    }

    /// Checks an exchange: the status and the content type are documented, the response has its
    /// schema, and so has the request when it succeeded.
    pub(super) fn check(&mut self, exchange: &Exchange<'_>) -> Result<(), String> {
        self.checked += 1;
        match self.operation(exchange) {
            Found::Operation(operation, parameters) => {
                self.check_response(operation, exchange)?;
                if (200..300).contains(&exchange.status) {
                    self.check_parameters(operation, &parameters)?;
                    self.check_request(operation, exchange)?;
                }
                Ok(())
            }
            Found::OtherMethods => self.check_problem(exchange, 405),
            Found::Nothing => self.check_problem(exchange, 404),
        }
    }

    fn operation(&self, exchange: &Exchange<'_>) -> Found<'_> {
        let method = match exchange.method {
            "HEAD" => "get".to_owned(),
            other => other.to_lowercase(),
        };
        let path = exchange.path.split('?').next().unwrap_or_default();
        let paths = self.document["paths"].as_object().unwrap();
        let mut found = Found::Nothing;
        // A path without parameters comes before one with them.
        let mut matching: Vec<_> = paths
            .iter()
            .filter_map(|(template, item)| Some((parameters(template, path)?, item)))
            .collect();
        matching.sort_by_key(|(parameters, _)| parameters.len());
        for (parameters, item) in matching {
            if let Some(operation) = item.get(&method) {
                return Found::Operation(operation, parameters);
            }
            found = Found::OtherMethods;
        }
        found
    }

    fn check_response(&self, operation: &Value, exchange: &Exchange<'_>) -> Result<(), String> {
        let status = exchange.status.to_string();
        let response = operation["responses"].get(&status);
        let response = self.resolved(response.ok_or(format!("{status} is not documented"))?);
        let content = &response["content"][exchange.content_type];
        if content.is_null() {
            return Err(format!("`{}` is not documented", exchange.content_type));
        }
        if exchange.method == "HEAD" {
            return Ok(());
        }
        let body = match exchange.content_type.ends_with("json") {
            true => serde_json::from_str(exchange.response).map_err(|e| e.to_string())?,
            false => Value::from(exchange.response),
        };
        conforms(&self.closed, &content["schema"], &body)
    }

    fn check_parameters(
        &self,
        operation: &Value,
        parameters: &[(String, String)],
    ) -> Result<(), String> {
        for (name, value) in parameters {
            let described = operation["parameters"].as_array().unwrap();
            let described = described.iter().find(|p| p["name"] == **name);
            let schema = &described.ok_or(format!("`{name}` is not described"))?["schema"];
            conforms(&self.document, schema, &Value::from(value.as_str()))?;
        }
        Ok(())
    }

    fn check_request(&self, operation: &Value, exchange: &Exchange<'_>) -> Result<(), String> {
        let content = &operation["requestBody"]["content"];
        if let Some(json) = content.get("application/json") {
            let body = read(exchange.request).ok_or("the request is not JSON")?;
            conforms(&self.document, &json["schema"], &body)?;
        }
        if let Some(lines) = content.get("application/x-ndjson") {
            let response: Value = serde_json::from_str(exchange.response).unwrap();
            let schema = &lines["schema"]["items"];
            let lines = exchange.request.split(|byte| *byte == b'\n');
            let lines = lines.filter(|line| !line.trim_ascii().is_empty());
            let rejected = lines.filter(|line| {
                let line = serde_json::from_slice(line);
                line.map_or(true, |line| {
                    conforms(&self.document, schema, &line).is_err()
                })
            });
            let rejected = rejected.count() as u64;
            if response["refused"].as_u64() < Some(rejected) {
                return Err(format!("{rejected} lines do not have the schema"));
            }
        }
        Ok(())
    }

    fn check_problem(&self, exchange: &Exchange<'_>, status: u16) -> Result<(), String> {
        if (exchange.status, exchange.content_type) != (status, "application/problem+json") {
            return Err(format!("status {} instead of {status}", exchange.status));
        }
        let problem = json!({ "$ref": "#/components/schemas/Problem" });
        let body = serde_json::from_str(exchange.response).map_err(|e| e.to_string())?;
        conforms(&self.closed, &problem, &body)
    }

    fn resolved<'d>(&'d self, value: &'d Value) -> &'d Value {
        let reference = value["$ref"].as_str().and_then(|r| r.strip_prefix('#'));
        reference.map_or(value, |pointer| self.document.pointer(pointer).unwrap())
    }
}

enum Found<'d> {
    /// The operation, and the parameters of its path after decoding.
    Operation(&'d Value, Vec<(String, String)>),
    /// The path has other methods.
    OtherMethods,
    /// There is no such path.
    Nothing,
}

/// The parameters of a path that matches the template.
fn parameters(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let (template, path) = (template.split('/'), path.split('/'));
    let (template, path): (Vec<_>, Vec<_>) = (template.collect(), path.collect());
    if template.len() != path.len() {
        return None;
    }
    let mut parameters = Vec::new();
    for (template, segment) in template.into_iter().zip(path) {
        match template.strip_prefix('{') {
            Some(_) if segment.is_empty() => return None,
            Some(name) => {
                let value = percent_decode_str(segment).decode_utf8_lossy();
                parameters.push((name.trim_end_matches('}').to_owned(), value.into_owned()));
            }
            None if template == segment => {}
            None => return None,
        }
    }
    Some(parameters)
}

/// Reads JSON as the contract does, lone surrogates included.
fn read(bytes: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(bytes).ok()?;
    let json = lakehouse_json::parse(text, lakehouse_json::MAX_DEPTH).ok()?;
    Some(value_of(&json))
}

fn value_of(json: &Json<'_>) -> Value {
    match json.value() {
        JsonValue::Null => Value::Null,
        JsonValue::Bool(value) => Value::from(*value),
        JsonValue::Number(number) => match number.as_integer() {
            Some(integer) => Value::from(integer),
            None => Value::from(number.as_f64()),
        },
        JsonValue::String(text) => Value::from(text.as_ref()),
        JsonValue::Array(elements) => elements.iter().map(value_of).collect(),
        JsonValue::Object(object) => {
            let members = object.members();
            let members = members.map(|(name, value)| (name.to_owned(), value_of(value)));
            Value::Object(members.collect())
        }
    }
}

/// Forbids members that are not described.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.values_mut().for_each(close);
            if members.get("type") == Some(&json!("object")) && members.contains_key("properties") {
                members
                    .entry("additionalProperties")
                    .or_insert(json!(false));
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(close),
        _ => {}
    }
}

fn conforms(document: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let mut schema = schema.clone();
    schema["components"] = document["components"].clone();
    let validator: Validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(value)
        .map(|e| e.to_string())
        .collect();
    match errors.is_empty() {
        true => Ok(()),
        false => Err(errors.join("; ")),
    }
}
