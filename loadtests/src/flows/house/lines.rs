//! The lines of a corpus' files, as far as they are needed.

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

/// Reads a file of JSON lines, one after the other.
pub(super) fn lines<T: DeserializeOwned>(
    path: &Path,
    mut each: impl FnMut(T) -> Result<()>,
) -> Result<()> {
    let place = || {
        format!(
            "cannot read `{}`; `cargo xtask corpus` writes it",
            path.display()
        )
    };
    let mut reader = BufReader::new(File::open(path).with_context(place)?);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if reader.read_until(b'\n', &mut line).with_context(place)? == 0 {
            break;
        }
        let read = serde_json::from_slice(&line).map_err(anyhow::Error::from);
        let taken = read.and_then(&mut each);
        taken.with_context(|| format!("line {number} of `{}`", path.display()))?;
    }
    Ok(())
}

/// Texts that many people have in common, each kept once.
#[derive(Default)]
pub(super) struct Texts(HashSet<Arc<str>>);

impl Texts {
    pub(super) fn shared(&mut self, text: &str) -> Arc<str> {
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
    pub(super) fn into_person(self, texts: &mut Texts) -> Result<Person> {
        let bookings = self.bookings.into_iter().map(|booking| {
            let time = |text: &str| Time::strptime("%H:%M", text);
            Shift::new(booking.date, time(&booking.start)?, time(&booking.end)?)
        });
        Ok(Person {
            id: self.worker_id.into(),
            name: self.name,
            city: texts.shared(&self.city),
            state: texts.shared(&self.state),
            phone: self.phone,
            email: self.email,
            roles: self.roles.iter().map(|role| texts.shared(role)).collect(),
            active: self.active,
            excluded_clients: self
                .excluded_clients
                .iter()
                .map(|client| texts.shared(client))
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
    pub(super) fn into_demand(self, texts: &mut Texts) -> Demand {
        Demand {
            text: self.text,
            place: Place {
                role: texts.shared(&self.role),
                city: texts.shared(&self.city),
            },
            state: texts.shared(&self.state),
            client: texts.shared(&self.client),
        }
    }
}
