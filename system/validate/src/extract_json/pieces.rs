//! The pieces of a text, in the order in which they are searched.

const FENCE: &str = "```";

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece<'t> {
    /// Its byte offset in the text.
    pub(super) start: usize,
    /// The part itself.
    pub(super) text: &'t str,
}

/// The three passes: the fences tagged `json`, those without a tag, the whole text.
pub(super) fn passes(text: &str) -> [Vec<Piece<'_>>; 3] {
    let mut tagged = Vec::new();
    let mut untagged = Vec::new();
    for (tag, content) in fences(text) {
        if tag.eq_ignore_ascii_case("json") {
            tagged.push(content);
        } else if tag.is_empty() {
            untagged.push(content);
        }
    }
    [tagged, untagged, vec![Piece { start: 0, text }]]
}

/// The tag and the content of each fence.
fn fences(text: &str) -> impl Iterator<Item = (&str, Piece<'_>)> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let tag_start = next + text[next..].find(FENCE)? + FENCE.len();
        let is_tag = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'-');
        let tag_length = text.bytes().skip(tag_start).take_while(is_tag).count();
        let start = tag_start + tag_length;
        let end = text[start..].find(FENCE).map(|length| start + length);
        let content = &text[start..end.unwrap_or(text.len())];
        next = end.map_or(text.len(), |end| end + FENCE.len());
        let tag = &text[tag_start..start];
        Some((
            tag,
            Piece {
                start,
                text: content,
            },
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_has_a_tag_and_a_content() {
        let text = "a```json {}``` ```\nb```x-1+_é";
        let found: Vec<_> = fences(text)
            .map(|(tag, piece)| (tag, piece.start, piece.text))
            .collect();
        assert_eq!(
            found,
            [("json", 8, " {}"), ("", 18, "\nb")],
            "the third group of backticks closes"
        );
        let open: Vec<_> = fences("```c++").collect();
        let piece = Piece { start: 6, text: "" };
        assert_eq!(open, [("c++", piece)]);
    }
}
