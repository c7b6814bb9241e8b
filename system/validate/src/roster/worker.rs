//! One worker.

use std::borrow::Cow;
use std::sync::Arc;

use lakehouse_base::same_text;
use lakehouse_json::{FieldError, Fields, Json, Object};

use super::shared::SharedTexts;
use super::{NAME_LENGTHS, Shift, name_words};
use crate::address::{is_email, phone_digits};

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

    pub(super) fn id(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(&self.worker_id))
    }

    /// The email address, when it is valid.
    pub(super) fn email_address(&self) -> Option<Cow<'_, str>> {
        is_email(&self.email).then_some(Cow::Borrowed(&self.email))
    }

    /// The digits of the phone number, when it has ten.
    pub(super) fn ten_digits(&self) -> Option<Cow<'_, str>> {
        phone_digits(&self.phone)
            .filter(|digits| digits.len() == 10)
            .map(Cow::Owned)
    }

    /// The words of the name joined by spaces, when their number is one of [`NAME_LENGTHS`].
    pub(super) fn full_name(&self) -> Option<Cow<'_, str>> {
        let words: Vec<_> = name_words(&self.name).collect();
        NAME_LENGTHS
            .contains(&words.len())
            .then(|| Cow::Owned(words.join(" ")))
    }
}

fn strings(json: &Json<'_>, shared: &mut SharedTexts) -> Option<Box<[Arc<str>]>> {
    let texts = json.as_array()?.iter();
    texts
        .map(|text| text.as_str().map(|text| shared.share(text)))
        .collect()
}
