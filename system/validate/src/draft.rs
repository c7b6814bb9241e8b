//! The texts of drafts as they are searched (`drafts.md`, "Readings").

mod decode;
mod references;
mod tags;

use std::ops::Range;

use lakehouse_text::Folded;

/// A character of a reading, and the byte range of the text that it came from.
pub(crate) type ReadChar = (char, Range<usize>);

/// One way in which a mail program can show a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading(Vec<ReadChar>);

impl Reading {
    /// The text as written.
    pub(crate) fn as_written(text: &str) -> Self {
        let chars = text.char_indices();
        Self(chars.map(|(at, c)| (c, at..at + c.len_utf8())).collect())
    }

    pub(crate) fn chars(&self) -> &[ReadChar] {
        &self.0
    }

    pub(crate) fn folded(&self) -> Folded {
        Folded::of(self.0.iter().cloned())
    }

    fn text(&self) -> impl Iterator<Item = char> {
        self.0.iter().map(|(c, _)| *c)
    }

    /// The reading made of other characters, when they differ.
    fn changed(&self, chars: Vec<ReadChar>) -> Option<Self> {
        let changed = Self(chars);
        (!changed.text().eq(self.text())).then_some(changed)
    }
}

/// The readings of a text.
pub(crate) struct Readings {
    written: Reading,
    /// Present when it differs from the one above.
    decoded: Option<Reading>,
    /// The reading without tags; present when it differs from the ones above.
    bare: Option<Reading>,
}

impl Readings {
    pub(crate) fn new(text: &str) -> Self {
        let written = Reading::as_written(text);
        let has_codes = text.contains(['&', '%']);
        let decode = || written.changed(decode::decoded(text));
        let decoded = has_codes.then(decode).flatten();
        let last = decoded.as_ref().unwrap_or(&written);
        let has_tags = last.text().any(|c| c == '<');
        let strip = || last.changed(tags::without_tags(last.chars()));
        let bare = has_tags.then(strip).flatten();
        Self {
            written,
            decoded,
            bare,
        }
    }

    /// All readings in order.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Reading> {
        self.with_tags().chain(&self.bare)
    }

    /// The readings in which tags are left, in order.
    pub(crate) fn with_tags(&self) -> impl Iterator<Item = &Reading> {
        [&self.written].into_iter().chain(&self.decoded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: &[&str]) {
        let readings = Readings::new(text);
        let readings: Vec<String> = readings.all().map(|r| r.text().collect()).collect();
        assert_eq!(readings, want, "{text}");
    }

    #[test]
    fn a_text_has_the_readings_that_differ() {
        check("Ana Ruiz", &["Ana Ruiz"]);
        check("5 < 6 & 100%", &["5 < 6 & 100%"]);
        check("Ana&nbsp;Ruiz", &["Ana&nbsp;Ruiz", "Ana Ruiz"]);
        check("<b>Ana</b> Ruiz", &["<b>Ana</b> Ruiz", "Ana Ruiz"]);
        check(
            "<p>Jos&eacute;%20N</p>",
            &["<p>Jos&eacute;%20N</p>", "<p>Jose N</p>", " Jose N "],
        );
        check("&lt;name&gt;", &["&lt;name&gt;", "<name>", ""]);
    }

    #[test]
    fn characters_know_where_they_came_from() {
        let text = "é&#45;<br>x";
        let readings = Readings::new(text);
        let last = readings.all().last().unwrap().chars();
        let parts: Vec<(char, &str)> = last.iter().map(|(c, o)| (*c, &text[o.clone()])).collect();
        assert_eq!(
            parts,
            [('é', "é"), ('-', "&#45;"), (' ', "<br>"), ('x', "x")]
        );
    }
}
