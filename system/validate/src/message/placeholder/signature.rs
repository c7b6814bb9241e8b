//! Lines to sign, whose gaps are meant for a pen.

use std::ops::Range;
use std::sync::LazyLock;

use lakehouse_text::is_letter;
use regex::bytes::Regex;

/// The maximum number of words of a label that asks for a signature.
const MAX_WORDS: usize = 4;
const SIGNATURE: [&str; 7] = [
    "signature",
    "signatures",
    "signed",
    "initials",
    "firma",
    "firmas",
    "iniciales",
];
/// The last words of a label that asks to sign.
const SIGN: [&str; 3] = ["sign", "initial", "firme"];
const SIGN_HERE: [[&str; 2]; 3] = [["sign", "here"], ["initial", "here"], ["firme", "aqui"]];
/// What stands beside a signature.
const BESIDE: [&str; 9] = [
    "date", "fecha", "print", "printed", "name", "nombre", "title", "time", "hora",
];

/// The lines with a gap for a signature, in ascending order.
pub(super) fn lines_to_sign(chars: &[char], bytes: &[u8]) -> Vec<Range<usize>> {
    static GAP: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?-u)_{3,}|: *\.{5,}").expect("the expression is a constant")
    });
    let mut lines: Vec<Range<usize>> = Vec::new();
    for gap in GAP.find_iter(bytes) {
        let is_known = lines.last().is_some_and(|line| gap.start() < line.end);
        if is_known || !asks_for_signature(&label(&chars[..gap.start()])) {
            continue;
        }
        let is_line_end = |b: &u8| *b == b'\n';
        let start = bytes[..gap.start()].iter().rposition(is_line_end);
        let end = bytes[gap.end()..].iter().position(is_line_end);
        let end = end.map_or(bytes.len(), |length| gap.end() + length);
        lines.push(start.map_or(0, |at| at + 1)..end);
    }
    lines
}

/// Whether a gap behind this text is for a pen, when its line asks for a signature.
pub(super) fn is_beside_signature(before: &[char]) -> bool {
    let label = label(before);
    let is_beside = !label.is_empty() && label.iter().all(|word| BESIDE.contains(&&**word));
    is_beside || asks_for_signature(&label)
}

fn asks_for_signature(label: &[String]) -> bool {
    let last_two = label.last_chunk::<2>();
    label.len() <= MAX_WORDS
        && (label.iter().any(|word| SIGNATURE.contains(&&**word))
            || label.last().is_some_and(|last| SIGN.contains(&&**last))
            || last_two.is_some_and(|last| SIGN_HERE.iter().any(|own| own == last))
            || label == ["x"])
}

/// The words of the label of a gap, from what stands before it.
fn label(before: &[char]) -> Vec<String> {
    let is_end = |c: &char| matches!(c, '\n' | '_' | '.' | ',' | ';' | '!' | '?' | '|');
    let start = before.iter().rposition(is_end).map_or(0, |at| at + 1);
    before[start..]
        .split(|c| !is_letter(*c))
        .filter(|word| !word.is_empty())
        .map(|word| word.iter().map(char::to_ascii_lowercase).collect())
        .collect()
}
