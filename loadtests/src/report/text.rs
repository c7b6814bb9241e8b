//! Formatting of figures and of foreign text.

use std::borrow::Cow;

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

/// `12,345`.
pub(super) fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
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

/// `3.2 s`, `2 min 5 s`.
pub(super) fn duration(milliseconds: u64) -> String {
    match milliseconds {
        0..1_000 => format!("{milliseconds} ms"),
        1_000..60_000 => format!("{}.{} s", milliseconds / 1_000, milliseconds % 1_000 / 100),
        _ => format!(
            "{} min {} s",
            milliseconds / 60_000,
            milliseconds % 60_000 / 1_000
        ),
    }
}

/// `2026-11-20 14:03 UTC`.
pub(super) fn moment(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// `1 gate`, `2 gates`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{} {noun}s", thousands(count as u64))
    }
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

/// Control characters and those that turn the direction of writing as escapes, so that an answer
/// can neither drive a terminal nor style like another one. Newlines and tabs stay.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if hidden(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// The text on one line, with newlines and tabs escaped, truncated to `max` characters.
pub(super) fn one_line(text: &str, max: usize) -> String {
    let cut = match text.char_indices().nth(max) {
        None => Cow::Borrowed(text),
        Some((end, _)) => {
            let rest = text[end..].chars().count();
            Cow::Owned(format!("{}… ({rest} more characters)", &text[..end]))
        }
    };
    visible(&cut).replace('\n', "\\n").replace('\t', "\\t")
}
