//! The names of the sources.

/// The file that is read when none is named.
pub(super) const DEFAULT_FILE: &str = "lakehouse.toml";
/// The prefix of environment variables that are keys.
pub(super) const ENVIRONMENT: &str = "LAKEHOUSE_";
/// The name under which flags appear as a source.
pub(super) const FLAGS: &str = "flags";
