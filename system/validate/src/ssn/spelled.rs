//! Nine digits near a cue, of which some are words or letters.

use std::ops::Range;

use lakehouse_text::is_letter;

use super::Digits;
use super::cue::Cues;
use super::named::has_label;

/// The number of digits of a number.
const DIGITS: usize = 9;
/// The maximum number of letters in place of digits.
const MAX_STAND_INS: usize = 4;
/// The maximum length of a gap between two words.
const MAX_GAP: usize = 8;
/// The lengths of words of which some have no digit.
const GROUPS: [usize; 3] = [3, 2, 4];

const ONES: [&str; 18] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "uno", "dos", "tres",
    "cuatro", "cinco", "seis", "siete", "ocho", "nueve",
];
/// Other words with one digit of their own.
const SINGLES: [&str; 15] = [
    "zero",
    "oh",
    "o",
    "double",
    "cero",
    "doble",
    "ciento",
    "doscientos",
    "trescientos",
    "cuatrocientos",
    "quinientos",
    "seiscientos",
    "setecientos",
    "ochocientos",
    "novecientos",
];
/// Words with two digits.
const PAIRS: [&str; 30] = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "triple",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciseis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veintiuno",
    "veintidos",
    "veintitres",
    "veinticuatro",
    "veinticinco",
    "veintiseis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
];
/// Words with two digits, to which one of the ones may belong.
const TENS: [&str; 16] = [
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "veinte",
    "treinta",
    "cuarenta",
    "cincuenta",
    "sesenta",
    "setenta",
    "ochenta",
    "noventa",
];
/// Names of the sign between groups.
const SIGNS: [&str; 3] = ["dash", "hyphen", "guion"];
/// Other words inside of numbers.
const LINKS: [&str; 5] = ["and", "hundred", "thousand", "y", "mil"];
/// The link between the tens and the ones in Spanish.
const TENS_LINK: &str = "y";

pub(super) fn find(text: &Digits, cues: &Cues, taken: &[bool]) -> Vec<Range<usize>> {
    let words = words(text, taken);
    let mut found = Vec::new();
    let mut first = 0;
    while first < words.len() {
        let Some(count) = words_of_number(text, &words[first..]) else {
            first += 1;
            continue;
        };
        let number = words[first].range.start..words[first + count - 1].range.end;
        if cues.near(&number).is_some() {
            found.push(number);
            first += count;
        } else {
            first += 1;
        }
    }
    found
}

/// Whether a letter of a folded text is taken for a digit that it resembles.
pub(super) fn is_stand_in(c: char) -> bool {
    matches!(
        c,
        'o' | 'q' | 'i' | 'l' | 'z' | 's' | 'b' | 'g' | '\u{3BF}' | '\u{43E}'
    )
}

/// What a word is in a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Digits, with letters in place of some.
    Written { stand_ins: usize },
    /// Letters in place of digits alone.
    StandIns,
    /// A word for this number of digits.
    Spoken(usize),
    /// One of the tens.
    Tens,
    /// One of the ones that belongs to the tens before it.
    AfterTens,
    /// The name of the sign between groups.
    Sign,
    /// Another link.
    Link,
    /// No part of a number.
    Other,
}

/// A longest run of letters and digits.
struct Word {
    range: Range<usize>,
    kind: Kind,
    /// Whether it and what is before it may belong to the number of the word before.
    is_joined: bool,
}

fn words(text: &Digits, taken: &[bool]) -> Vec<Word> {
    let is_in_word = |at: &usize| is_letter(text.chars[*at]) || text.is_digit(*at);
    let length = text.chars.len();
    let mut words: Vec<Word> = Vec::new();
    let mut before = 0;
    while let Some(start) = (before..length).find(is_in_word) {
        let end = (start..length).find(|at| !is_in_word(at)).unwrap_or(length);
        let is_free = |range: Range<usize>| !taken[range].contains(&true);
        let mut kind = if is_free(start..end) {
            kind(&text.chars[start..end])
        } else {
            Kind::Other
        };
        let is_joined = !words.is_empty() && start - before <= MAX_GAP && is_free(before..start);
        if kind == Kind::Spoken(1) && is_joined && is_behind_tens(text, &words) {
            let word: String = text.chars[start..end].iter().collect();
            if ONES.contains(&&*word) {
                kind = Kind::AfterTens;
            }
        }
        words.push(Word {
            range: start..end,
            kind,
            is_joined,
        });
        before = end;
    }
    words
}

fn kind(word: &[char]) -> Kind {
    let stand_ins = word.iter().filter(|c| is_stand_in(**c)).count();
    let digits = word.iter().filter(|c| c.is_ascii_digit()).count();
    if digits > 0 {
        return if digits + stand_ins == word.len() {
            Kind::Written { stand_ins }
        } else {
            Kind::Other
        };
    }
    let text: String = word.iter().collect();
    let is_one_of = |list: &[&str]| list.contains(&&*text);
    if is_one_of(&ONES) || is_one_of(&SINGLES) {
        Kind::Spoken(1)
    } else if is_one_of(&PAIRS) {
        Kind::Spoken(2)
    } else if is_one_of(&TENS) {
        Kind::Tens
    } else if is_one_of(&SIGNS) {
        Kind::Sign
    } else if is_one_of(&LINKS) {
        Kind::Link
    } else if stand_ins == word.len() {
        Kind::StandIns
    } else {
        Kind::Other
    }
}

/// Whether the last word is one of the tens, or `y` behind one.
fn is_behind_tens(text: &Digits, words: &[Word]) -> bool {
    match words {
        [.., tens, link] if link.kind == Kind::Link => {
            let link_text = &text.chars[link.range.clone()];
            let is_tens_link = link_text.iter().copied().eq(TENS_LINK.chars());
            is_tens_link && link.is_joined && tens.kind == Kind::Tens
        }
        [.., tens] => tens.kind == Kind::Tens,
        [] => false,
    }
}

/// The count of the first words that are a number.
fn words_of_number(text: &Digits, words: &[Word]) -> Option<usize> {
    let count = spelled(words).or_else(|| grouped(text, words))?;
    let start = words[0].range.start;
    let is_foreign = text.byte_before(start) == Some(b'+');
    let is_labelled = count == 1 && has_label(text, start);
    (!is_foreign && !is_labelled).then_some(count)
}

/// The count of the first words that have nine digits in all, some of them spelled.
fn spelled(words: &[Word]) -> Option<usize> {
    let mut digits = 0;
    let mut stand_ins = 0;
    let mut is_spelled = false;
    for (at, word) in words.iter().enumerate() {
        if at > 0 && !word.is_joined {
            return None;
        }
        match word.kind {
            Kind::Written { stand_ins: own } => {
                digits += word.range.len();
                stand_ins += own;
                is_spelled |= own > 0;
            }
            Kind::Spoken(own) => {
                digits += own;
                is_spelled = true;
            }
            Kind::Tens => {
                digits += 2;
                is_spelled = true;
            }
            // A number begins with a word that has digits.
            Kind::AfterTens | Kind::Sign | Kind::Link if at == 0 => return None,
            Kind::Sign => is_spelled = true,
            Kind::AfterTens | Kind::Link => {}
            Kind::StandIns | Kind::Other => return None,
        }
        if digits >= DIGITS {
            let is_number = digits == DIGITS && is_spelled && stand_ins <= MAX_STAND_INS;
            return is_number.then(|| at + 1 + belonging(&words[at + 1..]));
        }
    }
    None
}

/// The count of the words that belong to the tens before them.
fn belonging(words: &[Word]) -> usize {
    match words {
        [ones, ..] if ones.kind == Kind::AfterTens => 1,
        [link, ones, ..] if link.kind == Kind::Link && ones.kind == Kind::AfterTens => 2,
        _ => 0,
    }
}

/// Three, when the first words are groups of a number, of which some are letters alone.
fn grouped(text: &Digits, words: &[Word]) -> Option<usize> {
    let words = words.get(..GROUPS.len())?;
    let are_groups = words.iter().zip(GROUPS).all(|(word, length)| {
        let is_group = matches!(word.kind, Kind::Written { .. } | Kind::StandIns);
        is_group && word.range.len() == length
    });
    let gap = |at: usize| &text.chars[words[at].range.end..words[at + 1].range.start];
    let are_joined = words[1].is_joined && words[2].is_joined && gap(0) == gap(1);
    let range = words[0].range.start..words[2].range.end;
    let stand_ins = text.chars[range].iter().filter(|c| is_stand_in(**c));
    let fits = are_groups && are_joined && (1..=MAX_STAND_INS).contains(&stand_ins.count());
    fits.then_some(GROUPS.len())
}
