//! Zeroed memory that never moves and is filled while finished parts are read.

#![expect(
    unsafe_code,
    reason = "shared memory with a writer and readers of disjoint ranges"
)]

use std::fs::File;
use std::io;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU32;

use half::f16;
use memmap2::{Mmap, MmapMut, MmapOptions, MmapRaw};

/// Types that a region can hold: any bit pattern, including zero, is a valid value.
///
/// # Safety
/// The type has no padding, no invalid bit pattern and no drop, and its alignment divides 64.
pub(crate) unsafe trait Plain: Copy + 'static {}
// SAFETY: plain numbers.
unsafe impl Plain for u8 {}
// SAFETY: as above.
unsafe impl Plain for i8 {}
// SAFETY: as above.
unsafe impl Plain for f32 {}
// SAFETY: contains only a `u16`.
unsafe impl Plain for f16 {}

const HUGE_PAGE: usize = 2 << 20;

/// Anonymous memory, aligned to at least 64 bytes. The system allocates pages on the first write, so
/// the unused part of a region costs only address space.
pub(crate) struct Region {
    map: MmapRaw,
    /// The offset of the region in the map.
    start: usize,
    bytes: usize,
}

impl Region {
    /// Allocates `bytes` zeroed bytes.
    ///
    /// # Panics
    /// If the system has no address space left, like every allocation.
    pub(crate) fn new(bytes: usize) -> Self {
        let slack = if bytes >= HUGE_PAGE { HUGE_PAGE } else { 0 };
        let map = MmapMut::map_anon((bytes + slack).max(1)).expect("address space for a region");
        let start = if slack > 0 {
            map.as_ptr().align_offset(HUGE_PAGE)
        } else {
            0
        };
        Self {
            map: map.into(),
            start,
            bytes,
        }
    }

    /// Requests 2 MiB pages where no pages are allocated yet. Costs memory if most of the region stays
    /// empty; otherwise searches were about a tenth faster.
    pub(crate) fn prefer_huge_pages(&self) {
        #[cfg(target_os = "linux")]
        if self.bytes >= HUGE_PAGE {
            let whole = self.bytes - self.bytes % HUGE_PAGE;
            // The advice is optional: small pages work as well.
            let _ = self
                .map
                .advise_range(memmap2::Advice::HugePage, self.start, whole);
        }
    }

    /// `count` values from byte `at`.
    ///
    /// # Safety
    /// Nothing writes to this range while the slice lives.
    #[inline]
    pub(crate) unsafe fn slice<T: Plain>(&self, at: usize, count: usize) -> &[T] {
        let pointer = self.pointer::<T>(at, count);
        // SAFETY: `pointer` checked bounds and alignment, any bits are a `T`, and the caller
        // promises that there is no writer.
        unsafe { std::slice::from_raw_parts(pointer, count) }
    }

    /// Copies `values` to byte `at`.
    ///
    /// # Safety
    /// Nothing else reads or writes this range during the call.
    pub(crate) unsafe fn write<T: Plain>(&self, at: usize, values: &[T]) {
        let pointer = self.pointer::<T>(at, values.len());
        // SAFETY: `pointer` checked bounds and alignment, and the caller guarantees exclusive access.
        unsafe { std::ptr::copy_nonoverlapping(values.as_ptr(), pointer, values.len()) }
    }

    #[inline]
    fn pointer<T: Plain>(&self, at: usize, count: usize) -> *mut T {
        let bytes = count * size_of::<T>();
        assert!(at <= self.bytes && bytes <= self.bytes - at && at.is_multiple_of(align_of::<T>()));
        // SAFETY: inside of the map, whose start is aligned to a page.
        unsafe { self.map.as_mut_ptr().add(self.start + at).cast() }
    }
}

/// A region read and written as atomic words only.
pub(crate) struct AtomicWords(Region);

impl AtomicWords {
    pub(crate) fn new(count: usize) -> Self {
        Self(Region::new(count * size_of::<AtomicU32>()))
    }

    pub(crate) fn prefer_huge_pages(&self) {
        self.0.prefer_huge_pages();
    }

    #[inline]
    pub(crate) fn slice(&self, at: usize, count: usize) -> &[AtomicU32] {
        let words = self.0.bytes / size_of::<AtomicU32>();
        assert!(at <= words && count <= words - at);
        // SAFETY: in bounds and aligned; zeros are atomics, and this type hands out nothing else.
        unsafe {
            let base = self
                .0
                .map
                .as_mut_ptr()
                .add(self.0.start)
                .cast::<AtomicU32>();
            std::slice::from_raw_parts(base.add(at), count)
        }
    }
}

/// Maps the whole of `file`, which must not be truncated or changed while it is mapped: reading a
/// lost page would kill the process.
///
/// # Errors
/// If the system call fails.
pub fn map_file(file: &File) -> io::Result<Mmap> {
    // SAFETY: the caller upholds the contract above; store files are written once, then renamed.
    unsafe { MmapOptions::new().map(file) }
}

const TABLE: usize = 256;

/// An append-only list of up to 65,536 items that can be read while it grows and never moves items.
pub(crate) struct GrowingTable<T> {
    shelves: Shelf<Shelf<T>>,
}

type Shelf<T> = Box<[OnceLock<T>]>;

impl<T> GrowingTable<T> {
    pub(crate) fn new() -> Self {
        Self { shelves: empty() }
    }

    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        self.shelves.get(index / TABLE)?.get()?[index % TABLE].get()
    }

    /// The item at `index`, created on demand.
    ///
    /// # Panics
    /// If `index` is 65,536 or more.
    pub(crate) fn get_or_create(&self, index: usize, create: impl FnOnce() -> T) -> &T {
        self.shelves[index / TABLE].get_or_init(empty)[index % TABLE].get_or_init(create)
    }

    /// All items, in order, up to the first gap.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        (0..TABLE * TABLE).map_while(|index| self.get(index))
    }
}

fn empty<T>() -> Shelf<T> {
    (0..TABLE).map(|_| OnceLock::new()).collect()
}

/// A slice of values as mutable bytes.
pub(crate) fn as_bytes_mut<T: Plain>(values: &mut [T]) -> &mut [u8] {
    // SAFETY: a `Plain` type has no padding, and any bits are one of its values.
    unsafe { std::slice::from_raw_parts_mut(values.as_mut_ptr().cast(), size_of_val(values)) }
}

/// A slice of values as bytes.
pub(crate) fn as_bytes<T: Plain>(values: &[T]) -> &[u8] {
    // SAFETY: a `Plain` type has no padding, so every byte is initialized.
    unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), size_of_val(values)) }
}

/// A slice of words as plain values.
pub(crate) fn as_plain<T: Plain>(words: &[u32]) -> &[T] {
    assert!(align_of::<T>() <= align_of::<u32>());
    let count = size_of_val(words) / size_of::<T>();
    // SAFETY: the words are aligned sufficiently, and any bits are a valid `T`.
    unsafe { std::slice::from_raw_parts(words.as_ptr().cast(), count) }
}
