//! Demand: clients and their requests.
//!
//! It is clustered. A client has one or two cities and repeatedly asks for the same few roles there,
//! so that requests for unrelated roles differ in little else.

use std::collections::BTreeSet;

use fake::Fake;
use fake::faker::name::raw::LastName;
use fake::locales::EN;
use rand::RngExt;
use serde::Serialize;

use crate::Spec;
use crate::fixtures::{City, Fixtures, Role};
use crate::random::{Random, Stream, one, percent, random, some};

/// Start times of shifts; frequent ones are repeated.
const STARTS: [&str; 12] = [
    "05:00", "06:00", "06:00", "06:00", "07:00", "07:00", "08:00", "14:00", "14:30", "15:00",
    "18:00", "22:00",
];

/// Numbers of people in a request; frequent ones are repeated.
const COUNTS: [u32; 12] = [1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 8, 12];

/// A business that requests people.
pub(crate) struct Client<'f> {
    pub(crate) name: String,
    cities: Vec<&'f City>,
    roles: Vec<&'f Role>,
    starts: Vec<&'static str>,
}

impl<'f> Client<'f> {
    /// A random city of the client, and a random role.
    pub(crate) fn place(&self, random: &mut Random) -> (&'f City, &'f Role) {
        (*one(random, &self.cities), *one(random, &self.roles))
    }
}

/// The clients of a corpus, with distinct names.
pub(crate) fn clients<'f>(fixtures: &'f Fixtures, spec: &Spec) -> Vec<Client<'f>> {
    let mut random = random(spec.seed, Stream::Clients);
    let mut names = BTreeSet::new();
    let mut clients = Vec::new();
    while (clients.len() as u64) < spec.clients() {
        let client = client(fixtures, &mut random);
        if names.insert(client.name.clone()) {
            clients.push(client);
        }
    }
    clients
}

fn client<'f>(fixtures: &'f Fixtures, random: &mut Random) -> Client<'f> {
    let trade = fixtures.trade(random);
    let head = if percent(random, 60) {
        one(random, &fixtures.heads).clone()
    } else {
        LastName(EN).fake_with_rng(random)
    };
    let mut cities = vec![fixtures.city(Some(trade.industry), random)];
    if percent(random, 40) {
        let second = fixtures.city(Some(trade.industry), random);
        if !std::ptr::eq(second, cities[0]) {
            cities.push(second);
        }
    }
    let roles = random.random_range(3..=5u32) as usize;
    let starts = random.random_range(2..=3u32) as usize;
    Client {
        name: format!("{head} {}", one(random, &trade.words)),
        cities,
        roles: fixtures.roles(trade.industry, roles, random),
        starts: some(random, &STARTS, starts).into_iter().copied().collect(),
    }
}

/// A client's request.
#[derive(Serialize)]
pub(crate) struct Event<'c> {
    pub(crate) id: String,
    pub(crate) client: &'c str,
    pub(crate) city: &'c str,
    pub(crate) state: &'c str,
    pub(crate) role: &'c str,
    /// The role's plural.
    #[serde(skip)]
    pub(crate) plural: &'c str,
    pub(crate) count: u32,
    /// Start of the shift, `HH:MM`.
    pub(crate) at: &'static str,
}

/// An endless sequence of requests.
pub(crate) struct Demand<'c> {
    clients: &'c [Client<'c>],
    random: Random,
    number: u64,
}

impl<'c> Demand<'c> {
    pub(crate) fn new(clients: &'c [Client<'c>], seed: u64) -> Self {
        Self {
            clients,
            random: random(seed, Stream::Demand),
            number: 0,
        }
    }
}

impl<'c> Iterator for Demand<'c> {
    type Item = Event<'c>;

    fn next(&mut self) -> Option<Event<'c>> {
        self.number += 1;
        let random = &mut self.random;
        let client = one(random, self.clients);
        let (city, role) = client.place(random);
        Some(Event {
            id: format!("f-{}", self.number),
            client: &client.name,
            city: &city.name,
            state: &city.state,
            role: &role.name,
            plural: &role.plural,
            count: *one(random, &COUNTS),
            at: one::<&str>(random, &client.starts),
        })
    }
}
