//! `helper validate`: answers as `POST /v1/validate` would.

use std::path::PathBuf;
use std::time::Instant;

use lakehouse_base::Limits;
use lakehouse_json as json;
use lakehouse_json::{BodyError, ObjectWriter};
use lakehouse_validate::{Mode, validate};
use lakehouse_wire::{read_body, validate::ValidateRequest};

use crate::{
    http::problem::Problem,
    lines::{Helper, HelperSpec},
    services::validate::{
        convert,
        roster::{CurrentRoster, RosterRefused},
    },
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

    /// The status and the body of the answer.
    fn check(&self, line: &[u8]) -> Result<(u16, String), Problem> {
        let body = json::read_body(line, &Limits::CONTRACT)?;
        let ValidateRequest {
            kind,
            artifact,
            context,
        } = read_body(&body)?;
        let (kind, context) = (convert::kind_of(kind), convert::context(context)?);
        let (roster, mode) = (self.roster.get(), Mode::First);
        let begin = Instant::now();
        let outcome = validate(kind, artifact.0, &context, &roster, mode);
        let status = if outcome.passed() { 200 } else { 422 };
        let body = convert::outcome(&outcome, kind, mode, begin.elapsed());
        Ok((status, body))
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
    exchange(problem.status().as_u16(), &problem.line_body())
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
