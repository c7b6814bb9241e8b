//! `helper audit_baselines`: operations on a log of audit metrics, given as text or as a file.

use std::borrow::Cow;
use std::path::PathBuf;

use lakehouse_distill::audit_baselines::{
    BaselineFile, Drift, Entry, FileError, LogError, Row, addition, drift, entries, round_trip,
};
use lakehouse_json as json;
use lakehouse_json::{
    ArrayWriter, FieldError, Fields, Json, MAX_DEPTH, Object, ObjectWriter, ParseError,
};

use crate::lines::{Helper, HelperSpec, error_answer};

/// The helper of this service.
pub const HELPERS: &[HelperSpec] = &[HelperSpec {
    surface: "audit_baselines",
    open: |options| Ok(Box::new(AuditBaselines::below(options.root))),
}];

/// An entry may have [`MAX_DEPTH`] levels, inside the input's own two.
const MAX_INPUT_DEPTH: usize = MAX_DEPTH + 2;

struct AuditBaselines {
    /// The log's file; without one, the log is a member of the input.
    file: Option<BaselineFile>,
}

/// Why an operation is rejected.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("input line is not valid JSON")]
    NotJson,
    #[error("input nests deeper than {MAX_INPUT_DEPTH} levels")]
    TooDeep,
    #[error("input must be a JSON object")]
    NotAnObject,
    #[error("unknown field `{0}`")]
    UnknownField(String),
    #[error(transparent)]
    Field(#[from] FieldError),
    #[error("{field}: {error}")]
    Entry {
        field: &'static str,
        error: lakehouse_distill::audit_baselines::EntryError,
    },
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    File(#[from] FileError),
}

#[derive(Clone, Copy)]
enum Operation {
    Last,
    Append,
    RoundTrip,
    Drift,
}

impl Operation {
    fn parse(name: &str) -> Option<Self> {
        match name {
            "last" => Some(Self::Last),
            "append" => Some(Self::Append),
            "round_trip" => Some(Self::RoundTrip),
            "drift" => Some(Self::Drift),
            _ => None,
        }
    }

    /// The members besides `op`.
    fn members(self) -> &'static [&'static str] {
        match self {
            Self::Last | Self::RoundTrip => &["log"],
            Self::Append => &["log", "baseline"],
            Self::Drift => &["from", "to"],
        }
    }
}

impl Helper for AuditBaselines {
    fn answer(&self, line: &[u8]) -> String {
        self.operate(line)
            .unwrap_or_else(|refusal| error_answer(&refusal.to_string()))
    }
}

impl AuditBaselines {
    fn below(root: Option<PathBuf>) -> Self {
        let file = root.map(|root| BaselineFile::below(&root));
        Self { file }
    }

    fn operate(&self, line: &[u8]) -> Result<String, Refusal> {
        let text = std::str::from_utf8(line).map_err(|_| Refusal::NotJson)?;
        let input = json::parse(text, MAX_INPUT_DEPTH).map_err(|e| match e {
            ParseError::Invalid => Refusal::NotJson,
            ParseError::TooDeep => Refusal::TooDeep,
        })?;
        let object = input.as_object().ok_or(Refusal::NotAnObject)?;
        let op = Fields::new(object).required(
            "op",
            "one of `last`, `append`, `round_trip`, `drift`",
            |v| Operation::parse(v.as_str()?),
        )?;
        self.check_members(op, object)?;
        match op {
            Operation::Last => Ok(write_last(&entries(&self.log(object)?)?)),
            Operation::Append => self.append(object),
            Operation::RoundTrip => Ok(write_log(&round_trip(&self.log(object)?)?)),
            Operation::Drift => Ok(write_drift(&drift(
                &entry(object, "from")?,
                &entry(object, "to")?,
            ))),
        }
    }

    /// Checks that the input has all members of the operation, and no others.
    fn check_members(&self, op: Operation, object: &Object<'_>) -> Result<(), Refusal> {
        let is_expected = |name: &&str| *name != "log" || self.file.is_none();
        let expected: Vec<_> = op.members().iter().copied().filter(is_expected).collect();
        let fields = Fields::new(object);
        let known: Vec<_> = expected.iter().copied().chain(["op"]).collect();
        if let Some(name) = fields.first_unknown(&known) {
            return Err(Refusal::UnknownField(name.to_owned()));
        }
        for name in expected {
            let must_be = "a string";
            let is_valid = |v: &Json<'_>| name != "log" || v.as_str().is_some();
            fields.required(name, must_be, |v| is_valid(v).then_some(()))?;
        }
        Ok(())
    }

    fn append(&self, object: &Object<'_>) -> Result<String, Refusal> {
        let baseline = entry(object, "baseline")?;
        if let Some(file) = &self.file {
            return Ok(write_count(file.append(&baseline)?));
        }
        let log = self.log(object)?;
        entries(&log)?;
        Ok(write_log(&format!("{log}{}", addition(&log, &baseline))))
    }

    /// The log from the file or the input.
    fn log<'j>(&self, object: &'j Object<'_>) -> Result<Cow<'j, str>, Refusal> {
        if let Some(file) = &self.file {
            return Ok(Cow::Owned(file.read()?));
        }
        let log = object.get("log").and_then(Json::as_str);
        Ok(Cow::Borrowed(log.unwrap_or_default()))
    }
}

/// An entry among the members of the input; errors begin with the member's name.
fn entry(object: &Object<'_>, field: &'static str) -> Result<Entry, Refusal> {
    let text = object.get(field).map(Json::source).unwrap_or_default();
    Entry::read(text).map_err(|error| Refusal::Entry { field, error })
}

fn write_last(entries: &[Entry]) -> String {
    let baseline = entries.last().map_or("null", Entry::text);
    write(|answer| {
        answer.raw("baseline", baseline);
        answer.raw("entries", &entries.len().to_string());
    })
}

fn write_log(log: &str) -> String {
    write(|answer| {
        answer.string("log", log);
    })
}

fn write_count(entries: usize) -> String {
    write(|answer| {
        answer.raw("entries", &entries.to_string());
    })
}

fn write_drift(drift: &Drift) -> String {
    write(|answer| {
        answer.member("rows", |out| {
            let mut rows = ArrayWriter::new(out);
            for row in &drift.rows {
                rows.element(|out| write_row(row, out));
            }
            rows.finish();
        });
        answer.raw("warnings", &drift.warnings().to_string());
    })
}

fn write_row(row: &Row, out: &mut String) {
    let mut object = ObjectWriter::new(out);
    object.string("metric", row.metric);
    object.integer("from", row.from).integer("to", row.to);
    object.raw(
        "change_percent",
        row.change_percent().as_deref().unwrap_or("null"),
    );
    object.string("verdict", if row.warns() { "warn" } else { "ok" });
    object.finish();
}

fn write(members: impl FnOnce(&mut ObjectWriter<'_>)) -> String {
    let mut out = String::new();
    let mut answer = ObjectWriter::new(&mut out);
    members(&mut answer);
    answer.finish();
    out
}

#[cfg(test)]
mod tests {
    use lakehouse_distill::audit_baselines::METRICS;

    use super::*;

    fn entry_text(value: i64) -> String {
        let metrics: Vec<_> = METRICS
            .iter()
            .map(|name| format!("\"{name}\":{value}"))
            .collect();
        let metrics = metrics.join(",");
        format!(
            r#"{{"git_commit":"c","recorded_at":"2026-05-02T07:53:54Z","metrics":{{{metrics}}}}}"#
        )
    }

    #[test]
    fn the_first_mistake_is_reported() {
        let (nested, deep) = (
            |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels)),
            |entry: &str| format!(r#"{{"op":"append","log":"x","baseline":{entry}}}"#),
        );
        let cases = [
            (String::new(), "input line is not valid JSON"),
            (nested(131), "input nests deeper than 130 levels"),
            (nested(130), "input must be a JSON object"),
            (r#"{"log":1}"#.to_owned(), "missing field `op`"),
            (
                r#"{"op":null,"x":1}"#.to_owned(),
                "field `op` must be one of `last`, `append`, `round_trip`, `drift`",
            ),
            (
                r#"{"x":1,"op":"last","from":1}"#.to_owned(),
                "unknown field `x`",
            ),
            (
                r#"{"op":"last","baseline":1}"#.to_owned(),
                "unknown field `baseline`",
            ),
            (
                r#"{"op":"append","baseline":1}"#.to_owned(),
                "missing field `log`",
            ),
            (
                r#"{"op":"append","log":null}"#.to_owned(),
                "field `log` must be a string",
            ),
            (
                r#"{"op":"append","log":"x"}"#.to_owned(),
                "missing field `baseline`",
            ),
            (
                r#"{"op":"drift","to":1}"#.to_owned(),
                "missing field `from`",
            ),
            (
                r#"{"op":"drift","from":1}"#.to_owned(),
                "missing field `to`",
            ),
            (
                r#"{"op":"drift","from":{},"to":1}"#.to_owned(),
                "from: missing field `recorded_at`",
            ),
            (deep("null"), "baseline: not a JSON object"),
            (deep(&nested(129)), "baseline: nests deeper than 128 levels"),
            (deep(&nested(128)), "baseline: not a JSON object"),
            (deep(&entry_text(1)), "line 1: not valid JSON"),
        ];
        for (line, want) in cases {
            let got = AuditBaselines::below(None)
                .operate(line.as_bytes())
                .map_err(|e| e.to_string());
            assert_eq!(got, Err(want.to_owned()), "{line}");
        }
    }

    #[test]
    fn with_a_file_the_log_is_read_and_appended_there() {
        let root = tempfile::tempdir().unwrap();
        let surface = AuditBaselines::below(Some(root.path().to_owned()));
        let answer = |line: &str| surface.answer(line.as_bytes());
        let entry = entry_text(7);
        assert_eq!(
            answer(r#"{"op":"last"}"#),
            r#"{"baseline":null,"entries":0}"#
        );
        assert_eq!(
            answer(r#"{"op":"last","log":""}"#),
            r#"{"error":"unknown field `log`"}"#
        );
        for entries in 1..=2 {
            let append = format!(r#"{{"baseline": {entry}, "op":"append"}}"#);
            assert_eq!(answer(&append), format!(r#"{{"entries":{entries}}}"#));
        }
        assert_eq!(
            answer(r#"{"op":"last"}"#),
            format!(r#"{{"baseline":{entry},"entries":2}}"#)
        );
        let log = json::string(&format!("{entry}\n{entry}\n"));
        assert_eq!(
            answer(r#"{"op":"round_trip"}"#),
            format!(r#"{{"log":{log}}}"#)
        );
    }

    #[test]
    fn drift_rows_have_the_change_in_percent() {
        let line = format!(
            r#"{{"op":"drift","from":{},"to":{}}}"#,
            entry_text(6),
            entry_text(41)
        );
        let got = AuditBaselines::below(None).answer(line.as_bytes());
        let row = r#"{"rows":[{"metric":"p2_evidence_rows","from":6,"to":41,"change_percent":583.33,"verdict":"warn"},{"#;
        assert!(
            got.starts_with(row) && got.ends_with(r#"}],"warnings":10}"#),
            "{got}"
        );
    }
}
