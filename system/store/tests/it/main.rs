//! The store: one suite over every implementation, and what is particular to each.

mod flaky;
mod key;
mod local;
mod open;
mod retry;
mod suite;

fn key(text: &str) -> lakehouse_store::Key {
    lakehouse_store::Key::parse(text).unwrap()
}
