//! A file in runs of whole lines.

use std::io::{self, BufRead};

/// A slice ends behind the line with which it has so many bytes…
const ENOUGH_BYTES: usize = 2 * 1024 * 1024;
/// …or so many lines, whichever is first.
const ENOUGH_LINES: u64 = 1000;

/// The slices of an input, in order.
pub(super) struct Slices<R> {
    input: R,
    next_line: u64,
}

/// Some whole lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slice {
    /// The number of the first one, counted from 1.
    pub(super) first_line: u64,
    /// How many there are.
    pub(super) lines: u64,
    /// All of them, with their line feeds; the last one of the input may lack its own.
    pub(super) bytes: Vec<u8>,
}

impl<R: BufRead> Slices<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            next_line: 1,
        }
    }

    /// The next slice; none when the input has ended.
    pub(super) fn next_slice(&mut self) -> io::Result<Option<Slice>> {
        let first_line = self.next_line;
        let mut bytes = Vec::new();
        let mut lines = 0;
        while lines < ENOUGH_LINES && bytes.len() < ENOUGH_BYTES {
            if self.input.read_until(b'\n', &mut bytes)? == 0 {
                break;
            }
            lines += 1;
        }
        self.next_line += lines;
        Ok((lines > 0).then_some(Slice {
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
    fn every_line_is_in_one_slice() {
        let mut input = b"a\n".repeat(1500);
        input.extend(b"b".repeat(3 << 20));
        input.extend(b"\nc");
        let mut slices = Slices::new(&input[..]);
        let mut seen = Vec::new();
        let mut joined = Vec::new();
        while let Some(slice) = slices.next_slice().unwrap() {
            seen.push((slice.first_line, slice.lines));
            joined.extend(slice.bytes);
        }
        assert_eq!(seen, [(1, 1000), (1001, 501), (1502, 1)]);
        assert!(joined == input);
        assert_eq!(Slices::new(&b""[..]).next_slice().unwrap(), None);
    }
}
