//! `helper understand`: what texts ask for, by the built-in lexicon.

use std::sync::Arc;

use lakehouse_understand::{Dictionary, Lexicon, Lines};

use crate::lines::{Helper, HelperSpec};

/// The helper of this service.
pub const HELPERS: &[HelperSpec] = &[HelperSpec {
    surface: "understand",
    open: |_| {
        let dictionary = Dictionary::new(&Lexicon::built_in());
        Ok(Box::new(UnderstandHelper(Lines::new(Arc::new(dictionary)))))
    },
}];

struct UnderstandHelper(Lines);

impl Helper for UnderstandHelper {
    fn answer(&self, line: &[u8]) -> String {
        self.0.answer(line)
    }
}
