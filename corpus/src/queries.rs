//! Queries: fill events in a coordinator's words, in four styles.

use serde::Serialize;

use crate::demand::Event;
use crate::random::{Random, Stream, one, percent, random};

/// A style of queries.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum Style {
    Need,
    ClientFirst,
    Looking,
    Shorthand,
}

impl Style {
    const ALL: [Self; 4] = [
        Self::Need,
        Self::ClientFirst,
        Self::Looking,
        Self::Shorthand,
    ];

    /// The usual form, and its variants.
    fn forms(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Need => (
                "Need {count} {roles} in {city} {state} starting at {at} for {client}",
                &[
                    "Need {count}x {roles} in {city} {state} at {at} for {client}",
                    "Need {plural} in {city} {state} starting at {at} for {client}",
                    "Need {count} {roles} in {city}, {state} for {client}",
                ],
            ),
            Self::ClientFirst => (
                "{client} needs {count} {roles} in {city} {state} at {at}",
                &[
                    "{client} needs {count}x {roles} in {city} {state} at {at}",
                    "{client} needs {plural} in {city} {state}",
                    "{client} needs {count} {roles} in {city}, {state} from {at}",
                ],
            ),
            Self::Looking => (
                "Looking for {count} {roles} at {client} in {city} {state} for {at} shift",
                &[
                    "Looking for {plural} at {client} in {city} {state} for {at} shift",
                    "Looking for {count} {roles} at {client} in {city}, {state}",
                ],
            ),
            Self::Shorthand => (
                "{role} {city}",
                &["{role} {city} {state}", "{plural} {city}"],
            ),
        }
    }
}

/// A query, with the role and place that it asks for.
#[derive(Serialize)]
pub(crate) struct Query<'e> {
    event: &'e str,
    style: Style,
    text: String,
    role: &'e str,
    client: &'e str,
    city: &'e str,
    state: &'e str,
}

/// The generator of queries.
pub(crate) struct Queries {
    random: Random,
}

impl Queries {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            random: random(seed, Stream::Queries),
        }
    }

    /// A query for the event in each style.
    pub(crate) fn for_event<'e>(&mut self, event: &'e Event<'_>) -> [Query<'e>; 4] {
        Style::ALL.map(|style| Query {
            event: &event.id,
            style,
            text: self.words(style, event),
            role: event.role,
            client: event.client,
            city: event.city,
            state: event.state,
        })
    }

    fn words(&mut self, style: Style, event: &Event<'_>) -> String {
        let (usual, others) = style.forms();
        let form = if percent(&mut self.random, 60) {
            usual
        } else {
            *one(&mut self.random, others)
        };
        let text = fill_in(form, event);
        if percent(&mut self.random, 15) {
            text.to_lowercase()
        } else {
            text
        }
    }
}

fn fill_in(form: &str, event: &Event<'_>) -> String {
    let roles = if event.count == 1 {
        event.role
    } else {
        event.plural
    };
    form.replace("{count}", &event.count.to_string())
        .replace("{roles}", roles)
        .replace("{role}", event.role)
        .replace("{plural}", event.plural)
        .replace("{city}", event.city)
        .replace("{state}", event.state)
        .replace("{at}", event.at)
        .replace("{client}", event.client)
}
