//! The texts of drafts as they are searched (`drafts.md`, "Readings").

mod decode;
mod references;
mod tags;

use std::ops::Range;

use lakehouse_text::{Capitals, Folded, fold_char, is_capital};

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

    /// For each folded character, whether it came from a capital.
    pub(crate) fn capitals(&self) -> Vec<bool> {
        let mut capitals = Vec::with_capacity(self.0.len());
        for (c, _) in &self.0 {
            fold_char(*c, Capitals::Lowered, &mut |_| {
                capitals.push(is_capital(*c));
            });
        }
        capitals
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

/// The maximum number of times that a text is decoded.
const MAX_PASSES: usize = 4;

/// The readings of a text.
pub(crate) struct Readings {
    /// The text as written, and then what each pass of decoding changed.
    with_tags: Vec<Reading>,
    /// The decoded readings without tags, or that of the text as written; those that differ.
    bare: Vec<Reading>,
}

impl Readings {
    pub(crate) fn new(text: &str) -> Self {
        let mut with_tags = vec![Reading::as_written(text)];
        while with_tags.len() <= MAX_PASSES {
            let last = &with_tags[with_tags.len() - 1];
            let has_codes = last.text().any(|c| matches!(c, '&' | '%'));
            let decode = || last.changed(decode::decoded(last.chars()));
            let Some(decoded) = has_codes.then(decode).flatten() else {
                break;
            };
            with_tags.push(decoded);
        }
        let tagged = &with_tags[usize::from(with_tags.len() > 1)..];
        let strip = |reading: &Reading| {
            let has_tags = reading.text().any(|c| c == '<');
            let strip = || reading.changed(tags::without_tags(reading.chars()));
            has_tags.then(strip).flatten()
        };
        let bare = tagged.iter().filter_map(strip).collect();
        Self { with_tags, bare }
    }

    /// All readings in order.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Reading> {
        self.with_tags().chain(&self.bare)
    }

    /// The readings in which tags are left, in order.
    pub(crate) fn with_tags(&self) -> impl Iterator<Item = &Reading> {
        self.with_tags.iter()
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
        check("%2541%26amp%3B", &["%2541%26amp%3B", "%41&amp;", "A&"]);
        check(
            "%2525252541",
            &["%2525252541", "%25252541", "%252541", "%2541", "%41"],
        );
        check(
            "&lt;b&gt;&amp;lt;i&amp;gt;",
            &[
                "&lt;b&gt;&amp;lt;i&amp;gt;",
                "<b>&lt;i&gt;",
                "<b><i>",
                "&lt;i&gt;",
                "",
            ],
        );
    }

    #[test]
    fn characters_know_where_they_came_from() {
        let text = "é&amp;#45;<br>x";
        let readings = Readings::new(text);
        let last = readings.all().last().unwrap().chars();
        let parts: Vec<(char, &str)> = last.iter().map(|(c, o)| (*c, &text[o.clone()])).collect();
        assert_eq!(
            parts,
            [('é', "é"), ('-', "&amp;#45;"), (' ', "<br>"), ('x', "x")]
        );
    }

    #[test]
    fn capitals_are_known_behind_the_folding() {
        let reading = Reading::as_written("aÁ Łß\u{301}İ");
        let folded: String = reading.folded().chars().iter().collect();
        assert_eq!(folded, "aa lssi");
        assert_eq!(
            reading.capitals(),
            [false, true, false, true, false, false, true]
        );
    }
}
