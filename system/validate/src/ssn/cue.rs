//! Words that say that a number is a social security or tax number.

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::Digits;

/// The maximum distance in characters from the start of a cue to the number after it.
const REACH_BEFORE: usize = 40;
/// The maximum distance in characters from a number to the start of a cue after it.
const REACH_AFTER: usize = 20;

/// Whose number a cue is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
    /// A person's.
    Person,
    /// A taxpayer's, who may be an employer.
    Tax,
}

/// The cues of `drafts.md`. `!` there is [`END`] here.
const PERSON: [&str; 16] = [
    "ssns?!",
    "s[^a-z0-9]{1,3}s[^a-z0-9]{1,3}n!",
    "ss[^a-z0-9]{0,3}#",
    "ss[^a-z0-9]{0,3}(?:no|nr|num|nbr|number|card)!",
    "ss[^a-z0-9]{0,3}[0-9]",
    "s[^a-z0-9]{1,3}s[^a-z0-9]{0,3}(?:#|(?:no|nr|num|nbr|number|card)!)",
    "social[^a-z0-9]{0,3}sec",
    "soc[^a-z0-9]{0,3}(?:sec|#)",
    "soc[^a-z0-9]{1,3}(?:(?:no|num|number)!|[0-9])",
    "ssan!",
    "ss[^a-z0-9]{1,3}(?:is|es)!",
    "itin!",
    "i[^a-z0-9]{1,3}t[^a-z0-9]{1,3}i[^a-z0-9]{1,3}n!",
    "nss!",
    "n[^a-z0-9]{1,3}s[^a-z0-9]{1,3}s!",
    "seguro!",
];
const SOCIAL: [&str; 1] = ["socials?!"];
const OTHER_SOCIAL: [&str; 1] =
    ["socials?[^a-z0-9]{1,3}(?:club|distancing|event|hour|media|network|service|skill|work)"];
const TAX: [&str; 4] = [
    "tax[^a-z0-9]{0,3}(?:payer[^a-z0-9]{0,3})?id",
    "tax[^a-z0-9]{0,3}(?:payer[^a-z0-9]{0,3})?(?:no|num|number)!",
    "tin!",
    "t[^a-z0-9]{1,3}i[^a-z0-9]{1,3}n!",
];

/// No letter follows.
const END: &str = "(?:[^a-z]|$)";

/// The cues of a text by the position where they begin.
pub(super) struct Cues(Vec<Option<Cue>>);

impl Cues {
    pub(super) fn new(text: &Digits) -> Self {
        Self(
            (0..text.bytes.len())
                .map(|at| cue_at(&text.bytes, at))
                .collect(),
        )
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// The cue near a number; one of a person before one of a taxpayer.
    pub(super) fn near(&self, number: &Range<usize>) -> Option<Cue> {
        let before = number.start.saturating_sub(REACH_BEFORE)..number.start;
        let after = number.end..(number.end + REACH_AFTER).min(self.0.len());
        let near = || {
            before
                .clone()
                .chain(after.clone())
                .filter_map(|at| self.0[at])
        };
        near()
            .find(|cue| *cue == Cue::Person)
            .or_else(|| near().next())
    }
}

/// The cue that begins at a position.
fn cue_at(text: &[u8], at: usize) -> Option<Cue> {
    static EXPRESSIONS: LazyLock<[Regex; 4]> =
        LazyLock::new(|| [&PERSON[..], &SOCIAL, &OTHER_SOCIAL, &TAX].map(any_of));
    let [person, social, other_social, tax] = &*EXPRESSIONS;
    let may_begin = matches!(text[at], b'i' | b'n' | b's' | b't');
    if !may_begin || text[..at].last().is_some_and(u8::is_ascii_lowercase) {
        return None;
    }
    let rest = &text[at..];
    if person.is_match(rest) || (social.is_match(rest) && !other_social.is_match(rest)) {
        Some(Cue::Person)
    } else if tax.is_match(rest) {
        Some(Cue::Tax)
    } else {
        None
    }
}

/// An expression that matches at the start of a text what one of these does.
fn any_of(expressions: &[&str]) -> Regex {
    let any = expressions.join("|").replace('!', END);
    Regex::new(&format!("(?-u)^(?:{any})")).expect("the expressions are constants")
}
