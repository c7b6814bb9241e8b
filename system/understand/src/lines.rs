//! Lines of the surface `understand`: a text with a vocabulary.

use std::sync::{Arc, Mutex, PoisonError};

use lakehouse_json::{FieldError, Fields, Json, MAX_DEPTH, ParseError, parse};

use crate::terms::Dictionary;
use crate::understander::Understander;
use crate::understanding::Understanding;
use crate::vocabulary::{KnownPlace, Vocabulary};

/// Understands the texts of lines, and keeps the understander of the last vocabulary.
pub struct Lines {
    dictionary: Arc<Dictionary>,
    last: Mutex<Option<(String, Arc<Understander>)>>,
}

/// What is wrong with a line, in the contract's words.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// It is not JSON, or not UTF-8.
    #[error("input line is not valid JSON")]
    NotJson,
    /// It nests too deep.
    #[error("input nests deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// It is JSON, but not an object.
    #[error("input must be a JSON object")]
    NotAnObject,
    /// A member that no line has.
    #[error("unknown field `{0}`")]
    UnknownField(String),
    /// A member is absent or has the wrong type.
    #[error(transparent)]
    Field(#[from] FieldError),
}

impl Lines {
    /// Understands by a dictionary.
    pub fn new(dictionary: Arc<Dictionary>) -> Self {
        Self {
            dictionary,
            last: Mutex::new(None),
        }
    }

    /// What the text of a line asks for.
    ///
    /// # Errors
    /// The line is not a text with a vocabulary.
    pub fn understand(&self, line: &[u8]) -> Result<Understanding, LineError> {
        let line = std::str::from_utf8(line).map_err(|_| LineError::NotJson)?;
        let input = parse(line, MAX_DEPTH).map_err(|error| match error {
            ParseError::Invalid => LineError::NotJson,
            ParseError::TooDeep => LineError::TooDeep,
        })?;
        let object = input.as_object().ok_or(LineError::NotAnObject)?;
        let fields = Fields::new(object);
        if let Some(name) = fields.first_unknown(&["text", "vocabulary"]) {
            return Err(LineError::UnknownField(name.to_owned()));
        }
        let text = fields.required("text", "a string", |value| value.as_str())?;
        let understander = fields.optional("vocabulary", "a vocabulary", |value| {
            self.understander(value)
        })?;
        let understander =
            understander.unwrap_or_else(|| Arc::new(self.for_vocabulary(&Vocabulary::default())));
        Ok(understander.understand(text))
    }

    fn for_vocabulary(&self, vocabulary: &Vocabulary) -> Understander {
        Understander::new(Arc::clone(&self.dictionary), vocabulary)
    }

    fn understander(&self, vocabulary: &Json<'_>) -> Option<Arc<Understander>> {
        let source = vocabulary.source();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, understander)) = last.as_ref().filter(|(known, _)| known == source) {
            return Some(Arc::clone(understander));
        }
        let made = Arc::new(self.for_vocabulary(&read_vocabulary(vocabulary)?));
        *last = Some((source.to_owned(), Arc::clone(&made)));
        Some(made)
    }
}

fn read_vocabulary(value: &Json<'_>) -> Option<Vocabulary> {
    let object = value.as_object()?;
    if Fields::new(object)
        .first_unknown(&["roles", "places"])
        .is_some()
    {
        return None;
    }
    let array = |name| match object.get(name) {
        Some(value) => value.as_array(),
        None => Some(&[] as &[Json<'_>]),
    };
    let text = |value: &Json<'_>| value.as_str().map(str::to_owned);
    Some(Vocabulary {
        roles: array("roles")?.iter().map(text).collect::<Option<_>>()?,
        places: array("places")?
            .iter()
            .map(read_place)
            .collect::<Option<_>>()?,
    })
}

fn read_place(value: &Json<'_>) -> Option<KnownPlace> {
    let object = value.as_object()?;
    let fields = Fields::new(object);
    if fields.first_unknown(&["city", "state", "people"]).is_some() {
        return None;
    }
    let people = object.get("people")?.as_integer()?;
    Some(KnownPlace {
        city: object.get("city")?.as_str()?.to_owned(),
        state: object.get("state")?.as_str()?.to_owned(),
        people: u64::try_from(people).ok()?,
    })
}
