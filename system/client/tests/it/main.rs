//! The client against a scripted service.

mod errors;
mod requests;
mod service;
