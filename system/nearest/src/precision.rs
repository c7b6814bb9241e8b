//! The precision of traversed rows.

/// The form in which rows are traversed. Exact distances always use the `f32` rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Precision {
    /// The `f32` rows themselves: 4 bytes per value, no rescoring.
    F32,
    /// Half floats, scaled by row: 2 bytes per value.
    F16,
    /// Integers in `-127..=127`, scaled by row: 1 byte per value.
    I8,
}

impl Precision {
    /// The bytes of a value's code; 0 if there are no codes beside the rows.
    #[must_use]
    pub fn code_bytes(self) -> usize {
        match self {
            Self::F32 => 0,
            Self::F16 => 2,
            Self::I8 => 1,
        }
    }
}
