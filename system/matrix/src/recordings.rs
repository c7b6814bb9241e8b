//! Recording answers, and determining the roles of queries.

use crate::{
    error::MatrixError,
    matrix::Matrix,
    names::PLAYBOOK_INDEX,
    playbook::{Recording, Score},
    role::{FoundRole, KnownTerms, Reading, RoleKey, RoleMatch, RoleSource},
};
use lakehouse_base::is_blank;

/// An answer to record.
#[derive(Debug, Clone)]
pub struct NewRecording<'a> {
    /// The query.
    pub query_text: &'a str,
    /// The answer's document.
    pub answer_id: &'a str,
    /// The corpus of that document.
    pub answer_corpus: &'a str,
    /// How good the answer was.
    pub score: Score,
    /// The query's role, if the request names it.
    pub role: Option<&'a str>,
}

/// A recorded answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The recording's id.
    pub id: Box<str>,
    /// The query's role.
    pub role: FoundRole,
}

impl Matrix {
    /// Records an answer durably. Recording it again replaces its score and time.
    ///
    /// # Errors
    /// If the query is blank, the corpus or document does not exist, or the model or the engine fails.
    pub async fn record(&self, new: NewRecording<'_>) -> Result<Recorded, MatrixError> {
        if is_blank(new.query_text) {
            return Err(MatrixError::EmptyQuery);
        }
        let corpus = self.find(new.answer_corpus)?;
        corpus.document(new.answer_id)?;
        let known = self.known_terms().await;
        let reading = Reading::of(new.query_text, &known);
        let role = self
            .role_of(new.role, new.query_text, reading.role, &known)
            .await;
        let key = role.key.as_ref();
        let synonym = synonym(&new, &role, &known);
        let recording = Recording {
            id: Recording::id_of(new.query_text, new.answer_corpus, new.answer_id, key),
            query_text: new.query_text.into(),
            answer_id: new.answer_id.into(),
            answer_corpus: new.answer_corpus.into(),
            score: new.score,
            role: key.cloned(),
            synonym,
            recorded_at: Recording::time(self.parts.clock.now()),
        };
        self.memory.save(&recording, corpus.model(), &known).await?;
        let id = recording.id;
        Ok(Recorded { id, role })
    }

    /// A recording.
    ///
    /// # Errors
    /// [`MatrixError::UnknownRecording`].
    pub fn recording(&self, id: &str) -> Result<Recording, MatrixError> {
        self.memory.get(id).ok_or_else(|| self.absent(id))
    }

    /// Deletes a recording.
    ///
    /// # Errors
    /// [`MatrixError::UnknownRecording`], or if the engine fails.
    pub async fn delete_recording(&self, id: &str) -> Result<(), MatrixError> {
        match self.memory.delete(id).await? {
            true => Ok(()),
            false => Err(self.absent(id)),
        }
    }

    /// The error for a recording that was not found: what a damaged memory has is not known.
    fn absent(&self, id: &str) -> MatrixError {
        let damage = self.parts.engine.damage(PLAYBOOK_INDEX);
        damage.map_or_else(|| unknown(id), Into::into)
    }

    /// The role of a query: from the request, else from the text by the rules, else from the text by
    /// the model, if there is one.
    pub(crate) async fn role_of(
        &self,
        requested: Option<&str>,
        text: &str,
        read: RoleMatch,
        known: &KnownTerms,
    ) -> FoundRole {
        if let Some(key) = requested.and_then(RoleKey::from_text) {
            return FoundRole::new(known.resolve(key), RoleSource::Request);
        }
        let role = match (read, &self.parts.role_reader) {
            (RoleMatch::None, Some(reader)) => {
                let role = reader.read(text).await;
                role.map(|role| known.resolve(role))
            }
            (read, _) => read.key(),
        };
        role.map_or(FoundRole::NONE, |key| FoundRole::new(key, RoleSource::Text))
    }
}

/// The synonym that a recording defines: the words that no document has as a role stand for the role
/// that the request says.
fn synonym(new: &NewRecording<'_>, role: &FoundRole, known: &KnownTerms) -> Option<Box<str>> {
    if role.source != RoleSource::Request || new.score.value() <= 0.0 {
        return None;
    }
    let role = role.key.as_ref()?;
    let words = Reading::made_up_role(new.query_text, known)?;
    let requested = new.role.and_then(RoleKey::from_text);
    let is_new = words != *role && Some(&words) != requested.as_ref();
    is_new.then(|| KnownTerms::synonym(&words, role))
}

fn unknown(id: &str) -> MatrixError {
    MatrixError::UnknownRecording { id: id.to_owned() }
}
