//! What goes wrong with indexes. The texts are the contract's where it has them.

use std::path::PathBuf;

use lakehouse_base::ErrorCode;
use lakehouse_log::LogError;
use lakehouse_store::StoreError;

use crate::config::IndexConfig;

/// Why a vector is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VectorFault {
    /// It has another dimension than the index.
    #[error("vector has {given} components, index `{index}` has {dimension}")]
    Dimension {
        /// How many components it has.
        given: usize,
        /// The index.
        index: Box<str>,
        /// How many it must have.
        dimension: usize,
    },
    /// A component is too large, or no number.
    #[error("component {at} of the vector is not within ±1e15")]
    Component {
        /// Its place, counted from 0.
        at: usize,
    },
    /// Every component is 0, and the index measures by direction.
    #[error("vector is zero and has no direction")]
    Zero,
}

/// Why an index does not do what it is asked.
#[derive(Debug, thiserror::Error)]
pub enum VectorError {
    /// A name that is not of its form.
    #[error("index name must be 1 to 64 characters of `a-z0-9_-`, the first a letter or digit")]
    Name,
    /// A dimension that no index can have.
    #[error("dimension must be from 1 to 4096, not `{0}`")]
    Dimension(usize),
    /// There is no index of that name.
    #[error("unknown index `{0}`")]
    UnknownIndex(Box<str>),
    /// The index exists, and with another configuration.
    #[error("index `{index}` exists with {}", describe(config))]
    Exists {
        /// The index.
        index: Box<str>,
        /// What it was made with.
        config: IndexConfig,
    },
    /// The vectors are of another embedding space than the index's.
    #[error("index `{index}` holds vectors of space `{}`, not `{given}`", or_null(holds.as_deref()))]
    Space {
        /// The index.
        index: Box<str>,
        /// Its space.
        holds: Option<String>,
        /// The vectors' space.
        given: String,
    },
    /// A vector is refused.
    #[error(transparent)]
    Vector(#[from] VectorFault),
    /// The vector of an item is refused.
    #[error("item {at} (`{id}`): {fault}")]
    Item {
        /// The item's place, counted from 0.
        at: usize,
        /// The item's id.
        id: Box<str>,
        /// What is wrong with its vector.
        fault: VectorFault,
    },
    /// An item's id is empty or too long.
    #[error("item {at}: id must be a string of 1 to 256 bytes")]
    ItemId {
        /// The item's place, counted from 0.
        at: usize,
    },
    /// There is no item of that id.
    #[error("index `{index}` has no item `{id}`")]
    UnknownItem {
        /// The index.
        index: Box<str>,
        /// The id.
        id: Box<str>,
    },
    /// The index was dropped meanwhile.
    #[error("index `{0}` was dropped")]
    Dropped(Box<str>),
    /// The engine was closed meanwhile.
    #[error("index `{0}` is closed; open the engine again")]
    Closed(Box<str>),
    /// A write failed earlier, and what the disk holds since is not known.
    #[error("index `{index}` takes no writes since one failed: {reason}; restart to go on")]
    Refusing {
        /// The index.
        index: Box<str>,
        /// The failure, in its own words.
        reason: String,
        /// Its kind.
        code: ErrorCode,
    },
    /// A snapshot failed that another caller had asked for, too. The log keeps what was written.
    #[error("index `{index}` could not be saved: {reason}")]
    NotSaved {
        /// The index.
        index: Box<str>,
        /// The failure, in its own words.
        reason: String,
        /// Its kind.
        code: ErrorCode,
    },
    /// Another process has the folder.
    #[error("folder `{}` is in use by another process; stop it or choose another folder", .0.display())]
    Locked(PathBuf),
    /// The log cannot be opened or written.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A file is not as it was written.
    #[error(
        "file `{file}` is damaged at byte {offset}: {reason}; restore it from a copy, or move it \
         away to go on without it"
    )]
    Damaged {
        /// The file, or the object's key.
        file: String,
        /// Where.
        offset: u64,
        /// What is wrong there.
        reason: String,
    },
    /// The operating system refused something.
    #[error("cannot {action} `{}`: {source}", path.display())]
    Io {
        /// What was done.
        action: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The store refused something.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl VectorError {
    /// What kind of failure it is.
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
            Self::Refusing { code, .. } | Self::NotSaved { code, .. } => *code,
            Self::Io { source, .. } => ErrorCode::from_io(source),
            Self::Log(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Locked(_) | Self::Damaged { .. } => ErrorCode::Internal,
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
