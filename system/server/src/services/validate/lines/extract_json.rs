//! `helper extract_json`: answers a model's text with its first JSON object.

use lakehouse_json as json;
use lakehouse_json::{MAX_DEPTH, ObjectWriter};
use lakehouse_validate::extract_json;

use crate::lines::{Helper, HelperSpec, error_answer};

pub(super) const HELPER: HelperSpec = HelperSpec {
    surface: "extract_json",
    open: |_| Ok(Box::new(ExtractJson)),
};

struct ExtractJson;

impl Helper for ExtractJson {
    fn answer(&self, line: &[u8]) -> String {
        let line = std::str::from_utf8(line).ok();
        let json = line.and_then(|line| json::parse(line, MAX_DEPTH).ok());
        match json.as_ref().and_then(json::Json::as_str) {
            Some(text) => found(extract_json(text)),
            None => error_answer("input line is not a JSON string"),
        }
    }
}

fn found(object: Option<String>) -> String {
    let mut out = String::new();
    let mut answer = ObjectWriter::new(&mut out);
    answer.bool("matched", object.is_some());
    match object {
        Some(object) => answer.raw("value", &object),
        None => answer.raw("value", "null"),
    };
    answer.finish();
    out
}
