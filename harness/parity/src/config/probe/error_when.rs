//! `[guard]`: errors in answers without a status.

use lakehouse_rig::error::Error;
use lakehouse_rig::source::{Source, Spanned};

use super::query;
use super::written::WrittenGuard;
use crate::json::{Decimal, Query, Tree as _, parse};

/// `[guard]`: how to recognise an error in an answer without a status.
#[derive(Debug, Clone)]
pub struct ErrorWhen {
    /// The path of a member.
    pub path: Query,
    /// Its value as JSON; `None` when any value means an error.
    pub equals: Option<String>,
    /// Whether the answer is an error when this does *not* hold (`error_unless`).
    pub negated: bool,
}

impl ErrorWhen {
    /// Whether the body is an error.
    #[must_use]
    pub fn holds(&self, body: &[u8]) -> bool {
        let Ok(document) = parse(body) else {
            return false;
        };
        let found = self.path.select(&document).iter().any(|id| {
            let Some(wanted) = &self.equals else {
                return true;
            };
            // A longer text cannot be equal.
            let shown = document.show(*id, wanted.len() + 4);
            shown == *wanted
                || match (shown.parse::<f64>(), wanted.parse::<f64>()) {
                    (Ok(_), Ok(_)) => Decimal::read(&shown) == Decimal::read(wanted),
                    _ => false,
                }
        });
        found != self.negated
    }
}

pub(super) fn read(source: &Source, guard: &Spanned<WrittenGuard>) -> Result<ErrorWhen, Error> {
    let (condition, negated) = match (&guard.get_ref().error_when, &guard.get_ref().error_unless) {
        (Some(condition), None) => (condition, false),
        (None, Some(condition)) => (condition, true),
        _ => {
            return Err(source.error(
                guard.span(),
                "a guard needs exactly one condition",
                "this guard",
                Some("write either `error_when` or `error_unless`".to_owned()),
            ));
        }
    };
    Ok(ErrorWhen {
        path: query(source, &condition.path)?,
        equals: condition
            .equals
            .as_ref()
            .map(|value| serde_json::to_string(value).unwrap_or_default()),
        negated,
    })
}
