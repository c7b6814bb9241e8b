//! Lines of bounded length.

use std::io::{self, BufRead, Read};

/// The lines of an input, each ended by a line feed or by the end of the input. A line longer than
/// the limit is skipped without being kept.
pub(super) struct Lines<R> {
    input: R,
    max_bytes: usize,
    line: Vec<u8>,
}

/// One line, without its line feed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// A line within the limit.
    Whole(&'a [u8]),
    /// A line with more bytes than the limit.
    TooLong,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R, max_bytes: usize) -> Self {
        Self {
            input,
            max_bytes,
            line: Vec::new(),
        }
    }

    /// The next line; none at the end of the input.
    pub(super) fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        // One more for the line feed: a line without one is too long or the last.
        let limit = u64::try_from(self.max_bytes)
            .unwrap_or(u64::MAX)
            .saturating_add(1);
        let read = self
            .input
            .by_ref()
            .take(limit)
            .read_until(b'\n', &mut self.line)?;
        if read == 0 {
            return Ok(None);
        }
        if self.line.last() == Some(&b'\n') {
            self.line.pop();
        } else if self.line.len() > self.max_bytes {
            self.input.skip_until(b'\n')?;
            return Ok(Some(Line::TooLong));
        }
        Ok(Some(Line::Whole(&self.line)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_bounded() {
        let cases: [(&[u8], &[Line<'static>]); 6] = [
            (b"", &[]),
            (b"\n", &[Line::Whole(b"")]),
            (
                b"abc\n\nde",
                &[Line::Whole(b"abc"), Line::Whole(b""), Line::Whole(b"de")],
            ),
            (b"abcd\nab\r\n", &[Line::TooLong, Line::Whole(b"ab\r")]),
            (b"abcdefgh", &[Line::TooLong]),
            (b"abc", &[Line::Whole(b"abc")]),
        ];
        for (input, want) in cases {
            let mut lines = Lines::new(input, 3);
            for want in want {
                assert_eq!(lines.next_line().unwrap().as_ref(), Some(want));
            }
            assert_eq!(
                lines.next_line().unwrap(),
                None,
                "{}",
                String::from_utf8_lossy(input)
            );
        }
    }
}
