//! Writing as JSON text.

/// A value that can be written as JSON.
pub trait Write {
    /// Appends exactly one JSON value.
    fn write(&self, out: &mut String);

    /// The approximate number of bytes that [`write`](Self::write) appends.
    fn size_hint(&self) -> usize {
        8
    }
}

/// The value's JSON text.
pub fn to_text(value: &impl Write) -> String {
    let mut out = String::with_capacity(value.size_hint());
    value.write(&mut out);
    out
}
