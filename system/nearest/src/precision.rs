//! What a graph or a scan reads of a row.

/// The form in which rows are traversed. The exact distance is always that of the `f32` rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Precision {
    /// The `f32` rows themselves: 4 bytes a value, nothing to rescore.
    F32,
    /// Half floats, scaled by row: 2 bytes a value.
    F16,
    /// Integers in `-127..=127`, scaled by row: 1 byte a value.
    I8,
}

impl Precision {
    /// Bytes of a value's code; 0 where there are no codes beside the rows.
    #[must_use]
    pub fn code_bytes(self) -> usize {
        match self {
            Self::F32 => 0,
            Self::F16 => 2,
            Self::I8 => 1,
        }
    }
}
