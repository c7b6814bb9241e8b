//! The smallest steps a number, a text or a vector can take, as they are written in JSON.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::damage::Damage;
use crate::config::probe::Compare;
use crate::json::Decimal;

/// The number after the damage; none where it cannot be done to this one.
pub(super) fn number(damage: Damage, lexeme: &str) -> Option<String> {
    let stepped = match damage {
        Damage::NumberUp => plus(lexeme, 1)?,
        Damage::NumberDown => plus(lexeme, -1)?,
        Damage::NumberUlp => {
            let value: f64 = lexeme.parse().ok()?;
            let next = value.next_up();
            let is_fraction = lexeme.contains(['.', 'e', 'E']);
            (is_fraction && value.is_finite() && next.is_finite()).then(|| format!("{next:?}"))?
        }
        Damage::LastDigit => last_digit(lexeme)?,
        Damage::Sign => match lexeme.strip_prefix('-') {
            Some(rest) => rest.to_owned(),
            None => format!("-{lexeme}"),
        },
        Damage::NumberRespelled => return Some(respelled(lexeme)),
        Damage::NumberAsText => return Some(format!("\"{lexeme}\"")),
        _ => return None,
    };
    (Decimal::read(&stepped) != Decimal::read(lexeme)).then_some(stepped)
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

/// The same number in another spelling.
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

/// A metric just beyond its tolerance.
pub(super) fn metric(lexeme: &str, tolerance: f64) -> Option<String> {
    let value: f64 = lexeme.parse().ok()?;
    if tolerance >= 1.0 || !value.is_finite() {
        return None;
    }
    let moved = value.signum() * (value.abs() / (1.0 - tolerance) * 1.01 + 1e-9);
    (moved.is_finite() && moved != value).then(|| format!("{moved:?}"))
}

/// A score that is further away than its tolerance, which beyond ±1 is a share of the greater; none
/// where the damage does not take it there.
pub(super) fn score(damage: Damage, lexeme: &str, tolerance: f64) -> Option<String> {
    let value: f64 = lexeme.parse().ok()?;
    let moved = match damage {
        Damage::ScoreMoved => {
            let away = tolerance * 2.0 * value.abs().max(1.0) + 1e-9;
            format!("{:?}", value + away)
        }
        _ => number(damage, lexeme)?,
    };
    let there: f64 = moved.parse().ok()?;
    let distance = (there - value).abs();
    let limit = tolerance * value.abs().max(there.abs()).max(1.0);
    (distance > limit && distance.is_finite()).then_some(moved)
}

/// A text between its quotes with one character changed; a text that has none but escapes gets
/// one more.
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

/// The same text with one character escaped; none when nothing in it can be.
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

/// The characters that are no part of an escape, and where they stand.
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

/// A vector just beyond what the policy lets pass; none where the damage does not apply.
pub(super) fn vector(damage: Damage, numbers: &[f64], policy: &Compare) -> Option<Vec<f64>> {
    let squares: f64 = numbers.iter().map(|x| x * x).sum();
    let is_usable = squares > 0.0 && squares.is_finite();
    let mut changed = numbers.to_vec();
    match damage {
        Damage::VectorTurned if is_usable => turn(&mut changed, squares, policy.cosine)?,
        Damage::VectorScaled if is_usable => {
            let factor = 1.0 + policy.norm * 2.0 + 1e-9;
            changed.iter_mut().for_each(|x| *x *= factor);
        }
        Damage::VectorShortened => {
            changed.pop()?;
        }
        Damage::VectorLengthened => changed.push(0.0),
        _ => return None,
    }
    changed.iter().all(|x| x.is_finite()).then_some(changed)
}

/// Whether two vectors differ by so much that no rounding could make up for it.
pub(super) fn clearly_differ(left: &[f64], right: &[f64], policy: &Compare) -> bool {
    if left.len() != right.len() {
        return true;
    }
    let length = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
    let (left_length, right_length) = (length(left), length(right));
    let longest = left_length.max(right_length);
    if (left_length - right_length).abs() > (policy.norm * 3.0 + 1e-9) * longest {
        return true;
    }
    let product: f64 = left.iter().zip(right).map(|(l, r)| l * r).sum();
    1.0 - product / (left_length * right_length) > policy.cosine * 3.0 + 1e-9
}

/// Turns it in the plane of its two largest components, so that the norm stays.
fn turn(vector: &mut [f64], squares: f64, tolerance: f64) -> Option<()> {
    let mut order: Vec<usize> = (0..vector.len()).collect();
    order.sort_by(|a, b| vector[*b].abs().total_cmp(&vector[*a].abs()));
    let (&first, rest) = order.split_first()?;
    let Some(&second) = rest.first() else {
        vector[first] = -vector[first];
        return Some(());
    };
    let (x, y) = (vector[first], vector[second]);
    let away = (tolerance * 2.0 + 1e-9) * squares / (x * x + y * y);
    let cosine = (1.0 - away).max(-1.0);
    let sine = (1.0 - cosine * cosine).sqrt();
    vector[first] = x * cosine - y * sine;
    vector[second] = x * sine + y * cosine;
    Some(())
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;
    use crate::mutate::tests::policy;

    #[test]
    fn numbers_take_their_smallest_step() {
        for (damage, lexeme, expected) in [
            (Damage::NumberUp, "1", Some("2")),
            (Damage::NumberDown, "0", Some("-1")),
            (Damage::NumberUp, "1.5", Some("2.5")),
            (Damage::NumberUp, "1e300", None),
            (
                Damage::NumberUp,
                "9007199254740993",
                Some("9007199254740994"),
            ),
            (Damage::NumberUlp, "1.0", Some("1.0000000000000002")),
            (Damage::NumberUlp, "1", None),
            (Damage::NumberUlp, "1e999", None),
            (Damage::LastDigit, "19", Some("18")),
            (Damage::LastDigit, "1.05e9", Some("1.06e9")),
            (Damage::LastDigit, "-0", Some("-1")),
            (Damage::Sign, "0.0", None),
            (Damage::Sign, "-2", Some("2")),
            (Damage::NumberRespelled, "1", Some("1.0")),
            (Damage::NumberRespelled, "1.5", Some("1.50")),
            (Damage::NumberRespelled, "1E5", Some("1e5")),
            (Damage::NumberAsText, "1", Some("\"1\"")),
        ] {
            assert_eq!(
                number(damage, lexeme).as_deref(),
                expected,
                "{damage} of {lexeme}"
            );
        }
        assert_eq!(metric("x", 0.1), None);
        assert_eq!(metric("5", 1.0), None);
    }

    #[test]
    fn escapes_stay_whole() {
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
    }

    #[test]
    fn vectors_go_just_beyond_the_tolerance() {
        let policy = policy();
        let norm = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        let unit = vec![0.6, 0.0, 0.8];
        let turned = vector(Damage::VectorTurned, &unit, &policy).expect("it can be turned");
        let cosine: f64 = unit.iter().zip(&turned).map(|(a, b)| a * b).sum();
        assert!((norm(&turned) - 1.0).abs() < 1e-9);
        let distance = 1.0 - cosine;
        assert!(distance > policy.cosine && distance < 3.0 * policy.cosine);
        let scaled = vector(Damage::VectorScaled, &unit, &policy).expect("it can be scaled");
        let grown = norm(&scaled) - 1.0;
        assert!(grown > policy.norm && grown < 3.0 * policy.norm);
        assert_eq!(
            vector(Damage::VectorTurned, &[2.0], &policy),
            Some(vec![-2.0])
        );
        assert_eq!(vector(Damage::VectorTurned, &[0.0], &policy), None);
        assert_eq!(
            vector(Damage::VectorShortened, &[1.0, 2.0], &policy),
            Some(vec![1.0])
        );
    }
}
