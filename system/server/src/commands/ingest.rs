//! `lakehouse ingest`: sends a file of documents to a corpus, over HTTP.
//!
//! The file is sent in batches, one request each; progress counts what was taken, not what was
//! sent. Any implementation of the contract's `matrix_search` can be the service.

mod tally;

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
    time::Instant,
};

use anstream::println;
use indicatif::{ProgressBar, ProgressStyle};
use lakehouse_client::{Batch, Batches, Client, ClientError, Problem};
use lakehouse_wire::matrix::CreateCorpus;

use crate::cli::IngestArgs;
use tally::Tally;

/// Why a file was not ingested as a whole.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The system refused an event loop.
    #[error("cannot start the client")]
    Runtime(#[source] io::Error),
    /// The file cannot be read, or not to its end.
    #[error("cannot read `{}`", file.display())]
    Unreadable {
        /// The file, `-` for standard input.
        file: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The service rejected the corpus.
    #[error("the service rejected corpus `{corpus}` with status {}: {}", .problem.status, .problem.detail)]
    Corpus {
        /// Its name.
        corpus: String,
        /// The service's error.
        problem: Problem,
    },
    /// The service rejected a batch. What was taken before stays, and sending the file again is
    /// harmless.
    #[error(
        "lines {first} to {last} failed with status {}: {} (its line numbers count from line {first})",
        .problem.status,
        .problem.detail
    )]
    Batch {
        /// The number of the batch's first line.
        first: u64,
        /// The number of its last line.
        last: u64,
        /// The service's error.
        problem: Problem,
    },
    /// The service cannot be reached, or does not follow the contract.
    #[error(transparent)]
    Service(#[from] ClientError),
    /// Everything was sent, and the service rejected some of it.
    #[error("{rejected} of {lines} lines were rejected")]
    Rejected {
        /// The number of rejected lines.
        rejected: u64,
        /// The number of lines.
        lines: u64,
    },
}

/// Sends a file to a corpus, which is created if it does not exist, and prints the result.
///
/// # Errors
/// [`IngestError`].
pub fn run(args: IngestArgs) -> Result<(), IngestError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(IngestError::Runtime)?;
    let tally = runtime.block_on(ingest(&args))?;
    match tally.rejected() {
        0 => Ok(()),
        rejected => Err(IngestError::Rejected {
            rejected,
            lines: tally.lines(),
        }),
    }
}

async fn ingest(args: &IngestArgs) -> Result<Tally, IngestError> {
    let unreadable = |source| IngestError::Unreadable {
        file: args.file.clone(),
        source,
    };
    let (input, length) = open(&args.file).map_err(unreadable)?;
    let client = Client::new(args.url.as_str())?;
    let created = ensure_corpus(&client, &args.corpus, args.model.as_deref()).await;
    created.map_err(|error| match error {
        ClientError::Problem(problem) => IngestError::Corpus {
            corpus: args.corpus.clone(),
            problem,
        },
        error => error.into(),
    })?;

    let begun = Instant::now();
    let progress = progress_bar(length);
    let mut batches = Batches::new(BufReader::new(input));
    let mut tally = Tally::default();
    let mut outcome = Ok(());
    while let Some(batch) = batches.next_batch().map_err(unreadable)? {
        let length = batch.bytes.len() as u64;
        outcome = send(&client, &args.corpus, batch, &mut tally).await;
        if outcome.is_err() {
            break;
        }
        progress.inc(length);
        progress.set_message(tally.in_short());
    }
    progress.finish_and_clear();
    println!("{}", tally.report(&args.corpus, begun.elapsed()));
    outcome.map(|()| tally)
}

/// Creates the corpus if it does not exist. An existing one must have `model`, if that is given.
async fn ensure_corpus(
    client: &Client,
    corpus: &str,
    model: Option<&str>,
) -> Result<(), ClientError> {
    if model.is_none() {
        match client.corpus(corpus, |_| ()).await {
            Err(ClientError::Problem(problem)) if problem.status == 404 => {}
            result => return result,
        }
    }
    let request = CreateCorpus { model };
    client.create_corpus(corpus, &request, |_| ()).await
}

async fn send(
    client: &Client,
    corpus: &str,
    batch: Batch,
    tally: &mut Tally,
) -> Result<(), IngestError> {
    let Batch {
        first_line: first,
        lines,
        bytes,
    } = batch;
    let sent = client.send_documents(corpus, bytes, |taken| tally.add(first, lines, &taken));
    sent.await.map_err(|error| match error {
        ClientError::Problem(problem) => IngestError::Batch {
            first,
            last: first + lines - 1,
            problem,
        },
        error => error.into(),
    })
}

/// The input, and its length if it is known.
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
