//! People who are asked for by id, e-mail address, phone number or name (`matrix_search.md`, "A person").

use lakehouse_base::is_white_space;
use lakehouse_text::Folded;
use lakehouse_understand::read_part;
use lakehouse_vector::{Filter, Metadata, Scalar};

use super::conditions::{is_one_of, text};
use crate::answer::{Person, PersonBy};
use crate::corpus::Corpus;

/// The largest number of pieces of a text in which names are looked for.
const MAX_PIECES: usize = 12;
/// The numbers of pieces of a name.
const NAME_PIECES: std::ops::RangeInclusive<usize> = 2..=4;
/// What is no part of a piece at its ends.
const MARKS: [char; 15] = [
    '.', ',', ';', ':', '!', '?', '(', ')', '[', ']', '{', '}', '"', '<', '>',
];

/// A piece of a text.
struct Piece<'t> {
    text: &'t str,
    has_comma: bool,
}

/// A way in which a text may ask for a person.
pub(super) enum LookUp {
    /// Documents have these ids.
    Ids(Person, Vec<Box<str>>),
    /// There is an address or a number, and this finds whose it is.
    Contact(Person, Filter),
    /// There may be a name.
    Names(Names),
    /// There is none.
    None,
}

/// The runs of pieces that may be names, each with its forms.
pub(super) struct Names(Vec<(String, Vec<String>)>);

/// How a text may ask for a person.
pub(super) fn look_up(query: &str, corpora: &[Corpus]) -> LookUp {
    let query = read_part(query);
    let pieces = pieces(query);
    let mut ids: Vec<(&str, Box<str>)> = Vec::new();
    for piece in &pieces {
        let is_whole = pieces.len() == 1;
        let is_like_id = piece.text.bytes().any(|byte| byte.is_ascii_digit())
            && (is_whole || piece.text.contains(['-', '_']));
        if !is_like_id {
            continue;
        }
        let lower = piece.text.to_ascii_lowercase();
        let has = |id: &str| corpora.iter().any(|corpus| corpus.index.get(id).is_some());
        let id = [piece.text, &lower].into_iter().find(|id| has(id));
        ids.extend(id.map(|id| (piece.text, id.into())));
    }
    if let Some((first, _)) = ids.first() {
        let person = Person::new(PersonBy::Id, first);
        return LookUp::Ids(person, ids.into_iter().map(|(_, id)| id).collect());
    }
    let emails = pieces.iter().map(|piece| piece.text);
    let emails: Vec<_> = emails.filter(|piece| is_email(piece)).collect();
    if let Some(first) = emails.first() {
        let forms = emails
            .iter()
            .flat_map(|email| [text(email), text(&email.to_ascii_lowercase())]);
        let person = Person::new(PersonBy::Email, first);
        return LookUp::Contact(person, is_one_of("email", forms.collect()));
    }
    let phones = phones(query);
    if let Some((first, _)) = phones.first() {
        let person = Person::new(PersonBy::Phone, first);
        let forms = phones.iter().flat_map(|(_, digits)| phone_forms(digits));
        let forms = forms.map(|form| text(&form)).collect();
        return LookUp::Contact(person, is_one_of("phone", forms));
    }
    match names(&pieces) {
        names if names.is_empty() => LookUp::None,
        names => LookUp::Names(Names(names)),
    }
}

/// Whether a text is one piece that looks like an id.
pub(super) fn is_like_an_id(query: &str) -> Option<&str> {
    let pieces = pieces(read_part(query));
    let piece = pieces.first().filter(|_| pieces.len() == 1)?.text;
    let has = |is: fn(&u8) -> bool| piece.as_bytes().iter().any(is);
    (has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic)).then_some(piece)
}

impl Names {
    /// Finds people with one of the names.
    pub(super) fn filter(&self) -> Filter {
        let forms = self.0.iter().flat_map(|(_, forms)| forms);
        is_one_of("name", forms.map(|form| text(form)).collect())
    }

    /// The first of the names that a person has.
    pub(super) fn person<'m>(
        &self,
        found: impl Iterator<Item = &'m Metadata> + Clone,
    ) -> Option<Person> {
        let has = |metadata: &Metadata, forms: &[String]| match metadata.get("name") {
            Some(Scalar::Text(name)) => forms.iter().any(|form| **form == *name),
            _ => false,
        };
        let mut names = self.0.iter();
        let name = names.find(|(_, forms)| found.clone().any(|metadata| has(metadata, forms)));
        name.map(|(text, _)| Person::new(PersonBy::Name, text))
    }
}

fn pieces(query: &str) -> Vec<Piece<'_>> {
    let pieces = query
        .split(is_white_space)
        .filter(|piece| !piece.is_empty());
    let pieces = pieces.map(|piece| {
        let trimmed = piece.trim_matches(MARKS);
        let end = piece.trim_start_matches(MARKS);
        Piece {
            text: trimmed.strip_suffix("'s").unwrap_or(trimmed),
            has_comma: end[trimmed.len().min(end.len())..].contains(','),
        }
    });
    pieces.filter(|piece| !piece.text.is_empty()).collect()
}

fn is_email(piece: &str) -> bool {
    piece
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
}

/// The phone numbers of a text, each with its last ten digits.
fn phones(query: &str) -> Vec<(String, String)> {
    let folded = Folded::new(query);
    let runs = folded
        .chars()
        .split(|c| !(c.is_ascii_digit() || " ().-+".contains(*c)));
    let phones = runs.filter_map(|run| {
        let run: String = run.iter().collect();
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        let is_number = match digits.len() {
            10 => true,
            11 => digits.starts_with('1'),
            13 => digits.starts_with("001"),
            _ => false,
        };
        let last = digits.len().saturating_sub(10);
        is_number.then(|| (run.trim().to_owned(), digits[last..].to_owned()))
    });
    phones.collect()
}

/// The ways of writing a phone number.
fn phone_forms(digits: &str) -> Vec<String> {
    let (area, exchange, line) = (&digits[..3], &digits[3..6], &digits[6..]);
    let local = [
        digits.to_owned(),
        format!("{area}-{exchange}-{line}"),
        format!("{area}.{exchange}.{line}"),
        format!("{area} {exchange} {line}"),
        format!("({area}) {exchange}-{line}"),
        format!("({area}){exchange}-{line}"),
    ];
    let country = ["", "+1", "1", "+1 ", "1 ", "+1-", "1-", "+1.", "1."];
    let forms = country
        .iter()
        .flat_map(|code| local.iter().map(move |form| format!("{code}{form}")));
    forms.collect()
}

/// The runs of pieces that may be names, longer texts have none.
fn names(pieces: &[Piece<'_>]) -> Vec<(String, Vec<String>)> {
    let mut names = Vec::new();
    if pieces.len() > MAX_PIECES {
        return names;
    }
    for start in 0..pieces.len() {
        for length in NAME_PIECES {
            let Some(run) = pieces.get(start..start + length) else {
                continue;
            };
            let words: Vec<_> = run.iter().map(|piece| piece.text).collect();
            let comma = run[..length - 1].iter().position(|piece| piece.has_comma);
            let ordered = match comma {
                Some(comma) => [&words[comma + 1..], &words[..=comma]].concat(),
                None => words.clone(),
            };
            let titles: Vec<_> = ordered.iter().map(|word| title(word)).collect();
            let scottish: Vec<_> = titles.iter().map(|word| with_mc(word)).collect();
            let forms = vec![ordered.join(" "), titles.join(" "), scottish.join(" ")];
            names.push((words.join(" "), forms));
        }
    }
    names
}

/// `mary-kate` as `Mary-Kate`.
fn title(word: &str) -> String {
    let mut begins = true;
    let letter = |c: char| {
        let titled = if begins {
            c.to_ascii_uppercase()
        } else {
            c.to_ascii_lowercase()
        };
        begins = c == '-' || c == '\'';
        titled
    };
    word.chars().map(letter).collect()
}

/// `Mcdonald` as `McDonald`.
fn with_mc(word: &str) -> String {
    match word.strip_prefix("Mc") {
        Some(rest) => {
            let mut letters = rest.chars();
            let first = letters.next().map(|c| c.to_ascii_uppercase());
            let letters = first.into_iter().chain(letters);
            std::iter::once("Mc".to_owned())
                .chain(letters.map(String::from))
                .collect()
        }
        None => word.to_owned(),
    }
}
