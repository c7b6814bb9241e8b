//! The folding of text (`docs/contract/text.md`): case, accents, look-alike dashes, quotes, spaces
//! and digits disappear, so that texts that read the same are the same.
//!
//! - [`fold`] and [`squeezed`]: the folded text, and the form in which two texts are compared.
//! - [`same_text`]: whether two texts are the same in that form.
//! - [`Folded`]: the folded text with the place in the original that each character came from.
//! - [`fold_char`]: what one character becomes, also with its [`Capitals`] kept.
//! - [`is_letter`], [`is_word_alone`]: the letters of folded texts; [`is_capital`]: capitals of
//!   texts as they are written.
//!
//! Nothing here knows what a text is for.

mod folded;
mod later;
mod letter;
mod rule;

pub use folded::Folded;
pub use letter::{is_capital, is_letter, is_word_alone};
pub use rule::{Capitals, fold_char};

/// The folded text.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        fold_char(c, Capitals::Lowered, &mut |c| folded.push(c));
    }
    folded
}

/// The folded text with one space for each run of spaces, and none at its ends.
pub fn squeezed(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    let mut space_is_due = false;
    for c in text.chars() {
        fold_char(c, Capitals::Lowered, &mut |c| {
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
