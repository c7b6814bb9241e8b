//! The roster of workers.
//!
//! A JSON Lines file with one [`Worker`] per line, held in memory with indexes by id, email
//! address, phone number and name, so that no check scans it.

mod index;
mod load;
mod shared;
mod worker;

pub use crate::shift::Shift;
pub use load::{RosterError, RosterFault, RosterLines};
pub use worker::Worker;

use index::{Index, lowered};
use std::borrow::Cow;
use std::collections::HashSet;

/// The workers, in the file's order.
#[derive(Debug)]
pub struct Roster {
    workers: Box<[Worker]>,
    ids: Index,
    emails: Index,
    phones: Index,
    names: Index,
    /// The first words of the names in `names`, in ASCII lower case. They rule out most words of
    /// a text as the start of a name.
    first_words: HashSet<Box<str>>,
}

impl Default for Roster {
    fn default() -> Self {
        Self::new(Box::default())
    }
}

/// The owner of a datum other than a given worker.
pub(crate) enum Owner<'r> {
    /// No worker has the datum, or the given one does, perhaps with others.
    NoOther,
    /// The first other worker in the roster's order.
    Other(&'r Worker),
}

impl Roster {
    /// Reads a roster file: JSON Lines. Skips blank lines.
    ///
    /// # Errors
    /// The first line that is not a worker.
    pub fn from_jsonl(bytes: &[u8]) -> Result<Self, RosterError> {
        let mut lines = RosterLines::default();
        for line in bytes.split(|b| *b == b'\n') {
            lines.add(line)?;
        }
        Ok(lines.finish())
    }

    fn new(workers: Box<[Worker]>) -> Self {
        Self {
            ids: Index::new(&workers, Worker::id),
            emails: Index::new(&workers, Worker::email_address),
            phones: Index::new(&workers, Worker::ten_digits),
            names: Index::new(&workers, Worker::full_name),
            first_words: first_words(&workers),
            workers,
        }
    }

    /// The number of workers.
    pub fn len(&self) -> usize {
        self.workers.len()
    }

    /// Whether there is no worker.
    pub fn is_empty(&self) -> bool {
        self.workers.is_empty()
    }

    /// The worker with exactly this id.
    pub fn find(&self, worker_id: &str) -> Option<&Worker> {
        let mut candidates = self.ids.find(worker_id, &self.workers);
        candidates.find(|worker| *worker.worker_id == *worker_id)
    }

    /// The owner of an email address other than `worker`.
    pub(crate) fn owner_of_email(&self, email: &str, worker: &Worker) -> Owner<'_> {
        // Most words of a text obviously are not addresses, and the index has none of them.
        let look_up = || self.owner(&self.emails, email, worker);
        let owner = email.contains('@').then(look_up).flatten();
        owner.unwrap_or(Owner::NoOther)
    }

    /// The owner of a phone number of ten digits other than `worker`.
    pub(crate) fn owner_of_phone(&self, digits: &str, worker: &Worker) -> Owner<'_> {
        let owner = self.owner(&self.phones, digits, worker);
        owner.unwrap_or(Owner::NoOther)
    }

    /// The owner of an id, ignoring case, other than `worker`.
    pub(crate) fn owner_of_id(&self, id: &str, worker: &Worker) -> Owner<'_> {
        let owner = self.owner(&self.ids, id, worker);
        owner.unwrap_or(Owner::NoOther)
    }

    /// The owner of a name, its words joined by spaces, other than `worker`; none when no worker
    /// has this name.
    pub(crate) fn owner_of_name(&self, name: &str, worker: &Worker) -> Option<Owner<'_>> {
        self.owner(&self.names, name, worker)
    }

    /// Whether a name starts with this word.
    pub(crate) fn has_name_starting_with(&self, word: &str) -> bool {
        self.first_words.contains(&*lowered(word))
    }

    /// None when no worker has the datum. `worker` is in the roster.
    fn owner(&self, index: &Index, datum: &str, worker: &Worker) -> Option<Owner<'_>> {
        let first = index.find(datum, &self.workers).next()?;
        Some(if index.has(worker, datum) {
            Owner::NoOther
        } else {
            Owner::Other(first)
        })
    }
}

fn first_words(workers: &[Worker]) -> HashSet<Box<str>> {
    let mut words = HashSet::new();
    for name in workers.iter().filter_map(Worker::full_name) {
        let first = name.split(' ').next().unwrap_or_default();
        let first = lowered(first);
        if !words.contains(&*first) {
            words.insert(first.into());
        }
    }
    words.shrink_to_fit();
    words
}

/// The numbers of words of the names that are searched for.
pub(crate) const NAME_LENGTHS: std::ops::RangeInclusive<usize> = 2..=4;

/// The words of a text in the form in which names have them: without quotation marks and without
/// a possessive `'s`.
pub(crate) fn name_words(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    text.split(|c| !is_in_word(c)).filter_map(|run| {
        let word = if run.contains(CURLY_APOSTROPHES) {
            Cow::Owned(run.replace(CURLY_APOSTROPHES, "'"))
        } else {
            Cow::Borrowed(run)
        };
        let bare = without_possessive(word.trim_matches(['\'', '-']));
        match word {
            _ if bare.is_empty() => None,
            Cow::Borrowed(_) if bare.len() == run.len() => Some(word),
            _ => Some(Cow::Owned(bare.to_owned())),
        }
    })
}

const CURLY_APOSTROPHES: [char; 2] = ['\u{2018}', '\u{2019}'];

fn is_in_word(c: char) -> bool {
    let is_mark = matches!(
        c,
        '\u{ab}' | '\u{bb}' | '\u{2010}'..='\u{2017}' | '\u{201a}'..='\u{201f}' | '\u{2026}'
    );
    c.is_ascii_alphabetic()
        || matches!(c, '\'' | '-')
        || (!c.is_ascii() && !is_mark && !lakehouse_base::is_white_space(c))
}

fn without_possessive(word: &str) -> &str {
    word.strip_suffix("'s")
        .or_else(|| word.strip_suffix("'S"))
        .unwrap_or(word)
}
