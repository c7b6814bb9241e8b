//! The review: asks about each group and each change, and stores what is accepted at once.

use std::io::{self, BufRead, Write};

use lakehouse_rig::error::Error;

use super::alike::{self, Item};
use super::ask::{ALIKE, Choice, Dialogue, EACH, EDIT, Keys, SINGLE};
use super::pins::PinEdit;
use super::propose::{Edit, Proposal};
use super::store::Store;
use crate::ledger::entry::{Grounds, entries};
use crate::outcome::SurfaceCoverage;
use crate::report::both_answers;
use crate::report::group::DifferenceGroup;

/// Characters of a value in the full form.
const MAX_VALUE: usize = 2_000;

/// A review in progress.
pub(super) struct Review<'a, R, W> {
    pub(super) dialogue: Dialogue<'a, R, W>,
    pub(super) store: Store<'a>,
    /// Questions asked so far.
    asked: usize,
    /// All questions.
    total: usize,
    has_quit: bool,
    /// Accepted differences.
    pub(super) accepted: usize,
    /// Changed and deleted entries.
    pub(super) edited: usize,
    /// Surfaces with a new coverage.
    pub(super) covered: usize,
    /// Differences and changes that were not accepted.
    pub(super) left: usize,
}

impl<'a, R: BufRead, W: Write> Review<'a, R, W> {
    pub(super) fn new(dialogue: Dialogue<'a, R, W>, store: Store<'a>) -> Review<'a, R, W> {
        Review {
            dialogue,
            store,
            asked: 0,
            total: 0,
            has_quit: false,
            accepted: 0,
            edited: 0,
            covered: 0,
            left: 0,
        }
    }

    /// Sets the number of questions that follow.
    pub(super) fn expect(&mut self, following: usize) {
        self.total = self.asked + following;
    }

    /// Asks about a group.
    pub(super) fn group(&mut self, group: &DifferenceGroup<'_>) -> Result<(), Error> {
        let items = alike::items(group);
        let count = group.differences();
        if self.has_quit {
            self.left += count;
            return Ok(());
        }
        let shown = alike::shown(group, &items);
        self.dialogue.show(&shown).map_err(failed)?;
        let number = self.number();
        let (question, keys) = match count {
            1 => (format!("[{number}] accept it?"), SINGLE),
            _ if items.len() == 1 => (format!("[{number}] accept {count} alike?"), SINGLE),
            _ => (format!("[{number}] accept {count} alike?"), ALIKE),
        };
        let before = self.accepted;
        let grounds = match self.choose(&question, keys, &items)? {
            Choice::Each => {
                self.each(&number, &items)?;
                None
            }
            Choice::Yes => self.grounds()?,
            _ => None,
        };
        if let Some(grounds) = grounds {
            self.put(&self.store.pins()?, &[(items, grounds)])?;
            self.accepted += count;
        }
        self.left += count - (self.accepted - before);
        Ok(())
    }

    /// Asks about each difference of a group. Accepted ones share entries where possible.
    fn each(&mut self, number: &str, items: &[Item<'_>]) -> Result<(), Error> {
        let before = self.store.pins()?;
        let mut accepted: Vec<(Vec<Item<'_>>, Grounds)> = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let shown = item.shown(MAX_VALUE);
            self.dialogue.show(&shown).map_err(failed)?;
            let question = format!("[{number} · {}/{}] accept it?", index + 1, items.len());
            let choice = self.choose(&question, EACH, std::slice::from_ref(item))?;
            let now = match choice {
                Choice::Yes => std::slice::from_ref(item),
                Choice::All => &items[index..],
                Choice::Skip | Choice::Quit => break,
                _ => continue,
            };
            let Some(grounds) = self.grounds()? else {
                break;
            };
            self.accepted += now.iter().map(|item| item.differences.len()).sum::<usize>();
            match accepted.iter_mut().find(|(_, known)| *known == grounds) {
                Some((items, _)) => items.extend_from_slice(now),
                None => accepted.push((now.to_vec(), grounds)),
            }
            self.put(&before, &accepted)?;
            if choice == Choice::All {
                break;
            }
        }
        Ok(())
    }

    /// Asks about a change of a file.
    pub(super) fn change(
        &mut self,
        proposal: &Proposal,
        coverage: &[SurfaceCoverage],
    ) -> Result<(), Error> {
        if self.has_quit {
            self.left += 1;
            return Ok(());
        }
        let shown = format!("\n{}\n\n", proposal.shown.trim_end());
        self.dialogue.show(&shown).map_err(failed)?;
        let question = format!("[{}] {}", self.number(), proposal.question);
        let choice = self.choose(&question, EDIT, &[])?;
        let reason = match (choice, &proposal.edit) {
            (Choice::Yes, Edit::Delete { .. } | Edit::Coverage { loses: false, .. }) => {
                Some(String::new())
            }
            (Choice::Yes, Edit::Change { reason, .. }) => self.reason(reason)?,
            (Choice::Yes, Edit::Coverage { .. }) => self.reason("")?,
            _ => None,
        };
        let Some(reason) = reason else {
            self.left += 1;
            return Ok(());
        };
        if let Edit::Coverage { surface, .. } = &proposal.edit {
            if let Some(now) = coverage.iter().find(|now| now.surface == *surface) {
                self.store.put_coverage(now, &reason)?;
                self.covered += 1;
            }
        } else if let Some(edit) = proposal.edit.of_pins(reason) {
            self.store.put_pins(&self.store.pins()?, &[edit])?;
            self.edited += 1;
        }
        Ok(())
    }

    /// Writes the entries for these differences after the others of `before`.
    fn put(&mut self, before: &str, accepted: &[(Vec<Item<'_>>, Grounds)]) -> Result<(), Error> {
        let mut edits = Vec::new();
        for (items, grounds) in accepted {
            for entry in entries(items.iter().flat_map(Item::pairs)) {
                edits.push(PinEdit::Add(entry.toml(grounds, self.store.today)));
            }
        }
        self.store.put_pins(before, &edits)
    }

    /// Asks, and shows both answers on request.
    fn choose(&mut self, question: &str, keys: &Keys, items: &[Item<'_>]) -> Result<Choice, Error> {
        loop {
            let choice = self.dialogue.choose(question, keys).map_err(failed)?;
            if choice != Choice::Diff {
                self.has_quit |= choice == Choice::Quit;
                return Ok(choice);
            }
            let mut text = String::from("\n");
            for item in items {
                text.push_str(&item.shown(MAX_VALUE));
            }
            if let Some(item) = items.first() {
                text.push_str(&format!("\nboth answers to {}\n", item.case.case));
                text.push_str(&both_answers(item.case));
            }
            self.dialogue.show(&text).map_err(failed)?;
        }
    }

    fn grounds(&mut self) -> Result<Option<Grounds>, Error> {
        let grounds = self.dialogue.grounds().map_err(failed)?;
        self.has_quit |= grounds.is_none();
        Ok(grounds)
    }

    fn reason(&mut self, default: &str) -> Result<Option<String>, Error> {
        let reason = self.dialogue.reason(default).map_err(failed)?;
        self.has_quit |= reason.is_none();
        Ok(reason)
    }

    /// `1/6`.
    fn number(&mut self) -> String {
        self.asked += 1;
        format!("{}/{}", self.asked, self.total)
    }
}

pub(super) fn failed(error: io::Error) -> Error {
    Error::io("ask on", "the terminal".as_ref(), error)
}
