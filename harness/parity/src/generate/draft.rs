//! A generated JSON value that can still be changed, and its text.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

/// Represents a lone high surrogate, which no Rust string can hold; written `\ud800`.
pub(super) const LONE_HIGH: char = '\u{10fffe}';
/// Represents a lone low surrogate; written `\udfff`.
pub(super) const LONE_LOW: char = '\u{10ffff}';

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Draft {
    /// JSON that is written unchanged.
    Raw(String),
    /// A string without escapes.
    Text(String),
    Array(Vec<Draft>),
    /// The members in order; names may repeat.
    Object(Vec<(String, Draft)>),
}

impl Draft {
    /// A string's characters, or the JSON of any other value.
    pub(super) fn into_text(self, rng: &mut ChaCha8Rng) -> String {
        match self {
            Draft::Text(text) => text,
            other => other.render(rng, true),
        }
    }

    /// The JSON with random white space and escapes; `lines` allows line breaks between tokens.
    pub(super) fn render(&self, rng: &mut ChaCha8Rng, lines: bool) -> String {
        let spacing = match rng.random_range(0..10) {
            0 => Spacing::Random { lines },
            1 | 2 => Spacing::Usual,
            _ => Spacing::None,
        };
        let escapes = match rng.random_range(0..12) {
            0 => Escapes::NonAscii,
            1 => Escapes::UpperCase,
            2 => Escapes::Some,
            _ => Escapes::Needed,
        };
        let mut out = String::new();
        self.write(&mut out, rng, spacing, escapes);
        out
    }

    fn write(&self, out: &mut String, rng: &mut ChaCha8Rng, spacing: Spacing, escapes: Escapes) {
        match self {
            Draft::Raw(raw) => out.push_str(raw),
            Draft::Text(text) => write_string(out, text, rng, escapes),
            Draft::Array(elements) => {
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
            Draft::Object(members) => {
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
    /// A space after `,` and `:`.
    Usual,
    /// Up to two characters between any two tokens.
    Random {
        lines: bool,
    },
}

impl Spacing {
    fn write(self, out: &mut String, rng: &mut ChaCha8Rng, usual: bool) {
        match self {
            Spacing::None => {}
            Spacing::Usual => {
                if usual {
                    out.push(' ');
                }
            }
            Spacing::Random { lines } => {
                let kinds = if lines { " \t\r\n" } else { " \t\r" };
                for _ in 0..rng.random_range(0..3_usize) {
                    let at = rng.random_range(0..kinds.len());
                    out.push(char::from(kinds.as_bytes()[at]));
                }
            }
        }
    }
}

/// The characters of a string that are escaped.
#[derive(Clone, Copy)]
enum Escapes {
    /// Only those that must be.
    Needed,
    /// Also those above U+007F.
    NonAscii,
    /// The same, with upper-case digits.
    UpperCase,
    /// Also one in four others, `/` as `\/`.
    Some,
}

fn write_string(out: &mut String, text: &str, rng: &mut ChaCha8Rng, escapes: Escapes) {
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
                    Escapes::NonAscii | Escapes::UpperCase => !character.is_ascii(),
                    Escapes::Some => rng.random_ratio(1, 4),
                };
                if !escaped {
                    out.push(character);
                } else if character == '/' {
                    out.push_str("\\/");
                } else {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        out.push_str(&match escapes {
                            Escapes::UpperCase => format!("\\u{unit:04X}"),
                            _ => format!("\\u{unit:04x}"),
                        });
                    }
                }
            }
        }
    }
    out.push('"');
}
