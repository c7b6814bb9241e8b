//! Answers that are JSON.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use lakehouse_json::{ArrayWriter, ObjectWriter};

/// A body that is JSON already, with status 200.
pub(crate) fn json(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// `{"name":count}` with status 200.
pub(crate) fn count(name: &str, count: usize) -> Response {
    json(format!("{{\"{name}\":{count}}}"))
}

/// `{"dropped":"name"}` with status 200; names have no character that is escaped.
pub(crate) fn dropped(name: &str) -> Response {
    json(format!("{{\"dropped\":\"{name}\"}}"))
}

/// A description with status 201 when what it describes is new, else 200.
pub(crate) fn made(is_new: bool, description: String) -> Response {
    let mut response = json(description);
    if is_new {
        *response.status_mut() = StatusCode::CREATED;
    }
    response
}

/// `{"name":[…]}` with status 200; the elements are JSON already.
pub(crate) fn list(name: &str, elements: impl Iterator<Item = String>) -> Response {
    let mut body = String::new();
    let mut object = ObjectWriter::new(&mut body);
    object.member(name, |out| {
        let mut array = ArrayWriter::new(out);
        for element in elements {
            array.element(|out| out.push_str(&element));
        }
        array.finish();
    });
    object.finish();
    json(body)
}
