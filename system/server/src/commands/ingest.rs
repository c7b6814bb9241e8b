//! `lakehouse ingest`: sends a file of documents to a corpus, over HTTP.
//!
//! The file is sent in batches, one request each; progress counts what was taken, not what was
//! sent. Any implementation of the contract's `matrix_search` can be the service.
//!
//! With `--replace`, the documents that the file has not are removed from the corpus afterwards, but
//! only if the service took every line.

mod replace;
mod tally;

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
    time::Instant,
};

use anstream::{print, println};
use indicatif::{ProgressBar, ProgressStyle};
use lakehouse_client::{Batch, Batches, Client, ClientError, Problem};
use lakehouse_wire::matrix::CreateCorpus;

use crate::cli::IngestArgs;
use replace::FileIds;
use tally::{Shown, Tally};

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
    #[error("{rejected} of {lines} lines were rejected{}", kept(*replace))]
    Rejected {
        /// The number of rejected lines.
        rejected: u64,
        /// The number of lines.
        lines: u64,
        /// Whether the other documents of the corpus were to be removed.
        replace: bool,
    },
    /// The file has no document, and the others were to be removed.
    #[error(
        "`{}` has no document, so `--replace` would remove all documents of corpus `{corpus}`; pass \
         `--allow-empty` if that is meant",
        file.display()
    )]
    Empty {
        /// The file, `-` for standard input.
        file: PathBuf,
        /// The corpus's name.
        corpus: String,
    },
    /// Everything was taken, and the other documents could not all be removed.
    #[error("the documents that the file does not have were not all removed: {0}")]
    NotRemoved(#[source] ClientError),
}

fn kept(replace: bool) -> &'static str {
    match replace {
        true => "; no document was removed",
        false => "",
    }
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
    runtime.block_on(async {
        match args.dry_run {
            true => rehearse(&args).await,
            false => ingest(&args).await,
        }
    })
}

async fn ingest(args: &IngestArgs) -> Result<(), IngestError> {
    let unreadable = |source| IngestError::Unreadable {
        file: args.file.clone(),
        source,
    };
    let (input, length) = open(&args.file).map_err(unreadable)?;
    let client = Client::new(args.url.as_str())?;
    let created = ensure_corpus(&client, &args.corpus, args.model.as_deref()).await;
    created.map_err(|error| of_corpus(args, error))?;
    if args.replace {
        // A service that cannot list documents is reported before anything is sent.
        client
            .document_ids(&args.corpus, "", 1, |_| ())
            .await
            .map_err(|error| of_corpus(args, error))?;
    }

    let begun = Instant::now();
    let progress = progress_bar(length);
    let mut batches = Batches::new(BufReader::new(input));
    let mut tally = Tally::default();
    let mut ids = FileIds::default();
    let mut bad = 0;
    let mut outcome = Ok(());
    while let Some(batch) = batches.next_batch().map_err(unreadable)? {
        let length = batch.bytes.len() as u64;
        if args.replace {
            bad += ids.add(&batch).len() as u64;
        }
        outcome = send(&client, &args.corpus, batch, &mut tally).await;
        if outcome.is_err() {
            break;
        }
        progress.inc(length);
        progress.set_message(tally.in_short());
    }
    progress.finish_and_clear();
    println!("{}", tally.report(&args.corpus, begun.elapsed()));
    outcome?;
    // A document whose id is not known here must not be removed, even if the service took it.
    rejected(args, tally.rejected().max(bad), tally.lines())?;
    if args.replace {
        check_not_empty(args, &ids)?;
        let removed = remove_others(&client, &args.corpus, &ids).await;
        let removed = removed.map_err(IngestError::NotRemoved)?;
        println!("{removed} other documents removed");
    }
    Ok(())
}

async fn remove_others(client: &Client, corpus: &str, ids: &FileIds) -> Result<u64, ClientError> {
    let others = ids.others(client, corpus).await?;
    replace::delete(client, corpus, &others).await
}

/// Reports what an ingestion with `--replace` would do. The service only lists its documents.
async fn rehearse(args: &IngestArgs) -> Result<(), IngestError> {
    let unreadable = |source| IngestError::Unreadable {
        file: args.file.clone(),
        source,
    };
    let (input, _) = open(&args.file).map_err(unreadable)?;
    let client = Client::new(args.url.as_str())?;
    let mut batches = Batches::new(BufReader::new(input));
    let mut ids = FileIds::default();
    let mut bad = Shown::default();
    let mut lines = 0;
    while let Some(batch) = batches.next_batch().map_err(unreadable)? {
        lines += batch.lines;
        let added = ids.add(&batch).into_iter();
        bad.extend(added.map(|(line, reason)| format!("line {line}: {reason}")));
    }
    let others = match ids.others(&client, &args.corpus).await {
        // The corpus would be created.
        Err(ClientError::Problem(problem)) if problem.status == 404 => Vec::new(),
        others => others.map_err(|error| of_corpus(args, error))?,
    };
    let (corpus, documents, others_count) = (&args.corpus, ids.len(), others.len());
    println!(
        "corpus `{corpus}`: {documents} documents would be taken, {others_count} others removed; \
         nothing was changed"
    );
    let mut shown = Shown::default();
    shown.extend(others.iter().map(|id| format!("`{id}` would be removed")));
    print!("{shown}{bad}");
    rejected(args, bad.count(), lines)?;
    check_not_empty(args, &ids)
}

fn rejected(args: &IngestArgs, rejected: u64, lines: u64) -> Result<(), IngestError> {
    match rejected {
        0 => Ok(()),
        rejected => Err(IngestError::Rejected {
            rejected,
            lines,
            replace: args.replace,
        }),
    }
}

fn check_not_empty(args: &IngestArgs, ids: &FileIds) -> Result<(), IngestError> {
    if ids.len() > 0 || args.allow_empty {
        return Ok(());
    }
    Err(IngestError::Empty {
        file: args.file.clone(),
        corpus: args.corpus.clone(),
    })
}

fn of_corpus(args: &IngestArgs, error: ClientError) -> IngestError {
    match error {
        ClientError::Problem(problem) => IngestError::Corpus {
            corpus: args.corpus.clone(),
            problem,
        },
        error => error.into(),
    }
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
