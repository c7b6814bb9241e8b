//! One worker.

use lakehouse_base::json::{FieldError, Fields, Json, Object};
use lakehouse_base::same_text;

use super::Shift;

/// A worker, as a line of the roster has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    /// Not empty, and nobody else's.
    pub worker_id: String,
    /// The full name.
    pub name: String,
    /// Where they live.
    pub city: String,
    /// The state of that city.
    pub state: String,
    /// As it was entered; need not be a phone number.
    pub phone: String,
    /// As it was entered; need not be an email address.
    pub email: String,
    /// What they work as.
    pub roles: Vec<String>,
    /// Whether they take work at present.
    pub active: bool,
    /// The clients they must not be sent to.
    pub excluded_clients: Vec<String>,
    /// The shifts they have.
    pub bookings: Vec<Shift>,
}

impl Worker {
    pub(super) fn read(object: &Object<'_>) -> Result<Self, FieldError> {
        let fields = Fields::new(object);
        let text = |name| fields.required(name, "a string", |v| v.as_str().map(str::to_owned));
        Ok(Self {
            worker_id: fields.required("worker_id", "a string that is not empty", |v| {
                v.as_str().filter(|id| !id.is_empty()).map(str::to_owned)
            })?,
            name: text("name")?,
            city: text("city")?,
            state: text("state")?,
            phone: text("phone")?,
            email: text("email")?,
            roles: fields.required("roles", "an array of strings", strings)?,
            active: fields.required("active", "a boolean", Json::as_bool)?,
            excluded_clients: fields
                .optional("excluded_clients", "an array of strings", strings)?
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
}

fn strings(json: &Json<'_>) -> Option<Vec<String>> {
    let texts = json.as_array()?.iter();
    texts.map(|text| text.as_str().map(str::to_owned)).collect()
}
