//! One worker.

use std::borrow::Cow;
use std::sync::Arc;

use lakehouse_base::same_text;
use lakehouse_json::{FieldError, Fields, Json, Object};

use super::shared::SharedTexts;
use super::{NAME_LENGTHS, Shift, name_words};
use crate::address::{is_email, phone_digits};

/// A worker, as a line of the roster has them.
///
/// Texts that repeat from worker to worker are held once for all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    /// Not empty, and nobody else's.
    pub worker_id: Box<str>,
    /// The full name.
    pub name: Box<str>,
    /// Where they live.
    pub city: Arc<str>,
    /// The state of that city.
    pub state: Arc<str>,
    /// As it was entered; need not be a phone number.
    pub phone: Box<str>,
    /// As it was entered; need not be an email address.
    pub email: Box<str>,
    /// What they work as.
    pub roles: Box<[Arc<str>]>,
    /// Whether they take work at present.
    pub active: bool,
    /// The clients they must not be sent to.
    pub excluded_clients: Box<[Arc<str>]>,
    /// The shifts they have.
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

    /// Whether one of the roles is that one.
    pub fn works_as(&self, role: &str) -> bool {
        self.roles.iter().any(|own| same_text(own, role))
    }

    pub(super) fn id(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(&self.worker_id))
    }

    /// The email address, when it is one.
    pub(super) fn email_address(&self) -> Option<Cow<'_, str>> {
        is_email(&self.email).then_some(Cow::Borrowed(&self.email))
    }

    /// The digits of the phone number, when it has ten.
    pub(super) fn ten_digits(&self) -> Option<Cow<'_, str>> {
        phone_digits(&self.phone)
            .filter(|digits| digits.len() == 10)
            .map(Cow::Owned)
    }

    /// The words of the name joined by spaces, when there are as many as count.
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
