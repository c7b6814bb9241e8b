//! TOML that keeps its comments and order when it is edited.

use toml_edit::DocumentMut;

/// A file's text, ready for edits.
pub(super) struct Editable {
    /// The comments of a file that has nothing else. As part of the document they would end up
    /// behind everything that is added.
    pub(super) head: String,
    pub(super) document: DocumentMut,
}

pub(super) fn editable(text: &str) -> Result<Editable, toml_edit::TomlError> {
    let document: DocumentMut = text.parse()?;
    if !document.is_empty() || text.is_empty() {
        return Ok(Editable {
            head: String::new(),
            document,
        });
    }
    let blank = if text.ends_with("\n\n") { "" } else { "\n" };
    Ok(Editable {
        head: format!("{text}{blank}"),
        document: DocumentMut::new(),
    })
}
