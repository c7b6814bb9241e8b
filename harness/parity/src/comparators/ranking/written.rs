//! The keys of rankings in `[compare]`.

use lakehouse_rig::error::Error;
use lakehouse_rig::source::Spanned;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Ranking;
use crate::comparators::Settings;

/// The keys of `[compare]`.
pub(in crate::comparators) const KEYS: &[&str] = &["ranking", "vectors_at", "cosine", "norm"];

/// The keys of `ranking`.
#[derive(Deserialize, Default, JsonSchema)]
#[serde(default)]
pub(in crate::comparators) struct Written {
    /// The rankings in a body.
    pub(super) ranking: Vec<Spanned<WrittenRule>>,
}

/// How one ranking is compared.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenRule {
    /// The JSON path of the list.
    at: Spanned<String>,
    /// The members that identify an element.
    id: Vec<String>,
    /// The member that holds the score.
    score: String,
    /// The tolerance of scores.
    #[serde(default)]
    tolerance: f64,
    /// The share of elements that both lists must have.
    #[serde(default = "all")]
    overlap: f64,
    /// Whether elements with equal scores may change places.
    #[serde(default)]
    ties: Ties,
    /// JSON paths of other numbers to which the tolerance applies.
    #[serde(default)]
    near: Vec<Spanned<String>>,
    /// The members of an element that hold the terms of its score. The tolerance is relative to the
    /// sum of their magnitudes.
    #[serde(default)]
    terms: Vec<String>,
}

fn all() -> f64 {
    1.0
}

/// Whether elements with equal scores may change places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ties {
    /// Always.
    #[default]
    Free,
    /// Unless their scores are exactly equal on both sides, for contracts that order equals.
    Ordered,
}

impl Ranking {
    pub(super) fn read(
        settings: &Settings<'_>,
        rule: &Spanned<WrittenRule>,
    ) -> Result<Ranking, Error> {
        let written = rule.get_ref();
        let wrong = |message: &str| Err(settings.entry_error(rule, message));
        if written.id.is_empty() {
            return wrong("a ranking needs the members that are its elements' `id`");
        }
        if !(written.tolerance >= 0.0 && written.tolerance.is_finite()) {
            return wrong("the `tolerance` of scores must be a number of at least 0");
        }
        if !(0.0..=1.0).contains(&written.overlap) {
            return wrong("the `overlap` of two rankings must be a share from 0 to 1");
        }
        if !written.terms.is_empty() && written.tolerance == 0.0 {
            return wrong("`terms` are the scale of a `tolerance`, which is 0");
        }
        let near = written.near.iter().map(|path| settings.query(path));
        Ok(Ranking {
            at: settings.query(&written.at)?,
            id: written.id.clone(),
            score: written.score.clone(),
            tolerance: written.tolerance,
            overlap: written.overlap,
            ties: written.ties,
            near: near.collect::<Result<_, _>>()?,
            terms: written.terms.clone(),
        })
    }
}
