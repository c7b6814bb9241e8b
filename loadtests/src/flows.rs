//! What coordinators do all day, each answer checked.
