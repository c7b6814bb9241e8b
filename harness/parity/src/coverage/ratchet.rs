//! Checks that a run reaches its baseline.

use crate::config::Baseline;
use crate::config::baseline::{Depth, FILE, Places};
use crate::outcome::{LedgerFailure, SurfaceCoverage};

/// Paths listed in a message.
const MAX_LISTED: usize = 8;

/// Places that a surface lost and gained, one line each.
#[derive(Debug, Default)]
pub struct Changes {
    /// Places that are compared less than before.
    pub lost: Vec<String>,
    /// Places that are compared more than before.
    pub gained: Vec<String>,
}

/// Compares a surface with its baseline.
#[must_use]
pub fn changes(baseline: Option<&Baseline>, now: &SurfaceCoverage) -> Changes {
    let nothing = Places::new();
    let before = baseline.and_then(|baseline| baseline.surfaces.get(&now.surface));
    let before = before.unwrap_or(&nothing);
    let mut changes = Changes::default();
    for (answer, paths) in before {
        let Some(now) = now.places.get(answer) else {
            changes.lost.push(format!("`{answer}`"));
            continue;
        };
        for (path, was) in paths {
            match now.get(path) {
                None => changes.lost.push(format!("`{answer} {path}`")),
                Some(is) if is < was => changes.lost.push(format!(
                    "`{answer} {path}` ({})",
                    match is {
                        Depth::Hidden => "always hidden",
                        _ => "always null",
                    }
                )),
                Some(_) => {}
            }
        }
    }
    for (answer, paths) in &now.places {
        let known = before.get(answer);
        for (path, is) in paths {
            let was = known.and_then(|known| known.get(path));
            if was.is_none_or(|was| was < is) {
                changes.gained.push(format!("`{answer} {path}`"));
            }
        }
    }
    changes
}

/// Checks all surfaces. Returns a failure for each that lost something, and a notice for each that
/// gained something.
#[must_use]
pub fn check(
    baseline: &Baseline,
    coverage: &[SurfaceCoverage],
) -> (Vec<LedgerFailure>, Vec<String>) {
    let (mut failures, mut notices) = (Vec::new(), Vec::new());
    for now in coverage.iter().filter(|surface| surface.judged) {
        let Changes { lost, gained } = changes(Some(baseline), now);
        if !lost.is_empty() {
            failures.push(LedgerFailure {
                file: FILE.to_owned(),
                line: baseline.line(&now.surface),
                message: format!(
                    "`{}` compares less than before: {}",
                    now.surface,
                    first_of(&lost)
                ),
                edit:
                    "add a case that reaches these paths again, or accept the loss with `--bless`"
                        .to_owned(),
                implementation: None,
            });
        }
        if !gained.is_empty() {
            notices.push(format!(
                "`{}` compares more than `{FILE}` lists: {}; add it with `--bless`",
                now.surface,
                first_of(&gained)
            ));
        }
    }
    (failures, notices)
}

/// The first entries of a list, and the number of the others.
#[must_use]
pub(crate) fn first_of(list: &[String]) -> String {
    let mut text = list[..list.len().min(MAX_LISTED)].join(", ");
    if list.len() > MAX_LISTED {
        text.push_str(&format!(" and {} more", list.len() - MAX_LISTED));
    }
    text
}
