//! Patterns of SQL's `LIKE` (`matrix_search.md`, "SQL-style filters").

/// A pattern that a whole string matches or not.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    parts: Box<[Part]>,
    ignores_case: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    /// Any number of characters.
    Any,
    /// One character.
    One,
    /// This character.
    This(char),
}

impl Pattern {
    /// Reads a pattern in which `%` stands for any characters and `_` for one, unless they follow
    /// `escape`. `None` if the pattern ends with `escape`.
    pub fn parse(text: &str, escape: Option<char>, ignores_case: bool) -> Option<Self> {
        let lower = |c: char| if ignores_case { lower_case(c) } else { c };
        let mut parts = Vec::new();
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            parts.push(match c {
                _ if escape == Some(c) => Part::This(lower(rest.next()?)),
                '%' => Part::Any,
                '_' => Part::One,
                _ => Part::This(lower(c)),
            });
        }
        // Several in a row match what one does, and take longer.
        parts.dedup_by(|a, b| (*a, *b) == (Part::Any, Part::Any));
        Some(Self {
            parts: parts.into(),
            ignores_case,
        })
    }

    /// Whether the string matches.
    pub fn matches(&self, text: &str) -> bool {
        let mut rest = text.chars();
        let mut at = 0;
        // Where to go on when a character does not match: behind the last `%`, one character later.
        let mut retry = None;
        loop {
            let before = rest.clone();
            let found = rest.next();
            match (self.parts.get(at), found) {
                (Some(Part::Any), _) => {
                    rest = before;
                    at += 1;
                    retry = Some((at, rest.clone()));
                    continue;
                }
                (Some(Part::One), Some(_)) => {
                    at += 1;
                    continue;
                }
                (Some(Part::This(wanted)), Some(c)) if *wanted == self.folded(c) => {
                    at += 1;
                    continue;
                }
                (None, None) => return true,
                // The string is too short, wherever the last `%` ends.
                (Some(_), None) => return false,
                _ => {}
            }
            let Some((behind, from)) = &mut retry else {
                return false;
            };
            from.next();
            (at, rest) = (*behind, from.clone());
        }
    }

    /// The longest part of every string that matches, in its own spelling; empty if there is none.
    pub(crate) fn longest_literal(&self) -> String {
        if self.ignores_case {
            return String::new();
        }
        let runs = self.parts.split(|part| !matches!(part, Part::This(_)));
        let longest = runs.max_by_key(|run| run.len()).unwrap_or_default();
        let chars = longest.iter().filter_map(|part| match part {
            Part::This(c) => Some(*c),
            Part::Any | Part::One => None,
        });
        chars.collect()
    }

    /// The pattern's memory in bytes.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.parts)
    }

    fn folded(&self, c: char) -> char {
        if self.ignores_case { lower_case(c) } else { c }
    }
}

/// The simple lower-case mapping. The full one differs from it only for `İ`, which it maps to `i` and a
/// combining dot.
pub(crate) fn lower_case(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}
