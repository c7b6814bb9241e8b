//! The forms of placeholders: an expression, and what must stand in it or around it.

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::code::{is_code_to_enter, is_key};
use super::field::{is_field, is_field_word, is_identifier, is_request};
use super::html::is_element;
use super::label::is_label;
use super::numeral::is_numeral;
use super::place::Place;
use super::plain::Plain;
use super::signature::is_beside_signature;

/// A form of placeholder.
pub(super) struct Form {
    expression: Regex,
    begins: Beginning,
    is_placeholder: Condition,
}

/// Whether a match may begin behind a byte, or at the start. The forms whose matches have no maximum
/// length say so, since each of their own characters would be read to the end again.
type Beginning = fn(Option<u8>) -> bool;

/// What must be true of a match.
type Condition = fn(&Place<'_>) -> bool;

impl Form {
    /// The first place of this form in a text.
    pub(super) fn first(&self, text: &Plain) -> Option<Range<usize>> {
        let mut from = 0;
        while let Some(found) = self.expression.find_at(&text.bytes, from) {
            let range = found.range();
            let place = Place {
                text,
                range: range.clone(),
            };
            let may_begin = self.may_begin(text, range.start);
            if may_begin && !text.is_code(range.start) && (self.is_placeholder)(&place) {
                return Some(range);
            }
            let rest = range.start + 1..text.bytes.len();
            from = rest.into_iter().find(|at| self.may_begin(text, *at))?;
        }
        None
    }

    fn may_begin(&self, text: &Plain, at: usize) -> bool {
        (self.begins)(text.bytes[..at].last().copied())
    }
}

/// The forms in the order of `drafts.md`.
pub(super) static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let compiled = |(number, (expression, is_placeholder)): (usize, &(&str, Condition))| Form {
        expression: Regex::new(&format!("(?-u){expression}")).expect("the forms are constants"),
        begins: beginning(number),
        is_placeholder: *is_placeholder,
    };
    (1..).zip(&TABLE).map(compiled).collect()
});

/// Where the form of this number may begin, as far as its condition leaves it open.
fn beginning(number: usize) -> Beginning {
    match number {
        28 => |before| before == Some(b' '),
        29 => |before| before != Some(b' '),
        32 => |before| before != Some(b'_'),
        35 | 36 => |before| !is_alphanumeric(before),
        44 => |before| !is_alphanumeric(before) && before != Some(b'_'),
        _ => |_| true,
    }
}

const TABLE: [(&str, Condition); 45] = [
    (r"\{\{[^{}]{0,200}\}\}", always),
    (r"\{%[^{}]{0,100}\}", always),
    (r"\{#[^{}]{0,100}#\}", always),
    (r"<[%?][^<>]{0,200}[%?]>", always),
    (r"\$\{[^{}]{0,100}\}", always),
    (
        r"\{ *[!$#@:=^&*+~]? *[A-Za-z_\x80-\xFF][A-Za-z0-9_.' |:()/\[\]\x80-\xFF-]{0,59}\}",
        |p| {
            let content = content(p, 1, 1);
            !is_code_to_enter(&content) && !is_key(&content, p)
        },
    ),
    (r"\{ *\}|\{[0-9]{1,2}\}", always),
    (r"\[\[[^\[\]]{1,60}\]\]", |p| {
        p.before() != Some(b'(') && p.after() != Some(b'(')
    }),
    (r"\[%[^\[\]]{1,60}%\]", always),
    (r"\[(?:#+|\$+)\]", always),
    (r"\[[^\[\]\n]{1,60}\]", |p| {
        let content = content(p, 1, 1);
        let is_numbered = content.contains(|c: char| c.is_ascii_digit());
        let is_named = is_field(&content) && !is_numbered;
        (is_named || is_request(&content)) && !is_reference(p) && !is_label(&content, p)
    }),
    (r"<[A-Za-z_][A-Za-z0-9_.' -]{0,59}>", |p| {
        let content = content(p, 1, 1);
        let is_host = content.to_ascii_lowercase().starts_with("www.");
        let is_meant = is_code_to_enter(&content) || is_key(&content, p);
        !is_meant && !is_host && !is_element(&content, p.text)
    }),
    (r"\*\|[^|\n]{1,60}\|\*", always),
    (
        r"\xAB[^\xAB\xBB\n]{1,60}\xBB|\x8B[^\x8B\x9B\n]{1,60}\x9B",
        |p| {
            let content = content(p, 1, 1);
            is_field(&content) || (!content.contains(' ') && is_identifier(&content))
        },
    ),
    (r"<<[^<>\n]{1,60}>>", always),
    (r"%%[A-Za-z][A-Za-z0-9_. -]{0,39}%%", always),
    (r"%[A-Za-z][A-Za-z0-9_.-]{1,39}%", |p| {
        let is_escape = p.rest().len() >= 2 && p.rest()[..2].iter().all(u8::is_ascii_hexdigit);
        !p.before().is_some_and(|b| b.is_ascii_digit()) && !is_escape
    }),
    (r"%[({\[][A-Za-z_][A-Za-z0-9_. -]{0,39}[)}\]]s?", always),
    (r"%(?:[0-9]\$)?[sd@]", |p| {
        stands_alone(p) && p.before() != Some(b'%')
    }),
    (r"\$[A-Za-z_][A-Za-z0-9_]{0,39}\$?", |p| {
        let content = content(p, 1, 0);
        let content = content.trim_end_matches('$');
        let is_free = !is_alphanumeric(p.before()) && p.before() != Some(b'$');
        is_free && (is_field(content) || is_identifier(content))
    }),
    (r"\$\([A-Za-z_][A-Za-z0-9_. -]{0,39}\)", always),
    (r"#[A-Za-z][A-Za-z0-9_.-]{0,39}#", stands_alone),
    (r"::[A-Za-z_][A-Za-z0-9_.-]{0,39}::", stands_alone),
    (r"@@[A-Za-z_][A-Za-z0-9_.-]{0,39}@@", always),
    (r"__[A-Z][A-Z0-9_]{0,39}__", |p| {
        stands_alone(p) && is_field(&content(p, 2, 2))
    }),
    (
        r"~[A-Za-z][A-Za-z0-9_ -]{0,39}~|\^[A-Za-z][A-Za-z0-9_ -]{0,39}\^|![A-Za-z][A-Za-z0-9_ -]{0,39}!",
        |p| {
            let is_mark = |b: Option<u8>| b.is_some_and(|b| b"~^!".contains(&b));
            let is_free = stands_alone(p) && !is_mark(p.before()) && !is_mark(p.after());
            is_free && is_field(&content(p, 1, 1))
        },
    ),
    (r"\([^()\n]{1,60}\)", |p| {
        let content = content(p, 1, 1);
        let lower = content.to_ascii_lowercase();
        let requests = ["insert", "inserte", "enter", "your"];
        let is_request = requests.iter().any(|request| lower.starts_with(request));
        is_field(&content) && (is_request || p.follows_salutation())
    }),
    (
        "[A-Za-z]+(?:_[A-Za-z]+)+|[A-Z]?[a-z]+(?:[A-Z][a-z]+)+\
         |NAME|FNAME|LNAME|FIRSTNAME|LASTNAME|FULLNAME",
        |p| !is_alphanumeric(p.after()) && p.follows_salutation() && is_field(&content(p, 0, 0)),
    ),
    (" +,", |p| p.touches_salutation()),
    (
        r"NaN|Invalid Date(?:Time)?|\[object [A-Za-z]+\]",
        stands_alone,
    ),
    (
        "undefined|Undefined|UNDEFINED|null|Null|NULL|None|NONE",
        |p| stands_alone(p) && is_missing_value(p),
    ),
    ("_{4,}|_{3}", |p| {
        let is_gap = p.found().len() > 3 || stands_alone(p);
        is_gap && !p.is_alone_on_line(b" _") && !is_to_sign(p)
    }),
    (r": *\.{5,}", |p| !is_to_sign(p)),
    (r"\$ ?[Xx]{2,}(?:[.,][Xx]+)?", |p| {
        !is_alphanumeric(p.after())
    }),
    (
        r"\(?[Xx]{2,}\)?[ ./:-] ?[Xx]{2,}(?:[./: -][Xx]{2,})?",
        |p| {
            let is_prose = !p.found().iter().any(|b| b"X:/.-".contains(b));
            stands_alone(p) && !is_masked(p) && !is_prose
        },
    ),
    ("X{3,}", |p| {
        stands_alone(p) && !is_masked(p) && !is_numeral(p)
    }),
    (r"#{2,}[./-]#{2,}|\$ ?##+", always),
    (
        "[Mm]{2}/[Dd]{2}(?:/[Yy]{2,4})?|[Dd]{2}/[Mm]{2}/[Yy]{2,4}|[Yy]{4}-[Mm]{2}-[Dd]{2}\
         |HH:MM|hh:mm",
        |p| {
            let is_hint = p.before() == Some(b'(') || p.follows_word(&["as", "in", "format"]);
            stands_alone(p) && !is_hint
        },
    ),
    (
        r"TODO|TBD|TBA|TBC|FIXME|TKTK|T\.B\.[ADC]\.?|tbd|tba|fixme|Tbd|Tba",
        |p| stands_alone(p) && !(p.found() == b"TODO" && is_spanish_todo(p)),
    ),
    ("[Tt]odo:", |p| p.is_first_on_line()),
    (
        "[Ll]orem [Ii]psum|LOREM IPSUM|[Aa]nytown|ANYTOWN\
         |[Tt]o be determined|TO BE DETERMINED|[Tt]o be announced|TO BE ANNOUNCED\
         |[Pp]or definir|POR DEFINIR",
        stands_alone,
    ),
    ("(?:INSERT|INSERTE)(?: +[A-Z]+){1,4}", |p| {
        let content = content(p, 0, 0);
        let fields = content.split_once(' ').map_or("", |(_, fields)| fields);
        stands_alone(p) && is_field(fields)
    }),
    ("[Yy]our [Nn]ame(?: [Hh]ere)?|YOUR NAME(?: HERE)?", |p| {
        stands_alone(p) && p.is_alone_on_line(b" .,!:")
    }),
    ("(?:YOUR|INSERT)(?:_[A-Z]+)+|[A-Z]+(?:_[A-Z]+)*_HERE", |p| {
        stands_alone(p) && p.before() != Some(b'_') && p.after() != Some(b'_')
    }),
    (r"\]\( *[A-Za-z]* *\)", |p| {
        let target = content(p, 2, 1).trim_matches(' ').to_ascii_lowercase();
        matches!(&*target, "" | "url" | "link" | "here")
    }),
];

fn always(_: &Place<'_>) -> bool {
    true
}

/// Whether a gap is one of a line to sign.
fn is_to_sign(gap: &Place<'_>) -> bool {
    let start = gap.range.start;
    gap.text.is_on_line_to_sign(start) && is_beside_signature(&gap.text.chars[..start])
}

/// Whether there is no ASCII letter or digit on either side.
fn stands_alone(place: &Place<'_>) -> bool {
    !is_alphanumeric(place.before()) && !is_alphanumeric(place.after())
}

fn is_alphanumeric(b: Option<u8>) -> bool {
    b.is_some_and(|b| b.is_ascii_alphanumeric())
}

/// The match without `left` and `right` characters at its ends.
fn content(place: &Place<'_>, left: usize, right: usize) -> String {
    let Range { start, end } = place.range;
    place.text.text(start + left..end - right)
}

/// Whether brackets are those of a Markdown link or of its definition.
fn is_reference(place: &Place<'_>) -> bool {
    let rest = place.rest();
    match rest.first() {
        Some(b'(') => true,
        Some(b'[') => {
            let digits = rest[1..].iter().take_while(|b| b.is_ascii_digit()).count();
            digits > 0 && rest.get(1 + digits) == Some(&b']')
        }
        Some(b':') => {
            let spaces = rest[1..].iter().take_while(|b| **b == b' ').count();
            rest[1 + spaces..].starts_with(b"http")
        }
        _ => false,
    }
}

/// Whether a word for a missing value stands where a value belongs.
fn is_missing_value(place: &Place<'_>) -> bool {
    const ENDS: &[u8] = b".,!?;:)<";
    const VALUE_ENDS: &[u8] = b".,!?;:)<\"}";
    let is_none = place.found().eq_ignore_ascii_case(b"none");
    if place.follows_salutation() {
        return !is_none || place.ends_before(ENDS);
    }
    match place.mark_before() {
        Some(b':') if is_none && !place.has_label(is_field_word) => return false,
        Some(b':' | b'=' | b'$') => return place.ends_before(VALUE_ENDS),
        Some(b'>') if place.before() == Some(b'>') => return place.ends_before(VALUE_ENDS),
        _ => {}
    }
    let prepositions = ["at", "on", "from", "to", "for", "with", "by", "in"];
    !is_none
        && (place.follows_word(&prepositions)
            || (place.follows_word(&["is"]) && place.ends_before(ENDS)))
}

/// Whether the end of a number follows, of which the rest is hidden, as in `XXX-XX-1234`.
fn is_masked(place: &Place<'_>) -> bool {
    let mut rest = place.rest();
    while let [b'-' | b' ', group @ ..] = rest {
        let hidden = group
            .iter()
            .take_while(|b| matches!(b, b'X' | b'x'))
            .count();
        if hidden == 0 {
            let digits = group.iter().take_while(|b| b.is_ascii_digit()).count();
            return digits == 4;
        }
        rest = &group[hidden..];
    }
    false
}

/// Whether `TODO` is the Spanish word.
fn is_spanish_todo(place: &Place<'_>) -> bool {
    const BEHIND: [&str; 10] = [
        "EL", "LA", "LOS", "LAS", "LO", "BIEN", "UN", "UNA", "SU", "TU",
    ];
    const BEFORE: [&str; 6] = ["DE", "PARA", "CON", "SOBRE", "ES", "A"];
    let is_behind = place.rest().strip_prefix(b" ").is_some_and(|rest| {
        BEHIND.iter().any(|word| {
            rest.starts_with(word.as_bytes()) && !place.is_letter_behind(1 + word.len())
        })
    });
    let before = &place.text.bytes[..place.range.start];
    let is_before = before.strip_suffix(b" ").is_some_and(|before| {
        BEFORE.iter().any(|word| {
            before.ends_with(word.as_bytes()) && place.ends_in_word(before.len(), &[word])
        })
    });
    is_behind || is_before
}
