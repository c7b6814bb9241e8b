//! A file of documents in batches of whole lines.

use std::io::{self, BufRead};

/// A batch ends with the line that reaches this many bytes…
const BATCH_BYTES: usize = 2 * 1024 * 1024;
/// …or this many lines, whichever is first.
const BATCH_LINES: u64 = 1000;

/// The batches of an input, in order. Each is small enough that progress is visible, that no
/// request exceeds a server's time limit, and that an error names a short range of lines.
pub struct Batches<R> {
    input: R,
    next_line: u64,
}

/// Some whole lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The number of the first one, counted from 1.
    pub first_line: u64,
    /// The number of lines.
    pub lines: u64,
    /// The lines with their line feeds; the last line of the input may lack its own.
    pub bytes: Vec<u8>,
}

impl<R: BufRead> Batches<R> {
    /// The batches of `input`.
    pub fn new(input: R) -> Self {
        Self {
            input,
            next_line: 1,
        }
    }

    /// The next batch; none when the input has ended.
    ///
    /// # Errors
    /// The input's error.
    pub fn next_batch(&mut self) -> io::Result<Option<Batch>> {
        let first_line = self.next_line;
        let mut bytes = Vec::new();
        let mut lines = 0;
        while lines < BATCH_LINES && bytes.len() < BATCH_BYTES {
            if self.input.read_until(b'\n', &mut bytes)? == 0 {
                break;
            }
            lines += 1;
        }
        self.next_line += lines;
        Ok((lines > 0).then_some(Batch {
            first_line,
            lines,
            bytes,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_in_one_batch() {
        let mut input = b"a\n".repeat(1500);
        input.extend(b"b".repeat(3 << 20));
        input.extend(b"\nc");
        let mut batches = Batches::new(&input[..]);
        let mut seen = Vec::new();
        let mut joined = Vec::new();
        while let Some(batch) = batches.next_batch().unwrap() {
            seen.push((batch.first_line, batch.lines));
            joined.extend(batch.bytes);
        }
        assert_eq!(seen, [(1, 1000), (1001, 501), (1502, 1)]);
        assert!(joined == input);
        assert_eq!(Batches::new(&b""[..]).next_batch().unwrap(), None);
    }
}
