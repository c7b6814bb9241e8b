//! Formatting of figures and of foreign text.

use lakehouse_rig::text::{counted, thousands};

use crate::results::{GateOutcome, Ratio, Role, Shard, Verdict};

/// The text for a missing figure.
pub(super) const NONE: &str = "–";

/// A figure with three digits and thousands separators: `0.132`, `2.51`, `48.3`, `1,530`.
pub(super) fn number(value: f64) -> String {
    match value.abs() {
        _ if !value.is_finite() => NONE.to_owned(),
        0.0 => "0".to_owned(),
        0.0..0.9995 => format!("{value:.3}"),
        0.9995..9.995 => format!("{value:.2}"),
        9.995..99.95 => format!("{value:.1}"),
        _ if value < 0.0 => format!("-{}", thousands(value.abs().round() as u64)),
        _ => thousands(value.round() as u64),
    }
}

/// In units of 10⁶ bytes: `412 MB`.
pub(super) fn megabytes(bytes: u64) -> String {
    format!("{} MB", number(bytes as f64 / 1e6))
}

/// `3.20 × (2.90 to 3.60)`.
pub(super) fn ratio(ratio: &Ratio) -> String {
    format!(
        "{} × ({} to {})",
        number(ratio.ratio),
        number(ratio.low),
        number(ratio.high)
    )
}

/// `2026-11-20 14:03 UTC`.
pub(super) fn moment(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// `1 time`, `12 times`.
pub(super) fn times(count: u64) -> String {
    counted(usize::try_from(count).unwrap_or(usize::MAX), "time")
}

/// `2 of 4`.
pub(super) fn shard(shard: Shard) -> String {
    format!("{} of {}", shard.index, shard.of)
}

/// The verdict as a word, which is also a CSS class.
pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::Inconclusive => "inconclusive",
    }
}

/// The outcome as a word.
pub(super) fn outcome(outcome: GateOutcome) -> &'static str {
    match outcome {
        GateOutcome::Held => "held",
        GateOutcome::Failed => "failed",
        GateOutcome::Inconclusive => "inconclusive",
    }
}

/// The role as a word.
pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::Server => "server",
        Role::Generator => "generator",
        Role::StandIn => "stand-in",
    }
}
