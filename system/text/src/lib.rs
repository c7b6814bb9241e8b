//! The folding of text (`docs/contract/text.md`): case, accents, look-alike dashes, quotes, spaces
//! and digits disappear, so that texts that read the same are the same.
//!
//! - [`fold`] and [`squeezed`]: the folded text, and the form in which two texts are compared.
//! - [`same_text`]: whether two texts are the same in that form.
//! - [`Folded`]: the folded text with the place in the original that each character came from.
//!
//! Nothing here knows what a text is for.

mod folded;
mod later;
mod rule;

pub use folded::Folded;

/// The folded text.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        rule::fold_char(c, &mut |c| folded.push(c));
    }
    folded
}

/// The folded text with one space for each run of spaces, and none at its ends.
pub fn squeezed(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    let mut space_is_due = false;
    for c in text.chars() {
        rule::fold_char(c, &mut |c| {
            if c == ' ' {
                space_is_due = !squeezed.is_empty();
                return;
            }
            if std::mem::take(&mut space_is_due) {
                squeezed.push(' ');
            }
            squeezed.push(c);
        });
    }
    squeezed
}

/// Whether two texts are equal when folded and squeezed.
pub fn same_text(a: &str, b: &str) -> bool {
    a == b || squeezed(a) == squeezed(b)
}
