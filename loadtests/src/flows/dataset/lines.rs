//! The members of a corpus's files that the checks need.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use jiff::civil::{Date, Time};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Demand, Person, Shift};
use crate::flows::request::Place;

/// Calls `each` with every line of a JSON Lines file.
pub(super) fn lines<T: DeserializeOwned>(
    path: &Path,
    mut each: impl FnMut(T) -> Result<()>,
) -> Result<()> {
    let context = || {
        format!(
            "cannot read `{}`; `cargo xtask corpus` writes it",
            path.display()
        )
    };
    let mut reader = BufReader::new(File::open(path).with_context(context)?);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if reader.read_until(b'\n', &mut line).with_context(context)? == 0 {
            break;
        }
        let read = serde_json::from_slice(&line).map_err(anyhow::Error::from);
        let result = read.and_then(&mut each);
        result.with_context(|| format!("line {number} of `{}`", path.display()))?;
    }
    Ok(())
}

/// Keeps one copy of texts that many people share.
#[derive(Default)]
pub(super) struct Interner(HashSet<Arc<str>>);

impl Interner {
    pub(super) fn intern(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let text: Arc<str> = Arc::from(text);
        self.0.insert(text.clone());
        text
    }
}

#[derive(Deserialize)]
pub(super) struct RosterLine {
    worker_id: Box<str>,
    name: Box<str>,
    city: String,
    state: String,
    phone: Box<str>,
    email: Box<str>,
    roles: Vec<String>,
    active: bool,
    #[serde(default)]
    excluded_clients: Vec<String>,
    #[serde(default)]
    bookings: Vec<BookingLine>,
}

#[derive(Deserialize)]
struct BookingLine {
    date: Date,
    start: String,
    end: String,
}

impl RosterLine {
    pub(super) fn into_person(self, interner: &mut Interner) -> Result<Person> {
        let bookings = self.bookings.into_iter().map(|booking| {
            let time = |text: &str| Time::strptime("%H:%M", text);
            Shift::new(booking.date, time(&booking.start)?, time(&booking.end)?)
        });
        Ok(Person {
            id: self.worker_id.into(),
            name: self.name,
            city: interner.intern(&self.city),
            state: interner.intern(&self.state),
            phone: self.phone,
            email: self.email,
            roles: self
                .roles
                .iter()
                .map(|role| interner.intern(role))
                .collect(),
            active: self.active,
            excluded_clients: self
                .excluded_clients
                .iter()
                .map(|client| interner.intern(client))
                .collect(),
            bookings: bookings.collect::<Result<_>>()?,
            corpus: None,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct DocumentLine {
    pub(super) id: String,
    pub(super) metadata: Metadata,
}

#[derive(Deserialize)]
pub(super) struct Metadata {
    pub(super) role: String,
    pub(super) city: String,
}

#[derive(Deserialize)]
pub(super) struct QueryLine {
    text: Box<str>,
    role: String,
    client: String,
    city: String,
    state: String,
}

impl QueryLine {
    pub(super) fn into_demand(self, interner: &mut Interner) -> Demand {
        Demand {
            text: self.text,
            place: Place {
                role: interner.intern(&self.role),
                city: interner.intern(&self.city),
            },
            state: interner.intern(&self.state),
            client: interner.intern(&self.client),
        }
    }
}
