//! Surfaces over lines: one JSON value per line in, one JSON object per line out, in order, flushed
//! after each line (`README.md` of the contract, "Helpers"). This module knows no surface.

mod bounded;

use std::{
    io::{self, BufRead, Write},
    path::PathBuf,
};

use lakehouse_json::ObjectWriter;

use bounded::{Line, Lines};

/// The maximum length of a line: 16 MiB.
const MAX_LINE_BYTES: usize = 16 * 1024 * 1024;

/// A surface over lines.
pub trait Helper {
    /// The answer to a line; every line has one, so this never fails.
    fn answer(&self, line: &[u8]) -> String;

    /// The answer to a line that is longer than the limit.
    fn answer_too_long(&self) -> String {
        error_answer(&format!("input line is longer than {MAX_LINE_BYTES} bytes"))
    }
}

/// How to open a helper.
pub struct HelperSpec {
    /// The name of its surface.
    pub surface: &'static str,
    /// Opens the helper.
    pub open: fn(HelperOptions) -> anyhow::Result<Box<dyn Helper>>,
}

/// The options of helpers; each uses those that it needs.
#[derive(Debug, Clone, Default)]
pub struct HelperOptions {
    /// The folder of the surface's files, for surfaces that have some.
    pub root: Option<PathBuf>,
    /// The file of workers.
    pub roster: Option<PathBuf>,
}

/// Answers the lines of `input` on `output` until the input ends.
///
/// # Errors
/// When the input cannot be read or the output cannot be written.
pub fn converse(
    helper: &dyn Helper,
    input: impl BufRead,
    mut output: impl Write,
) -> io::Result<()> {
    let mut lines = Lines::new(input, MAX_LINE_BYTES);
    while let Some(line) = lines.next_line()? {
        let mut answer = match line {
            Line::Whole(line) => helper.answer(line),
            Line::TooLong => helper.answer_too_long(),
        };
        answer.push('\n');
        output.write_all(answer.as_bytes())?;
        output.flush()?;
    }
    Ok(())
}

/// `{"error":"…"}`
pub(crate) fn error_answer(error: &str) -> String {
    let mut out = String::new();
    let mut answer = ObjectWriter::new(&mut out);
    answer.string("error", error);
    answer.finish();
    out
}
