//! `lakehouse helper`: a surface over standard input and output.

use std::io;

use crate::{
    cli::HelperArgs,
    compose::HELPERS,
    lines::{Helper, HelperOptions, HelperSpec, converse},
};

/// Why a helper failed.
#[derive(Debug, thiserror::Error)]
pub enum HelperError {
    /// A surface that has no helper.
    #[error("unknown surface `{0}`; expected one of {expected}", expected = known_surfaces())]
    UnknownSurface(String),
    /// The helper cannot be opened.
    #[error(transparent)]
    Open(anyhow::Error),
    /// The input cannot be read, or the output cannot be written.
    #[error("cannot read standard input or write standard output")]
    Io(#[from] io::Error),
}

/// Answers the cases of standard input on standard output until the input ends.
///
/// # Errors
/// [`HelperError`].
pub fn run(args: HelperArgs) -> Result<(), HelperError> {
    let HelperArgs {
        surface,
        root,
        roster,
    } = args;
    let helper = open(&surface, HelperOptions { root, roster })?;
    converse(&*helper, io::stdin().lock(), io::stdout().lock())?;
    Ok(())
}

fn open(surface: &str, options: HelperOptions) -> Result<Box<dyn Helper>, HelperError> {
    let spec = helpers()
        .find(|spec| spec.surface == surface)
        .ok_or_else(|| HelperError::UnknownSurface(surface.to_owned()))?;
    (spec.open)(options).map_err(HelperError::Open)
}

fn helpers() -> impl Iterator<Item = &'static HelperSpec> {
    HELPERS.into_iter().flatten()
}

fn known_surfaces() -> String {
    let names: Vec<_> = helpers()
        .map(|spec| format!("`{}`", spec.surface))
        .collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// The answers of a helper to the lines of `input`.
    fn answers(helper: &dyn Helper, input: &[u8]) -> Vec<String> {
        let mut output = Vec::new();
        converse(helper, input, &mut output).unwrap();
        let output = String::from_utf8(output).unwrap();
        assert!(output.is_empty() || output.ends_with('\n'), "{output}");
        output.lines().map(str::to_owned).collect()
    }

    fn helper(surface: &str) -> Box<dyn Helper> {
        open(surface, HelperOptions::default()).unwrap()
    }

    #[test]
    fn every_line_is_answered_in_order() {
        let input = b"\"x {\\\"a\\\": 1.0}\"\r\n\n\"\\ud800{\"\n{}\n\"\xFF\"\n\"{}\"";
        let refused = r#"{"error":"input line is not a JSON string"}"#;
        let none = r#"{"matched":false,"value":null}"#;
        assert_eq!(
            answers(&*helper("extract_json"), input),
            [
                r#"{"matched":true,"value":{"a":1.0}}"#,
                refused,
                none,
                refused,
                refused,
                r#"{"matched":true,"value":{}}"#
            ]
        );
        assert!(answers(&*helper("extract_json"), b"").is_empty());
    }

    #[test]
    fn rejected_requests_are_problems_without_a_trace_id() {
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
            answers(&*helper("validate"), &input),
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
    fn session_records_are_answered_with_the_appended_line() {
        let root = tempfile::tempdir().unwrap();
        let below = root.path().join("a/b");
        let options = HelperOptions {
            root: Some(below.clone()),
            ..HelperOptions::default()
        };
        let log = open("session_log", options).unwrap();
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
    fn without_a_root_records_are_answered_and_not_appended() {
        let got = answers(&*helper("session_log"), RECORD.as_bytes());
        assert!(
            got[0].ends_with(r#""error":"e","duration_ms":2}"#),
            "{}",
            got[0]
        );
    }

    #[test]
    fn unknown_surfaces_are_rejected_with_the_known_ones() {
        let error = open("embed", HelperOptions::default()).err().unwrap();
        assert_eq!(
            error.to_string(),
            "unknown surface `embed`; expected one of `extract_json`, `validate`, `session_log`, `audit_baselines`, `understand`"
        );
    }
}
