//! The shapes of the contract.

mod filters;
mod requests;
mod responses;
mod session_log;

use jsonschema::Validator;
use lakehouse_wire::{Components, Describe};
use serde_json::{Value, json};

/// The schema of a shape, with the components that it refers to.
fn schema_of<T: Describe>() -> Value {
    let mut components = Components::default();
    let schema = serde_json::to_value(T::describe(&mut components)).unwrap();
    let schemas = serde_json::to_value(components.finish().unwrap()).unwrap();
    let mut whole = json!({ "components": { "schemas": schemas } });
    let members = whole.as_object_mut().unwrap();
    members.extend(schema.as_object().unwrap().clone());
    whole
}

fn validator_of<T: Describe>() -> Validator {
    jsonschema::draft202012::new(&schema_of::<T>()).unwrap()
}
