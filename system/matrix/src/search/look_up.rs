//! People who are asked for by id, e-mail address, phone number or name (`matrix_search.md`, "A person").

use std::sync::Arc;

use lakehouse_base::is_white_space;
use lakehouse_understand::{NameWords, Nobody, Understanding, What, read_part};
use lakehouse_vector::{Filter, Pool};

use super::conditions::{is_one_of, text};
use super::plan::Plan;
use crate::answer::{Person, PersonBy};
use crate::corpus::Corpus;
use crate::people::{Contacts, Named, near_names, phones_of};
use crate::vocabulary_cache::Knowledge;

/// The largest number of pieces of a text in which names are looked for.
const MAX_PIECES: usize = 12;
/// The numbers of pieces of a name.
const NAME_PIECES: std::ops::RangeInclusive<usize> = 2..=6;
/// What is no part of a piece at its ends.
const MARKS: [char; 15] = [
    '.', ',', ';', ':', '!', '?', '(', ')', '[', ']', '{', '}', '"', '<', '>',
];

/// A piece of a text.
struct Piece<'t> {
    text: &'t str,
    has_comma: bool,
}

/// Whom a text looks up.
pub(super) enum LookUp {
    /// The plan finds the person's documents.
    Found(Person, Plan),
    /// Someone whom no document has.
    Nobody(Option<Person>, Nobody),
    /// No one.
    None,
}

/// A text, and the documents in which people are looked up.
pub(super) struct Asked<'q> {
    pub(super) query: &'q str,
    pub(super) corpora: &'q [Corpus],
    pub(super) knowledge: &'q Knowledge,
}

impl Asked<'_> {
    /// Whom the text looks up, whatever else it says.
    pub(super) async fn look_up(&self, understood: &Understanding, pool: &Pool) -> LookUp {
        let query = read_part(self.query);
        let pieces = pieces(query);
        if let Some(found) = self.by_id(&pieces) {
            return found;
        }
        let emails = pieces.iter().filter(|piece| is_email(piece.text));
        let emails: Vec<_> = emails.map(|piece| piece.text.to_owned()).collect();
        if let Some(first) = emails.first() {
            let person = Person::new(PersonBy::Email, first);
            let contacts = self.contacts();
            let find = move || match contacts.emails(&emails) {
                found if found.is_empty() => (found, contacts.near_emails(&emails[0])),
                found => (found, Vec::new()),
            };
            let (values, near) = pool.run(find).await;
            return by_contact(person, "email", values, near);
        }
        let phones = phones_of(query);
        if let Some(first) = phones.first() {
            let person = Person::new(PersonBy::Phone, &first.text);
            let contacts = self.contacts();
            let digits: Vec<_> = phones.into_iter().map(|phone| phone.digits).collect();
            let values = pool.run(move || contacts.phones(&digits)).await;
            return by_contact(person, "phone", values, Vec::new());
        }
        if pieces.len() <= MAX_PIECES
            && let Some(found) = self.by_name(&pieces)
        {
            return found;
        }
        match self.unknown_id(&pieces) {
            Some(id) if !names_something(understood) => {
                LookUp::Nobody(None, no_person(id, Vec::new()))
            }
            _ => LookUp::None,
        }
    }

    fn by_id(&self, pieces: &[Piece<'_>]) -> Option<LookUp> {
        let has = |id: &String| {
            let mut corpora = self.corpora.iter();
            corpora.any(|corpus| corpus.index.get(id).is_some())
        };
        let mut first = None;
        let mut ids: Vec<Box<str>> = Vec::new();
        for Piece { text, .. } in pieces {
            let is_like_id = text.bytes().any(|byte| byte.is_ascii_digit())
                && (pieces.len() == 1 || text.contains(['-', '_']));
            if !is_like_id {
                continue;
            }
            let spellings = [
                (*text).to_owned(),
                text.to_ascii_lowercase(),
                text.to_ascii_uppercase(),
            ];
            if let Some(id) = spellings.into_iter().find(has) {
                first.get_or_insert(*text);
                ids.push(id.into());
            }
        }
        let person = Person::new(PersonBy::Id, first?);
        Some(LookUp::Found(person, Plan::of_ids(ids)))
    }

    /// Takes the runs of pieces that are names of documents, from the left the longest ones.
    fn by_name(&self, pieces: &[Piece<'_>]) -> Option<LookUp> {
        let Knowledge {
            understander,
            people,
        } = self.knowledge;
        let words = pieces.iter().map(|piece| NameWords::from(piece.text));
        let words: Vec<_> = words.zip(pieces).collect();
        let mut named = Named::default();
        let mut first = None;
        let mut start = 0;
        while start < pieces.len() {
            let is_taken = |length: &usize| {
                let Some(run) = words.get(start..start + length) else {
                    return false;
                };
                let mut asked = NameWords::default();
                for (words, piece) in run {
                    asked.add(words);
                    if piece.has_comma {
                        asked.add_comma();
                    }
                }
                let asked = understander.dictionary().person_name(asked);
                let mut is_found = false;
                for people in people.iter().filter(|_| asked.is_whole()) {
                    is_found |= people.find(&asked, understander, &mut named);
                }
                is_found
            };
            match NAME_PIECES.rev().find(is_taken) {
                Some(length) => {
                    first.get_or_insert((start, length));
                    start += length;
                }
                None => start += 1,
            }
        }
        let (start, length) = first?;
        let run: Vec<_> = pieces[start..start + length]
            .iter()
            .map(|piece| piece.text)
            .collect();
        let person = Person::new(PersonBy::Name, &run.join(" "));
        let mut tiers = vec![one_of("name", &named.same)];
        if !named.fitting.is_empty() {
            tiers.push(one_of("name", &named.fitting));
        }
        Some(LookUp::Found(person, Plan::of_people(tiers)))
    }

    /// The first name that is asked for and that no document has.
    pub(super) fn name_of_nobody(&self, understood: &Understanding) -> Option<Nobody> {
        let Knowledge {
            understander,
            people,
        } = self.knowledge;
        let has_names = people.iter().any(|people| people.has_names());
        if !has_names || pieces(read_part(self.query)).len() > MAX_PIECES {
            return None;
        }
        let mut names = understood.possible_names.iter();
        names.find_map(|name| {
            let asked = understander
                .dictionary()
                .person_name(name.text.as_str().into());
            let near = near_names(people, &asked);
            (name.is_clear || !near.is_empty()).then(|| no_person(&name.text, near))
        })
    }

    /// What looks like an id and is the whole text, but for a cue before it.
    fn unknown_id<'p>(&self, pieces: &[Piece<'p>]) -> Option<&'p str> {
        let (last, cue) = pieces.split_last()?;
        let cue: Vec<_> = cue.iter().map(|piece| piece.text).collect();
        let dictionary = self.knowledge.understander.dictionary();
        let has = |is: fn(&u8) -> bool| last.text.as_bytes().iter().any(is);
        let is_id = has(u8::is_ascii_digit)
            && has(u8::is_ascii_alphabetic)
            && (cue.is_empty() || dictionary.is_before_name(&cue.join(" ")));
        is_id.then_some(last.text)
    }

    fn contacts(&self) -> Contacts {
        let people = self.knowledge.people.iter().cloned();
        let indexes = self.corpora.iter().map(|corpus| Arc::clone(&corpus.index));
        Contacts(people.zip(indexes).collect())
    }
}

/// The look-up of who has one of the values in a field.
fn by_contact(person: Person, field: &str, values: Vec<Arc<str>>, near: Vec<String>) -> LookUp {
    if values.is_empty() {
        let nobody = no_person(&person.text, near);
        return LookUp::Nobody(Some(person), nobody);
    }
    LookUp::Found(person, Plan::of_people(vec![one_of(field, &values)]))
}

fn no_person(text: &str, nearest: Vec<String>) -> Nobody {
    Nobody {
        what: What::Person,
        text: text.to_owned(),
        nearest,
    }
}

fn one_of<'v>(field: &str, values: impl IntoIterator<Item = &'v Arc<str>>) -> Filter {
    is_one_of(field, values.into_iter().map(|value| text(value)).collect())
}

fn names_something(understood: &Understanding) -> bool {
    !understood.roles.is_empty()
        || !understood.places.is_empty()
        || !understood.shifts.is_empty()
        || !understood.certificates.is_empty()
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
