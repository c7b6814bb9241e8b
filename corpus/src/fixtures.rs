//! The roles, cities and clients of `fixtures/corpus/*.toml`, built into the program.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::natural::{Names, Natural};
use crate::random::{Random, weighted};

/// Factor on the weight of a role in a city that leans to its industry.
const LEAN: u32 = 4;

/// A branch of trade: each role and each client has one, and cities lean to some.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Industry {
    Logistics,
    Manufacturing,
    Construction,
    Food,
    Facilities,
    Office,
    Health,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) plural: String,
    pub(crate) industry: Industry,
    weight: u32,
    /// Lowest and highest pay, in dollars per hour.
    pub(crate) rate: [u32; 2],
    pub(crate) skills: Vec<String>,
    /// Percentage of people who hold each certification.
    pub(crate) certifications: BTreeMap<String, u32>,
    /// Roles in which the same person may also work.
    pub(crate) related: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct City {
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) area_codes: Vec<u32>,
    weight: u32,
    leans: Vec<Industry>,
}

impl City {
    fn lean(&self, industry: Industry) -> u32 {
        if self.leans.contains(&industry) {
            LEAN
        } else {
            1
        }
    }
}

/// The names of an industry's clients.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Trade {
    pub(crate) industry: Industry,
    weight: u32,
    pub(crate) words: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Fixtures {
    roles: Vec<Role>,
    cities: Vec<City>,
    trades: Vec<Trade>,
    /// First words of clients' names.
    pub(crate) heads: Vec<String>,
    /// The words of people who describe themselves.
    pub(crate) natural: Natural,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RolesFile {
    role: Vec<Role>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CitiesFile {
    city: Vec<City>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClientsFile {
    heads: Vec<String>,
    trade: Vec<Trade>,
}

macro_rules! built_in {
    ($name:literal) => {
        parse(
            $name,
            include_str!(concat!("../../fixtures/corpus/", $name)),
        )
    };
}

impl Fixtures {
    /// Parses the built-in files.
    ///
    /// # Errors
    /// A file does not parse or is inconsistent.
    pub(crate) fn load() -> Result<Self> {
        let roles: RolesFile = built_in!("roles.toml")?;
        let cities: CitiesFile = built_in!("cities.toml")?;
        let clients: ClientsFile = built_in!("clients.toml")?;
        let natural: Natural = built_in!("natural.toml")?;
        let fixtures = Self {
            roles: roles.role,
            cities: cities.city,
            trades: clients.trade,
            heads: clients.heads,
            natural,
        };
        fixtures.check()?;
        fixtures.natural.check(&fixtures.names())?;
        Ok(fixtures)
    }

    /// A random city, optionally weighted by its lean to an industry.
    pub(crate) fn city(&self, industry: Option<Industry>, random: &mut Random) -> &City {
        weighted(random, &self.cities, |city| {
            city.weight * industry.map_or(1, |industry| city.lean(industry))
        })
    }

    /// A random role, weighted by its frequency in the city.
    pub(crate) fn role(&self, city: &City, random: &mut Random) -> &Role {
        weighted(random, &self.roles, |role| {
            role.weight * city.lean(role.industry)
        })
    }

    /// Up to `count` distinct roles of an industry, weighted by their frequency.
    pub(crate) fn roles(
        &self,
        industry: Industry,
        count: usize,
        random: &mut Random,
    ) -> Vec<&Role> {
        let mut left: Vec<&Role> = self
            .roles
            .iter()
            .filter(|role| role.industry == industry)
            .collect();
        let mut chosen = Vec::new();
        while chosen.len() < count && !left.is_empty() {
            let role = *weighted(random, &left, |role| role.weight);
            left.retain(|other| !std::ptr::eq(*other, role));
            chosen.push(role);
        }
        chosen
    }

    pub(crate) fn trade(&self, random: &mut Random) -> &Trade {
        weighted(random, &self.trades, |trade| trade.weight)
    }

    fn names(&self) -> Names<'_> {
        let roles = self.roles.iter();
        let certifications = roles.clone().flat_map(|role| role.certifications.keys());
        let cities = self.cities.iter();
        Names {
            roles: roles.map(|role| role.name.as_str()).collect(),
            certifications: certifications.map(String::as_str).collect(),
            cities: cities
                .map(|city| (city.name.as_str(), city.state.as_str()))
                .collect(),
        }
    }

    fn check(&self) -> Result<()> {
        let mut names = BTreeSet::new();
        for role in &self.roles {
            let name = &role.name;
            ensure!(names.insert(name), "role `{name}` is listed twice");
            ensure!(
                role.weight > 0 && role.skills.len() >= 2 && role.rate[0] < role.rate[1],
                "role `{name}` needs a weight, two skills and a rising rate"
            );
            ensure!(
                role.certifications
                    .values()
                    .all(|share| (1..=100).contains(share)),
                "role `{name}` has a certification whose share is not 1 to 100 percent"
            );
            ensure!(
                !role.related.is_empty(),
                "role `{name}` needs a related role"
            );
        }
        for Role { name, related, .. } in &self.roles {
            for other in related {
                ensure!(
                    other != name && names.contains(other),
                    "role `{name}` is related to `{other}`, which is not another role"
                );
            }
        }
        let mut places = BTreeSet::new();
        for city in &self.cities {
            let City { name, state, .. } = city;
            ensure!(
                places.insert((name, state)),
                "city `{name}, {state}` is listed twice"
            );
            ensure!(
                city.weight > 0 && !city.area_codes.is_empty(),
                "city `{name}, {state}` needs a weight and an area code"
            );
        }
        for trade in &self.trades {
            let industry = trade.industry;
            ensure!(
                trade.weight > 0 && !trade.words.is_empty(),
                "trade `{industry:?}` needs a weight and words"
            );
            ensure!(
                self.roles.iter().any(|role| role.industry == industry),
                "trade `{industry:?}` has no role that its clients could request"
            );
        }
        ensure!(
            !(places.is_empty() || self.trades.is_empty() || self.heads.is_empty()),
            "there must be at least one city, one trade and one first word of a name"
        );
        Ok(())
    }
}

fn parse<T: DeserializeOwned>(name: &str, text: &str) -> Result<T> {
    toml::from_str(text).with_context(|| format!("cannot parse `fixtures/corpus/{name}`"))
}
