//! Properties of the crate for arbitrary inputs, and the loop with a scripted model.

mod drafts;
mod extract_json;
mod iterate;
mod rules;
mod social_security;
mod support;
