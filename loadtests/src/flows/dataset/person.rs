//! People of the roster and their shifts.

use std::sync::Arc;

use anyhow::Result;
use jiff::civil::{Date, DateTime, Time};

use super::Demand;
use crate::flows::request::Place;

/// A person of the roster.
#[derive(Debug)]
pub struct Person {
    /// Unique id.
    pub id: Arc<str>,
    /// First and last name.
    pub name: Box<str>,
    /// City of work.
    pub city: Arc<str>,
    /// The city's state.
    pub state: Arc<str>,
    /// Phone number.
    pub phone: Box<str>,
    /// Email address.
    pub email: Box<str>,
    /// Roles, the main one first.
    pub roles: Box<[Arc<str>]>,
    /// Whether the person may still be placed.
    pub active: bool,
    pub(super) excluded_clients: Box<[Arc<str>]>,
    pub(super) bookings: Box<[Shift]>,
    /// Index of the corpus with the person's document.
    pub(super) corpus: Option<u16>,
}

/// A period of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// Start of the shift.
    pub begins: DateTime,
    /// End of the shift, on the next day if the end time is not after the start time.
    pub ends: DateTime,
}

impl Person {
    /// Whether the person's document has this role and city.
    pub fn is_of(&self, place: &Place) -> bool {
        self.roles.first() == Some(&place.role) && self.city == place.city
    }

    /// Whether the person could fill the demand, bookings aside.
    pub fn suits(&self, demand: &Demand) -> bool {
        self.active
            && self.is_of(&demand.place)
            && self.state == demand.state
            && !self.excluded_clients.contains(&demand.client)
    }

    /// Whether no booking overlaps the shift.
    pub fn is_free(&self, shift: &Shift) -> bool {
        let overlaps = |booked: &Shift| booked.begins < shift.ends && shift.begins < booked.ends;
        !self.bookings.iter().any(overlaps)
    }

    /// First name.
    pub fn first_name(&self) -> &str {
        self.name.split(' ').next().unwrap_or(&self.name)
    }
}

impl Shift {
    /// Creates the shift that starts on `date`.
    pub fn new(date: Date, start: Time, end: Time) -> Result<Self> {
        let last = if end > start { date } else { date.tomorrow()? };
        Ok(Self {
            begins: date.to_datetime(start),
            ends: last.to_datetime(end),
        })
    }

    /// Start date, `YYYY-MM-DD`.
    pub fn date(&self) -> String {
        self.begins.date().to_string()
    }

    /// Start time, `HH:MM`.
    pub fn start(&self) -> String {
        self.begins.strftime("%H:%M").to_string()
    }

    /// End time, `HH:MM`.
    pub fn end(&self) -> String {
        self.ends.strftime("%H:%M").to_string()
    }
}
