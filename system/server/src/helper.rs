//! The surfaces spoken over lines: one JSON value per line in, one JSON object per line out, in
//! order, flushed after each line (`README.md` of the contract, "Helpers").

mod audit_baselines;
mod extract_json;
mod lines;
mod session_log;
mod validate;

use std::io::{self, BufRead, Write};
use std::path::PathBuf;

use lakehouse_json::ObjectWriter;

use crate::cli::HelperArgs;
use lines::{Line, Lines};

/// The most bytes of a line: 16 MiB.
const MAX_LINE_BYTES: usize = 16 * 1024 * 1024;

/// A surface that is not spoken over lines.
#[derive(Debug, thiserror::Error)]
#[error(
    "unknown surface `{0}`; expected one of `extract_json`, `validate`, `session_log`, `audit_baselines`"
)]
pub struct UnknownSurface(String);

/// What a helper does with a line.
trait Surface {
    /// The observation for one case; never fails, since every line has an answer.
    fn answer(&self, line: &[u8]) -> String;

    /// The observation for a line that is longer than is read.
    fn answer_too_long(&self) -> String {
        error_answer(&format!("input line is longer than {MAX_LINE_BYTES} bytes"))
    }
}

/// Answers the cases of standard input on standard output until the input ends.
///
/// # Errors
/// [`UnknownSurface`]; a roster that is refused; an input or output that breaks off.
pub fn run(args: HelperArgs) -> anyhow::Result<()> {
    let HelperArgs {
        surface,
        root,
        roster,
    } = args;
    let surface = surface_of(surface, root, roster)?;
    converse(&*surface, io::stdin().lock(), io::stdout().lock())?;
    Ok(())
}

fn surface_of(
    name: String,
    root: Option<PathBuf>,
    roster: Option<PathBuf>,
) -> anyhow::Result<Box<dyn Surface>> {
    Ok(match name.as_str() {
        "extract_json" => Box::new(extract_json::ExtractJson),
        "validate" => Box::new(validate::Validate::with_roster(roster)?),
        "session_log" => Box::new(session_log::SessionLog::below(root)),
        "audit_baselines" => Box::new(audit_baselines::AuditBaselines::below(root)),
        _ => return Err(UnknownSurface(name).into()),
    })
}

fn converse(surface: &dyn Surface, input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut lines = Lines::new(input, MAX_LINE_BYTES);
    while let Some(line) = lines.next_line()? {
        let mut answer = match line {
            Line::Whole(line) => surface.answer(line),
            Line::TooLong => surface.answer_too_long(),
        };
        answer.push('\n');
        output.write_all(answer.as_bytes())?;
        output.flush()?;
    }
    Ok(())
}

/// `{"error":"…"}`
fn error_answer(error: &str) -> String {
    let mut out = String::new();
    let mut answer = ObjectWriter::new(&mut out);
    answer.string("error", error);
    answer.finish();
    out
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Puts lines to a surface, and gives its answers.
    fn answers(surface: &dyn Surface, input: &[u8]) -> Vec<String> {
        let mut output = Vec::new();
        converse(surface, input, &mut output).unwrap();
        let output = String::from_utf8(output).unwrap();
        assert!(output.is_empty() || output.ends_with('\n'), "{output}");
        output.lines().map(str::to_owned).collect()
    }

    fn surface(name: &str) -> Box<dyn Surface> {
        surface_of(name.to_owned(), None, None).unwrap()
    }

    #[test]
    fn every_line_has_an_answer_in_order() {
        let input = b"\"x {\\\"a\\\": 1.0}\"\r\n\n\"\\ud800{\"\n{}\n\"\xFF\"\n\"{}\"";
        let refused = r#"{"error":"input line is not a JSON string"}"#;
        let none = r#"{"matched":false,"value":null}"#;
        assert_eq!(
            answers(&*surface("extract_json"), input),
            [
                r#"{"matched":true,"value":{"a":1.0}}"#,
                refused,
                none,
                refused,
                refused,
                r#"{"matched":true,"value":{}}"#
            ]
        );
        assert!(answers(&*surface("extract_json"), b"").is_empty());
    }

    #[test]
    fn a_request_that_is_refused_is_a_problem_without_a_trace_id() {
        let large = format!("\"{}\"", "x".repeat(1024 * 1024));
        let input = [
            &b"{\"kind\":\"playbook\",\"artifact\":1}"[..],
            b"\xFF",
            b"",
            b"{\"kind\":\"x\"}",
            large.as_bytes(),
        ]
        .join(&b'\n');
        assert_eq!(
            answers(&*surface("validate"), &input),
            [
                r#"{"status":422,"body":{"Schema":{"field":"artifact","reason":"must be an object"}}}"#,
                r#"{"status":400,"body":{"type":"about:blank","title":"Bad Request","status":400,"detail":"request body is not valid UTF-8"}}"#,
                r#"{"status":400,"body":{"type":"about:blank","title":"Bad Request","status":400,"detail":"request body is not valid JSON"}}"#,
                r#"{"status":400,"body":{"type":"about:blank","title":"Bad Request","status":400,"detail":"field `kind` must be one of `fill`, `email`, `sms`, `playbook`"}}"#,
                r#"{"status":413,"body":{"type":"about:blank","title":"Content Too Large","status":413,"detail":"request body is larger than 1048576 bytes"}}"#,
            ]
        );
    }

    const RECORD: &str = r#"{"session_id":"t","kind":"fill","provider":"p","model":"m","prompt":"x","iterations":0,"max_iterations":1,"final_verdict":"infra_error","attempts":[],"artifact":null,"grounded_in_roster":null,"error":"e","duration_ms":2.0}"#;

    #[test]
    fn a_session_record_is_answered_as_it_is_appended() {
        let root = tempfile::tempdir().unwrap();
        let below = root.path().join("a/b");
        let log = surface_of("session_log".to_owned(), Some(below.clone()), None).unwrap();
        let got = answers(&*log, format!("{RECORD}\n[]\n{RECORD}\n").as_bytes());
        assert_eq!(got[1], r#"{"error":"input must be a JSON object"}"#);
        let written = fs::read_to_string(below.join("sessions.jsonl")).unwrap();
        assert_eq!(written, format!("{}\n{}\n", got[0], got[2]));
        assert!(
            got[0].starts_with(r#"{"schema":"session.iterate.v1","session_id":"t","timestamp":""#),
            "{}",
            got[0]
        );
        assert!(
            got[0].contains(r#"","daemon":"lakehouse","kind":"fill","#),
            "{}",
            got[0]
        );
    }

    #[test]
    fn a_record_without_a_root_is_only_answered() {
        let got = answers(&*surface("session_log"), RECORD.as_bytes());
        assert!(
            got[0].ends_with(r#""error":"e","duration_ms":2}"#),
            "{}",
            got[0]
        );
    }

    #[test]
    fn an_unknown_surface_names_the_known_ones() {
        let error = surface_of("embed".to_owned(), None, None).err().unwrap();
        assert!(error.is::<UnknownSurface>());
        assert_eq!(
            error.to_string(),
            "unknown surface `embed`; expected one of `extract_json`, `validate`, `session_log`, `audit_baselines`"
        );
    }
}
