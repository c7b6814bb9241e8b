//! One worker.

use std::sync::Arc;

use lakehouse_json::{FieldError, Fields, Json, Object};
use lakehouse_text::{fold, same_text};

use super::Shift;
use super::shared::SharedTexts;
use crate::address::{is_email, mailbox, number_of, phone_digits};
use crate::name;

/// A worker on a line of the roster. Workers share texts that repeat, such as cities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    /// The id, unique and not empty.
    pub worker_id: Box<str>,
    /// The full name.
    pub name: Box<str>,
    /// The city of residence.
    pub city: Arc<str>,
    /// The city's state.
    pub state: Arc<str>,
    /// The phone number as entered, possibly invalid.
    pub phone: Box<str>,
    /// The email address as entered, possibly invalid.
    pub email: Box<str>,
    /// The roles that the worker can fill.
    pub roles: Box<[Arc<str>]>,
    /// Whether the worker currently accepts work.
    pub active: bool,
    /// Clients that the worker must not be sent to.
    pub excluded_clients: Box<[Arc<str>]>,
    /// The shifts that the worker is booked for.
    pub bookings: Box<[Shift]>,
}

impl Worker {
    pub(super) fn read(object: &Object<'_>, shared: &mut SharedTexts) -> Result<Self, FieldError> {
        let fields = Fields::new(object);
        let text = |name| fields.required(name, "a string", |v| v.as_str().map(Box::from));
        let mut shared_text =
            |name| fields.required(name, "a string", |v| v.as_str().map(|t| shared.share(t)));
        Ok(Self {
            worker_id: fields.required("worker_id", "a string that is not empty", |v| {
                v.as_str().filter(|id| !id.is_empty()).map(Box::from)
            })?,
            name: text("name")?,
            city: shared_text("city")?,
            state: shared_text("state")?,
            phone: text("phone")?,
            email: text("email")?,
            roles: fields.required("roles", "an array of strings", |v| strings(v, shared))?,
            active: fields.required("active", "a boolean", Json::as_bool)?,
            excluded_clients: fields
                .optional("excluded_clients", "an array of strings", |v| {
                    strings(v, shared)
                })?
                .unwrap_or_default(),
            bookings: fields
                .optional("bookings", "an array of bookings", |v| {
                    v.as_array()?.iter().map(Shift::read).collect()
                })?
                .unwrap_or_default(),
        })
    }

    /// Whether the worker has a role.
    pub fn works_as(&self, role: &str) -> bool {
        self.roles.iter().any(|own| same_text(own, role))
    }

    /// The folded id.
    pub(super) fn id(&self) -> Vec<String> {
        vec![fold(&self.worker_id)]
    }

    /// The mailbox of the email address, when it is valid.
    pub(super) fn mailbox(&self) -> Vec<String> {
        let folded = is_email(&self.email).then(|| fold(&self.email));
        folded
            .iter()
            .map(|email| mailbox(email).into_owned())
            .collect()
    }

    /// The domain of the mailbox.
    pub(super) fn domain(&self) -> Option<Box<str>> {
        let mailbox = self.mailbox().pop()?;
        Some(mailbox.rsplit_once('@')?.1.into())
    }

    /// The number of the phone, when it is valid.
    pub(super) fn number(&self) -> Vec<String> {
        let digits = phone_digits(&self.phone);
        digits
            .iter()
            .map(|digits| number_of(digits).to_owned())
            .collect()
    }

    /// The keys of the name.
    pub(super) fn names(&self) -> Vec<String> {
        name::keys(&self.name)
    }
}

fn strings(json: &Json<'_>, shared: &mut SharedTexts) -> Option<Box<[Arc<str>]>> {
    let texts = json.as_array()?.iter();
    texts
        .map(|text| text.as_str().map(|text| shared.share(text)))
        .collect()
}
