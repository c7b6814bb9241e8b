//! The width and the colours of the output.

use console::{Style, Term};

const PLAIN_WIDTH: u16 = 120;
const MIN_WIDTH: u16 = 40;

/// How wide the output is, and whether it has colours.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Columns.
    pub width: u16,
    /// Whether it has colours.
    pub colours: bool,
}

impl Look {
    /// Output that is not a terminal.
    pub const PLAIN: Look = Look {
        width: PLAIN_WIDTH,
        colours: false,
    };

    /// The look for a terminal; `NO_COLOR` turns colours off.
    #[must_use]
    pub fn from_terminal(terminal: &Term) -> Look {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let size = terminal.size_checked();
        Look {
            width: size.map_or(PLAIN_WIDTH, |(_, columns)| columns.max(MIN_WIDTH)),
            colours: terminal.is_term() && terminal.features().colors_supported() && !no_color,
        }
    }

    /// The text in a style, if there are colours.
    #[must_use]
    pub fn paint(self, style: Style, text: &str) -> String {
        style.force_styling(self.colours).apply_to(text).to_string()
    }

    /// Bold text.
    #[must_use]
    pub fn bold(self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    /// Dim text.
    #[must_use]
    pub fn dim(self, text: &str) -> String {
        self.paint(Style::new().dim(), text)
    }

    /// Red text.
    #[must_use]
    pub fn red(self, text: &str) -> String {
        self.paint(Style::new().red(), text)
    }

    /// Green text.
    #[must_use]
    pub fn green(self, text: &str) -> String {
        self.paint(Style::new().green(), text)
    }

    /// Yellow text.
    #[must_use]
    pub fn yellow(self, text: &str) -> String {
        self.paint(Style::new().yellow(), text)
    }
}
