//! One remembered answer.

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

const MOST_ID_BYTES: usize = 256;
const SECONDS_A_DAY: i64 = 24 * 60 * 60;
const EPOCH: DateTime = date(1970, 1, 1).at(0, 0, 0, 0);

/// An answer that was good, or wrong, for a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// `pb-` and 32 hexadecimal digits, from query, answer and role.
    pub id: Box<str>,
    /// The query.
    pub query_text: Box<str>,
    /// The answer's document.
    pub answer_id: Box<str>,
    /// The corpus of that document.
    pub answer_corpus: Box<str>,
    /// How good the answer was.
    pub score: Score,
    /// The query's role, if it had one.
    pub role: Option<RoleKey>,
    /// When it was recorded: RFC 3339 in UTC, whole seconds.
    pub recorded_at: Box<str>,
}

/// A number from -1 to 1, carried over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score(Box<str>);

impl Score {
    /// Reads a score, `None` when it is no number from -1 to 1.
    pub fn read(json: &Json<'_>) -> Option<Self> {
        let number = json.as_number().filter(|number| number.is_within(1))?;
        Some(Self(number.lexeme().into()))
    }

    /// The score of a number's text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::read(&parse(text, 1).ok()?)
    }

    /// The number's own text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest double.
    pub fn value(&self) -> f64 {
        self.0.parse().unwrap_or(0.0)
    }
}

impl Recording {
    /// The id of a recording, which says all of it but the score and the time.
    pub(crate) fn id_of(
        query_text: &str,
        answer_corpus: &str,
        answer_id: &str,
        role: Option<&RoleKey>,
    ) -> Box<str> {
        let role = role.map_or("", RoleKey::as_str);
        let hash = Sha256::digest(format!(
            "{query_text}\0{answer_corpus}\0{answer_id}\0{role}"
        ));
        let mut id = String::from("pb-");
        for byte in &hash[..16] {
            // Writing to a string cannot fail.
            let _ = write!(id, "{byte:02x}");
        }
        id.into()
    }

    /// A time as recordings have it.
    pub(crate) fn time(time: SystemTime) -> Box<str> {
        let time = rfc3339_millis(time);
        let seconds = time.split('.').next().unwrap_or(&time);
        format!("{seconds}Z").into()
    }

    /// The members but for `id`, as an item of the index keeps them.
    pub(crate) fn metadata(&self) -> Metadata {
        let mut json = String::new();
        let mut object = ObjectWriter::new(&mut json);
        object
            .string("query_text", &self.query_text)
            .string("answer_id", &self.answer_id)
            .string("answer_corpus", &self.answer_corpus)
            .raw("score", self.score.as_str())
            .optional_string("role", self.role.as_ref().map(RoleKey::as_str))
            .string("recorded_at", &self.recorded_at);
        object.finish();
        Metadata::parse(&json).expect("an object has just been written")
    }

    /// Reads an item of the index; `None` when it is not of the form of a recording. Whoever
    /// writes vectors can put such an item there.
    pub(crate) fn read(id: &str, metadata: &Metadata) -> Option<Self> {
        let json = parse(metadata.as_str(), MAX_DEPTH).ok()?;
        let object = json.as_object()?;
        let text = |name| object.get(name)?.as_str().map(Box::<str>::from);
        let role = match object.get_some("role") {
            None => None,
            Some(role) => RoleKey::of(role.as_str()?),
        };
        let answer_id = text("answer_id").filter(|id| (1..=MOST_ID_BYTES).contains(&id.len()))?;
        let recorded_at = text("recorded_at")?;
        seconds_since_epoch(&recorded_at)?;
        Some(Self {
            id: id.into(),
            query_text: text("query_text")?,
            answer_id,
            answer_corpus: text("answer_corpus")?,
            score: Score::read(object.get("score")?)?,
            role,
            recorded_at,
        })
    }

    /// Whole days since it was recorded; 0 when that is yet to come.
    pub(crate) fn age_days(&self, now: SystemTime) -> u64 {
        let now = now.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        let recorded = seconds_since_epoch(&self.recorded_at).unwrap_or(now);
        u64::try_from((now - recorded) / SECONDS_A_DAY).unwrap_or(0)
    }
}

/// Reads `YYYY-MM-DDTHH:MM:SSZ`.
fn seconds_since_epoch(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (minutes, seconds) = time.rsplit_once(':')?;
    let minute = parse_date(date)?.to_datetime(parse_time(minutes)?);
    // Seconds are spelled like minutes.
    let second = parse_time(&format!("00:{seconds}"))?.minute();
    Some(minute.duration_since(EPOCH).as_secs() + i64::from(second))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
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
