//! What a query asks for.

/// What a query asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Understanding {
    /// The roles, the first one named first.
    pub roles: Vec<Role>,
    /// The documents' roles whose people may do the work as well.
    pub related: Vec<String>,
    /// The places; a document in any of them will do.
    pub places: Vec<Place>,
    /// The shifts.
    pub shifts: Vec<Shift>,
    /// The certificates, all of which are asked for.
    pub certificates: Vec<Certificate>,
    /// Roles that are not wanted.
    pub not_roles: Vec<Role>,
    /// Places that are not wanted.
    pub not_places: Vec<Place>,
    /// Shifts that are not wanted.
    pub not_shifts: Vec<Shift>,
    /// Certificates that are not wanted.
    pub not_certificates: Vec<Certificate>,
    /// How many people.
    pub count: Option<u32>,
    /// Bounds on the years of experience.
    pub years: Option<Bounds>,
    /// Bounds on the pay in dollars an hour.
    pub pay: Option<Bounds>,
    /// Dates, as written.
    pub dates: Vec<String>,
    /// Times of the day, such as `06:00`.
    pub times: Vec<String>,
    /// The client.
    pub client: Option<String>,
    /// Whether people who are available are asked for, or others.
    pub availability: Availability,
    /// The words that were used for nothing, and may say something.
    pub rest: Vec<String>,
    /// What no document has.
    pub nobody: Vec<Nobody>,
    /// What may be the name of a person; not part of the answer.
    pub possible_names: Vec<PossibleName>,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its name in the lexicon, or else in the documents.
    pub role: String,
    /// The words that name it.
    pub text: String,
    /// How they name it.
    pub how: How,
    /// The documents' values that stand for it.
    pub values: Vec<String>,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The city; `None` for a whole state.
    pub city: Option<String>,
    /// The code of the state; `None` if it is not known.
    pub state: Option<String>,
    /// The words that name it.
    pub text: String,
    /// How they name it.
    pub how: How,
    /// The values of the documents that are there; empty if there are none.
    pub values: Vec<PlaceValues>,
}

/// What the metadata of documents in a place has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceValues {
    /// The value of `city`; `None` for any.
    pub city: Option<String>,
    /// The value of `state`; `None` if it has none.
    pub state: Option<String>,
}

/// A shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Its name, such as `nights`.
    pub shift: String,
    /// The words that name it.
    pub text: String,
}

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Its name, such as `OSHA 10`.
    pub certificate: String,
    /// The metadata member of those who hold it, such as `cert_osha_10`.
    pub field: String,
    /// The words that name it.
    pub text: String,
}

/// How words name something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By its name.
    Name,
    /// By another word for it.
    Synonym,
    /// By a word that suggests it.
    Hint,
    /// By the code of a state.
    Code,
    /// By a nickname.
    Nickname,
    /// With a misspelled word.
    Spelling,
    /// By a name that the lexicon does not know.
    Unknown,
}

/// A number as the contract writes it: without thousands' separators and needless zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(pub(crate) String);

/// Bounds on a number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The lower bound, included.
    pub least: Option<Number>,
    /// The lower bound, excluded.
    pub above: Option<Number>,
    /// The upper bound, included.
    pub most: Option<Number>,
    /// The upper bound, excluded.
    pub below: Option<Number>,
}

/// Who is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Availability {
    /// People who are available.
    #[default]
    Available,
    /// People who are not.
    Unavailable,
    /// All.
    Any,
}

/// Something that no document has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nobody {
    /// What it is.
    pub what: What,
    /// The words that ask for it.
    pub text: String,
    /// The nearest that documents have.
    pub nearest: Vec<String>,
}

/// Words that may be the name of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PossibleName {
    /// The words.
    pub text: String,
    /// Whether they can hardly be anything else.
    pub is_clear: bool,
}

/// What no document has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The role.
    Role,
    /// The place.
    Place,
    /// All that is asked for at once.
    Together,
    /// The shift.
    Shift,
    /// Anything: the text has no words.
    Text,
    /// The person who is looked up.
    Person,
}

impl Place {
    /// Whether documents are there.
    pub fn is_known(&self) -> bool {
        !self.values.is_empty()
    }
}

impl Number {
    /// Reads a number such as `1,250.50`; `None` for one with more than nine digits before the point.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.replace(',', "");
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        if whole.len() > 9 || fraction.len() > 9 {
            return None;
        }
        let whole = if whole.is_empty() { "0" } else { whole };
        Some(Self(if fraction.is_empty() {
            whole.to_owned()
        } else {
            format!("{whole}.{fraction}")
        }))
    }

    /// The number as JSON.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value.
    pub fn value(&self) -> f64 {
        self.0.parse().unwrap_or_default()
    }
}
