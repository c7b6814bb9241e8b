//! The binary `lakehouse`.

// `println!` panics when its reader is gone; that of `anstream` does not.
#![warn(clippy::print_stderr, clippy::print_stdout)]

use std::{error::Error, process::ExitCode};

use anstream::eprintln;
use clap::Parser;
use lakehouse_server::{cli::Cli, commands, exit};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Returns freed memory to the system within a second instead of ten: writes and merges free
/// memory by the megabyte and then pause. jemalloc reads the symbol before it creates an arena.
#[expect(unsafe_code, reason = "jemalloc finds its settings by a symbol")]
#[unsafe(export_name = "_rjem_malloc_conf")]
pub static MALLOC_CONF: &[u8; 20] = b"dirty_decay_ms:1000\0";

fn main() -> ExitCode {
    match commands::run(Cli::parse()) {
        Ok(()) => ExitCode::from(exit::OK),
        Err(error) => {
            let code = error.exit_code();
            eprintln!("lakehouse: {}", with_causes(&error));
            ExitCode::from(code)
        }
    }
}

/// The error and its causes, each once: the messages of some libraries include their cause.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        add_cause(&mut text, &error.to_string());
        cause = error.source();
    }
    text
}

/// Appends a cause that the text does not have. When both end in the same words, the cause of the
/// cause, these are kept once, at the end.
fn add_cause(text: &mut String, cause: &str) {
    if text.contains(cause) {
        return;
    }
    let ends = cause
        .match_indices(": ")
        .map(|(at, colon)| &cause[at + colon.len()..]);
    let shared = ends
        .chain([cause])
        .find(|end| text.ends_with(&format!(": {end}")));
    if let Some(shared) = shared {
        text.truncate(text.len() - shared.len());
    } else {
        text.push_str(": ");
    }
    text.push_str(cause);
}

#[cfg(test)]
mod tests {
    use std::io;

    use tikv_jemalloc_ctl::{Access, AsName};

    use super::*;

    #[derive(Debug, thiserror::Error)]
    enum Outer {
        #[error("cannot read `a`: {0}")]
        WithCause(#[source] io::Error),
        #[error("cannot read `a`")]
        WithoutCause(#[source] io::Error),
    }

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Link {
        text: &'static str,
        source: Option<Box<Link>>,
    }

    #[test]
    fn every_thread_returns_freed_memory_within_a_second() {
        let threads = (0..16).map(|_| {
            std::thread::spawn(|| {
                let arena: u32 = "thread.arena\0".name().read().unwrap();
                let name = format!("arena.{arena}.dirty_decay_ms\0");
                let decay_ms: isize = name.name().read().unwrap();
                (arena, decay_ms)
            })
        });
        let threads: Vec<_> = threads.collect();
        let main: isize = "arena.0.dirty_decay_ms\0".name().read().unwrap();
        assert_eq!(main, 1000);
        for thread in threads {
            let (arena, decay_ms) = thread.join().unwrap();
            assert_eq!(decay_ms, 1000, "arena {arena}");
        }
    }

    #[test]
    fn shared_ends_of_messages_are_printed_once() {
        let cases: [(&[&str], &str); 6] = [
            (&["a"], "a"),
            (&["a", "b", "c"], "a: b: c"),
            (&["a: c", "b: c", "c"], "a: b: c"),
            (&["a: b: c", "b: c", "c"], "a: b: c"),
            (
                &["a: (os error 2)", "no such: (os error 2)"],
                "a: no such: (os error 2)",
            ),
            (&["ac", "b: c"], "ac: b: c"),
        ];
        for (texts, want) in cases {
            let chain = texts
                .iter()
                .rev()
                .fold(None, |source, text| Some(Box::new(Link { text, source })));
            assert_eq!(with_causes(&*chain.unwrap()), want);
        }
    }

    #[test]
    fn causes_are_printed_once() {
        for outer in [Outer::WithCause, Outer::WithoutCause] {
            let error = outer(io::Error::other("disk is gone"));
            assert_eq!(with_causes(&error), "cannot read `a`: disk is gone");
        }
    }
}
