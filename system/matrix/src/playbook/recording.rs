//! Recordings and their scores.

use std::{
    fmt::Write as _,
    time::{SystemTime, UNIX_EPOCH},
};

use jiff::civil::{DateTime, date};
use lakehouse_base::{
    calendar::{parse_date, parse_time},
    rfc3339_millis,
};
use lakehouse_json::{Json, MAX_DEPTH, ObjectWriter, parse};
use lakehouse_vector::Metadata;
use sha2::{Digest, Sha256};

use crate::role::RoleKey;

const MAX_ID_BYTES: usize = 256;
const SECONDS_PER_DAY: i64 = 24 * 60 * 60;
const EPOCH: DateTime = date(1970, 1, 1).at(0, 0, 0, 0);

/// A good or wrong answer to a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// `pb-` and 32 hexadecimal digits: a hash of the query, answer and role.
    pub id: Box<str>,
    /// The query.
    pub query_text: Box<str>,
    /// The answer's document.
    pub answer_id: Box<str>,
    /// The corpus of that document.
    pub answer_corpus: Box<str>,
    /// The quality of the answer.
    pub score: Score,
    /// The query's role, if it had one.
    pub role: Option<RoleKey>,
    /// The words of the query that stand for the role, and the role, if the request said which role
    /// they stand for.
    pub synonym: Option<Box<str>>,
    /// The time of recording: RFC 3339, UTC, whole seconds.
    pub recorded_at: Box<str>,
}

/// A number from -1 to 1, with its original text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score(Box<str>);

impl Score {
    /// Reads a score; returns `None` unless it is a number from -1 to 1.
    pub fn read(json: &Json<'_>) -> Option<Self> {
        let number = json.as_number().filter(|number| number.is_within(1))?;
        Some(Self(number.lexeme().into()))
    }

    /// Parses a score from the text of a number.
    pub fn parse(text: &str) -> Option<Self> {
        Self::read(&parse(text, 1).ok()?)
    }

    /// The number's original text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest double.
    pub fn value(&self) -> f64 {
        self.0.parse().unwrap_or(0.0)
    }
}

impl Recording {
    /// The id of a recording, which depends on everything but the score, the synonym and the time. The
    /// length before each field keeps texts that contain any separator apart.
    pub(crate) fn id_of(
        query_text: &str,
        answer_corpus: &str,
        answer_id: &str,
        role: Option<&RoleKey>,
    ) -> Box<str> {
        let role = role.map_or("", RoleKey::as_str);
        let mut hash = Sha256::new();
        for field in [query_text, answer_corpus, answer_id, role] {
            // Request bodies are far smaller than 4 GiB.
            hash.update((field.len() as u32).to_le_bytes());
            hash.update(field);
        }
        let hash = hash.finalize();
        let mut id = String::from("pb-");
        for byte in &hash[..16] {
            // Writing to a string cannot fail.
            let _ = write!(id, "{byte:02x}");
        }
        id.into()
    }

    /// Whether an earlier recording of the same answer to the same query gives way to this one.
    pub(crate) fn replaces(&self, earlier: &Self, has_same_role: bool) -> bool {
        let is_same = earlier.query_text == self.query_text
            && earlier.answer_corpus == self.answer_corpus
            && earlier.answer_id == self.answer_id;
        let own_id = Self::id_of(
            &earlier.query_text,
            &earlier.answer_corpus,
            &earlier.answer_id,
            earlier.role.as_ref(),
        );
        let is_outdated = earlier.id != own_id;
        is_same && earlier.id != self.id && (has_same_role || is_outdated)
    }

    /// The text form of a time.
    pub(crate) fn time(time: SystemTime) -> Box<str> {
        let time = rfc3339_millis(time);
        let seconds = time.split('.').next().unwrap_or(&time);
        format!("{seconds}Z").into()
    }

    /// The metadata of the recording's item: all members but `id`.
    pub(crate) fn metadata(&self) -> Metadata {
        let mut json = String::new();
        let mut object = ObjectWriter::new(&mut json);
        object
            .string("query_text", &self.query_text)
            .string("answer_id", &self.answer_id)
            .string("answer_corpus", &self.answer_corpus)
            .raw("score", self.score.as_str())
            .optional_string("role", self.role.as_ref().map(RoleKey::as_str))
            .optional_string("synonym", self.synonym.as_deref())
            .string("recorded_at", &self.recorded_at);
        object.finish();
        Metadata::parse(&json).expect("the text is an object")
    }

    /// Reads a recording from an item of the index. Returns `None` if the item is not a recording:
    /// clients can write any item through the vector routes.
    pub(crate) fn read(id: &str, metadata: &Metadata) -> Option<Self> {
        let json = parse(metadata.as_str(), MAX_DEPTH).ok()?;
        let object = json.as_object()?;
        let text = |name| object.get(name)?.as_str().map(Box::<str>::from);
        let role = match object.get_some("role") {
            None => None,
            Some(role) => RoleKey::from_text(role.as_str()?),
        };
        let synonym = match object.get_some("synonym") {
            None => None,
            Some(synonym) => Some(synonym.as_str()?).filter(|synonym| !synonym.is_empty()),
        };
        let answer_id = text("answer_id").filter(|id| (1..=MAX_ID_BYTES).contains(&id.len()))?;
        let recorded_at = text("recorded_at")?;
        seconds_since_epoch(&recorded_at)?;
        Some(Self {
            id: id.into(),
            query_text: text("query_text")?,
            answer_id,
            answer_corpus: text("answer_corpus")?,
            score: Score::read(object.get("score")?)?,
            role,
            synonym: synonym.map(Box::from),
            recorded_at,
        })
    }

    /// The number of whole days since the recording; 0 if its time is in the future.
    pub(crate) fn age_days(&self, now: SystemTime) -> u64 {
        let now = now.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        let recorded = seconds_since_epoch(&self.recorded_at).unwrap_or(now);
        u64::try_from((now - recorded) / SECONDS_PER_DAY).unwrap_or(0)
    }
}

/// Reads `YYYY-MM-DDTHH:MM:SSZ`.
fn seconds_since_epoch(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (minutes, seconds) = time.rsplit_once(':')?;
    let minute = parse_date(date)?.to_datetime(parse_time(minutes)?);
    // Seconds have the format of minutes.
    let second = parse_time(&format!("00:{seconds}"))?.minute();
    Some(minute.duration_since(EPOCH).as_secs() + i64::from(second))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_round_trip() {
        for seconds in [0, 1, 59, 1_795_248_000, 4_102_444_799] {
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            let text = Recording::time(time + Duration::from_millis(999));
            let want = i64::try_from(seconds).unwrap();
            assert_eq!(seconds_since_epoch(&text), Some(want), "{text}");
        }
        assert_eq!(&*Recording::time(UNIX_EPOCH), "1970-01-01T00:00:00Z");
        for bad in [
            "",
            "2026-11-21",
            "2026-11-21T08:00Z",
            "2026-11-21T08:00:00",
            "2026-11-21T08:00:00.000Z",
            "2026-11-21T08:00:60Z",
            "2026-02-29T08:00:00Z",
            "2026-11-21 08:00:00Z",
            "2026-11-21T08:00:00+00:00",
        ] {
            assert_eq!(seconds_since_epoch(bad), None, "{bad}");
        }
    }
}
