//! The client with a scripted service.

mod errors;
mod requests;
mod service;
