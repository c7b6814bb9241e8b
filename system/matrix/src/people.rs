//! The people of a corpus by their names, e-mail addresses and phone numbers (`matrix_search.md`, "A
//! person").

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use lakehouse_text::fold;
use lakehouse_understand::{Dictionary, PersonName, Understander, edits_when_near};
use lakehouse_vector::Index;

/// The largest number of names or addresses that are near another.
const NEAREST: usize = 5;

/// The values of the members `name`, `email` and `phone` of a corpus's documents, by what they are compared
/// by.
#[derive(Default)]
pub(crate) struct People {
    names: Vec<(Arc<str>, PersonName)>,
    /// The places of names, by their words joined by nothing.
    same: HashMap<String, Vec<usize>>,
    /// The places of names, by their first words.
    by_first: HashMap<Box<str>, Vec<usize>>,
    /// Read when an address or a number is asked for first.
    emails: OnceLock<Values>,
    phones: OnceLock<Values>,
}

/// Values by their folded forms.
type Values = HashMap<String, Vec<Arc<str>>>;

/// The values of `name` that are an asked name, or fit it.
#[derive(Debug, Default)]
pub(crate) struct Named {
    pub(crate) same: BTreeSet<Arc<str>>,
    pub(crate) fitting: BTreeSet<Arc<str>>,
}

impl People {
    /// The people of an index; names that `before` has are not read again.
    pub(crate) fn read(index: &Index, dictionary: &Dictionary, before: Option<&Self>) -> Self {
        let known: HashMap<&str, &PersonName> = before
            .into_iter()
            .flat_map(|before| &before.names)
            .map(|(value, name)| (&**value, name))
            .collect();
        let mut people = Self::default();
        for value in index.distinct_elements("name") {
            let name = known.get(&*value).map_or_else(
                || dictionary.person_name((&*value).into()),
                |name| PersonName::clone(name),
            );
            if !name.is_whole() {
                continue;
            }
            let place = people.names.len();
            people.same.entry(name.joined()).or_default().push(place);
            let by_first = people.by_first.entry(name.first().into()).or_default();
            by_first.push(place);
            people.names.push((value, name));
        }
        people
    }

    pub(crate) fn has_names(&self) -> bool {
        !self.names.is_empty()
    }

    /// Adds the names that are the asked one, or fit it; returns whether there are any.
    pub(crate) fn find(
        &self,
        asked: &PersonName,
        understander: &Understander,
        found: &mut Named,
    ) -> bool {
        let value = |place: &usize| Arc::clone(&self.names[*place].0);
        let same = self.same.get(&asked.joined());
        let same = same.map_or(&[][..], Vec::as_slice);
        let like_first = self.by_first.get(asked.first()).into_iter().flatten();
        let fits = |place: &&usize| asked.fits(&self.names[**place].1, understander);
        let fitting = like_first.filter(|place| !same.contains(place));
        let fitting: Vec<_> = fitting.filter(fits).collect();
        found.same.extend(same.iter().map(value));
        found.fitting.extend(fitting.iter().copied().map(value));
        !(same.is_empty() && fitting.is_empty())
    }

    fn emails(&self, index: &Index) -> &Values {
        self.emails.get_or_init(|| {
            let mut emails = Values::new();
            for value in index.distinct_elements("email") {
                emails.entry(fold(&value)).or_default().push(value);
            }
            emails
        })
    }

    fn phones(&self, index: &Index) -> &Values {
        self.phones.get_or_init(|| {
            let mut phones = Values::new();
            for value in index.distinct_elements("phone") {
                for phone in phones_of(&value) {
                    let values = phones.entry(phone.digits).or_default();
                    values.push(Arc::clone(&value));
                }
            }
            phones
        })
    }
}

/// The addresses and numbers of several corpora. The first look-up reads them from the indexes, which takes
/// its time.
pub(crate) struct Contacts(pub(crate) Vec<(Arc<People>, Arc<Index>)>);

impl Contacts {
    /// The values of `email` that are one of the addresses.
    pub(crate) fn emails(&self, asked: &[String]) -> Vec<Arc<str>> {
        let folded: Vec<_> = asked.iter().map(|email| fold(email)).collect();
        self.values(&folded, People::emails)
    }

    /// The values of `phone` that have one of the numbers, by their last ten digits.
    pub(crate) fn phones(&self, digits: &[String]) -> Vec<Arc<str>> {
        self.values(digits, People::phones)
    }

    /// The e-mail addresses near an asked one, the nearest first.
    pub(crate) fn near_emails(&self, asked: &str) -> Vec<String> {
        let emails = self.0.iter().flat_map(|(people, index)| {
            let emails = people.emails(index).iter();
            emails.map(|(folded, values)| (folded, values.iter().collect()))
        });
        nearest(&fold(asked), emails)
    }

    fn values(
        &self,
        asked: &[String],
        of: for<'p> fn(&'p People, &Index) -> &'p Values,
    ) -> Vec<Arc<str>> {
        let values = self.0.iter().flat_map(|(people, index)| {
            let known = of(people, index);
            asked.iter().filter_map(|asked| known.get(asked)).flatten()
        });
        values.cloned().collect()
    }
}

/// The names near an asked one, the nearest first.
pub(crate) fn near_names(people: &[Arc<People>], asked: &PersonName) -> Vec<String> {
    let asked = asked.joined();
    let names = people.iter().flat_map(|people| {
        let same = people.same.iter();
        same.map(|(joined, places)| {
            let values = places.iter().map(|place| &people.names[*place].0);
            (joined, values.collect())
        })
    });
    nearest(&asked, names)
}

fn nearest<'p>(
    asked: &str,
    known: impl Iterator<Item = (&'p String, Vec<&'p Arc<str>>)>,
) -> Vec<String> {
    let near = known.filter_map(|(known, values)| Some((edits_when_near(asked, known)?, values)));
    let near = near.flat_map(|(edits, values)| values.into_iter().map(move |value| (edits, value)));
    let near: BTreeSet<_> = near.collect();
    let mut nearest: Vec<String> = Vec::new();
    for (_, value) in near {
        if nearest.len() < NEAREST && nearest.iter().all(|other| **other != **value) {
            nearest.push(value.to_string());
        }
    }
    nearest
}

/// A phone number in a text.
pub(crate) struct Phone {
    pub(crate) text: String,
    /// The last ten digits.
    pub(crate) digits: String,
}

/// The phone numbers of a text.
pub(crate) fn phones_of(text: &str) -> Vec<Phone> {
    let folded = fold(text);
    let runs = folded.split(|c: char| !(c.is_ascii_digit() || " ().-+".contains(c)));
    let phones = runs.filter_map(|run| {
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        let is_number = match digits.len() {
            10 => true,
            11 => digits.starts_with('1'),
            13 => digits.starts_with("001"),
            _ => false,
        };
        let last = digits.len().saturating_sub(10);
        is_number.then(|| Phone {
            text: run.trim_matches(' ').to_owned(),
            digits: digits[last..].to_owned(),
        })
    });
    phones.collect()
}
