//! TOML documents that keep their comments and order when edited.

use toml_edit::DocumentMut;

/// A file's text, ready for edits.
pub(super) struct Editable {
    /// The comments of a file without entries. In the document they would follow added entries.
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
