//! `helper understand`: what texts ask for, by the built-in lexicon.

use std::sync::Arc;

use lakehouse_understand::{Dictionary, Lexicon, Lines};
use lakehouse_wire::to_text;

use super::convert;
use crate::lines::{Helper, HelperSpec, error_answer};

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
        match self.0.understand(line) {
            Ok(understood) => to_text(&convert::understanding(&understood)),
            Err(error) => error_answer(&error.to_string()),
        }
    }
}
