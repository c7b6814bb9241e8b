//! The roster: who works for the house.
//!
//! A JSON Lines file, one [`Worker`] a line, held in memory with indexes by id, email address,
//! phone number and name, so that no check scans it.

mod index;
mod load;
mod worker;

pub use crate::shift::Shift;
pub use load::{RosterError, RosterFault};
pub use worker::Worker;

use crate::address::{is_email, phone_digits};
use index::Index;
use std::borrow::Cow;

/// The workers, in the file's order.
#[derive(Debug, Default)]
pub struct Roster {
    workers: Vec<Worker>,
    ids: Index,
    emails: Index,
    phones: Index,
    names: Index,
    /// The first words of the names in `names`: most words of a text begin none.
    first_words: Index,
}

/// Who has the datum that was asked for.
pub(crate) enum Owner<'r> {
    /// Nobody, or the worker asked about along with others.
    NobodyElse,
    /// The first other worker in the roster's order.
    Other(&'r Worker),
}

impl Roster {
    /// Reads a roster file: JSON Lines, blank lines passed over.
    ///
    /// # Errors
    /// The first line that is not a worker.
    pub fn from_jsonl(bytes: &[u8]) -> Result<Self, RosterError> {
        load::workers(bytes).map(Self::new)
    }

    fn new(workers: Vec<Worker>) -> Self {
        let mut roster = Self::default();
        for (position, worker) in workers.iter().enumerate() {
            roster.ids.add(&worker.worker_id, position);
            if is_email(&worker.email) {
                roster.emails.add(&worker.email, position);
            }
            if let Some(digits) = phone_digits(&worker.phone).filter(|digits| digits.len() == 10) {
                roster.phones.add(&digits, position);
            }
            let words: Vec<_> = name_words(&worker.name).collect();
            if NAME_LENGTHS.contains(&words.len()) {
                roster.names.add(&words.join(" "), position);
                roster.first_words.add(&words[0], position);
            }
        }
        roster.workers = workers;
        roster
    }

    /// How many workers there are.
    pub fn len(&self) -> usize {
        self.workers.len()
    }

    /// Whether there is no worker.
    pub fn is_empty(&self) -> bool {
        self.workers.is_empty()
    }

    /// The worker of exactly that id.
    pub fn find(&self, worker_id: &str) -> Option<&Worker> {
        let positions = self.ids.positions(worker_id).iter();
        let mut candidates = positions.map(|position| &self.workers[*position]);
        candidates.find(|worker| worker.worker_id == worker_id)
    }

    /// Who has that email address, apart from `worker`.
    pub(crate) fn owner_of_email(&self, email: &str, worker: &Worker) -> Owner<'_> {
        self.owner(&self.emails, email, worker)
    }

    /// Who has the phone number of those ten digits, apart from `worker`.
    pub(crate) fn owner_of_phone(&self, digits: &str, worker: &Worker) -> Owner<'_> {
        self.owner(&self.phones, digits, worker)
    }

    /// Who has that id, in whatever case, apart from `worker`.
    pub(crate) fn owner_of_id(&self, id: &str, worker: &Worker) -> Owner<'_> {
        self.owner(&self.ids, id, worker)
    }

    /// Who is called by these words joined by spaces, apart from `worker`; nothing when there is
    /// no such name.
    pub(crate) fn owner_of_name(&self, name: &str, worker: &Worker) -> Option<Owner<'_>> {
        let known = !self.names.positions(name).is_empty();
        known.then(|| self.owner(&self.names, name, worker))
    }

    /// Whether a name begins with this word.
    pub(crate) fn has_name_beginning(&self, word: &str) -> bool {
        !self.first_words.positions(word).is_empty()
    }

    fn owner(&self, index: &Index, datum: &str, worker: &Worker) -> Owner<'_> {
        let mut owners = index.positions(datum).iter().map(|p| &self.workers[*p]);
        let first = owners.clone().next();
        let shared = owners.any(|owner| owner.worker_id == worker.worker_id);
        match first {
            Some(first) if !shared => Owner::Other(first),
            _ => Owner::NobodyElse,
        }
    }
}

/// How many words a name has that counts.
pub(crate) const NAME_LENGTHS: std::ops::RangeInclusive<usize> = 2..=4;

/// The words of a text as names have them: without the quotation marks around them, and without
/// the `'s` behind them.
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
