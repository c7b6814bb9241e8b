//! The lists of words of `playbook.md` ("Lists").

use std::{collections::HashMap, sync::LazyLock};

/// Words before a role, in addition to counts.
const SKIPPED: &[&str] = &[
    "a",
    "an",
    "the",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "un",
    "una",
    "some",
    "any",
    "more",
    "another",
    "additional",
    "extra",
    "few",
    "several",
    "couple",
    "of",
    "good",
    "great",
    "experienced",
    "reliable",
    "qualified",
    "skilled",
    "strong",
    "new",
    "our",
    "my",
    "temporary",
    "immediate",
];

/// Words that end a phrase.
const ENDS: &[&str] = &[
    "in",
    "at",
    "for",
    "from",
    "on",
    "near",
    "with",
    "to",
    "starting",
    "asap",
    "around",
    "outside",
    "by",
    "who",
    "that",
    "which",
    "because",
    "so",
    "as",
    "tomorrow",
    "today",
    "tonight",
    "now",
    "please",
    "this",
    "next",
    "until",
    "till",
    "after",
    "before",
    "start",
    "immediately",
    "urgently",
    "needed",
    "wanted",
    "required",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "en",
    "de",
    "para",
    "con",
];

/// Words for a person whose role is not named, at the beginning of a phrase.
const PRONOUNS: &[&str] = &[
    "someone",
    "somebody",
    "anyone",
    "anybody",
    "everyone",
    "everybody",
    "people",
    "it",
    "them",
    "they",
    "me",
    "us",
    "you",
    "him",
    "her",
    "alguien",
];

/// Words that are no role without others, in addition to the pronouns.
const OTHER_FILLERS: &[&str] = &[
    "person",
    "persons",
    "folks",
    "guy",
    "guys",
    "man",
    "men",
    "woman",
    "women",
    "worker",
    "workers",
    "hand",
    "hands",
    "help",
    "staff",
    "staffing",
    "coverage",
    "cover",
    "body",
    "bodies",
    "temp",
    "temps",
    "crew",
    "team",
    "employee",
    "employees",
    "candidate",
    "candidates",
    "personnel",
    "manpower",
    "backup",
    "support",
    "ones",
    "work",
    "job",
    "jobs",
    "shift",
    "shifts",
    "position",
    "positions",
    "role",
    "roles",
    "opening",
    "openings",
    "gente",
    "personal",
];

/// Words about times.
const TIMES: &[&str] = &[
    "morning",
    "mornings",
    "afternoon",
    "afternoons",
    "evening",
    "evenings",
    "noon",
    "midnight",
    "night",
    "nights",
    "day",
    "days",
    "week",
    "weeks",
    "weekend",
    "weekends",
    "weekday",
    "weekdays",
    "month",
    "months",
    "hour",
    "hours",
    "minute",
    "minutes",
    "time",
    "am",
    "pm",
    "shift",
    "shifts",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words before a city that make it another one.
pub(super) const BEFORE_A_CITY: &[&str] = &[
    "north", "south", "east", "west", "new", "old", "upper", "lower", "fort", "port", "lake",
    "mount", "saint",
];

/// Words behind a city that make it another one.
pub(super) const BEHIND_A_CITY: &[&str] = &[
    "park", "heights", "beach", "springs", "falls", "hills", "township", "village", "lakes",
    "grove", "junction",
];

/// Abbreviations in the names of cities.
pub(super) const CITY_ABBREVIATIONS: &[(&str, &str)] = &[
    ("st", "saint"),
    ("ste", "sainte"),
    ("ft", "fort"),
    ("mt", "mount"),
    ("pt", "point"),
    ("n", "north"),
    ("s", "south"),
    ("e", "east"),
    ("w", "west"),
    ("hts", "heights"),
    ("spgs", "springs"),
    ("jct", "junction"),
];

/// Words that ask for someone, alone.
const CUES: &[&str] = &[
    "need",
    "needs",
    "want",
    "wants",
    "require",
    "requires",
    "seeking",
    "hiring",
    "necesito",
    "necesitamos",
    "busco",
    "buscamos",
];

/// Words that ask for someone together.
pub(super) const LONG_CUES: &[&[&str]] = &[
    &["looking", "for"],
    &["searching", "for"],
    &["in", "need", "of"],
];

/// Words that negate a cue behind them.
const NOT: &[&str] = &[
    "no", "not", "never", "dont", "doesnt", "didnt", "wont", "isnt", "arent", "aint", "cannot",
    "cant",
];

/// Other words that negate what follows.
const OTHER_NEGATIONS: &[&str] = &["nor", "except", "excluding", "without"];

/// Words that negate what follows together.
pub(super) const LONG_NEGATIONS: &[&[&str]] =
    &[&["instead", "of"], &["rather", "than"], &["other", "than"]];

/// Words between a negation and what it negates.
const BEHIND_A_NEGATION: &[&str] = &[
    "a", "an", "the", "any", "more", "our", "all", "in", "at", "near", "from", "around",
];

/// What a word is by the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One of [`SKIPPED`].
    Skipped = 1,
    /// One of [`ENDS`].
    End = 1 << 1,
    /// One of [`PRONOUNS`].
    Pronoun = 1 << 2,
    /// One that is no role without others.
    Filler = 1 << 3,
    /// One of [`TIMES`].
    Time = 1 << 4,
    /// One of [`CUES`].
    Cue = 1 << 5,
    /// The first of one of [`LONG_CUES`].
    LongCue = 1 << 6,
    /// One of [`NOT`].
    Not = 1 << 7,
    /// One that negates what follows.
    Negation = 1 << 8,
    /// The first of one of [`LONG_NEGATIONS`].
    LongNegation = 1 << 9,
    /// One of [`BEHIND_A_NEGATION`].
    BehindANegation = 1 << 10,
}

/// The kinds of a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Kinds(u16);

impl Kinds {
    /// The kinds of a word.
    pub(super) fn of(word: &str) -> Self {
        KINDS.get(word).copied().unwrap_or_default()
    }

    pub(super) fn contain(self, kind: Kind) -> bool {
        self.0 & kind as u16 != 0
    }
}

/// One lookup for each word of a query instead of a search of each list.
static KINDS: LazyLock<HashMap<&str, Kinds>> = LazyLock::new(|| {
    let mut kinds: HashMap<&str, Kinds> = HashMap::new();
    let mut add = |kind: Kind, words: &mut dyn Iterator<Item = &'static str>| {
        for word in words {
            kinds.entry(word).or_default().0 |= kind as u16;
        }
    };
    for (kind, lists) in [
        (Kind::Skipped, &[SKIPPED][..]),
        (Kind::End, &[ENDS]),
        (Kind::Pronoun, &[PRONOUNS]),
        (Kind::Filler, &[PRONOUNS, OTHER_FILLERS]),
        (Kind::Time, &[TIMES]),
        (Kind::Cue, &[CUES]),
        (Kind::Not, &[NOT]),
        (Kind::Negation, &[NOT, OTHER_NEGATIONS]),
        (Kind::BehindANegation, &[BEHIND_A_NEGATION]),
    ] {
        add(kind, &mut lists.iter().copied().flatten().copied());
    }
    add(Kind::LongCue, &mut LONG_CUES.iter().map(|words| words[0]));
    add(
        Kind::LongNegation,
        &mut LONG_NEGATIONS.iter().map(|words| words[0]),
    );
    kinds
});
