//! Reading what damaged segments still hold.

use std::fs;
use std::io;
use std::path::Path;

use super::record::{self, Header};
use super::segment;
use crate::LogError;

/// Passes every entry after `saved` that can be read to `apply`, in order, and returns descriptions
/// of the damage between them. Changes nothing. `apply` may reject an entry with a reason.
///
/// # Errors
/// [`LogError::Io`] when the folder cannot be listed.
pub fn salvage(
    folder: &Path,
    magic: [u8; 8],
    saved: u64,
    mut apply: impl FnMut(u64, &[u8]) -> Result<(), &'static str>,
) -> Result<Vec<String>, LogError> {
    let segments = match segment::list(folder) {
        Err(LogError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => Vec::new(),
        segments => segments?,
    };
    let mut damage = Vec::new();
    let mut next = saved + 1;
    for (at, segment) in segments.iter().enumerate() {
        let is_last = at + 1 == segments.len();
        let mut lose = |offset: usize, reason: &str| {
            let file = segment.path.display();
            damage.push(format!("`{file}` at byte {offset}: {reason}"));
        };
        let bytes = match fs::read(&segment.path) {
            Ok(bytes) => bytes,
            Err(error) => {
                lose(0, &error.to_string());
                continue;
            }
        };
        let Some(header) = Header::decode(&bytes, magic) else {
            let is_unfinished = is_last && bytes.iter().skip(Header::BYTES).all(|byte| *byte == 0);
            if !is_unfinished {
                lose(0, "its header is not valid, so none of it can be read");
            }
            continue;
        };
        let mut offset = Header::BYTES;
        while offset < bytes.len() {
            let Some(record) = record::read(&bytes, offset, &header) else {
                match record::next_after(&bytes, offset, &header) {
                    Some(later) => {
                        lose(offset, &format!("{} bytes are damaged", later - offset));
                        offset = later;
                        continue;
                    }
                    // The end of the last segment is an unfinished write.
                    None if is_last => {}
                    None => lose(offset, "the rest is damaged"),
                }
                break;
            };
            if record.first > next {
                lose(
                    offset,
                    &format!("entries {next} to {} are missing", record.first - 1),
                );
            }
            let entries = record.entries();
            if entries.is_none() {
                lose(offset, "a record has an unknown form");
            }
            for (number, entry) in (record.first..).zip(entries.into_iter().flatten()) {
                if number >= next {
                    if let Err(reason) = apply(number, entry) {
                        lose(offset, reason);
                    }
                    next = number + 1;
                }
            }
            offset = record.end;
        }
    }
    Ok(damage)
}
