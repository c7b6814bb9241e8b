//! Exit codes of the binary. A server that is stopped ends with [`OK`], even when requests that
//! were still running had to be given up.

/// Success.
pub const OK: u8 = 0;
/// A failure that none of the codes below describes.
pub const FAILED: u8 = 1;
/// A wrong command line (clap's own code).
pub const USAGE: u8 = 2;
/// A wrong configuration.
pub const CONFIG: u8 = 3;
/// A wrong roster file.
pub const ROSTER: u8 = 4;
/// An address that cannot be listened on.
pub const BIND: u8 = 5;
/// Documents that the service rejected.
pub const REJECTED: u8 = 6;
/// A service that cannot be reached, failed, or rejected the corpus.
pub const SERVICE: u8 = 7;
/// A data folder that cannot be opened, or an index that cannot be repaired.
pub const DATA: u8 = 8;

/// Every code with its meaning, for `--help`.
pub const MEANINGS: [(u8, &str); 9] = [
    (OK, "success"),
    (FAILED, "failure of another kind"),
    (USAGE, "the command line is wrong"),
    (
        CONFIG,
        "the configuration is wrong: a file, a key or a value",
    ),
    (ROSTER, "the roster file cannot be read or is wrong"),
    (BIND, "`serve` cannot listen on the address"),
    (
        REJECTED,
        "`ingest` sent everything, and the service rejected some lines",
    ),
    (
        SERVICE,
        "`ingest` cannot reach the service, or the service failed or rejected the corpus",
    ),
    (
        DATA,
        "the data folder cannot be opened, or another process uses it; an index cannot be repaired",
    ),
];
