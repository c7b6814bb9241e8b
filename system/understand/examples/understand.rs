//! Answers lines on standard input, as `lakehouse helper understand` does, without the server.

use std::io::{BufRead, Write, stdin, stdout};
use std::sync::Arc;

use lakehouse_understand::{Dictionary, Lexicon, Lines};

fn main() -> std::io::Result<()> {
    let lines = Lines::new(Arc::new(Dictionary::new(&Lexicon::built_in())));
    let mut out = stdout().lock();
    for line in stdin().lock().split(b'\n') {
        writeln!(out, "{}", lines.answer(&line?))?;
    }
    Ok(())
}
