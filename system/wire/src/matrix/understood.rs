//! What a text asks for (`understand.md`), and the person whom a search looked up.

use crate::{Count, Decimal, Nullable, object::response, words::words};

response! {
    /// What the text of a search was understood as.
    pub struct Understood<'a> {
        /// The person who was looked up.
        pub person: Nullable<Person<'a>>,
        then ..understanding: Understanding<'a>,
    }
}

response! {
    /// A person who was looked up.
    pub struct Person<'a> {
        /// By what.
        pub by: PersonBy,
        /// The part of the text.
        pub text: &'a str,
    }
}

words! {
    /// By what a person was looked up.
    pub enum PersonBy {
        /// The id of a document.
        Id = "id",
        /// An e-mail address.
        Email = "email",
        /// A phone number.
        Phone = "phone",
        /// A name.
        Name = "name",
    }
}

response! {
    /// What a text asks for.
    pub struct Understanding<'a> {
        /// The roles, the first one named first.
        pub roles: Vec<Role<'a>>,
        /// The documents' roles whose people may do the work as well.
        pub related: Vec<&'a str>,
        /// The places; a document in any of them is wanted.
        pub places: Vec<Place<'a>>,
        /// The shifts.
        pub shifts: Vec<Shift<'a>>,
        /// The certificates, all of which are wanted.
        pub certificates: Vec<Certificate<'a>>,
        /// What is not wanted.
        pub not: Unwanted<'a>,
        /// How many people.
        pub count: Nullable<Count<1, 999>>,
        /// Limits on the years of experience.
        pub years: Nullable<NumberBounds<'a>>,
        /// Limits on the pay in dollars an hour.
        pub pay: Nullable<NumberBounds<'a>>,
        /// Dates, as written.
        pub dates: Vec<&'a str>,
        /// Times of the day, such as `06:00`.
        pub times: Vec<&'a str>,
        /// The client.
        pub client: Nullable<&'a str>,
        /// Whether people who are available are asked for.
        pub availability: Availability,
        /// The words that were used for nothing and may say something.
        pub rest: Vec<&'a str>,
        /// What is asked for and no document has.
        pub nobody: Vec<Nobody<'a>>,
    }
}

response! {
    /// What a text does not want.
    pub struct Unwanted<'a> {
        /// The roles.
        pub roles: Vec<Role<'a>>,
        /// The places.
        pub places: Vec<Place<'a>>,
        /// The shifts.
        pub shifts: Vec<Shift<'a>>,
        /// The certificates.
        pub certificates: Vec<Certificate<'a>>,
    }
}

response! {
    /// A role that a text names.
    pub struct Role<'a> {
        /// Its name in the lexicon, or else in the documents.
        pub role: &'a str,
        /// The words that name it.
        pub text: &'a str,
        /// How they name it.
        pub how: NamedBy,
        /// The documents' values that stand for it.
        pub values: Vec<&'a str>,
    }
}

response! {
    /// A place that a text names.
    pub struct Place<'a> {
        /// The city; `null` for a whole state.
        pub city: Nullable<&'a str>,
        /// The code of the state; `null` if it is not known.
        pub state: Nullable<&'a str>,
        /// The words that name it.
        pub text: &'a str,
        /// How they name it.
        pub how: NamedBy,
        /// Whether documents are there.
        pub known: bool,
    }
}

response! {
    /// A shift that a text names.
    pub struct Shift<'a> {
        /// Its name, such as `nights`.
        pub shift: &'a str,
        /// The words that name it.
        pub text: &'a str,
    }
}

response! {
    /// A certificate that a text names.
    pub struct Certificate<'a> {
        /// Its name, such as `OSHA 10`.
        pub certificate: &'a str,
        /// The metadata member of those who hold it, such as `cert_osha_10`.
        pub field: &'a str,
        /// The words that name it.
        pub text: &'a str,
    }
}

words! {
    /// How words name a role or a place.
    pub enum NamedBy {
        /// By its name.
        Name = "name",
        /// By another word for the role.
        Synonym = "synonym",
        /// By a word that suggests the role.
        Hint = "hint",
        /// By the code of the state.
        Code = "code",
        /// By a nickname of the place.
        Nickname = "nickname",
        /// With a misspelled word.
        Spelling = "spelling",
        /// By a name that no list has.
        Unknown = "unknown",
    }
}

/// A number that a text names.
pub type NamedNumber<'a> = Decimal<'a, 0, 1_000_000_000>;

response! {
    /// Limits on a number.
    pub struct NumberBounds<'a> {
        /// The lower bound, included.
        pub least: Nullable<NamedNumber<'a>>,
        /// The lower bound, excluded.
        pub above: Nullable<NamedNumber<'a>>,
        /// The upper bound, included.
        pub most: Nullable<NamedNumber<'a>>,
        /// The upper bound, excluded.
        pub below: Nullable<NamedNumber<'a>>,
    }
}

words! {
    /// Who is asked for.
    pub enum Availability {
        /// People who are available.
        Available = "available",
        /// People who are not.
        Unavailable = "unavailable",
        /// All people.
        Any = "any",
    }
}

response! {
    /// Something that is asked for and no document has.
    pub struct Nobody<'a> {
        /// What it is.
        pub what: NobodyHas,
        /// The words that ask for it.
        pub text: &'a str,
        /// The nearest that documents have.
        pub nearest: Vec<&'a str>,
    }
}

words! {
    /// What no document has.
    pub enum NobodyHas {
        /// The role.
        Role = "role",
        /// The place.
        Place = "place",
        /// All that is asked for at once.
        Together = "together",
        /// The shift.
        Shift = "shift",
        /// Anything: the text has no words.
        Text = "text",
        /// The person who is looked up.
        Person = "person",
    }
}
