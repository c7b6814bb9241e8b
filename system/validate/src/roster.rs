//! The roster: who works for the house.
//!
//! A JSON Lines file, one [`Worker`] a line, held in memory with indexes by id, email address,
//! phone number and name, so that no check scans it.

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
    /// The first words of the names in `names`, their ASCII letters lowered: most words of a
    /// text begin none.
    first_words: HashSet<Box<str>>,
}

impl Default for Roster {
    fn default() -> Self {
        Self::new(Box::default())
    }
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
        let mut candidates = self.ids.find(worker_id, &self.workers);
        candidates.find(|worker| *worker.worker_id == *worker_id)
    }

    /// Who has that email address, apart from `worker`.
    pub(crate) fn owner_of_email(&self, email: &str, worker: &Worker) -> Owner<'_> {
        // Most words of a text are plainly no address, and none of those is in the index.
        let look_up = || self.owner(&self.emails, email, worker);
        let owner = email.contains('@').then(look_up).flatten();
        owner.unwrap_or(Owner::NobodyElse)
    }

    /// Who has the phone number of those ten digits, apart from `worker`.
    pub(crate) fn owner_of_phone(&self, digits: &str, worker: &Worker) -> Owner<'_> {
        let owner = self.owner(&self.phones, digits, worker);
        owner.unwrap_or(Owner::NobodyElse)
    }

    /// Who has that id, in whatever case, apart from `worker`.
    pub(crate) fn owner_of_id(&self, id: &str, worker: &Worker) -> Owner<'_> {
        let owner = self.owner(&self.ids, id, worker);
        owner.unwrap_or(Owner::NobodyElse)
    }

    /// Who is called by these words joined by spaces, apart from `worker`; nothing when there is
    /// no such name.
    pub(crate) fn owner_of_name(&self, name: &str, worker: &Worker) -> Option<Owner<'_>> {
        self.owner(&self.names, name, worker)
    }

    /// Whether a name begins with this word.
    pub(crate) fn has_name_beginning(&self, word: &str) -> bool {
        self.first_words.contains(&*lowered(word))
    }

    /// Nothing when nobody has the datum, not even `worker`, who is one of the roster's.
    fn owner(&self, index: &Index, datum: &str, worker: &Worker) -> Option<Owner<'_>> {
        let first = index.find(datum, &self.workers).next()?;
        Some(if index.has(worker, datum) {
            Owner::NobodyElse
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
