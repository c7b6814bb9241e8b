//! Exit codes of the binary. A server that was told to stop ends with [`OK`], whether or not every
//! request was answered in the time that it had.

/// Everything was done.
pub const OK: u8 = 0;
/// A failure that none of the codes below describes.
pub const FAILED: u8 = 1;
/// The command line is not understood (clap's own code).
pub const USAGE: u8 = 2;
/// The configuration is refused: a file, a key or a value is wrong.
pub const CONFIG: u8 = 3;
/// The roster file is refused.
pub const ROSTER: u8 = 4;
/// The address cannot be listened on.
pub const BIND: u8 = 5;
/// `ingest`: everything was sent, and some lines were refused.
pub const REFUSED: u8 = 6;
/// `ingest`: the service cannot be reached, or it failed or refused the corpus.
pub const SERVICE: u8 = 7;
/// The indexes below the data root cannot be opened: one is damaged, or another process has them.
pub const VECTORS: u8 = 8;
