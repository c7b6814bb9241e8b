//! Splitting texts into words, for the hash embedder and the role gate (`embed.md`, "Provider
//! `hash`", steps 1 and 2).

/// The words of a text in ASCII lower case: its longest runs of ASCII letters, ASCII digits and
/// characters from U+0080.
pub fn words_of_lowered(lowered: &str) -> impl Iterator<Item = &str> {
    lowered
        .split(|c: char| !is_word(c))
        .filter(|word| !word.is_empty())
}

/// The words of any text.
pub fn words(text: &str) -> Vec<String> {
    let lowered = text.to_ascii_lowercase();
    words_of_lowered(&lowered).map(str::to_owned).collect()
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c >= '\u{80}'
}
