//! `operations.md`: health and readiness.

use std::borrow::Cow;

use lakehouse_json::{Json, ObjectWriter};
use utoipa::openapi::{RefOr, Schema, Type};

use crate::{Components, Describe, Read, Write, describe::simple, object::response, words::words};

response! {
    /// The process runs.
    pub struct Health<'a> {
        /// Always `ok`.
        pub status: HealthStatus,
        /// The name of the service.
        pub service: &'a str,
        /// The version of the server.
        pub version: &'a str,
    }
}

words! {
    /// Whether the process runs.
    pub enum HealthStatus {
        /// It does.
        Ok = "ok",
    }
}

response! {
    /// Whether requests can be served.
    pub struct Readiness<'a> {
        /// Whether all checks passed.
        pub status: ReadinessStatus,
        /// Each check with its result.
        pub checks: Checks<'a>,
    }
}

words! {
    /// Whether requests can be served.
    pub enum ReadinessStatus {
        /// They can.
        Ready = "ready",
        /// A check failed.
        NotReady = "not_ready",
    }
}

/// Checks by name, each `ok` or what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checks<'a>(pub Vec<(&'a str, Cow<'a, str>)>);

impl<'a> Read<'a> for Checks<'a> {
    fn must_be() -> Cow<'static, str> {
        "an object of strings".into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        let members = json.as_object()?.members();
        let checks = members.map(|(name, result)| Some((name, result.as_str()?.into())));
        checks.collect::<Option<_>>().map(Self)
    }
}

impl Write for Checks<'_> {
    fn write(&self, out: &mut String) {
        let mut object = ObjectWriter::new(out);
        for (name, result) in &self.0 {
            object.string(name, result);
        }
        object.finish();
    }
}

impl Describe for Checks<'_> {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        simple(Type::Object)
            .additional_properties(Some(simple(Type::String)))
            .into()
    }
}
