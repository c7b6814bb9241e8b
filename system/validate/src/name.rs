//! Names of people: when two are the same, and in which forms a text can have one.

use std::ops::Range;

use lakehouse_text::{Folded, fold, is_letter, is_word_alone};

/// The numbers of words of the forms that are searched for.
const WORDS: std::ops::RangeInclusive<usize> = 2..=8;

/// Whether two names of people are the same (`validate.md`, "Terms").
pub(crate) fn same_name(a: &str, b: &str) -> bool {
    a == b || bare(a) == bare(b)
}

/// Whether two names of cities are the same.
pub(crate) fn same_city(a: &str, b: &str) -> bool {
    let words = |city: &str| -> Vec<String> {
        let spelled_out = |word: &str| match word {
            "st" => "saint".to_owned(),
            "ste" => "sainte".to_owned(),
            "ft" => "fort".to_owned(),
            "mt" => "mount".to_owned(),
            word => word.to_owned(),
        };
        bare(city).split(' ').map(spelled_out).collect()
    };
    a == b || words(a) == words(b)
}

/// The folded name without apostrophes and full stops, its words separated by one space.
fn bare(name: &str) -> String {
    let folded = fold(name).replace(['\'', '.'], "").replace('-', " ");
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// A word of a folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// The word without apostrophes and without a possessive `'s`.
    pub(crate) text: String,
    /// Where the text has it, with these.
    pub(crate) range: Range<usize>,
    /// Whether a full stop follows directly.
    has_dot: bool,
}

impl Word {
    pub(crate) fn is_initial(&self) -> bool {
        self.text.len() == 1 && self.text.as_bytes()[0].is_ascii_lowercase()
    }

    /// Whether this is an initial, and no word of English or Spanish.
    pub(crate) fn is_skippable_initial(&self) -> bool {
        let is_word = matches!(&*self.text, "a" | "e" | "i" | "o" | "u" | "y");
        self.is_initial() && (self.has_dot || !is_word)
    }
}

/// The words of a folded text.
pub(crate) fn words(text: &[char]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(start) = (at..text.len()).find(|at| is_letter(text[*at])) {
        at = start + 1;
        if !is_word_alone(text[start]) {
            let is_in_word = |c: char| (is_letter(c) && !is_word_alone(c)) || c == '\'';
            at = (at..text.len())
                .find(|at| !is_in_word(text[*at]))
                .unwrap_or(text.len());
            while text[at - 1] == '\'' {
                at -= 1;
            }
        }
        let has_dot = text.get(at) == Some(&'.');
        words.push(Word {
            text: bare_word(&text[start..at]),
            range: start..at,
            has_dot,
        });
    }
    words
}

fn bare_word(word: &[char]) -> String {
    let word = match word {
        [.., _, '\'', 's'] => &word[..word.len() - 2],
        _ => word,
    };
    word.iter().filter(|c| **c != '\'').collect()
}

/// The keys under which a name is searched for: its words joined, and with the last name first,
/// with and without a comma.
pub(crate) fn keys(name: &str) -> Vec<String> {
    let folded = Folded::new(name);
    let words = words(folded.chars());
    let mut forms = vec![words.clone()];
    if let Some(nickname) = nickname(folded.chars(), &words) {
        forms.push([&words[..nickname.start], &words[nickname.end..]].concat());
        forms.push(words[nickname.start..].to_vec());
    }
    let mut keys = Vec::new();
    for form in forms {
        let mut variants = vec![without_initials(&form)];
        variants.insert(0, form);
        for variant in variants.iter().filter(|form| WORDS.contains(&form.len())) {
            add_keys(variant, &mut keys);
        }
    }
    keys
}

fn add_keys(words: &[Word], keys: &mut Vec<String>) {
    let joined = |words: &[Word]| -> String { words.iter().map(|word| &*word.text).collect() };
    let mut add = |key: String| {
        if !keys.contains(&key) {
            keys.push(key);
        }
    };
    add(joined(words));
    for at in 1..words.len() {
        let (first, last) = (joined(&words[..at]), joined(&words[at..]));
        add(format!("{last},{first}"));
        add(last + &first);
    }
}

fn without_initials(words: &[Word]) -> Vec<Word> {
    let last = words.len().saturating_sub(1);
    let is_kept = |at: usize, word: &Word| at == 0 || at == last || !word.is_initial();
    let kept = words
        .iter()
        .enumerate()
        .filter(|(at, word)| is_kept(*at, word));
    kept.map(|(_, word)| word.clone()).collect()
}

/// The words between the first pair of quotes or parentheses, when there are others on both sides.
fn nickname(name: &[char], words: &[Word]) -> Option<Range<usize>> {
    let open = name.iter().position(|c| matches!(c, '"' | '('))?;
    let closing = if name[open] == '(' { ')' } else { '"' };
    let close = (open + 1..name.len()).find(|at| name[*at] == closing)?;
    let start = words.iter().position(|word| word.range.start > open)?;
    let end = words.iter().position(|word| word.range.start > close)?;
    (0 < start && start < end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_whatever_the_marks() {
        for (a, b, want) in [
            ("Seán O’Brien", "SEAN O'BRIEN", true),
            ("Seán O'Brien", "Sean OBrien", true),
            ("Mary-Kate Cruz", "mary kate  cruz ", true),
            ("Ana Ruiz", "Anna Ruiz", false),
            ("Ana Ruiz", "Ana Ruiz 2", false),
            ("Ana Ruiz", "Ruiz, Ana", false),
            ("", "", true),
        ] {
            assert_eq!(same_name(a, b), want, "{a} / {b}");
        }
        for (a, b, want) in [
            ("St. Paul", "SAINT PAUL", true),
            ("East St Louis", "East Saint Louis", true),
            ("Ft. Wayne", "Fort Wayne", true),
            ("Mt. Pleasant", "Mount Pleasant", true),
            ("Winston-Salem", "Winston Salem", true),
            ("Detroit", "Dearborn", false),
        ] {
            assert_eq!(same_city(a, b), want, "{a} / {b}");
        }
    }

    #[test]
    fn a_name_has_keys_for_its_forms() {
        for (name, want) in [
            ("Ana Ruiz", "anaruiz ruiz,ana ruizana"),
            (
                "Ana M. Ruiz",
                "anamruiz mruiz,ana mruizana ruiz,anam ruizanam anaruiz ruiz,ana ruizana",
            ),
            ("Seán O'Brien", "seanobrien obrien,sean obriensean"),
            (
                "Terrence \"TJ\" Jackson",
                "terrencetjjackson tjjackson,terrence tjjacksonterrence jackson,terrencetj \
                 jacksonterrencetj terrencejackson jackson,terrence jacksonterrence tjjackson \
                 jackson,tj jacksontj",
            ),
            ("Solo", ""),
            ("王 小明", "王小明 小明,王 小明王 明,王小 明王小"),
            ("J Smith", "jsmith smith,j smithj"),
        ] {
            assert_eq!(keys(name).join(" "), want, "{name}");
        }
    }
}
