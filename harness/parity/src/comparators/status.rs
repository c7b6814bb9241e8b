//! `body = "status"`: bodies are not compared.

use std::fmt;
use std::sync::Arc;

use lakehouse_rig::error::Error;

use super::{Body, Comparator, Form, Settings};

/// Ignores bodies.
#[derive(Debug)]
struct Status;

/// Creates the comparator, which has no keys.
pub(super) fn read(_: &Settings<'_>) -> Result<Arc<dyn Comparator>, Error> {
    Ok(Arc::new(Status))
}

impl Comparator for Status {
    fn form(&self) -> Form {
        Form::Ignored
    }

    fn read(&self, _: &[u8]) -> Body {
        Body::Ignored
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not at all, only its status")
    }
}
