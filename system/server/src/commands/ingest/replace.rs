//! `--replace`: the documents that the corpus has and the file has not.

use std::collections::HashSet;

use lakehouse_base::{Limits, is_blank};
use lakehouse_client::{Batch, Client, ClientError};
use lakehouse_json as json;
use lakehouse_wire::{
    Array,
    matrix::{DocumentLine, MAX_IDS},
    read_body,
    vectors::DeleteItems,
};

/// The largest number of items that one request deletes.
const DELETED_AT_A_TIME: usize = 1000;

/// The ids of a file's documents.
#[derive(Debug, Default)]
pub(super) struct FileIds(HashSet<Box<str>>);

/// A line that no service takes: its number, and why.
pub(super) type BadLine = (u64, String);

impl FileIds {
    /// Adds the documents of a batch; returns the lines that are none.
    pub(super) fn add(&mut self, batch: &Batch) -> Vec<BadLine> {
        let mut bad = Vec::new();
        let lines = batch.bytes.split_inclusive(|byte| *byte == b'\n');
        for (number, line) in (batch.first_line..).zip(lines) {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            if line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r')) {
                continue;
            }
            match id_of(line) {
                Ok(id) => {
                    self.0.insert(id);
                }
                Err(reason) => bad.push((number, reason)),
            }
        }
        bad
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The documents of the corpus that the file has not, in the order of their ids.
    pub(super) async fn others(
        &self,
        client: &Client,
        corpus: &str,
    ) -> Result<Vec<Box<str>>, ClientError> {
        let mut others = Vec::new();
        let mut after = String::new();
        loop {
            let read = |page: lakehouse_wire::matrix::DocumentIds<'_>| {
                let ids = page.ids.0;
                let unknown = ids.iter().filter(|id| !self.0.contains(**id));
                others.extend(unknown.map(|id| Box::from(*id)));
                (ids.len(), ids.last().map(|id| (*id).to_owned()))
            };
            let page = client.document_ids(corpus, &after, MAX_IDS, read).await?;
            match page {
                (MAX_IDS, Some(last)) => after = last,
                _ => return Ok(others),
            }
        }
    }
}

/// Deletes documents; returns how many were still there.
pub(super) async fn delete(
    client: &Client,
    corpus: &str,
    ids: &[Box<str>],
) -> Result<u64, ClientError> {
    let mut deleted = 0;
    for ids in ids.chunks(DELETED_AT_A_TIME) {
        let ids = Array(ids.iter().map(|id| &**id).collect());
        deleted += client.delete_items(corpus, &DeleteItems { ids }).await?;
    }
    Ok(deleted)
}

fn id_of(line: &[u8]) -> Result<Box<str>, String> {
    // How long a line may be is up to the service.
    let limits = Limits {
        body_bytes: usize::MAX,
        ..Limits::CONTRACT
    };
    let json = json::read_body(line, &limits)
        .map_err(|error| error.to_string().replacen("request body", "line", 1))?;
    let document: DocumentLine<'_> = read_body(&json).map_err(|error| error.to_string())?;
    if is_blank(document.text.0) {
        return Err("text is empty".to_owned());
    }
    Ok(document.id.0.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_of_documents_are_collected_and_other_lines_reported() {
        let bytes = b"{\"id\":\"a\",\"text\":\"x\"}\r\n \t\r\n{\"id\":\"b\",\"text\":\" \"}\nx\n{\"id\":\"\\u0061\",\"text\":\"y\"}\n{}\n{\"id\":\"c\",\"text\":\"z\"}";
        let batch = Batch {
            first_line: 11,
            lines: 7,
            bytes: bytes.to_vec(),
        };
        let mut ids = FileIds::default();
        let bad = ids.add(&batch);
        let want = [
            (13, "text is empty"),
            (14, "line is not valid JSON"),
            (16, "missing field `id`"),
        ];
        assert_eq!(bad, want.map(|(line, reason)| (line, reason.to_owned())));
        assert_eq!(ids.0, HashSet::from(["a".into(), "c".into()]));
    }
}
