//! Classes of inputs: the same difference in another class of inputs is another finding.

use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use crate::config::CaseStep;
use crate::json::{PathError, Query, Tree as _, cut, parse};

/// The longest value of a class in reports, in bytes.
const MAX_SHOWN: usize = 60;

/// The parts of an input that determine its class.
#[derive(Debug, Default)]
pub(super) struct Classes(Vec<Class>);

/// One part of an input or its answers.
#[derive(Debug)]
enum Class {
    /// The method of the request.
    Method,
    /// The path of the request, without its query.
    Path,
    /// The statuses of both answers.
    Status,
    /// The values at a JSON path of the input, or of the request in a sequence.
    Values(Query),
}

/// An input whose answers differ.
#[derive(Clone, Copy)]
pub(super) struct Differing<'a> {
    pub(super) input: &'a [u8],
    /// The index of the request whose answers differ, if the input is a sequence.
    pub(super) step: Option<usize>,
    pub(super) sent: &'a CaseStep,
    pub(super) statuses: [Option<u16>; 2],
}

impl Classes {
    pub(super) fn read<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Classes, PathError> {
        let class = |text: &'a str| -> Result<Class, PathError> {
            Ok(match text {
                "method" => Class::Method,
                "path" => Class::Path,
                "status" => Class::Status,
                path => Class::Values(Query::read(path)?),
            })
        };
        let classes: Result<_, PathError> = texts.into_iter().map(class).collect();
        classes.map(Classes)
    }

    /// The class of an input, such as `$.args = ["-r"], status = 200 | 500`; none when the surface
    /// has no classes.
    pub(super) fn of(&self, differing: Differing<'_>) -> Option<String> {
        let shown = self.0.iter().map(|class| {
            let (name, value) = class.of(differing);
            format!("{name} = {value}")
        });
        let shown: Vec<String> = shown.collect();
        (!shown.is_empty()).then(|| shown.join(", "))
    }
}

impl Class {
    fn of(&self, differing: Differing<'_>) -> (&str, String) {
        let sent = differing.sent;
        match self {
            Class::Method => ("method", sent.method.clone().unwrap_or_default()),
            Class::Path => {
                let target = sent.path.as_deref().unwrap_or_default();
                let path = target.split_once('?').map_or(target, |(path, _)| path);
                ("path", short(path))
            }
            Class::Status => {
                let shown = |status: Option<u16>| {
                    status.map_or_else(|| "none".to_owned(), |status| status.to_string())
                };
                let [left, right] = differing.statuses.map(shown);
                ("status", format!("{left} | {right}"))
            }
            Class::Values(query) => (query.as_str(), values(query, differing)),
        }
    }
}

fn values(query: &Query, differing: Differing<'_>) -> String {
    let request = match differing.step {
        None => Some(differing.input),
        Some(step) => serde_json::from_slice::<Vec<&RawValue>>(differing.input)
            .ok()
            .and_then(|requests| Some(requests.get(step)?.get().as_bytes())),
    };
    let Some(document) = request.and_then(|request| parse(request).ok()) else {
        return "not JSON".to_owned();
    };
    let found: Vec<String> = query
        .select(&document)
        .into_iter()
        .map(|id| short(&document.show(id, usize::MAX)))
        .collect();
    match found.is_empty() {
        true => "nothing".to_owned(),
        false => found.join(", "),
    }
}

/// A text that identifies a value. Long values have a digest.
fn short(value: &str) -> String {
    if value.len() <= MAX_SHOWN {
        return value.to_owned();
    }
    let digest = Sha256::digest(value);
    let digits: String = digest[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{} ({digits})", cut(value, MAX_SHOWN))
}

#[cfg(test)]
mod tests {
    use super::{Classes, Differing};
    use crate::generate::steps;

    fn class(texts: &[&str], input: &str, step: Option<usize>) -> String {
        let classes = Classes::read(texts.iter().copied()).expect("they are classes");
        let sent = steps::of_input(input.as_bytes(), step.is_some()).unwrap_or_default();
        let differing = Differing {
            input: input.as_bytes(),
            step,
            sent: &sent[step.unwrap_or_default()],
            statuses: [Some(200), None],
        };
        classes.of(differing).expect("there are classes")
    }

    #[test]
    fn classes_are_parts_of_the_input() {
        let line = r#"{"args": ["-r", 1.0], "x": {}}"#;
        assert_eq!(class(&["$.args"], line, None), r#"$.args = ["-r",1.0]"#);
        assert_eq!(
            class(&["$.args[*]"], line, None),
            r#"$.args[*] = "-r", 1.0"#
        );
        assert_eq!(class(&["$.y"], line, None), "$.y = nothing");
        assert_eq!(class(&["$.y"], "{", None), "$.y = not JSON");
        let requests = r#"[{"send":"GET /a"},{"send":"PUT /b?c","body":{"kind":"x"}}]"#;
        let parts = ["method", "path", "status", "$.body.kind"];
        assert_eq!(
            class(&parts, requests, Some(1)),
            r#"method = PUT, path = /b, status = 200 | none, $.body.kind = "x""#
        );
        assert!(Classes::read(["pth"]).is_err());
    }

    #[test]
    fn long_values_are_distinguished() {
        let input = |end: &str| format!("\"{}{end}\"", "a".repeat(100));
        assert_ne!(
            class(&["$"], &input("b"), None),
            class(&["$"], &input("c"), None)
        );
        assert!(class(&["$"], &input("b"), None).len() < 80);
    }
}
