//! Properties of the crate for arbitrary inputs, and the loop with a scripted model.

mod drafts;
mod entries;
mod extract_json;
mod fills;
mod hostile_bodies;
mod iterate;
mod messages;
mod rules;
mod social_security;
mod support;
