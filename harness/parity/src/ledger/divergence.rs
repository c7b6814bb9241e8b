//! `fixtures/divergences.toml`: every accepted difference, pinned exactly.

use std::collections::BTreeMap;

use lakehouse_rig::error::{Error, quoted};
use lakehouse_rig::implementation::Transport;
use lakehouse_rig::source::Source;
use serde::Deserialize;
use toml::Spanned;

use crate::config::Root;
use crate::json::{Path, Query, Segment};
use crate::outcome::{
    CaseOutcome, CaseVerdict, Difference, DifferenceKind, LedgerFailure, PinOutcome,
};

/// The file, relative to the root.
pub const FILE: &str = "fixtures/divergences.toml";

/// One pin.
#[derive(Debug, Clone)]
pub struct Pin {
    written: Written,
    pattern: Pattern,
    expires: jiff::civil::Date,
    /// First and last line in the file, from 1.
    lines: (usize, usize),
}

/// A difference's path as a pin writes it: a prefix taken literally, then a query.
#[derive(Debug, Clone)]
struct Pattern {
    prefix: String,
    query: Option<Query>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFile {
    #[serde(default)]
    divergence: Vec<Spanned<Written>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    surface: Spanned<String>,
    cases: Vec<Spanned<String>>,
    pair: Spanned<[String; 2]>,
    transport: Option<Transport>,
    path: Spanned<String>,
    kind: DifferenceKind,
    shapes: [String; 2],
    count: Spanned<usize>,
    reason: String,
    decision: String,
    expires: Spanned<toml::value::Datetime>,
}

/// Reads the ledger of a root; a missing file is an empty one.
///
/// # Errors
///
/// Anything wrong in it: a surface, case or implementation that does not exist, for one.
pub fn read(root: &Root) -> Result<Vec<Pin>, Error> {
    if !root.directory.join(FILE).is_file() {
        return Ok(Vec::new());
    }
    let source = Source::read(&root.directory, FILE)?;
    let written: WrittenFile = source.parse()?;
    written
        .divergence
        .into_iter()
        .map(|entry| pin(root, &source, entry))
        .collect()
}

fn pin(root: &Root, source: &Source, entry: Spanned<Written>) -> Result<Pin, Error> {
    let whole = source.entry(entry.span());
    let lines = (source.line(whole.start), source.line(whole.end));
    let written = entry.into_inner();
    let unknown = |span, what: &str, name: &str, known: Vec<&str>| {
        let help = format!("known are {}", quoted(&known));
        source.error(
            span,
            format!("unknown {what} `{name}` in a pin"),
            "unknown",
            Some(help),
        )
    };
    let Some(probe) = root.probes.get(written.surface.get_ref()) else {
        let known = root.probes.keys().map(String::as_str).collect();
        return Err(unknown(
            written.surface.span(),
            "surface",
            written.surface.get_ref(),
            known,
        ));
    };
    for case in &written.cases {
        if !probe
            .cases
            .iter()
            .any(|known| known.name == *case.get_ref())
        {
            let known = probe.cases.iter().map(|case| case.name.as_str()).collect();
            return Err(unknown(case.span(), "case", case.get_ref(), known));
        }
    }
    let [left, right] = written.pair.get_ref();
    for name in [left, right] {
        if !root.implementations.contains_key(name) {
            let known = root.implementations.keys().map(String::as_str).collect();
            return Err(unknown(written.pair.span(), "implementation", name, known));
        }
    }
    if *left != root.reference || left == right {
        return Err(source.error(
            written.pair.span(),
            format!(
                "a pair is the reference `{}` and another implementation",
                root.reference
            ),
            "not such a pair",
            None,
        ));
    }
    if *written.count.get_ref() == 0 || written.cases.is_empty() {
        return Err(source.error(
            written.count.span(),
            "a pin that covers nothing",
            "at least 1, in at least one case",
            None,
        ));
    }
    let Some(date) = written.expires.get_ref().date else {
        return Err(source.error(
            written.expires.span(),
            "`expires` is no date",
            "a date such as 2027-06-30",
            None,
        ));
    };
    let numbers = (
        i16::try_from(date.year).unwrap_or(i16::MAX),
        i8::try_from(date.month).unwrap_or(1),
        i8::try_from(date.day).unwrap_or(1),
    );
    let expires = jiff::civil::Date::new(numbers.0, numbers.1, numbers.2).map_err(|error| {
        source.error(
            written.expires.span(),
            error.to_string(),
            "not a date",
            None,
        )
    })?;
    let pattern = Pattern::read(written.path.get_ref()).map_err(|error| {
        source.error(
            written.path.span(),
            error,
            "not a path that can be used",
            None,
        )
    })?;
    Ok(Pin {
        written,
        pattern,
        expires,
        lines,
    })
}

impl Pattern {
    fn read(text: &str) -> Result<Pattern, String> {
        let Some(at) = text.find('$') else {
            return Ok(Pattern {
                prefix: text.to_owned(),
                query: None,
            });
        };
        Ok(Pattern {
            prefix: text[..at].to_owned(),
            query: Some(Query::read(&text[at..]).map_err(|error| error.to_string())?),
        })
    }

    fn matches(&self, path: &str) -> bool {
        let Some(rest) = path.strip_prefix(&self.prefix) else {
            return false;
        };
        match &self.query {
            None => rest.is_empty(),
            Some(query) => {
                rest.starts_with('$') && read_path(rest).is_some_and(|p| query.matches(&p))
            }
        }
    }
}

/// Reads a normalised path back. A query of names and indices alone is such a path.
fn read_path(text: &str) -> Option<Path> {
    let mut segments = Vec::new();
    let mut rest = text.strip_prefix('$')?;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix("['") {
            let (key, after) = read_quoted(quoted)?;
            segments.push(Segment::Key(key));
            rest = after;
        } else if let Some(index) = rest.strip_prefix('[') {
            let (digits, after) = index.split_once(']')?;
            segments.push(Segment::Index(digits.parse().ok()?));
            rest = after;
        } else {
            let name = rest.strip_prefix('.')?;
            let end = name.find(['.', '[']).unwrap_or(name.len());
            segments.push(Segment::Key(name[..end].to_owned()));
            rest = &name[end..];
        }
    }
    Some(Path(segments))
}

fn read_quoted(text: &str) -> Option<(String, &str)> {
    let mut key = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\'' => return Some((key, text[at + 1..].strip_prefix(']')?)),
            '\\' => match characters.next()?.1 {
                'n' => key.push('\n'),
                escaped => key.push(escaped),
            },
            plain => key.push(plain),
        }
    }
    None
}

impl Pin {
    fn concerns(&self, case: &CaseOutcome) -> bool {
        let [left, right] = self.written.pair.get_ref();
        *self.written.surface.get_ref() == case.surface
            && *left == case.reference
            && *right == case.implementation
            && self.written.transport.is_none_or(|t| t == case.transport)
            && self
                .written
                .cases
                .iter()
                .any(|name| *name.get_ref() == case.case)
    }

    /// What it declares of a case, in one line, if it names the case.
    #[must_use]
    pub fn about(&self, surface: &str, case: &str) -> Option<String> {
        let written = &self.written;
        let names = written.cases.iter().any(|name| name.get_ref() == case);
        if written.surface.get_ref() != surface || !names {
            return None;
        }
        let [left, right] = written.pair.get_ref();
        Some(format!(
            "{left} and {right}, `{}` {} ({} | {}): {}",
            written.path.get_ref(),
            written.kind,
            written.shapes[0],
            written.shapes[1],
            written.reason
        ))
    }

    /// Whether the pin declares this difference of an input that is no case.
    #[must_use]
    pub fn declares(
        &self,
        surface: &str,
        pair: [&str; 2],
        transport: lakehouse_rig::implementation::Transport,
        difference: &Difference,
    ) -> bool {
        let written = &self.written;
        *written.surface.get_ref() == surface
            && written.pair.get_ref().iter().eq(pair)
            && written.transport.is_none_or(|t| t == transport)
            && (self.covers(difference) || self.covers_any_norm(difference))
    }

    /// How long a raw vector is depends on its text: of the implementation's norm a pin can only
    /// say that it is another.
    fn covers_any_norm(&self, difference: &Difference) -> bool {
        let [left, right] = &self.written.shapes;
        let is_norm = |shape: &str| shape.starts_with("vector of norm ");
        self.written.kind == DifferenceKind::Norm
            && self.written.kind == difference.kind
            && *left == difference.left.shape
            && is_norm(right)
            && is_norm(&difference.right.shape)
            && self.pattern.matches(&difference.path)
    }

    fn covers(&self, difference: &Difference) -> bool {
        self.written.kind == difference.kind
            && self.written.shapes[0] == difference.left.shape
            && self.written.shapes[1] == difference.right.shape
            && self.pattern.matches(&difference.path)
    }

    fn outcome(&self, matched: usize, judged: bool) -> PinOutcome {
        let written = &self.written;
        PinOutcome {
            surface: written.surface.get_ref().clone(),
            cases: written
                .cases
                .iter()
                .map(|case| case.get_ref().clone())
                .collect(),
            pair: written.pair.get_ref().clone(),
            transport: written.transport,
            path: written.path.get_ref().clone(),
            kind: written.kind,
            shapes: written.shapes.clone(),
            count: *written.count.get_ref(),
            reason: written.reason.clone(),
            decision: written.decision.clone(),
            expires: self.expires.to_string(),
            matched,
            judged,
        }
    }

    fn describe(&self) -> String {
        let [left, right] = self.written.pair.get_ref();
        format!(
            "the pin of `{}` (`{}`, {left} and {right}, `{}`)",
            self.written.path.get_ref(),
            self.written.surface.get_ref(),
            self.written.kind
        )
    }

    fn failure(&self, message: String, edit: String) -> LedgerFailure {
        LedgerFailure {
            file: FILE.to_owned(),
            line: self.lines.0,
            message,
            edit,
        }
    }

    fn delete(&self) -> String {
        format!(
            "delete lines {} to {} of `{FILE}`",
            self.lines.0, self.lines.1
        )
    }
}

/// Marks what the pins declare. A difference goes to the first pin that covers it.
pub fn declare(pins: &[Pin], case: &mut CaseOutcome) {
    let concerned: Vec<usize> = (0..pins.len())
        .filter(|i| pins[*i].concerns(case))
        .collect();
    for judged in &mut case.differences {
        judged.pin = concerned
            .iter()
            .copied()
            .find(|index| pins[*index].covers(&judged.difference));
    }
}

/// Holds the pins against all cases of a run. `planned` tells how many outcomes a pin's surface,
/// transport, pair and case would have in a run with nothing left out.
#[must_use]
pub fn judge(
    pins: &[Pin],
    cases: &[CaseOutcome],
    planned: &dyn Fn(&PinOutcome) -> usize,
    today: jiff::civil::Date,
) -> (Vec<PinOutcome>, Vec<LedgerFailure>) {
    let mut outcomes = Vec::new();
    let mut failures = Vec::new();
    for (index, pin) in pins.iter().enumerate() {
        let own: Vec<&CaseOutcome> = cases.iter().filter(|case| pin.concerns(case)).collect();
        let compared = own
            .iter()
            .filter(|case| !matches!(case.verdict, CaseVerdict::Skipped | CaseVerdict::Invalid))
            .count();
        let matched = own
            .iter()
            .flat_map(|case| &case.differences)
            .filter(|judged| judged.pin == Some(index))
            .count();
        let mut outcome = pin.outcome(matched, false);
        let planned = planned(&outcome);
        outcome.judged = compared > 0 && compared == planned;
        if planned == 0 {
            failures.push(pin.failure(
                format!(
                    "{} names a transport that nothing is compared over",
                    pin.describe()
                ),
                pin.delete(),
            ));
        } else if !own.is_empty() {
            failures.extend(hold(pin, &outcome, &own, today));
        }
        outcomes.push(outcome);
    }
    (outcomes, failures)
}

fn hold(
    pin: &Pin,
    outcome: &PinOutcome,
    own: &[&CaseOutcome],
    today: jiff::civil::Date,
) -> Option<LedgerFailure> {
    if pin.expires < today {
        return Some(
            pin.failure(
                format!("{} expired on {}", pin.describe(), pin.expires),
                "decide again: mend the difference and delete the pin, or set a later `expires`"
                    .to_owned(),
            ),
        );
    }
    let (count, matched) = (outcome.count, outcome.matched);
    if matched > count {
        return Some(pin.failure(
            format!(
                "{} matches {matched} differences, it says {count}",
                pin.describe()
            ),
            format!("count = {matched}"),
        ));
    }
    if !outcome.judged || matched == count {
        return None;
    }
    let elsewhere = own
        .iter()
        .flat_map(|case| &case.differences)
        .filter(|judged| judged.pin.is_none())
        .find(|judged| pin.pattern.matches(&judged.difference.path));
    if let Some(changed) = elsewhere {
        let difference = &changed.difference;
        return Some(pin.failure(
            format!(
                "{} changed its symptom: `{}` is now `{}` ({} | {})",
                pin.describe(),
                difference.path,
                difference.kind,
                difference.left.shape,
                difference.right.shape
            ),
            format!("kind = \"{}\"\n{}", difference.kind, shapes(difference)),
        ));
    }
    if matched == 0 {
        return Some(pin.failure(
            format!("{} does not occur any more", pin.describe()),
            pin.delete(),
        ));
    }
    Some(pin.failure(
        format!(
            "{} matches {matched} differences, it says {count}",
            pin.describe()
        ),
        format!("count = {matched}"),
    ))
}

fn shapes(difference: &Difference) -> String {
    let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
    format!(
        "shapes = [{}, {}]",
        text(&difference.left.shape),
        text(&difference.right.shape)
    )
}

/// The pins that would declare what nobody declared in a case.
#[must_use]
pub fn suggest(case: &CaseOutcome, today: jiff::civil::Date) -> Vec<String> {
    let mut groups: BTreeMap<(String, DifferenceKind, String), usize> = BTreeMap::new();
    for judged in case
        .differences
        .iter()
        .filter(|judged| judged.pin.is_none())
    {
        let difference = &judged.difference;
        let path = generalised(&difference.path);
        *groups
            .entry((path, difference.kind, shapes(difference)))
            .or_default() += 1;
    }
    let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let expires = today.saturating_add(jiff::Span::new().months(6));
    groups
        .into_iter()
        .map(|((path, kind, shapes), count)| {
            format!(
                "[[divergence]]\nsurface = {}\ncases = [{}]\npair = [{}, {}]\ntransport = \"{}\"\npath = {}\nkind = \"{kind}\"\n{shapes}\ncount = {count}\nreason = \"\"\ndecision = \"\"\nexpires = {expires}\n",
                text(&case.surface),
                text(&case.case),
                text(&case.reference),
                text(&case.implementation),
                case.transport,
                text(&path),
            )
        })
        .collect()
}

/// A difference's path with `[*]` for every index.
pub(crate) fn generalised(path: &str) -> String {
    let Some(at) = path.find('$') else {
        return path.to_owned();
    };
    match read_path(&path[at..]) {
        Some(read) => format!("{}{}", &path[..at], read.generalised()),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Pattern, generalised, read_path};

    #[test]
    fn patterns_match_whole_paths() {
        for (pattern, path, expected) in [
            ("body:$.vectors[*]", "body:$.vectors[12]", true),
            ("body:$.vectors[*]", "body:$.vectors[12].x", false),
            ("body:$.vectors[*]", "upstream:$.vectors[12]", false),
            ("body:$.vectors[*]", "step[1]:body:$.vectors[12]", false),
            ("status", "status", true),
            ("status", "status2", false),
            ("header:x", "header:x", true),
            ("file:a.jsonl:$[*].x", "file:a.jsonl:$[0].x", true),
            ("file:a.jsonl", "file:a.jsonl:$[0].x", false),
            ("body:$['it\\'s'].a", "body:$['it\\'s'].a", true),
        ] {
            let read = Pattern::read(pattern).expect("it is a pattern");
            assert_eq!(read.matches(path), expected, "{pattern} {path}");
        }
        assert!(Pattern::read("body:$.a[?@.b]").is_err());
    }

    #[test]
    fn paths_are_read_back() {
        for text in ["$", "$.a[0]", "$['a b'][3].c", "$['it\\'s']"] {
            assert_eq!(
                read_path(text).map(|p| p.to_string()).as_deref(),
                Some(text)
            );
        }
        assert_eq!(generalised("body:$.a[0].b[17]"), "body:$.a[*].b[*]");
        assert_eq!(generalised("header:x"), "header:x");
    }
}
