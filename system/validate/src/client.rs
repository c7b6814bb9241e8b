//! Clients by name (`validate.md`, "The same client").

use lakehouse_text::{fold, is_letter, same_text};

/// Legal forms of one word.
const LEGAL_FORMS: &str = "inc incorporated llc lc pllc ltd limited corp corporation co cos \
    company companies lp llp lllp plc pc pa gmbh ag kg kgaa ohg ug ev se sa sas sarl srl sl spa \
    bv nv ab as asa oy oyj pty pte and";

/// Legal forms of several words, the longest first.
const LONG_LEGAL_FORMS: [&[&str]; 5] = [
    &["s", "de", "rl", "de", "cv"],
    &["gmbh", "and", "co", "kg"],
    &["sapi", "de", "cv"],
    &["sa", "de", "cv"],
    &["s", "de", "rl"],
];

/// How the name of an excluded client relates to that of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClientMatch {
    /// The same client in another spelling.
    Same,
    /// Probably the same one: a site of it, or misspelled.
    Probable,
    /// One name is part of the other.
    Near,
    /// Another client.
    None,
}

/// A client's name, read for comparison.
pub(crate) struct Client<'n> {
    name: &'n str,
    words: Vec<String>,
    /// The words joined.
    key: String,
}

impl<'n> Client<'n> {
    pub(crate) fn new(name: &'n str) -> Self {
        let words = words(name);
        let key = words.concat();
        Self { name, words, key }
    }

    /// Compares with an excluded client.
    pub(crate) fn matches(&self, excluded: &Client<'_>) -> ClientMatch {
        if self.words.is_empty() || excluded.words.is_empty() {
            return if same_text(self.name, excluded.name) {
                ClientMatch::Same
            } else {
                ClientMatch::None
            };
        }
        if self.key == excluded.key {
            ClientMatch::Same
        } else if self.words.starts_with(&excluded.words) || is_misspelled(&self.key, &excluded.key)
        {
            ClientMatch::Probable
        } else if contains(&self.words, &excluded.words) || contains(&excluded.words, &self.words) {
            ClientMatch::Near
        } else {
            ClientMatch::None
        }
    }
}

fn words(name: &str) -> Vec<String> {
    let name = name.replace(['\u{2122}', '\u{2120}', '\u{AE}', '\u{A9}'], "");
    let folded = fold(&name).replace(['\'', '.'], "").replace('&', " and ");
    let words = folded.split(|c: char| !is_letter(c) && !c.is_ascii_digit());
    let words = words.filter(|word| !word.is_empty()).map(str::to_owned);
    let mut words: Vec<String> = words.collect();
    let articles = words.iter().take_while(|word| *word == "the").count();
    words.drain(..articles.min(words.len().saturating_sub(1)));
    loop {
        let length = legal_form(&words);
        if length == 0 {
            return words;
        }
        words.truncate(words.len() - length);
    }
}

/// The number of words of the legal form at the end, which is not the whole name.
fn legal_form(words: &[String]) -> usize {
    let ends_in = |form: &[&str]| form.len() < words.len() && words.ends_with_words(form);
    if let Some(form) = LONG_LEGAL_FORMS.iter().find(|form| ends_in(form)) {
        return form.len();
    }
    let is_form = |word: &String| LEGAL_FORMS.split(' ').any(|form| form == word);
    usize::from(words.len() > 1 && words.last().is_some_and(is_form))
}

trait EndsWithWords {
    fn ends_with_words(&self, end: &[&str]) -> bool;
}

impl EndsWithWords for [String] {
    fn ends_with_words(&self, end: &[&str]) -> bool {
        self.len() >= end.len() && self[self.len() - end.len()..].iter().eq(end.iter())
    }
}

fn contains(words: &[String], part: &[String]) -> bool {
    words.windows(part.len()).any(|window| window == part)
}

/// Whether two keys differ by as few edits as a misspelling does.
fn is_misspelled(a: &str, b: &str) -> bool {
    let [long, short] = {
        let lengths = [a, b].map(|key| key.chars().count());
        [lengths[0].max(lengths[1]), lengths[0].min(lengths[1])]
    };
    let max = match short {
        0..5 => return false,
        5..10 => 1,
        _ => 2,
    };
    long - short <= max && strsim::osa_distance(a, b) <= max
}

#[cfg(test)]
mod tests {
    use super::*;
    use ClientMatch::{Near, None, Probable, Same};

    fn check(client: &str, excluded: &str, want: ClientMatch) {
        let got = Client::new(client).matches(&Client::new(excluded));
        assert_eq!(got, want, "{client} / {excluded}");
    }

    #[test]
    fn spellings_and_legal_forms_are_the_same_client() {
        for client in [
            "beacon freight ",
            "Beacon  Freight.",
            "Beacon Freight, Inc.",
            "BEACON FREIGHT L.L.C.",
            "Beacon-Freight Co., LLC",
            "BeaconFreight",
            "The Beacon Freight Company",
            "Beacon Freight S.A. de C.V.",
            "Beacon Freight S. de R.L. de C.V.",
            "Beacon Freight GmbH & Co. KG",
            "Béacon Freight™",
            "“Beacon Freight”",
        ] {
            check(client, "Beacon Freight", Same);
            check("Beacon Freight", client, Same);
        }
        check("Smith and Sons", "Smith & Sons", Same);
        check("ABC Packaging", "A.B.C. Packaging Corporation", Same);
        check("the pantry", "The Pantry, Inc.", Same);
        check("OHare Air", "O’Hare Air", Same);
        check("Co", "CO.", Same);
        check("", " ", Same);
    }

    #[test]
    fn sites_and_misspellings_are_probably_the_same_client() {
        for client in [
            "Beacon Freight - Detroit",
            "Beacon Freight #12",
            "Becon Freight",
            "Beacon Frieght",
            "Beaccon Freihgt",
        ] {
            check(client, "Beacon Freight", Probable);
        }
        check("Acmee", "Acme", None);
        check("Pantrey", "Pantry", Probable);
    }

    #[test]
    fn parts_of_a_name_are_near() {
        check("Beacon", "Beacon Freight", Near);
        check("Freight Inc.", "Beacon Freight", Near);
        check("Detroit Beacon Freight", "Beacon Freight", Near);
        for client in [
            "Beacon Foods",
            "Harbor Freight",
            "LLC",
            "Beaconsfield Freightliner",
            "!",
        ] {
            check(client, "Beacon Freight", None);
        }
    }
}
