//! The reading without tags.

use std::ops::Range;

use super::ReadChar;

/// Elements that begin a new line or cell, so that their tags separate words.
const BLOCKS: [&str; 41] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "caption",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
];

/// The maximum number of characters behind the first letter of a tag.
const MAX_TAG: usize = 2000;

pub(super) fn without_tags(chars: &[ReadChar]) -> Vec<ReadChar> {
    let mut kept = Vec::with_capacity(chars.len());
    let mut at = 0;
    while at < chars.len() {
        let Some(markup) = markup(&chars[at..]) else {
            kept.push(chars[at].clone());
            at += 1;
            continue;
        };
        if markup.is_block {
            kept.push((' ', origin(&chars[at..at + markup.length])));
        }
        at += markup.length;
    }
    kept
}

/// A tag or a comment.
struct Markup {
    length: usize,
    is_block: bool,
}

fn origin(chars: &[ReadChar]) -> Range<usize> {
    chars[0].1.start..chars[chars.len() - 1].1.end
}

/// The tag or comment at the start of these characters.
fn markup(chars: &[ReadChar]) -> Option<Markup> {
    let is = |at: usize, c: char| chars.get(at).is_some_and(|(own, _)| *own == c);
    if !is(0, '<') {
        return None;
    }
    if is(1, '!') && is(2, '-') && is(3, '-') {
        let end = (4..chars.len()).find(|at| is(*at, '-') && is(at + 1, '-') && is(at + 2, '>'));
        return Some(Markup {
            length: end.map_or(chars.len(), |end| end + 3),
            is_block: false,
        });
    }
    let first = if is(1, '/') { 2 } else { 1 };
    if !chars.get(first)?.0.is_ascii_alphabetic() {
        return None;
    }
    let behind = &chars[first + 1..];
    let length = behind
        .iter()
        .take(MAX_TAG + 1)
        .position(|(c, _)| matches!(c, '<' | '>'))?;
    if behind[length].0 != '>' {
        return None;
    }
    let name = chars[first..].iter().map(|(c, _)| *c);
    let name: String = name.take_while(char::is_ascii_alphanumeric).collect();
    let name = name.to_ascii_lowercase();
    Some(Markup {
        length: first + 1 + length + 1,
        is_block: BLOCKS.contains(&&*name),
    })
}
