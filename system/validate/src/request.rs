//! The body of `POST /v1/validate`.

use lakehouse_json::{FieldError, Fields, Json, Object};

use crate::{Context, Kind};

/// A request to validate an artifact.
#[derive(Debug, Clone)]
pub struct ValidateRequest<'j, 'a> {
    /// The kind of the artifact.
    pub kind: Kind,
    /// The artifact, any value.
    pub artifact: &'j Json<'a>,
    /// The work that the artifact is for.
    pub context: Context,
}

impl<'j, 'a> ValidateRequest<'j, 'a> {
    /// Reads a request body.
    ///
    /// # Errors
    /// The first unacceptable field; the context's members are checked last.
    pub fn read(body: &'j Object<'a>) -> Result<Self, FieldError> {
        let fields = Fields::new(body).only(&["kind", "artifact", "context"])?;
        let kind = fields.required("kind", Kind::MUST_BE, |v| Kind::parse(v.as_str()?))?;
        let artifact = fields.required("artifact", "any value", Some)?;
        let context = fields.optional("context", "an object", Json::as_object)?;
        Ok(Self {
            kind,
            artifact,
            context: Context::read(context)?,
        })
    }
}
