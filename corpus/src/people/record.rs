//! A person as a document to ingest and as a roster entry.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Person, Shift};

/// `{"id","text","metadata"}`.
#[derive(Serialize)]
pub(crate) struct Document<'p> {
    id: &'p str,
    text: String,
    metadata: Metadata<'p>,
}

/// Scalars only, because filters take nothing else.
#[derive(Serialize)]
struct Metadata<'p> {
    name: &'p str,
    role: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    second_role: Option<&'p str>,
    city: &'p str,
    state: &'p str,
    skills: String,
    /// Members such as `cert_osha_10`, for the certifications that the person holds.
    #[serde(flatten)]
    certifications: BTreeMap<String, bool>,
    available: bool,
    shift: Shift,
    weekends: bool,
    years: u32,
    /// Dollars per hour.
    rate: f64,
    phone: &'p str,
    email: &'p str,
}

/// A line of the roster, in the format of `docs/contract/validate.md`.
#[derive(Serialize)]
pub(crate) struct RosterEntry<'p> {
    worker_id: &'p str,
    name: &'p str,
    city: &'p str,
    state: &'p str,
    phone: &'p str,
    email: &'p str,
    roles: Vec<&'p str>,
    active: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    excluded_clients: &'p [&'p str],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bookings: Vec<Booking>,
}

#[derive(Serialize)]
struct Booking {
    date: String,
    start: &'static str,
    end: &'static str,
}

impl Person<'_> {
    /// The person's document with a description as its text.
    pub(crate) fn document(&self, text: String) -> Document<'_> {
        Document {
            id: &self.id,
            text,
            metadata: Metadata {
                name: &self.name,
                role: &self.role.name,
                second_role: self.second_role,
                city: &self.city.name,
                state: &self.city.state,
                skills: self.skills.join(", "),
                certifications: self.certifications.iter().map(held).collect(),
                available: self.available,
                shift: self.shift,
                weekends: self.weekends,
                years: self.years,
                rate: f64::from(self.rate) / 4.0,
                phone: &self.phone,
                email: &self.email,
            },
        }
    }

    /// The person's roster entry.
    pub(crate) fn roster_entry(&self) -> RosterEntry<'_> {
        let roles = std::iter::once(self.role.name.as_str()).chain(self.second_role);
        RosterEntry {
            worker_id: &self.id,
            name: &self.name,
            city: &self.city.name,
            state: &self.city.state,
            phone: &self.phone,
            email: &self.email,
            roles: roles.collect(),
            active: self.active,
            excluded_clients: &self.excluded_clients,
            bookings: self.booked.iter().map(|day| self.booking(*day)).collect(),
        }
    }

    fn booking(&self, day: u32) -> Booking {
        let (start, end) = match self.shift {
            Shift::Days => ("06:00", "14:00"),
            Shift::Nights => ("22:00", "06:00"),
            Shift::Weekends => ("08:00", "16:00"),
        };
        Booking {
            date: format!("2026-05-{day:02}"),
            start,
            end,
        }
    }
}

/// The metadata member for a certification that is held, such as `cert_osha_10` for `OSHA 10`.
fn held(certification: &&str) -> (String, bool) {
    let key = certification
        .to_ascii_lowercase()
        .replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
    (format!("cert_{key}"), true)
}
