//! The state that the threads of an index share.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use lakehouse_base::ErrorCode;

use crate::activity::Activity;
use crate::config::{EngineOptions, IndexConfig};
use crate::error::VectorError;
use crate::generation::View;
use crate::name::IndexName;

/// The state shared by an index's callers, committer and maintenance thread.
pub(crate) struct Shared {
    pub(crate) name: IndexName,
    pub(crate) config: IndexConfig,
    /// The index's unique number, which distinguishes its files from those of earlier indexes of the same name.
    pub(crate) id: u128,
    pub(crate) options: Arc<EngineOptions>,
    /// The largest number of items that is searched exactly.
    pub(crate) exact_up_to: usize,
    /// The engine's activity counter.
    pub(crate) activity: Arc<Activity>,
    /// The view that searches use.
    pub(crate) view: ArcSwap<View>,
    /// The version of the last snapshot.
    pub(crate) saved: AtomicU64,
    /// The size of the log in bytes.
    pub(crate) log_bytes: AtomicU64,
    /// The first failed write; nothing is written after it.
    pub(crate) refusal: OnceLock<Refusal>,
    life: AtomicU8,
}

/// The failure after which writes are rejected.
pub(crate) struct Refusal {
    pub(crate) reason: String,
    pub(crate) code: ErrorCode,
}

/// Whether an index takes requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Life {
    Open,
    Closed,
    Dropped,
}

impl Shared {
    pub(crate) fn new(
        name: IndexName,
        config: IndexConfig,
        id: u128,
        options: Arc<EngineOptions>,
        activity: Arc<Activity>,
        view: View,
    ) -> Self {
        let exact_up_to = options.exact_up_to_of.get(name.as_str());
        Self {
            exact_up_to: exact_up_to.copied().unwrap_or(options.exact_up_to),
            name,
            config,
            id,
            options,
            activity,
            view: ArcSwap::from_pointee(view),
            saved: AtomicU64::new(0),
            log_bytes: AtomicU64::new(0),
            refusal: OnceLock::new(),
            life: AtomicU8::new(Life::Open as u8),
        }
    }

    /// The current view.
    pub(crate) fn view(&self) -> Arc<View> {
        self.activity.note();
        self.view.load_full()
    }

    /// Ends the index; an earlier end takes precedence.
    pub(crate) fn end(&self, life: Life) {
        let open = Life::Open as u8;
        let order = Ordering::AcqRel;
        let _ = self
            .life
            .compare_exchange(open, life as u8, order, Ordering::Acquire);
    }

    pub(crate) fn is_open(&self) -> bool {
        self.life.load(Ordering::Acquire) == Life::Open as u8
    }

    pub(crate) fn is_dropped(&self) -> bool {
        self.life.load(Ordering::Acquire) == Life::Dropped as u8
    }

    /// The error for writes, if one failed and the index was not dropped since.
    pub(crate) fn refused(&self) -> Option<VectorError> {
        let refusal = self.refusal.get().filter(|_| !self.is_dropped())?;
        Some(VectorError::Refusing {
            index: self.name.as_str().into(),
            reason: refusal.reason.clone(),
            code: refusal.code,
        })
    }

    /// The error for requests after the end of the index.
    pub(crate) fn ended(&self) -> VectorError {
        let index = self.name.as_str().into();
        if self.is_dropped() {
            VectorError::Dropped(index)
        } else {
            VectorError::Closed(index)
        }
    }
}
