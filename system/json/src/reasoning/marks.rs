//! The marks around reasoning: tags, special tokens, channels.

/// Names of tags; the first ones are a family, each other one is a family of its own.
const NAMES: [&str; 16] = [
    "think",
    "thinking",
    "thought",
    "thoughts",
    "thought_process",
    "reasoning",
    "reflection",
    "scratchpad",
    "analysis",
    "rationale",
    "monologue",
    "inner_monologue",
    "internal_monologue",
    "chain_of_thought",
    "cot",
    "deliberation",
];

/// The number of names in the family of `think`.
const FAMILY_SIZE: usize = 5;

/// The word that a text without special tokens begins with in a channel.
const BARE_CHANNEL: &str = "analysis";
/// The final mark of such a text.
const BARE_FINAL: &str = "assistantfinal";

/// A family of names: the index of its first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Family(usize);

/// A mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// `<think>`, `[THINK]`, `◁think▷`.
    Opens(Family),
    /// `<|think|>`.
    OpensSpecial(Family),
    /// `</think>`, in any of these forms.
    Closes(Family),
    /// `<|channel|>`.
    OpensChannel,
    /// `<|channel|>final`.
    Final,
    /// `<|end|>`.
    End,
    /// `<|return|>`, `<|call|>`, `<|start|>`.
    OtherEnd,
    /// `<|channel>`.
    OpensHalfChannel,
    /// `<channel|>`.
    ClosesHalfChannel,
}

impl Mark {
    pub(super) fn opens(self) -> bool {
        matches!(
            self,
            Self::Opens(_) | Self::OpensSpecial(_) | Self::OpensChannel | Self::OpensHalfChannel
        )
    }

    /// Whether this opening mark is closed by `mark`.
    pub(super) fn is_closed_by(self, mark: Mark) -> bool {
        match self {
            Self::Opens(family) => mark == Self::Closes(family),
            Self::OpensSpecial(family) => mark == Self::Closes(family) || mark == Self::End,
            Self::OpensChannel => matches!(mark, Self::End | Self::OtherEnd),
            Self::OpensHalfChannel => mark == Self::ClosesHalfChannel,
            _ => false,
        }
    }
}

/// The marks of a text.
pub(super) struct Marks<'t> {
    text: &'t str,
    /// Whether the text has lost its special tokens.
    is_bare: bool,
}

impl<'t> Marks<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let start = text.trim_start_matches(is_space);
        let after = start.strip_prefix(BARE_CHANNEL);
        let is_bare =
            after.is_some_and(|after| after.starts_with(|c: char| c.is_ascii_uppercase()));
        Self { text, is_bare }
    }

    /// Whether there can be a mark, by a quick look.
    pub(super) fn are_possible(&self) -> bool {
        self.is_bare || self.text.contains(['<', '[', '◁'])
    }

    /// The place of the channel in which a text without special tokens begins.
    pub(super) fn open_at_start(&self) -> Option<usize> {
        let blank = self.text.len() - self.text.trim_start_matches(is_space).len();
        self.is_bare.then_some(blank)
    }

    /// The next place from `from` on at which a mark or, with `objects`, an object may begin.
    pub(super) fn next_candidate(&self, from: usize, objects: bool) -> Option<usize> {
        // A place inside a character of several bytes is none at which a mark begins.
        let mut from = from;
        while !self.text.is_char_boundary(from) {
            from += 1;
        }
        let is_candidate = |c| match c {
            '<' | '[' | '◁' => true,
            '{' => objects,
            'a' => self.is_bare,
            _ => false,
        };
        let distance = self.text.get(from..)?.find(is_candidate)?;
        Some(from + distance)
    }

    /// The mark at `at`, and its end.
    pub(super) fn at(&self, at: usize) -> Option<(Mark, usize)> {
        let text = &self.text[at..];
        let (mark, after) = if let Some(inside) = text.strip_prefix("<|") {
            special(inside)?
        } else if let Some(inside) = strip_prefix_ignoring_case(text, "<channel|>") {
            (Mark::ClosesHalfChannel, inside)
        } else if let Some(inside) = text.strip_prefix('<') {
            tag(inside)?
        } else if let Some(inside) = text.strip_prefix('[') {
            enclosed(inside, "]", |name| name.starts_with("think"))?
        } else if let Some(inside) = text.strip_prefix('◁') {
            enclosed(inside, "▷", |_| true)?
        } else if self.is_bare {
            (Mark::Final, text.strip_prefix(BARE_FINAL)?)
        } else {
            return None;
        };
        Some((mark, self.text.len() - after.len()))
    }
}

/// A mark, and the text after it.
type Found<'t> = Option<(Mark, &'t str)>;

/// After `<`: the rest of a tag.
fn tag(inside: &str) -> Found<'_> {
    let (is_closing, inside) = strip_slash(inside);
    let prefix = inside.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let inside = match prefix.strip_prefix(':') {
        Some(name) if prefix.len() < inside.len() => name,
        _ => inside,
    };
    let (family, after) = name(inside, |_| true)?;
    let (attributes, after) = after.split_at(after.find(['<', '>'])?);
    let after = after.strip_prefix('>')?;
    let is_tag =
        attributes.is_empty() || attributes.starts_with(is_space) && !attributes.ends_with('/');
    let mark = if is_closing {
        Mark::Closes(family)
    } else {
        Mark::Opens(family)
    };
    is_tag.then_some((mark, after))
}

/// After `<|`: the rest of a special token.
fn special(inside: &str) -> Found<'_> {
    if let Some(after) = strip_prefix_ignoring_case(inside, "channel>") {
        return Some((Mark::OpensHalfChannel, after));
    }
    let (is_closing, inside) = strip_slash(inside);
    let length = word_length(inside);
    let (word, after) = inside.split_at(length);
    let after = after.strip_prefix("|>")?;
    let word = normalised(word);
    let mark = match (&*word, is_closing) {
        ("channel", false) => return Some(channel(after)),
        ("end", false) => Mark::End,
        ("return" | "call" | "start", false) => Mark::OtherEnd,
        (_, true) => Mark::Closes(family(&word)?),
        _ => boundary(&word)?,
    };
    Some((mark, after))
}

/// After `<|channel|>`: the final mark when that channel follows.
fn channel(after: &str) -> (Mark, &str) {
    let channel = strip_prefix_ignoring_case(after.trim_start_matches(is_space), "final");
    match channel {
        Some(rest) if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) => (Mark::Final, rest),
        _ => (Mark::OpensChannel, after),
    }
}

/// The mark of a special token by its word: `think`, `begin_of_thought`, `end_thinking`.
fn boundary(word: &str) -> Option<Mark> {
    let opens = ["begin_of_", "start_of_", "begin_", "start_", ""];
    let closes = ["end_of_", "end_"];
    let family_after = |prefix: &&str| family(word.strip_prefix(*prefix)?);
    let opened = opens.iter().find_map(family_after);
    let closed = closes.iter().find_map(family_after);
    opened.map(Mark::OpensSpecial).or(closed.map(Mark::Closes))
}

/// After an opening bracket: the rest of a mark with the closing bracket `close`.
fn enclosed<'t>(inside: &'t str, close: &str, is_name: fn(&str) -> bool) -> Found<'t> {
    let (is_closing, inside) = strip_slash(inside);
    let (family, after) = name(inside, is_name)?;
    let mark = if is_closing {
        Mark::Closes(family)
    } else {
        Mark::Opens(family)
    };
    Some((mark, after.strip_prefix(close)?))
}

/// The family of the name that a text begins with, and the text after it.
fn name(text: &str, is_name: fn(&str) -> bool) -> Option<(Family, &str)> {
    let (word, after) = text.split_at(word_length(text));
    let word = normalised(word);
    Some((family(&word).filter(|_| is_name(&word))?, after))
}

fn family(name: &str) -> Option<Family> {
    let index = NAMES.iter().position(|known| *known == name)?;
    Some(Family(if index < FAMILY_SIZE { 0 } else { index }))
}

fn word_length(text: &str) -> usize {
    let is_word = |b: &u8| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-');
    text.bytes().take_while(is_word).count()
}

fn normalised(word: &str) -> String {
    word.to_ascii_lowercase().replace('-', "_")
}

fn strip_slash(text: &str) -> (bool, &str) {
    match text.strip_prefix('/') {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}

fn strip_prefix_ignoring_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let start = text.get(..prefix.len())?;
    start
        .eq_ignore_ascii_case(prefix)
        .then(|| &text[prefix.len()..])
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}
