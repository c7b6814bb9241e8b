//! A made value: JSON whose strings, members and spelling can still be changed, and its text.

use proptest::test_runner::TestRng;
use rand::RngExt as _;

/// Stands in a text for a lone high surrogate, which no Rust text can hold; written `\ud800`.
pub(super) const LONE_HIGH: char = '\u{10fffe}';
/// Stands in a text for a lone low surrogate; written `\udfff`.
pub(super) const LONE_LOW: char = '\u{10ffff}';

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Made {
    /// JSON as it is to be written: a number, a word, or anything else.
    Raw(String),
    /// A string, before its escapes.
    Text(String),
    /// The elements.
    Array(Vec<Made>),
    /// The members, in order, repeated names included.
    Object(Vec<(String, Made)>),
}

impl Made {
    /// The value where text is wanted: a text's own characters, the JSON of anything else.
    pub(super) fn into_text(self, rng: &mut TestRng) -> String {
        match self {
            Made::Text(text) => text,
            other => other.render(rng, true),
        }
    }

    /// The JSON, with white space and escapes as the dice fall. `lines` permits line breaks
    /// between tokens.
    pub(super) fn render(&self, rng: &mut TestRng, lines: bool) -> String {
        let spacing = match rng.random_range(0..10) {
            0 => Spacing::Wild(lines),
            1 | 2 => Spacing::Usual,
            _ => Spacing::None,
        };
        let escapes = match rng.random_range(0..12) {
            0 => Escapes::NotAscii,
            1 => Escapes::Capital,
            2 => Escapes::Some,
            _ => Escapes::Needed,
        };
        let mut out = String::new();
        self.write(&mut out, rng, spacing, escapes);
        out
    }

    fn write(&self, out: &mut String, rng: &mut TestRng, spacing: Spacing, escapes: Escapes) {
        match self {
            Made::Raw(raw) => out.push_str(raw),
            Made::Text(text) => write_string(out, text, rng, escapes),
            Made::Array(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    spacing.write(out, rng, index > 0);
                    element.write(out, rng, spacing, escapes);
                }
                spacing.write(out, rng, false);
                out.push(']');
            }
            Made::Object(members) => {
                out.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    spacing.write(out, rng, index > 0);
                    write_string(out, name, rng, escapes);
                    spacing.write(out, rng, false);
                    out.push(':');
                    spacing.write(out, rng, true);
                    value.write(out, rng, spacing, escapes);
                }
                spacing.write(out, rng, false);
                out.push('}');
            }
        }
    }
}

/// White space between tokens.
#[derive(Clone, Copy)]
enum Spacing {
    None,
    /// A space behind `,` and `:`.
    Usual,
    /// Anywhere and of any kind; line breaks where they are permitted.
    Wild(bool),
}

impl Spacing {
    fn write(self, out: &mut String, rng: &mut TestRng, usual: bool) {
        match self {
            Spacing::None => {}
            Spacing::Usual => {
                if usual {
                    out.push(' ');
                }
            }
            Spacing::Wild(lines) => {
                let kinds = if lines { " \t\r\n" } else { " \t\r" };
                for _ in 0..rng.random_range(0..3_usize) {
                    let at = rng.random_range(0..kinds.len());
                    out.push(char::from(kinds.as_bytes()[at]));
                }
            }
        }
    }
}

/// What is escaped in a string.
#[derive(Clone, Copy)]
enum Escapes {
    /// What must be.
    Needed,
    /// Everything above U+007F as well.
    NotAscii,
    /// The same with capital digits.
    Capital,
    /// One in four characters, and `/` as `\/`.
    Some,
}

fn write_string(out: &mut String, text: &str, rng: &mut TestRng, escapes: Escapes) {
    out.push('"');
    for character in text.chars() {
        match character {
            LONE_HIGH => out.push_str("\\ud800"),
            LONE_LOW => out.push_str("\\udfff"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            _ => {
                let escaped = match escapes {
                    _ if character < ' ' => true,
                    Escapes::Needed => false,
                    Escapes::NotAscii | Escapes::Capital => !character.is_ascii(),
                    Escapes::Some => rng.random_ratio(1, 4),
                };
                if !escaped {
                    out.push(character);
                } else if character == '/' {
                    out.push_str("\\/");
                } else {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        out.push_str(&match escapes {
                            Escapes::Capital => format!("\\u{unit:04X}"),
                            _ => format!("\\u{unit:04x}"),
                        });
                    }
                }
            }
        }
    }
    out.push('"');
}
