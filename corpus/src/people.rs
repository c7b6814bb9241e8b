//! Supply: people whose skills, certifications and pay match their role.

mod own_words;
mod record;
mod sentence;

use fake::Fake;
use fake::faker::name::raw::{FirstName, LastName};
use fake::locales::EN;
use rand::RngExt;
use serde::Serialize;

use crate::Style;
use crate::demand::Client;
use crate::fixtures::{City, Fixtures, Role};
use crate::random::{Random, Stream, one, percent, random, some};
use own_words::OwnWords;

/// Percentage of people who live and work where a client asks for them.
const NEAR_A_CLIENT: u32 = 50;
const MAX_YEARS: u32 = 25;

/// A group of people with its own ids, addresses and random choices.
#[derive(Clone, Copy)]
pub(crate) enum Cohort {
    /// The open pool.
    Workers,
    /// Employees.
    Employees,
}

/// A person's usual shift.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Shift {
    Days,
    Nights,
    Weekends,
}

pub(crate) struct Person<'f> {
    id: String,
    name: String,
    email: String,
    phone: String,
    city: &'f City,
    role: &'f Role,
    /// Another role of the person.
    second_role: Option<&'f str>,
    skills: Vec<&'f str>,
    certifications: Vec<&'f str>,
    years: u32,
    /// Pay in quarters of a dollar per hour.
    rate: u32,
    shift: Shift,
    /// Whether the person also works at weekends.
    weekends: bool,
    /// Whether the person may still be placed.
    active: bool,
    /// Whether the person is looking for work.
    available: bool,
    excluded_clients: Vec<&'f str>,
    /// Booked days of May 2026.
    booked: Vec<u32>,
    /// Number of the wording that describes the person.
    wording: u32,
}

/// The endless sequence of a cohort's people.
pub(crate) struct People<'f> {
    fixtures: &'f Fixtures,
    clients: &'f [Client<'f>],
    cohort: Cohort,
    random: Random,
    number: u64,
}

impl<'f> People<'f> {
    pub(crate) fn new(
        fixtures: &'f Fixtures,
        clients: &'f [Client<'f>],
        cohort: Cohort,
        seed: u64,
    ) -> Self {
        let stream = match cohort {
            Cohort::Workers => Stream::Workers,
            Cohort::Employees => Stream::Employees,
        };
        Self {
            fixtures,
            clients,
            cohort,
            random: random(seed, stream),
            number: 0,
        }
    }

    fn place(&mut self) -> (&'f City, &'f Role) {
        let random = &mut self.random;
        if percent(random, NEAR_A_CLIENT) {
            return one(random, self.clients).place(random);
        }
        let city = self.fixtures.city(None, random);
        (city, self.fixtures.role(city, random))
    }
}

impl<'f> Iterator for People<'f> {
    type Item = Person<'f>;

    fn next(&mut self) -> Option<Person<'f>> {
        self.number += 1;
        let (city, role) = self.place();
        let random = &mut self.random;
        let first: &str = FirstName(EN).fake_with_rng(random);
        let last: &str = LastName(EN).fake_with_rng(random);
        let (prefix, domain) = match self.cohort {
            Cohort::Workers => (
                "w",
                *one(random, &["example.com", "example.net", "example.org"]),
            ),
            Cohort::Employees => ("e", "staff.example.com"),
        };
        // The lower of two draws, because most people have few years of experience.
        let years = random
            .random_range(0..=MAX_YEARS)
            .min(random.random_range(0..=MAX_YEARS));
        let shift = *one(
            random,
            &[Shift::Days, Shift::Days, Shift::Nights, Shift::Weekends],
        );
        let active = percent(random, 96);
        Some(Person {
            id: format!("{prefix}-{}", self.number),
            name: format!("{first} {last}"),
            email: format!(
                "{}.{}.{}@{domain}",
                address_part(first),
                address_part(last),
                self.number
            ),
            phone: phone(city, random),
            city,
            role,
            second_role: percent(random, 25).then(|| one(random, &role.related).as_str()),
            skills: skills(role, random),
            certifications: certifications(role, random),
            years,
            rate: rate(role, years, random),
            shift,
            weekends: shift == Shift::Weekends || percent(random, 25),
            active,
            available: active && percent(random, 80),
            excluded_clients: percent(random, 3)
                .then(|| one(random, self.clients).name.as_str())
                .into_iter()
                .collect(),
            booked: booked(shift, random),
            wording: random.random_range(0..sentence::WORDINGS),
        })
    }
}

/// Writes the texts of a cohort's people, in their order.
pub(crate) struct Descriptions<'f> {
    /// Only in the natural style.
    own_words: Option<OwnWords<'f>>,
}

impl<'f> Descriptions<'f> {
    pub(crate) fn new(fixtures: &'f Fixtures, cohort: Cohort, style: Style, seed: u64) -> Self {
        let stream = match cohort {
            Cohort::Workers => Stream::WorkersOwnWords,
            Cohort::Employees => Stream::EmployeesOwnWords,
        };
        let own_words = match style {
            Style::Plain => None,
            Style::Natural => Some(OwnWords::new(&fixtures.natural, random(seed, stream))),
        };
        Self { own_words }
    }

    pub(crate) fn describe(&mut self, person: &Person<'_>) -> String {
        match &mut self.own_words {
            None => sentence::describe(person),
            Some(words) => words.describe(person),
        }
    }
}

/// A name as part of an address: `O'Hara` becomes `ohara`.
fn address_part(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// One of the hundred numbers that each area reserves for fiction; people share them.
fn phone(city: &City, random: &mut Random) -> String {
    let area = one(random, &city.area_codes);
    format!("{area}-555-01{:02}", random.random_range(0..100u32))
}

fn skills<'f>(role: &'f Role, random: &mut Random) -> Vec<&'f str> {
    let count = random.random_range(2..=4u32) as usize;
    some(random, &role.skills, count)
        .into_iter()
        .map(String::as_str)
        .collect()
}

fn certifications<'f>(role: &'f Role, random: &mut Random) -> Vec<&'f str> {
    role.certifications
        .iter()
        .filter(|(_, share)| percent(random, **share))
        .map(|(name, _)| name.as_str())
        .collect()
}

/// Pay that rises with the years, plus up to a dollar; integers, which are the same on any machine.
fn rate(role: &Role, years: u32, random: &mut Random) -> u32 {
    let [lowest, highest] = role.rate.map(|dollars| dollars * 4);
    let earned = (highest - lowest) * years / MAX_YEARS;
    (lowest + earned + random.random_range(0..=4u32)).min(highest)
}

/// Up to two days in the fortnight from Monday, 4 May 2026.
fn booked(shift: Shift, random: &mut Random) -> Vec<u32> {
    const WEEKDAYS: [u32; 10] = [4, 5, 6, 7, 8, 11, 12, 13, 14, 15];
    const WEEKENDS: [u32; 4] = [9, 10, 16, 17];
    if !percent(random, 15) {
        return Vec::new();
    }
    let days: &[u32] = match shift {
        Shift::Days | Shift::Nights => &WEEKDAYS,
        Shift::Weekends => &WEEKENDS,
    };
    let count = random.random_range(1..=2u32) as usize;
    some(random, days, count).into_iter().copied().collect()
}
