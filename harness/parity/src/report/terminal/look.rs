//! How the output looks: its width, and colours where there are any.

use console::Style;

/// Width when the output is not a terminal.
const PLAIN_WIDTH: u16 = 120;

/// How wide the output is and whether it has colours.
#[derive(Clone, Copy)]
pub(in crate::report) struct Look {
    pub(super) width: u16,
    pub(super) colours: bool,
}

impl Look {
    pub(in crate::report) fn of(term: &console::Term) -> Look {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Look {
            width: term
                .size_checked()
                .map_or(PLAIN_WIDTH, |(_, columns)| columns.max(40)),
            colours: term.is_term() && term.features().colors_supported() && !no_color,
        }
    }

    /// Characters of a value that fit beside its label.
    pub(super) fn value(self) -> usize {
        usize::from(self.width).saturating_sub(12).max(40)
    }

    pub(super) fn paint(self, style: Style, text: &str) -> String {
        style.force_styling(self.colours).apply_to(text).to_string()
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.paint(Style::new().dim(), text)
    }

    pub(super) fn red(self, text: &str) -> String {
        self.paint(Style::new().red(), text)
    }

    pub(super) fn green(self, text: &str) -> String {
        self.paint(Style::new().green(), text)
    }

    pub(super) fn yellow(self, text: &str) -> String {
        self.paint(Style::new().yellow(), text)
    }
}
