//! How one character folds. The folding of a text is that of its characters, one after another:
//! the marks whose order depends on their neighbours are dropped.

use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::char::decompose_compatible;

use crate::later::is_later;

/// Whether the capitals `A` to `Z` become small letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capitals {
    /// They do.
    Lowered,
    /// They stay.
    Kept,
}

/// Passes what a character becomes, possibly nothing, to `push`.
pub fn fold_char(c: char, capitals: Capitals, push: &mut impl FnMut(char)) {
    if c.is_ascii() {
        push(fold_ascii(c, capitals));
    } else if is_later(c) {
        push(c);
    } else if let Some(replacement) = replacement(c) {
        replacement.chars().for_each(push);
    } else {
        decompose_compatible(c, |part| fold_part(part, capitals, push));
    }
}

fn fold_ascii(c: char, capitals: Capitals) -> char {
    match c {
        '\t'..='\r' => ' ',
        '`' => '\'',
        _ if capitals == Capitals::Kept => c,
        _ => c.to_ascii_lowercase(),
    }
}

/// Folds a character of a decomposition.
fn fold_part(c: char, capitals: Capitals, push: &mut impl FnMut(char)) {
    if c.is_ascii() {
        return push(fold_ascii(c, capitals));
    }
    if let Some(replacement) = replacement(c) {
        return replacement.chars().for_each(push);
    }
    match get_general_category(c) {
        GeneralCategory::NonspacingMark
        | GeneralCategory::SpacingMark
        | GeneralCategory::EnclosingMark
        | GeneralCategory::Format => {}
        GeneralCategory::DecimalNumber => push(decimal_digit(c)),
        _ => {
            for lower in c.to_lowercase() {
                match replacement(lower) {
                    Some(replacement) => replacement.chars().for_each(&mut *push),
                    None => push(lower),
                }
            }
        }
    }
}

/// The ASCII digit of a decimal digit: Unicode encodes those of a script as ten consecutive
/// characters from zero to nine.
fn decimal_digit(c: char) -> char {
    let is_decimal = |code: u32| {
        char::from_u32(code)
            .is_some_and(|c| get_general_category(c) == GeneralCategory::DecimalNumber)
    };
    let code = u32::from(c);
    let before = (1..10).take_while(|back| is_decimal(code - back)).count();
    char::from(b'0' + before as u8)
}

/// The table of `text.md`, without its ASCII characters.
fn replacement(c: char) -> Option<&'static str> {
    Some(match c {
        // Dashes.
        '\u{2D7}'
        | '\u{58A}'
        | '\u{5BE}'
        | '\u{1400}'
        | '\u{1806}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2212}'
        | '\u{2796}'
        | '\u{2E17}'
        | '\u{2E1A}'
        | '\u{2E3A}'
        | '\u{2E3B}'
        | '\u{2E40}'
        | '\u{2E5D}'
        | '\u{301C}'
        | '\u{3030}'
        | '\u{30A0}'
        | '\u{10EAD}' => "-",
        // Apostrophes and single quotes.
        '\u{B4}'
        | '\u{2B9}'
        | '\u{2BB}'..='\u{2BD}'
        | '\u{2C8}'
        | '\u{2CA}'
        | '\u{2CB}'
        | '\u{55A}'
        | '\u{5F3}'
        | '\u{7F4}'
        | '\u{7F5}'
        | '\u{1FBD}'
        | '\u{1FBF}'
        | '\u{1FFD}'
        | '\u{1FFE}'
        | '\u{2018}'..='\u{201B}'
        | '\u{2032}'
        | '\u{2035}'
        | '\u{2039}'
        | '\u{203A}'
        | '\u{275B}'
        | '\u{275C}'
        | '\u{275F}'
        | '\u{A78B}'
        | '\u{A78C}' => "'",
        // Double quotes.
        '\u{AB}'
        | '\u{BB}'
        | '\u{2BA}'
        | '\u{2EE}'
        | '\u{5F4}'
        | '\u{201C}'..='\u{201F}'
        | '\u{2033}'
        | '\u{2036}'
        | '\u{275D}'
        | '\u{275E}'
        | '\u{2760}'
        | '\u{276E}'
        | '\u{276F}'
        | '\u{301D}'..='\u{301F}'
        | '\u{1F676}'..='\u{1F678}' => "\"",
        // White space, and the blank pattern of braille.
        '\u{85}'
        | '\u{A0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200A}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202F}'
        | '\u{205F}'
        | '\u{2800}'
        | '\u{3000}' => " ",
        // Slashes and the ideographic full stop.
        '\u{2044}' | '\u{2215}' | '\u{29F8}' => "/",
        '\u{3002}' => ".",
        // Letters without a glyph.
        '\u{115F}' | '\u{1160}' => "",
        // Letters that Unicode does not decompose.
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ø' => "o",
        'ł' | 'ƚ' => "l",
        'đ' | 'ð' | 'ɖ' | 'ɗ' => "d",
        'ħ' => "h",
        'ı' | 'ɨ' => "i",
        'ŧ' => "t",
        'ŋ' => "n",
        'ĸ' | 'ƙ' => "k",
        'ƀ' | 'ɓ' => "b",
        'ɇ' | 'ɛ' => "e",
        'ǥ' => "g",
        'ɉ' => "j",
        'ɔ' => "o",
        'ɍ' => "r",
        'ʉ' => "u",
        'ƴ' | 'ɏ' => "y",
        'ƶ' => "z",
        'ς' => "σ",
        _ => return circled_digit(c),
    })
}

/// Digits in circles that Unicode does not decompose.
fn circled_digit(c: char) -> Option<&'static str> {
    let digit = match c {
        '\u{24FF}' | '\u{1F10B}' | '\u{1F10C}' => 0,
        '\u{24F5}'..='\u{24FD}' => 1 + u32::from(c) - 0x24F5,
        '\u{2776}'..='\u{277E}' => 1 + u32::from(c) - 0x2776,
        '\u{2780}'..='\u{2788}' => 1 + u32::from(c) - 0x2780,
        '\u{278A}'..='\u{2792}' => 1 + u32::from(c) - 0x278A,
        _ => return None,
    } as usize;
    Some(&"0123456789"[digit..=digit])
}
