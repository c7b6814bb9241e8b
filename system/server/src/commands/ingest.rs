//! `lakehouse ingest`: puts a file of documents into a corpus, over HTTP.
//!
//! The file goes out in slices, one request each, so that progress is what was taken rather than
//! what was sent, no request outlasts a server's limit, and a failure names a short run of lines.
//! Any implementation of the contract's `matrix_search` can be on the other side.

mod client;
mod slices;
mod tally;

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
    time::Instant,
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::IngestArgs;
use client::CorpusClient;
use slices::{Slice, Slices};
use tally::Tally;

/// Why not all of a file was put in.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The system refused an event loop.
    #[error("cannot start the client")]
    Runtime(#[source] io::Error),
    /// The file cannot be read, or not to its end.
    #[error("`{}` cannot be read: {source}", file.display())]
    Unreadable {
        /// The file, `-` for standard input.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Nobody answers at the address, or the connection broke.
    #[error("`{url}` cannot be reached: {source}")]
    Unreachable {
        /// The address of the service.
        url: String,
        /// What went wrong.
        source: reqwest::Error,
    },
    /// The service refuses the corpus.
    #[error("corpus `{corpus}` is refused with status {status}: {detail}")]
    Corpus {
        /// Its name.
        corpus: String,
        /// The answer's status.
        status: u16,
        /// What the service says.
        detail: String,
    },
    /// The service failed in the midst; what was taken before stays, and sending the file again
    /// changes nothing of it.
    #[error(
        "lines {first} to {last} failed with status {status}: {detail} (counted from line {first})"
    )]
    Slice {
        /// The number of the first line of the request.
        first: u64,
        /// That of its last.
        last: u64,
        /// The answer's status.
        status: u16,
        /// What the service says.
        detail: String,
    },
    /// The answer is none of the contract's.
    #[error("`{url}` answered what is not of the contract's form: {body}")]
    Malformed {
        /// The address of the service.
        url: String,
        /// The beginning of what it said.
        body: String,
    },
    /// Everything was sent, and some of it was refused.
    #[error("{refused} of {lines} lines were refused")]
    Refused {
        /// How many lines were refused.
        refused: u64,
        /// How many there were.
        lines: u64,
    },
}

/// Puts a file into a corpus, which is made when it is absent, and tells what became of it.
///
/// # Errors
/// [`IngestError`].
pub fn run(args: IngestArgs) -> Result<(), IngestError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(IngestError::Runtime)?;
    let tally = runtime.block_on(put(&args))?;
    match tally.refused() {
        0 => Ok(()),
        refused => Err(IngestError::Refused {
            refused,
            lines: tally.lines(),
        }),
    }
}

async fn put(args: &IngestArgs) -> Result<Tally, IngestError> {
    let unreadable = |source| IngestError::Unreadable {
        file: args.file.clone(),
        source,
    };
    let (input, length) = open(&args.file).map_err(unreadable)?;
    let corpus = CorpusClient::new(args.url.as_str(), &args.corpus)?;
    corpus.ensure(args.model.as_deref()).await?;

    let begun = Instant::now();
    let progress = progress_bar(length);
    let mut slices = Slices::new(BufReader::new(input));
    let mut tally = Tally::default();
    let mut outcome = Ok(());
    while let Some(slice) = slices.next_slice().map_err(unreadable)? {
        let Slice {
            first_line,
            lines,
            bytes,
        } = slice;
        let length = bytes.len() as u64;
        match corpus.send(first_line, lines, bytes).await {
            Ok(answer) => tally.add(first_line, lines, answer),
            Err(error) => {
                outcome = Err(error);
                break;
            }
        }
        progress.inc(length);
        progress.set_message(tally.in_short());
    }
    progress.finish_and_clear();
    println!("{}", tally.report(&args.corpus, begun.elapsed()));
    outcome.map(|()| tally)
}

/// What to read, and how long it is where that can be told.
fn open(file: &Path) -> io::Result<(Box<dyn Read>, Option<u64>)> {
    if file == Path::new("-") {
        return Ok((Box::new(io::stdin()), None));
    }
    let file = File::open(file)?;
    let metadata = file.metadata()?;
    let length = metadata.is_file().then_some(metadata.len());
    Ok((Box::new(file), length))
}

/// Shown on a terminal only.
fn progress_bar(length: Option<u64>) -> ProgressBar {
    let (progress, template) = match length {
        Some(length) => (
            ProgressBar::new(length),
            "{bar:32} {bytes}/{total_bytes} {bytes_per_sec} {msg} (eta {eta})",
        ),
        None => (
            ProgressBar::new_spinner(),
            "{spinner} {bytes} {bytes_per_sec} {msg}",
        ),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => progress.with_style(style),
        Err(_) => progress,
    }
}
