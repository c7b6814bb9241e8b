//! `cases/*.toml`: the inputs, data only.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use base64::Engine as _;
use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::Transport;
use lakehouse_rig::model_server::Answer;
use lakehouse_rig::source::Source;
use lakehouse_rig::template;
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use toml::Spanned;

use super::setup::Setups;

/// The longest input a case may build, in bytes.
const LONGEST_INPUT: usize = 64 << 20;

/// One case.
#[derive(Debug, Clone)]
pub struct Case {
    /// Unique in its surface.
    pub name: String,
    /// Why it is there.
    pub why: Option<String>,
    /// The transports it is limited to.
    pub transports: Option<Vec<Transport>>,
    /// Input files below the state, by path.
    pub files: BTreeMap<String, String>,
    /// One for a plain case.
    pub steps: Vec<CaseStep>,
    /// Whether it is written as a sequence, so that paths of differences name the step.
    pub sequence: bool,
    /// Whether its server is started for it, in a probe whose servers live for many cases.
    pub fresh: bool,
}

/// One input and what is expected of its answer.
#[derive(Debug, Clone)]
pub struct CaseStep {
    /// Whether the answer should be an error.
    pub expect_error: bool,
    /// The exact status.
    pub status: Option<u16>,
    /// What is sent, `{case}` in it being the case's name; none for a request without a body.
    pub input: Option<Vec<u8>>,
    /// HTTP method instead of the probe's.
    pub method: Option<String>,
    /// HTTP path instead of the probe's.
    pub path: Option<String>,
    /// HTTP headers besides the probe's; an empty value takes one of the probe's away.
    pub headers: BTreeMap<String, String>,
    /// HTTP query.
    pub query: BTreeMap<String, String>,
    /// Files written below the state before this step.
    pub files: BTreeMap<String, String>,
    /// Scripted answers of the upstream.
    pub upstream: Vec<Answer>,
}

impl Case {
    /// Whether it may be run over this transport.
    #[must_use]
    pub fn goes_over(&self, transport: Transport) -> bool {
        self.transports
            .as_ref()
            .is_none_or(|transports| transports.contains(&transport))
    }

    /// Whether any step has an upstream script.
    #[must_use]
    pub fn is_scripted(&self) -> bool {
        self.steps.iter().any(|step| !step.upstream.is_empty())
    }

    /// Whether it brings files.
    #[must_use]
    pub fn brings_files(&self) -> bool {
        !self.files.is_empty() || self.steps.iter().any(|step| !step.files.is_empty())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFile {
    #[serde(default)]
    case: Vec<Spanned<WrittenCase>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCase {
    name: Spanned<String>,
    why: Option<String>,
    transports: Option<Vec<Transport>>,
    #[serde(default)]
    fresh: bool,
    #[serde(default)]
    setup: Vec<Spanned<String>>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    expect: Option<Expect>,
    status: Option<u16>,
    input: Option<Input>,
    input_file: Option<Spanned<String>>,
    #[serde(default)]
    json_string: bool,
    method: Option<String>,
    path: Option<Spanned<String>>,
    #[serde(default)]
    headers: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    query: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    upstream: Vec<Answer>,
    #[serde(default)]
    step: Vec<WrittenStep>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenStep {
    #[serde(default)]
    expect: Expect,
    status: Option<u16>,
    input: Option<Input>,
    input_file: Option<Spanned<String>>,
    #[serde(default)]
    json_string: bool,
    method: Option<String>,
    path: Option<Spanned<String>>,
    #[serde(default)]
    headers: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    query: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    upstream: Vec<Answer>,
}

#[derive(Deserialize, Default, PartialEq, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub(super) enum Expect {
    #[default]
    Ok,
    Error,
}

/// Reads one file of cases, of the probe at `of`.
///
/// # Errors
///
/// Anything wrong in the file, with its place.
pub fn read(source: &Source, of: &Surroundings<'_>) -> Result<Vec<Case>, Error> {
    let written: WrittenFile = source.parse()?;
    written
        .case
        .into_iter()
        .map(|case| {
            let span = case.span();
            let case = self::case(source, case, of)?;
            for transport in of.transports.iter().filter(|t| case.goes_over(**t)) {
                check_transport(source, span.clone(), &case, *transport)?;
            }
            Ok(case)
        })
        .collect()
}

/// What cases are read in: their probe's.
#[derive(Debug)]
pub struct Surroundings<'a> {
    /// The probe's folder, which holds the input files.
    pub folder: &'a Path,
    /// What the probe may be run over.
    pub transports: &'a [Transport],
    /// What cases may begin with.
    pub setups: &'a Setups,
}

fn case(
    source: &Source,
    written: Spanned<WrittenCase>,
    of: &Surroundings<'_>,
) -> Result<Case, Error> {
    let span = written.span();
    let written = written.into_inner();
    let name = written.name.get_ref().clone();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if name.is_empty() || !name.chars().all(plain) {
        return Err(source.error(
            written.name.span(),
            format!("`{name}` cannot be a case's name"),
            "letters, digits, `_`, `-` and `.` only",
            None,
        ));
    }
    let has_steps = !written.step.is_empty();
    let alone = written.expect.is_some()
        || written.status.is_some()
        || written.input.is_some()
        || written.input_file.is_some()
        || written.method.is_some()
        || written.path.is_some()
        || written.json_string
        || !written.headers.is_empty()
        || !written.query.is_empty()
        || !written.upstream.is_empty();
    if has_steps && alone {
        return Err(source.error(
            written.name.span(),
            format!("case `{name}` has steps and an input of its own"),
            "this case",
            Some("move what is sent and expected into the steps".to_owned()),
        ));
    }
    let own = if has_steps {
        written.step
    } else {
        vec![WrittenStep {
            expect: written.expect.unwrap_or_default(),
            status: written.status,
            input: written.input,
            input_file: written.input_file,
            json_string: written.json_string,
            method: written.method,
            path: written.path,
            headers: written.headers,
            query: written.query,
            files: BTreeMap::new(),
            upstream: written.upstream,
        }]
    };
    for path in written
        .files
        .keys()
        .chain(own.iter().flat_map(|step| step.files.keys()))
    {
        if path.starts_with('/') || path.split('/').any(|part| part == "..") {
            return Err(source.error(
                written.name.span(),
                format!("case `{name}` writes `{path}`, which is not below the state folder"),
                "this case",
                None,
            ));
        }
    }
    let mut steps = Vec::new();
    for setup in &written.setup {
        let (place, before) = of.setups.find(source, setup)?;
        for written in before {
            steps.push(step(place, 0..0, &name, written.clone(), of.folder)?);
        }
    }
    for written in own {
        steps.push(step(source, span.clone(), &name, written, of.folder)?);
    }
    Ok(Case {
        steps,
        name,
        why: written.why,
        transports: written.transports,
        files: written.files,
        sequence: has_steps || !written.setup.is_empty(),
        fresh: written.fresh,
    })
}

fn step(
    source: &Source,
    span: std::ops::Range<usize>,
    case: &str,
    written: WrittenStep,
    folder: &Path,
) -> Result<CaseStep, Error> {
    for text in written
        .headers
        .values()
        .chain(written.query.values())
        .chain(&written.path)
    {
        template::check(source, text, template::OF_REQUESTS)?;
    }
    let mut input = match (written.input, &written.input_file) {
        (Some(input), None) => Some(input.0),
        (None, Some(file)) => Some(input_file(source, file, folder)?),
        (None, None) => None,
        (Some(_), Some(file)) => {
            return Err(source.error(
                file.span(),
                format!("case `{case}` has an `input` and an `input_file`"),
                "one too many",
                None,
            ));
        }
    };
    if let Some(text) = input
        .as_deref()
        .and_then(|input| std::str::from_utf8(input).ok())
        && template::mentions(text, "case")
    {
        let values = template::Values::from([("case", case.to_owned())]);
        input = Some(template::fill(text, &values).into_bytes());
    }
    if written.json_string {
        let text = input.map(String::from_utf8).and_then(Result::ok);
        let Some(text) = text else {
            return Err(source.error(
                span,
                format!("case `{case}` has `json_string` but no input that is text"),
                "this case",
                None,
            ));
        };
        input = serde_json::to_vec(&text).ok();
    }
    let texts = |map: BTreeMap<String, Spanned<String>>| {
        map.into_iter()
            .map(|(name, text)| (name, text.into_inner()))
            .collect::<BTreeMap<_, _>>()
    };
    Ok(CaseStep {
        expect_error: written.expect == Expect::Error,
        status: written.status,
        input,
        method: written.method,
        path: written.path.map(Spanned::into_inner),
        headers: texts(written.headers)
            .into_iter()
            .map(|(name, value)| (name.to_lowercase(), value))
            .collect(),
        query: texts(written.query),
        files: written.files,
        upstream: written.upstream,
    })
}

/// An input that is too long to stand among the cases.
fn input_file(source: &Source, file: &Spanned<String>, folder: &Path) -> Result<Vec<u8>, Error> {
    let name = file.get_ref();
    let wrong = |message: String| Err(source.error(file.span(), message, "this file", None));
    if name.starts_with('/') || name.split('/').any(|part| part == "..") {
        return wrong(format!("`{name}` is not below the probe's folder"));
    }
    match std::fs::read(folder.join(name)) {
        Ok(input) => Ok(input),
        Err(error) => wrong(format!("`{name}` cannot be read below the probe: {error}")),
    }
}

fn check_transport(
    source: &Source,
    span: std::ops::Range<usize>,
    case: &Case,
    transport: Transport,
) -> Result<(), Error> {
    if transport == Transport::Http {
        return Ok(());
    }
    for step in &case.steps {
        let problem = match &step.input {
            None => "has no input",
            Some(input) if input.contains(&b'\n') => "has an input with a line break",
            Some(_) => continue,
        };
        return Err(source.error(
            span,
            format!(
                "case `{}` {problem} and cannot be sent over `{transport}`",
                case.name
            ),
            "this case",
            Some(
                "write it on one line, or limit the case with `transports = [\"http\"]`".to_owned(),
            ),
        ));
    }
    Ok(())
}

/// An input, built.
#[derive(Clone)]
pub(super) struct Input(Vec<u8>);

/// One piece of an input.
struct Piece(Vec<u8>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPiece {
    repeat: Option<String>,
    times: Option<usize>,
    hex: Option<String>,
    base64: Option<String>,
}

impl<'de> Deserialize<'de> for Input {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Input, D::Error> {
        struct InputVisitor;
        impl<'de> Visitor<'de> for InputVisitor {
            type Value = Input;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a text, `{ repeat, times }`, `{ hex }`, `{ base64 }` or a list of those",
                )
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Input, E> {
                Ok(Input(text.as_bytes().to_vec()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Input, A::Error> {
                let written =
                    WrittenPiece::deserialize(de::value::MapAccessDeserializer::new(map))?;
                piece(written).map(Input).map_err(de::Error::custom)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut pieces: A) -> Result<Input, A::Error> {
                let mut all = Vec::new();
                while let Some(Piece(piece)) = pieces.next_element()? {
                    all.extend(piece);
                    if all.len() > LONGEST_INPUT {
                        return Err(de::Error::custom("the input is longer than 64 MiB"));
                    }
                }
                Ok(Input(all))
            }
        }
        deserializer.deserialize_any(InputVisitor)
    }
}

impl<'de> Deserialize<'de> for Piece {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Piece, D::Error> {
        struct PieceVisitor;
        impl<'de> Visitor<'de> for PieceVisitor {
            type Value = Piece;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, `{ repeat, times }`, `{ hex }` or `{ base64 }`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Piece, E> {
                Ok(Piece(text.as_bytes().to_vec()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Piece, A::Error> {
                let written =
                    WrittenPiece::deserialize(de::value::MapAccessDeserializer::new(map))?;
                piece(written).map(Piece).map_err(de::Error::custom)
            }
        }
        deserializer.deserialize_any(PieceVisitor)
    }
}

fn piece(written: WrittenPiece) -> Result<Vec<u8>, String> {
    match written {
        WrittenPiece {
            repeat: Some(text),
            times: Some(times),
            hex: None,
            base64: None,
        } => {
            let length = text.len().checked_mul(times);
            if length.is_none_or(|length| length > LONGEST_INPUT) {
                return Err(format!(
                    "`times = {times}` makes the input longer than 64 MiB"
                ));
            }
            Ok(text.repeat(times).into_bytes())
        }
        WrittenPiece {
            repeat: None,
            times: None,
            hex: Some(hex),
            base64: None,
        } => from_hex(&hex).ok_or_else(|| format!("`{hex}` is not hexadecimal")),
        WrittenPiece {
            repeat: None,
            times: None,
            hex: None,
            base64: Some(text),
        } => base64::engine::general_purpose::STANDARD
            .decode(&text)
            .map_err(|error| format!("`{text}` is not base64: {error}")),
        _ => Err("a piece is `{ repeat, times }`, `{ hex }` or `{ base64 }`".to_owned()),
    }
}

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = hex
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    if digits.len() % 2 == 1 {
        return None;
    }
    Some(
        digits
            .chunks(2)
            .map(|pair| pair[0] * 16 + pair[1])
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use lakehouse_rig::implementation::Transport;
    use lakehouse_rig::source::Source;

    use super::{Surroundings, read};
    use crate::config::setup::Setups;

    fn source(text: &str) -> Source {
        Source {
            name: "cases/a.toml".to_owned(),
            text: text.to_owned(),
        }
    }

    fn all(text: &str) -> Result<Vec<super::Case>, lakehouse_rig::error::Error> {
        let setups = Source {
            name: "setup.toml".to_owned(),
            text: "[[setup]]\nname = \"two\"\n[[setup.step]]\ninput = \"{case} 1\"\n[[setup.step]]\ninput = \"2\"\n".to_owned(),
        };
        let of = Surroundings {
            folder: std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")),
            transports: &[Transport::Line],
            setups: &Setups::read(setups)?,
        };
        read(&source(text), &of)
    }

    fn message(text: &str) -> String {
        let error = all(text).expect_err("it is wrong");
        format!("{:?}", miette::Report::new(error))
    }

    #[test]
    fn inputs_are_built() {
        let cases = all(r#"
[[case]]
name = "deep"
input = [{ repeat = "[", times = 3 }, "1", { repeat = "]", times = 3 }]
[[case]]
name = "bytes"
input = { hex = "ff00" }
[[case]]
name = "text"
json_string = true
input = "a\nb"
[[case]]
name = "named"
input = '{"{case}":{case}, "{other}"}'
[[case]]
name = "long"
transports = ["http"]
input_file = "examples/hello/fixtures/harness.toml"
"#)
        .expect("they are right");
        let inputs: Vec<_> = cases
            .iter()
            .map(|case| case.steps[0].input.clone())
            .collect();
        assert_eq!(inputs[0].as_deref(), Some(&b"[[[1]]]"[..]));
        assert_eq!(inputs[1].as_deref(), Some(&b"\xff\x00"[..]));
        assert_eq!(inputs[2].as_deref(), Some(&br#""a\nb""#[..]));
        assert_eq!(
            inputs[3].as_deref(),
            Some(&br#"{"named":named, "{other}"}"#[..])
        );
        let hello = include_str!("../../../examples/hello/fixtures/harness.toml");
        assert_eq!(inputs[4].as_deref(), Some(hello.as_bytes()));
    }

    #[test]
    fn a_case_begins_with_its_setups() {
        let cases = all(
            "[[case]]\nname = \"a\"\nfresh = true\nsetup = [\"two\", \"two\"]\ninput = \"x\"\n",
        )
        .expect("it is right");
        let steps = cases[0].steps.iter();
        let inputs: Vec<_> = steps
            .map(|step| step.input.clone().unwrap_or_default())
            .collect();
        assert_eq!(inputs, [&b"a 1"[..], b"2", b"a 1", b"2", b"x"]);
        assert!(cases[0].sequence && cases[0].fresh);
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        for (text, expected) in [
            (
                "[[case]]\nname = \"a\"\ninpt = \"x\"",
                "unknown field `inpt`",
            ),
            (
                "[[case]]\nname = \"a b\"\ninput = \"x\"",
                "cannot be a case's name",
            ),
            ("[[case]]\nname = \"a\"\ninput = \"x\\ny\"", "line break"),
            ("[[case]]\nname = \"a\"\n", "has no input"),
            (
                "[[case]]\nname = \"a\"\ninput = { hex = \"f\" }",
                "not hexadecimal",
            ),
            (
                "[[case]]\nname = \"a\"\ninput = [{ repeat = \"x\" }]",
                "a piece is",
            ),
            (
                "[[case]]\nname = \"a\"\ninput = \"x\"\n[[case.step]]\ninput = \"y\"",
                "has steps and an input",
            ),
            (
                "[[case]]\nname = \"a\"\ninput = \"x\"\nfiles = { \"../y\" = \"\" }",
                "not below the state folder",
            ),
            (
                "[[case]]\nname = \"a\"\ninput = \"x\"\nheaders = { x = \"{cas}\" }",
                "`{cas}`",
            ),
            (
                "[[case]]\nname = \"a\"\ninput_file = \"../x\"",
                "not below the probe's folder",
            ),
            (
                "[[case]]\nname = \"a\"\ninput_file = \"gone\"",
                "cannot be read",
            ),
            (
                "[[case]]\nname = \"a\"\ninput = \"x\"\ninput_file = \"gone\"",
                "has an `input` and",
            ),
            (
                "[[case]]\nname = \"a\"\nsetup = [\"tow\"]\ninput = \"x\"",
                "known are `two`",
            ),
        ] {
            let message = message(text);
            assert!(message.contains(expected), "{text}:\n{message}");
            assert!(message.contains("cases/a.toml"), "{text}:\n{message}");
        }
    }
}
