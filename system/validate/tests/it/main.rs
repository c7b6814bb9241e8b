//! Laws of the crate, put to arbitrary inputs, and the loop with a scripted model.

mod extract_json;
mod iterate;
mod readers;
mod session;
mod social_security;
mod support;
