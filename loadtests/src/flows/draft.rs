//! The drafts that coordinators validate before they send them.
//!
//! Validators search texts for the names of other people. The texts therefore keep lowercase words
//! between names: a last name next to a client's name could read as another person.

use serde::Serialize;

use super::dataset::{Demand, Person, Shift};

/// The body of `POST /v1/validate`.
#[derive(Debug, Clone, Serialize)]
pub struct Draft<'a> {
    kind: &'static str,
    artifact: Artifact<'a>,
    context: Context<'a>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Artifact<'a> {
    Email {
        to: &'a str,
        subject: String,
        body: String,
        worker_id: &'a str,
    },
    Sms {
        to: &'a str,
        body: String,
        worker_id: &'a str,
    },
    Fill {
        fills: Vec<Fill<'a>>,
    },
}

#[derive(Debug, Clone, Serialize)]
struct Fill<'a> {
    worker_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Context<'a> {
    Worker {
        worker_id: &'a str,
    },
    Shift {
        count: usize,
        role: &'a str,
        city: &'a str,
        state: &'a str,
        client: &'a str,
        date: String,
        start: String,
        end: String,
    },
}

impl<'a> Draft<'a> {
    /// An email that offers a shift.
    pub fn email(person: &'a Person, demand: &Demand, shift: &Shift) -> Self {
        let Demand {
            place,
            state,
            client,
            ..
        } = demand;
        let (role, city, name) = (&place.role, &place.city, &person.name);
        let (date, start, end) = (shift.date(), shift.start(), shift.end());
        Self {
            kind: "email",
            artifact: Artifact::Email {
                to: &person.email,
                subject: format!("{role} shift at {client} in {city}, {state}"),
                body: format!(
                    "Hi {name},\n\nyou are on our list for {role} work. There is a shift at {client} \
                     in {city}, {state} on {date} from {start} to {end}.\n\nPlease answer by noon \
                     with yes or no.\n\nThanks,\nthe dispatch desk"
                ),
                worker_id: &person.id,
            },
            context: Context::Worker {
                worker_id: &person.id,
            },
        }
    }

    /// A text message.
    pub fn sms(person: &'a Person, body: String) -> Self {
        Self {
            kind: "sms",
            artifact: Artifact::Sms {
                to: &person.phone,
                body,
                worker_id: &person.id,
            },
            context: Context::Worker {
                worker_id: &person.id,
            },
        }
    }

    /// A proposal of people for a shift.
    pub fn fill(people: &[&'a Person], demand: &'a Demand, shift: &Shift) -> Self {
        let fills = people.iter().map(|person| Fill {
            worker_id: &person.id,
            name: Some(&person.name),
        });
        Self {
            kind: "fill",
            artifact: Artifact::Fill {
                fills: fills.collect(),
            },
            context: Context::Shift {
                count: people.len(),
                role: &demand.place.role,
                city: &demand.place.city,
                state: &demand.state,
                client: &demand.client,
                date: shift.date(),
                start: shift.start(),
                end: shift.end(),
            },
        }
    }

    /// Replaces the last worker of a fill by an id without a name.
    pub fn with_last(mut self, worker: &'a str) -> Self {
        if let Artifact::Fill { fills } = &mut self.artifact
            && let Some(last) = fills.last_mut()
        {
            *last = Fill {
                worker_id: worker,
                name: None,
            };
        }
        self
    }
}

/// A text message that offers a shift, in at most 160 characters.
pub fn shift_offer(person: &Person, demand: &Demand, shift: &Shift, phone: &str) -> String {
    let (name, start) = (person.first_name(), shift.start());
    let (role, city, day) = (
        &demand.place.role,
        &demand.place.city,
        shift.begins.strftime("%-m/%-d"),
    );
    format!(
        "Hi {name}, a {role} shift is open in {city} on {day} from {start}. Reply YES or call {phone}."
    )
}

/// A text message that contains a social security number.
pub(super) fn ssn_question(person: &Person, number: &str) -> String {
    let name = person.first_name();
    format!("Hi {name}, payroll has {number} on file for you. Reply YES if that is right.")
}
