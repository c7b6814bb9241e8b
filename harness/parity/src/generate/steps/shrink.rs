//! Shrinks the requests of a sequence.

use std::collections::BTreeSet;

use crate::config::CaseStep;
use crate::generate::tree::{Tree, units, without_chunks};

/// How a shrunk sequence relates to the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::generate) enum Kinship {
    /// All its methods and paths are those of the original.
    Same,
    /// Some paths are new, so it could see what other inputs of its batch created.
    OtherPaths,
    /// It is no sequence, or does what the original does not. It is not sent.
    Foreign,
}

/// How a shrunk input relates to the original.
pub(in crate::generate) fn kinship(input: &[u8], original: &[CaseStep]) -> Kinship {
    let Some(steps) = super::read(input) else {
        return Kinship::Foreign;
    };
    let mut kinship = Kinship::Same;
    for step in &steps {
        let mut same_method = original.iter().filter(|other| is_like(step, other));
        if same_method
            .clone()
            .any(|other| other.path == step.path && other.method == step.method)
        {
            continue;
        }
        // A path without the input's own name may concern all inputs.
        let allowed = same_method.any(|other| is_own(step) || !is_own(other));
        if !allowed {
            return Kinship::Foreign;
        }
        kinship = Kinship::OtherPaths;
    }
    kinship
}

/// Whether both have the same method, or methods that are not standard.
fn is_like(step: &CaseStep, other: &CaseStep) -> bool {
    let is_standard =
        |step: &CaseStep| super::is_standard(step.method.as_deref().unwrap_or_default());
    step.method == other.method || !(is_standard(step) || is_standard(other))
}

/// Whether the path contains the input's own name.
fn is_own(step: &CaseStep) -> bool {
    step.path
        .as_ref()
        .is_some_and(|path| path.contains("{case}"))
}

/// Sequences with smaller targets: without a parameter of the query, without a segment of a path, or
/// with a simpler one. A segment changes in all requests that have it, since one can name what
/// another created.
pub(in crate::generate) fn smaller(input: &Tree) -> Vec<Tree> {
    let Tree::Array(requests) = input else {
        return Vec::new();
    };
    let sends: Vec<Option<Sent>> = requests.iter().map(Sent::of).collect();
    let mut all = Vec::new();
    for (index, send) in sends.iter().enumerate() {
        for send in send.iter().flat_map(Sent::with_less_query) {
            all.push(with(requests, [(index, send)]));
        }
    }
    let segments: BTreeSet<&str> = sends
        .iter()
        .flatten()
        .flat_map(|send| send.segments.iter().map(String::as_str))
        .collect();
    for segment in segments.into_iter().filter(|segment| !segment.is_empty()) {
        let mut replacements = vec![None, Some("a".to_owned()), Some("1".to_owned())];
        let chunks = without_chunks(&units(segment)).into_iter();
        replacements.extend(chunks.map(|units| Some(units.concat())));
        for replacement in &replacements {
            let changed = sends.iter().enumerate().filter_map(|(index, send)| {
                let changed = send.as_ref()?.replaced(segment, replacement.as_deref())?;
                Some((index, changed))
            });
            all.push(with(requests, changed));
        }
    }
    all
}

/// A `send` in parts, as they are written in JSON.
#[derive(Clone)]
struct Sent {
    method: String,
    segments: Vec<String>,
    parameters: Option<Vec<String>>,
}

impl Sent {
    fn of(request: &Tree) -> Option<Sent> {
        let Tree::Object(members) = request else {
            return None;
        };
        let (_, send) = members.iter().find(|(name, _)| name.concat() == "send")?;
        let Tree::Text(units) = send else { return None };
        let text = units.concat();
        let (method, target) = text.split_once(" /")?;
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        let parts =
            |text: &str, separator: char| text.split(separator).map(str::to_owned).collect();
        Some(Sent {
            method: method.to_owned(),
            segments: parts(path, '/'),
            parameters: query.map(|query| parts(query, '&')),
        })
    }

    fn with_less_query(&self) -> Vec<Sent> {
        let Some(parameters) = &self.parameters else {
            return Vec::new();
        };
        let mut all = vec![Sent {
            parameters: None,
            ..self.clone()
        }];
        all.extend(
            without_chunks(parameters)
                .into_iter()
                .map(|parameters| Sent {
                    parameters: Some(parameters),
                    ..self.clone()
                }),
        );
        all
    }

    /// With another segment in place of this one, or none; none when the path does not have it.
    fn replaced(&self, segment: &str, replacement: Option<&str>) -> Option<Sent> {
        let own = self.segments.iter().map(String::as_str);
        if !own.clone().any(|own| own == segment) {
            return None;
        }
        let segments = own.filter_map(|own| match own == segment {
            true => replacement,
            false => Some(own),
        });
        Some(Sent {
            segments: segments.map(str::to_owned).collect(),
            ..self.clone()
        })
    }

    fn text(&self) -> String {
        let mut text = format!("{} /{}", self.method, self.segments.join("/"));
        if let Some(parameters) = &self.parameters {
            text.push('?');
            text.push_str(&parameters.join("&"));
        }
        text
    }
}

/// The requests with some of their `send` replaced.
fn with(requests: &[Tree], sends: impl IntoIterator<Item = (usize, Sent)>) -> Tree {
    let mut requests = requests.to_vec();
    for (index, send) in sends {
        if let Tree::Object(members) = &mut requests[index] {
            let mut members = members.iter_mut();
            if let Some((_, value)) = members.find(|(name, _)| name.concat() == "send") {
                *value = Tree::Text(units(&send.text()));
            }
        }
    }
    Tree::Array(requests)
}

#[cfg(test)]
mod tests {
    use super::{Kinship, kinship, smaller};
    use crate::generate::steps::read;
    use crate::generate::tree::Tree;

    #[test]
    fn shrunk_sequences_keep_their_own_names() {
        let whole = br#"[{"send":"PUT /x/{case}","body":1},{"send":"GET /x/{case}?a"},{"send":"DELETE /x"},{"send":"BREW /{case}"}]"#;
        let whole = read(whole).expect("it is a sequence");
        for (input, expected) in [
            (r#"[{"send":"PUT /x/{case}","body":0}]"#, Kinship::Same),
            (r#"[{"send":"PUT /{case}","body":1}]"#, Kinship::OtherPaths),
            (
                r#"[{"send":"GET /x/{case}"},{"send":"DELETE /x"}]"#,
                Kinship::OtherPaths,
            ),
            (r#"[{"send":"DELETE /"}]"#, Kinship::OtherPaths),
            (r#"[{"send":"B /{case}"}]"#, Kinship::OtherPaths),
            (r#"[{"send":"PUT /c","body":1}]"#, Kinship::Foreign),
            (r#"[{"send":"POST /x/{case}"}]"#, Kinship::Foreign),
            ("[", Kinship::Foreign),
        ] {
            assert_eq!(kinship(input.as_bytes(), &whole), expected, "{input}");
        }
    }

    #[test]
    fn segments_shrink_in_all_requests() {
        let input = br#"[{"send":"PUT /x/{case}-b"},{"send":"GET /x/{case}-b?p=1&q=2"}]"#;
        let tree = Tree::read(input).expect("it is JSON");
        let all: Vec<String> = smaller(&tree)
            .iter()
            .map(|tree| String::from_utf8_lossy(&tree.write()).into_owned())
            .collect();
        for expected in [
            r#"[{"send":"PUT /x/{case}-b"},{"send":"GET /x/{case}-b"}]"#,
            r#"[{"send":"PUT /x/{case}-b"},{"send":"GET /x/{case}-b?q=2"}]"#,
            r#"[{"send":"PUT /{case}-b"},{"send":"GET /{case}-b?p=1&q=2"}]"#,
            r#"[{"send":"PUT /x/{case}b"},{"send":"GET /x/{case}b?p=1&q=2"}]"#,
            r#"[{"send":"PUT /x/1"},{"send":"GET /x/1?p=1&q=2"}]"#,
        ] {
            assert!(all.contains(&expected.to_owned()), "{expected} in {all:#?}");
        }
    }
}
