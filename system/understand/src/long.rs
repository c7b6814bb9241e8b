//! Long queries: only their beginning is read (`understand.md`, "Long queries").

/// The maximum number of characters of a query that are read.
const MAX_CHARACTERS: usize = 2000;

/// The part of a query that is read for what it asks for. The rules look back and forth from every
/// word, so a longer text could keep a thread busy for minutes.
pub fn read_part(query: &str) -> &str {
    match query.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => &query[..end],
        None => query,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_read_to_their_2000th_character() {
        for (query, length) in [
            ("", 0),
            ("a".repeat(2000).as_str(), 2000),
            ("a".repeat(2001).as_str(), 2000),
            ("é".repeat(2001).as_str(), 4000),
        ] {
            assert_eq!(read_part(query).len(), length);
        }
    }
}
