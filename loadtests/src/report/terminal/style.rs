//! Width and colours of the output.

use console::Style as Paint;

/// Width and colours of the output.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct Style {
    pub(super) width: u16,
    pub(super) colours: bool,
}

impl Style {
    /// The style without a terminal.
    pub(in crate::report) const PLAIN: Self = Self {
        width: 120,
        colours: false,
    };

    pub(in crate::report) fn from_terminal(term: &console::Term) -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            width: term
                .size_checked()
                .map_or(Self::PLAIN.width, |(_, columns)| columns.max(40)),
            colours: term.is_term() && term.features().colors_supported() && !no_color,
        }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.paint(Paint::new().bold(), text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.paint(Paint::new().dim(), text)
    }

    pub(super) fn red(self, text: &str) -> String {
        self.paint(Paint::new().red(), text)
    }

    pub(super) fn green(self, text: &str) -> String {
        self.paint(Paint::new().green(), text)
    }

    pub(super) fn yellow(self, text: &str) -> String {
        self.paint(Paint::new().yellow(), text)
    }

    fn paint(self, paint: Paint, text: &str) -> String {
        paint.force_styling(self.colours).apply_to(text).to_string()
    }
}
