//! The smallest changes to a number or a string, as they are written in JSON.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::kinds::{
    LAST_DIGIT, NUMBER_AS_TEXT, NUMBER_DOWN, NUMBER_RESPELLED, NUMBER_ULP, NUMBER_UP, SIGN,
};
use crate::comparators::damage::Damage;
use crate::json::Decimal;

/// A number after damage; none if the damage is impossible or has no effect.
pub(in crate::comparators) fn number(damage: Damage, lexeme: &str) -> Option<String> {
    let changed = match damage {
        NUMBER_UP => plus(lexeme, 1)?,
        NUMBER_DOWN => plus(lexeme, -1)?,
        NUMBER_ULP => {
            let value: f64 = lexeme.parse().ok()?;
            let next = value.next_up();
            let is_fraction = lexeme.contains(['.', 'e', 'E']);
            (is_fraction && value.is_finite() && next.is_finite()).then(|| format!("{next:?}"))?
        }
        LAST_DIGIT => last_digit(lexeme)?,
        SIGN => match lexeme.strip_prefix('-') {
            Some(rest) => rest.to_owned(),
            None => format!("-{lexeme}"),
        },
        NUMBER_RESPELLED => return Some(respelled(lexeme)),
        NUMBER_AS_TEXT => return Some(format!("\"{lexeme}\"")),
        _ => return None,
    };
    (Decimal::read(&changed) != Decimal::read(lexeme)).then_some(changed)
}

fn plus(lexeme: &str, step: i8) -> Option<String> {
    if let Ok(whole) = lexeme.parse::<i128>() {
        return whole
            .checked_add(step.into())
            .map(|whole| whole.to_string());
    }
    let value: f64 = lexeme.parse().ok()?;
    let stepped = value + f64::from(step);
    stepped.is_finite().then(|| format!("{stepped:?}"))
}

fn last_digit(lexeme: &str) -> Option<String> {
    let mantissa = lexeme.find(['e', 'E']).unwrap_or(lexeme.len());
    let at = lexeme[..mantissa].rfind(|c: char| c.is_ascii_digit())?;
    let next = match lexeme.as_bytes()[at] {
        b'9' => b'8',
        digit => digit + 1,
    };
    Some(format!(
        "{}{}{}",
        &lexeme[..at],
        char::from(next),
        &lexeme[at + 1..]
    ))
}

/// The same number, written differently.
fn respelled(lexeme: &str) -> String {
    if lexeme.contains('e') {
        lexeme.replace('e', "E")
    } else if lexeme.contains('E') {
        lexeme.replace('E', "e")
    } else if lexeme.contains('.') {
        format!("{lexeme}0")
    } else {
        format!("{lexeme}.0")
    }
}

/// The content of a string with one character changed, or with one more where it only has escapes.
pub(super) fn character(raw: &str, random: &mut ChaCha8Rng) -> String {
    let plain = plain_characters(raw);
    if plain.is_empty() {
        return format!("{raw}x");
    }
    let (at, old) = plain[random.random_range(0..plain.len())];
    let new = match old {
        'z' => 'y',
        'Z' => 'Y',
        '9' => '8',
        c if c.is_ascii_alphanumeric() => char::from(u8::try_from(c).unwrap_or(b'w') + 1),
        _ => 'x',
    };
    splice(raw, at, old, &new.to_string())
}

/// The content of a string with one character escaped; none when it has none to escape.
pub(super) fn respelled_text(raw: &str, random: &mut ChaCha8Rng) -> Option<String> {
    let plain = plain_characters(raw);
    if plain.is_empty() {
        return None;
    }
    let (at, old) = plain[random.random_range(0..plain.len())];
    let mut units = [0; 2];
    let escaped: String = old
        .encode_utf16(&mut units)
        .iter()
        .map(|unit| format!("\\u{unit:04x}"))
        .collect();
    Some(splice(raw, at, old, &escaped))
}

fn splice(text: &str, at: usize, old: char, new: &str) -> String {
    format!("{}{new}{}", &text[..at], &text[at + old.len_utf8()..])
}

/// The characters outside escapes, and their offsets.
fn plain_characters(raw: &str) -> Vec<(usize, char)> {
    let mut plain = Vec::new();
    let mut escaped = 0;
    for (at, c) in raw.char_indices() {
        if escaped > 0 {
            // `\u` takes four more, any other escape ends here.
            escaped = if escaped == 1 && c == 'u' {
                5
            } else if escaped == 1 {
                0
            } else {
                escaped - 1
            };
            if escaped == 1 {
                escaped = 0;
            }
        } else if c == '\\' {
            escaped = 1;
        } else {
            plain.push((at, c));
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn numbers_change_by_their_smallest_step() {
        for (damage, lexeme, expected) in [
            (NUMBER_UP, "1", Some("2")),
            (NUMBER_DOWN, "0", Some("-1")),
            (NUMBER_UP, "1.5", Some("2.5")),
            (NUMBER_UP, "1e300", None),
            (NUMBER_UP, "9007199254740993", Some("9007199254740994")),
            (NUMBER_ULP, "1.0", Some("1.0000000000000002")),
            (NUMBER_ULP, "1", None),
            (NUMBER_ULP, "1e999", None),
            (LAST_DIGIT, "19", Some("18")),
            (LAST_DIGIT, "1.05e9", Some("1.06e9")),
            (LAST_DIGIT, "-0", Some("-1")),
            (SIGN, "0.0", None),
            (SIGN, "-2", Some("2")),
            (NUMBER_RESPELLED, "1", Some("1.0")),
            (NUMBER_RESPELLED, "1.5", Some("1.50")),
            (NUMBER_RESPELLED, "1E5", Some("1e5")),
            (NUMBER_AS_TEXT, "1", Some("\"1\"")),
        ] {
            assert_eq!(
                number(damage, lexeme).as_deref(),
                expected,
                "{damage} of {lexeme}"
            );
        }
    }

    #[test]
    fn escapes_are_not_split() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        assert_eq!(character("\\n\\u00e9\\\\", &mut random), "\\n\\u00e9\\\\x");
        assert_eq!(respelled_text("\\n\\u00e9\\\"", &mut random), None);
        assert_eq!(respelled_text("a", &mut random).as_deref(), Some("\\u0061"));
        assert_eq!(
            respelled_text("\\t😀", &mut random).as_deref(),
            Some("\\t\\ud83d\\ude00")
        );
        assert_eq!(character("\\u00e9z", &mut random), "\\u00e9y");
        assert_eq!(character("é", &mut random), "x");
        for (old, new) in [("a", "b"), ("z", "y"), ("Z", "Y"), ("9", "8"), ("-", "x")] {
            assert_eq!(character(old, &mut random), new);
        }
    }
}
