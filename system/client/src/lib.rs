//! A typed client of the wire contract (`docs/contract/`).
//!
//! [`Client`] has a method for each operation. Requests and answers are the types of
//! `lakehouse-wire`; answers borrow from the body of the response, so each method takes a function that
//! converts the answer:
//!
//! ```no_run
//! # async fn example() -> Result<(), lakehouse_client::ClientError> {
//! use lakehouse_client::Client;
//! use lakehouse_wire::matrix::CreateCorpus;
//!
//! let client = Client::new("http://127.0.0.1:3110")?;
//! let model = client
//!     .create_corpus("workers", &CreateCorpus { model: None }, |corpus| corpus.model.to_owned())
//!     .await?;
//! println!("`workers` is embedded by {model}");
//! # Ok(())
//! # }
//! ```
//!
//! An error that the service reports is [`ClientError::Problem`], with its status, detail and
//! trace id. Requests to an overloaded service are retried, after its `Retry-After`. The client
//! has no business rules: it works against any implementation of the contract.

mod batches;
mod client;
mod error;
mod operations;

pub use batches::{Batch, Batches};
pub use client::Client;
pub use error::{ClientError, Problem};
pub use operations::Validation;
