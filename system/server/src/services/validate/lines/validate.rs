//! `helper validate`: what `POST /v1/validate` would answer.

use std::path::PathBuf;
use std::time::Instant;

use lakehouse_base::Limits;
use lakehouse_json as json;
use lakehouse_json::{BodyError, ObjectWriter};
use lakehouse_validate::{Mode, ValidateRequest, validate};

use crate::{
    http::problem::Problem,
    lines::{Helper, HelperSpec},
    services::validate::roster::{CurrentRoster, RosterRefused},
};

pub(super) const HELPER: HelperSpec = HelperSpec {
    surface: "validate",
    open: |options| Ok(Box::new(ValidateHelper::with_roster(options.roster)?)),
};

struct ValidateHelper {
    roster: CurrentRoster,
}

impl ValidateHelper {
    fn with_roster(file: Option<PathBuf>) -> Result<Self, RosterRefused> {
        let roster = CurrentRoster::load(file)?;
        Ok(Self { roster })
    }

    /// The status and the body of an answer that is no problem.
    fn check(&self, line: &[u8]) -> Result<(u16, String), Problem> {
        let body = json::read_body(line, &Limits::CONTRACT)?;
        let object = body.as_object().ok_or(BodyError::NotAnObject)?;
        let ValidateRequest {
            kind,
            artifact,
            context,
        } = ValidateRequest::read(object)?;
        let begin = Instant::now();
        let outcome = validate(kind, artifact, &context, &self.roster.get(), Mode::First);
        let status = if outcome.passed() { 200 } else { 422 };
        Ok((status, outcome.body(kind, Mode::First, begin.elapsed())))
    }
}

impl Helper for ValidateHelper {
    fn answer(&self, line: &[u8]) -> String {
        match self.check(line) {
            Ok((status, body)) => exchange(status, &body),
            Err(problem) => refusal(&problem),
        }
    }

    fn answer_too_long(&self) -> String {
        let limit = Limits::CONTRACT.body_bytes;
        refusal(&BodyError::TooLarge { limit }.into())
    }
}

fn refusal(problem: &Problem) -> String {
    exchange(problem.status().as_u16(), &problem.body(None))
}

/// `{"status":200,"body":{…}}`
fn exchange(status: u16, body: &str) -> String {
    let mut out = String::new();
    let mut answer = ObjectWriter::new(&mut out);
    answer
        .integer("status", i64::from(status))
        .raw("body", body);
    answer.finish();
    out
}
