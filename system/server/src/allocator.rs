//! How soon the allocator returns freed memory to the system.

use tikv_jemalloc_ctl::{Access, AsName, Result, arenas};

/// Writes and merges free by the megabyte and then rest, and a server is judged by its memory:
/// with jemalloc's default of ten seconds, much of that would be memory that nothing uses.
const DECAY_MS: isize = 1000;

/// Returns freed memory within a second, in all arenas that exist or are created later.
///
/// # Errors
/// When jemalloc rejects the setting.
pub fn configure() -> Result<()> {
    "arenas.dirty_decay_ms\0".name().write(DECAY_MS)?;
    for arena in 0..arenas::narenas::read()? {
        let is_initialized = format!("arena.{arena}.initialized\0").name().read()?;
        if is_initialized {
            let decay = format!("arena.{arena}.dirty_decay_ms\0");
            decay.name().write(DECAY_MS)?;
        }
    }
    Ok(())
}
