//! Errors of indexes. Messages that the contract defines are worded as there.

use std::path::PathBuf;

use lakehouse_base::ErrorCode;
use lakehouse_log::LogError;
use lakehouse_store::StoreError;

use crate::config::IndexConfig;

/// The reason why a vector is rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VectorFault {
    /// The vector has a different dimension than the index.
    #[error("vector has {given} components, index `{index}` has {dimension}")]
    Dimension {
        /// The vector's number of components.
        given: usize,
        /// The index's name.
        index: Box<str>,
        /// The index's dimension.
        dimension: usize,
    },
    /// A component is too large or not a number.
    #[error("component {at} of the vector is not within ±1e15")]
    Component {
        /// The component's position, from 0.
        at: usize,
    },
    /// Every component is 0, and the index uses a metric that needs a direction.
    #[error("vector is zero and has no direction")]
    Zero,
}

/// An error of an engine or an index.
#[derive(Debug, thiserror::Error)]
pub enum VectorError {
    /// The index name is malformed.
    #[error("index name must be 1 to 64 characters of `a-z0-9_-`, the first a letter or digit")]
    Name,
    /// The dimension is out of range.
    #[error("dimension must be from 1 to 4096, not `{0}`")]
    Dimension(usize),
    /// There is no index with that name.
    #[error("unknown index `{0}`")]
    UnknownIndex(Box<str>),
    /// The index exists with another configuration.
    #[error("index `{index}` exists with {}", describe(config))]
    Exists {
        /// The index's name.
        index: Box<str>,
        /// The existing configuration.
        config: IndexConfig,
    },
    /// The vectors belong to another embedding space than the index.
    #[error("index `{index}` holds vectors of space `{}`, not `{given}`", or_null(holds.as_deref()))]
    Space {
        /// The index's name.
        index: Box<str>,
        /// The index's space.
        holds: Option<String>,
        /// The vectors' space.
        given: String,
    },
    /// A query vector is rejected.
    #[error(transparent)]
    Vector(#[from] VectorFault),
    /// An item's vector is rejected.
    #[error("item {at} (`{id}`): {fault}")]
    Item {
        /// The item's position, from 0.
        at: usize,
        /// The item's id.
        id: Box<str>,
        /// The reason.
        fault: VectorFault,
    },
    /// An item's id is empty or too long.
    #[error("item {at}: id must be a string of 1 to 256 bytes")]
    ItemId {
        /// The item's position, from 0.
        at: usize,
    },
    /// There is no item with that id.
    #[error("index `{index}` has no item `{id}`")]
    UnknownItem {
        /// The index's name.
        index: Box<str>,
        /// The item's id.
        id: Box<str>,
    },
    /// The index was dropped during the request or before it.
    #[error("index `{0}` was dropped")]
    Dropped(Box<str>),
    /// The engine was closed.
    #[error("index `{0}` is closed; open the engine again")]
    Closed(Box<str>),
    /// An earlier write failed, so the state on disk is unknown.
    #[error("index `{index}` takes no writes since one failed: {reason}; restart to go on")]
    Refusing {
        /// The index's name.
        index: Box<str>,
        /// The message of the failed write.
        reason: String,
        /// The error code of the failed write.
        code: ErrorCode,
    },
    /// A snapshot failed that several callers were waiting for. The log still holds every write.
    #[error("index `{index}` could not be saved: {reason}")]
    NotSaved {
        /// The index's name.
        index: Box<str>,
        /// The failure's message.
        reason: String,
        /// The failure's error code.
        code: ErrorCode,
    },
    /// Another process uses the folder.
    #[error("folder `{}` is in use by another process; stop it or choose another folder", .0.display())]
    Locked(PathBuf),
    /// The log cannot be opened or written.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The contents of a file are damaged.
    #[error("file `{file}` is damaged at byte {offset}: {reason}")]
    Damaged {
        /// The file's path, or the object's key.
        file: String,
        /// The offset of the damage, in bytes.
        offset: u64,
        /// A description of the damage.
        reason: String,
    },
    /// The index exists, but could not be opened. The other indexes are served.
    #[error(
        "index `{index}` is not served: {reason}; stop the server and put the file back from a copy, \
         or run `lakehouse repair {index}` to keep what can be read, or drop the index"
    )]
    NotServed {
        /// The index's name.
        index: Box<str>,
        /// The failure's message.
        reason: String,
    },
    /// An operating system call failed.
    #[error("cannot {action} `{}`: {source}", path.display())]
    Io {
        /// The attempted action.
        action: &'static str,
        /// The path that it was attempted on.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// A store operation failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl VectorError {
    /// The category of the error.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Name
            | Self::Dimension(_)
            | Self::Vector(_)
            | Self::Item { .. }
            | Self::ItemId { .. } => ErrorCode::BadRequest,
            Self::UnknownIndex(_) | Self::UnknownItem { .. } | Self::Dropped(_) => {
                ErrorCode::NotFound
            }
            Self::Exists { .. } | Self::Space { .. } => ErrorCode::Conflict,
            Self::Closed(_) => ErrorCode::Overloaded,
            Self::NotServed { .. } => ErrorCode::Unavailable,
            Self::Refusing { code, .. } | Self::NotSaved { code, .. } => *code,
            Self::Io { source, .. } => ErrorCode::from_io(source),
            Self::Log(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Locked(_) | Self::Damaged { .. } => ErrorCode::Internal,
        }
    }
}

impl VectorError {
    /// Whether the files of one index are the reason, so that the other indexes can be served.
    pub(crate) fn is_of_one_index(&self) -> bool {
        match self {
            Self::Damaged { .. } | Self::Log(_) => true,
            Self::Store(error) => matches!(
                error,
                StoreError::NotFound { .. } | StoreError::Backend { .. }
            ),
            // A thread that cannot be started says nothing about the files.
            Self::Io { action, .. } => !action.ends_with(" for"),
            _ => false,
        }
    }
}

fn describe(config: &IndexConfig) -> String {
    format!(
        "dimension {}, distance `{}`, backend `hnsw`, space `{}`",
        config.dimension,
        config.distance_name(),
        or_null(config.space.as_deref())
    )
}

fn or_null(space: Option<&str>) -> &str {
    space.unwrap_or("null")
}
