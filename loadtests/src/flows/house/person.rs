//! Somebody who works for the house, and when.

use std::sync::Arc;

use anyhow::Result;
use jiff::civil::{Date, DateTime, Time};

use super::Demand;
use crate::flows::request::Place;

/// One of the roster.
#[derive(Debug)]
pub struct Person {
    /// Unique among all.
    pub id: Arc<str>,
    /// First and last name.
    pub name: Box<str>,
    /// Where they work.
    pub city: Arc<str>,
    /// Its state.
    pub state: Arc<str>,
    /// Phone number.
    pub phone: Box<str>,
    /// Email address.
    pub email: Box<str>,
    /// What they work as.
    pub roles: Box<[Arc<str>]>,
    /// Whether they are with the house still.
    pub active: bool,
    pub(super) excluded_clients: Box<[Arc<str>]>,
    pub(super) bookings: Box<[Shift]>,
    /// The corpus that has their document.
    pub(super) corpus: Option<u16>,
}

/// From when to when somebody works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// When it begins.
    pub begins: DateTime,
    /// When it ends; on the next day where the end is not later in the day.
    pub ends: DateTime,
}

impl Person {
    /// Whether their document says that they are of the place.
    pub fn is_of(&self, place: &Place) -> bool {
        self.roles.first() == Some(&place.role) && self.city == place.city
    }

    /// Whether they may be sent there, days aside.
    pub fn suits(&self, demand: &Demand) -> bool {
        self.active
            && self.is_of(&demand.place)
            && self.state == demand.state
            && !self.excluded_clients.contains(&demand.client)
    }

    /// Whether they have no other shift at the time.
    pub fn is_free(&self, shift: &Shift) -> bool {
        let overlaps = |booked: &Shift| booked.begins < shift.ends && shift.begins < booked.ends;
        !self.bookings.iter().any(overlaps)
    }

    /// What one calls them.
    pub fn first_name(&self) -> &str {
        self.name.split(' ').next().unwrap_or(&self.name)
    }
}

impl Shift {
    /// The shift of a day from one time to another.
    pub fn new(date: Date, start: Time, end: Time) -> Result<Self> {
        let last = if end > start { date } else { date.tomorrow()? };
        Ok(Self {
            begins: date.to_datetime(start),
            ends: last.to_datetime(end),
        })
    }

    /// Its day, as the contract has dates.
    pub fn date(&self) -> String {
        self.begins.date().to_string()
    }

    /// When it begins, `HH:MM`.
    pub fn start(&self) -> String {
        self.begins.strftime("%H:%M").to_string()
    }

    /// When it ends, `HH:MM`.
    pub fn end(&self) -> String {
        self.ends.strftime("%H:%M").to_string()
    }
}
