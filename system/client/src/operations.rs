//! The operations of the contract.

use bytes::Bytes;
use lakehouse_wire::{
    Read, ReadError,
    embed::{EmbedAnswer, EmbedRequest},
    matrix::{
        CorpusDescription, CorpusList, CreateCorpus, DocumentIds, DocumentsTaken, MatrixRetrieve,
        MatrixSearch, MatrixSearchAnswer,
    },
    operations::{Health, Readiness},
    playbook::{RecordAnswer, Recorded},
    read_body, to_text,
    validate::{ValidateAnswer, ValidateRequest, ValidationRefusal},
    vectors::{DeleteItems, Deleted, Dropped},
};
use reqwest::{Method, StatusCode};

use crate::{
    Client, ClientError,
    client::{Call, NDJSON, segment},
};

/// The result of a validation.
#[derive(Debug, Clone, PartialEq)]
pub enum Validation<'a> {
    /// The artifact passed.
    Passed(ValidateAnswer<'a>),
    /// The artifact did not pass.
    Refused(ValidationRefusal<'a>),
}

impl Client {
    /// `GET /health`
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn health<T>(&self, read: impl FnOnce(Health<'_>) -> T) -> Result<T, ClientError> {
        let call = Call::get("/health");
        self.call(call, |json| Ok(read(read_body(json)?))).await
    }

    /// `GET /ready`, whether or not requests can be served.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn readiness<T>(
        &self,
        read: impl FnOnce(Readiness<'_>) -> T,
    ) -> Result<T, ClientError> {
        let (status, body) = self.send_once(Call::get("/ready")).await?;
        self.read(status, &body, |json| Ok(read(read_body(json)?)))
    }

    /// `POST /v1/embed`
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn embed<T>(
        &self,
        request: &EmbedRequest<'_>,
        read: impl FnOnce(EmbedAnswer<'_>) -> T,
    ) -> Result<T, ClientError> {
        let call = Call::post("/v1/embed", to_text(request));
        self.call(call, |json| Ok(read(read_body(json)?))).await
    }

    /// `GET /v1/matrix/corpora`
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn corpora<T>(
        &self,
        read: impl FnOnce(CorpusList<'_>) -> T,
    ) -> Result<T, ClientError> {
        let call = Call::get("/v1/matrix/corpora");
        self.call(call, |json| Ok(read(read_body(json)?))).await
    }

    /// `GET /v1/matrix/corpora/{corpus}`
    ///
    /// # Errors
    /// [`ClientError`]; status 404 when there is no such corpus.
    pub async fn corpus<T>(
        &self,
        corpus: &str,
        read: impl FnOnce(CorpusDescription<'_>) -> T,
    ) -> Result<T, ClientError> {
        let call = Call::get(corpus_path(corpus));
        self.call(call, |json| Ok(read(read_body(json)?))).await
    }

    /// `PUT /v1/matrix/corpora/{corpus}`: creates the corpus, or confirms that it is the same.
    ///
    /// # Errors
    /// [`ClientError`]; status 409 when it exists with another model.
    pub async fn create_corpus<T>(
        &self,
        corpus: &str,
        request: &CreateCorpus<'_>,
        read: impl FnOnce(CorpusDescription<'_>) -> T,
    ) -> Result<T, ClientError> {
        let call = Call {
            method: Method::PUT,
            ..Call::post(corpus_path(corpus), to_text(request))
        };
        self.call(call, |json| Ok(read(read_body(json)?))).await
    }

    /// `DELETE /v1/matrix/corpora/{corpus}`
    ///
    /// # Errors
    /// [`ClientError`]; status 404 when there is no such corpus.
    pub async fn drop_corpus(&self, corpus: &str) -> Result<(), ClientError> {
        let call = Call {
            method: Method::DELETE,
            ..Call::get(corpus_path(corpus))
        };
        self.call(call, |json| read_body::<Dropped<'_>>(json).map(drop))
            .await
    }

    /// `POST /v1/matrix/corpora/{corpus}/documents`: sends whole lines, each a document.
    ///
    /// # Errors
    /// [`ClientError`]; what was taken before an error stays, and sending it again is harmless.
    pub async fn send_documents<T>(
        &self,
        corpus: &str,
        lines: impl Into<Bytes>,
        read: impl FnOnce(DocumentsTaken<'_>) -> T,
    ) -> Result<T, ClientError> {
        let call = Call {
            method: Method::POST,
            path: format!("{}/documents", corpus_path(corpus)),
            content_type: NDJSON,
            body: lines.into(),
        };
        self.call(call, |json| Ok(read(read_body(json)?))).await
    }

    /// `GET /v1/matrix/corpora/{corpus}/documents`: at most `limit` ids that follow `after`, in the
    /// order of their bytes.
    ///
    /// # Errors
    /// [`ClientError`]; status 404 when there is no such corpus.
    pub async fn document_ids<T>(
        &self,
        corpus: &str,
        after: &str,
        limit: usize,
        read: impl FnOnce(DocumentIds<'_>) -> T,
    ) -> Result<T, ClientError> {
        let (path, after) = (corpus_path(corpus), segment(after));
        let call = Call::get(format!("{path}/documents?after={after}&limit={limit}"));
        self.call(call, |json| Ok(read(read_body(json)?))).await
    }

    /// `POST /v1/vectors/indexes/{index}/items/delete`; returns how many items were there.
    ///
    /// # Errors
    /// [`ClientError`]; status 404 when there is no such index.
    pub async fn delete_items(
        &self,
        index: &str,
        request: &DeleteItems<'_>,
    ) -> Result<u64, ClientError> {
        let index = segment(index);
        let path = format!("/v1/vectors/indexes/{index}/items/delete");
        let call = Call::post(path, to_text(request));
        let deleted = self.call(call, |json| read_body::<Deleted>(json));
        Ok(deleted.await?.deleted.get().unsigned_abs())
    }

    /// `POST /v1/matrix/search`
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn search<T>(
        &self,
        request: &MatrixSearch<'_>,
        read: impl FnOnce(MatrixSearchAnswer<'_>) -> T,
    ) -> Result<T, ClientError> {
        let call = Call::post("/v1/matrix/search", to_text(request));
        self.call(call, |json| Ok(read(read_body(json)?))).await
    }

    /// `POST /v1/matrix/retrieve`
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn retrieve<T>(
        &self,
        request: &MatrixRetrieve<'_>,
        read: impl FnOnce(MatrixSearchAnswer<'_>) -> T,
    ) -> Result<T, ClientError> {
        let call = Call::post("/v1/matrix/retrieve", to_text(request));
        self.call(call, |json| Ok(read(read_body(json)?))).await
    }

    /// `POST /v1/matrix/playbooks/record`
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn record<T>(
        &self,
        request: &RecordAnswer<'_>,
        read: impl FnOnce(Recorded<'_>) -> T,
    ) -> Result<T, ClientError> {
        let call = Call::post("/v1/matrix/playbooks/record", to_text(request));
        self.call(call, |json| Ok(read(read_body(json)?))).await
    }

    /// `POST /v1/validate`; with `all`, a refusal has every failure.
    ///
    /// # Errors
    /// [`ClientError`]. An artifact that does not pass is not an error.
    pub async fn validate<T>(
        &self,
        request: &ValidateRequest<'_>,
        all: bool,
        read: impl FnOnce(Validation<'_>) -> T,
    ) -> Result<T, ClientError> {
        let query = if all { "?all=true" } else { "" };
        let call = Call::post(format!("/v1/validate{query}"), to_text(request));
        let (status, body) = self.send(call).await?;
        match status {
            StatusCode::OK => self.read(status, &body, |json| {
                Ok(read(Validation::Passed(read_body(json)?)))
            }),
            StatusCode::UNPROCESSABLE_ENTITY => self.read(status, &body, |json| {
                let refusal = ValidationRefusal::read(json).ok_or(ReadError::NotAnObject)?;
                Ok(read(Validation::Refused(refusal)))
            }),
            _ => Err(ClientError::from_answer(self.url(), status.as_u16(), &body)),
        }
    }
}

fn corpus_path(corpus: &str) -> String {
    format!("/v1/matrix/corpora/{}", segment(corpus))
}
