//! A person's description for the embedder.

use super::{Person, Shift};

/// Number of wordings.
pub(super) const WORDINGS: u32 = 4;

pub(super) fn describe(person: &Person<'_>) -> String {
    let role = &person.role.name;
    let place = format!("{}, {}", person.city.name, person.city.state);
    let skills = person.skills.join(", ");
    let years = experience(person.years);
    let certified = person.certifications.join(", ");
    let sentences = match person.wording {
        0 => [
            format!("{role} in {place}"),
            capitalised(&skills),
            certified,
            availability(person, "Available"),
            capitalised(&years),
            also(person, "Also"),
        ],
        1 => [
            format!("{role} with {years} of experience, based in {place}"),
            format!("Skills: {skills}"),
            labelled("Certifications:", &certified),
            also(person, "Has worked as"),
            availability(person, "Available for"),
            String::new(),
        ],
        2 => [
            format!("{place}: {role}, {years}"),
            format!("Knows {skills}"),
            labelled("Holds", &certified),
            also(person, "Can fill in as"),
            availability(person, "Works"),
            String::new(),
        ],
        _ => [
            format!("{} as {role} in {place}; {skills}", capitalised(&years)),
            also(person, "Before that"),
            labelled("Certified:", &certified),
            availability(person, "Prefers"),
            String::new(),
            String::new(),
        ],
    };
    let mut text = String::new();
    for sentence in sentences.iter().filter(|sentence| !sentence.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(sentence);
        text.push('.');
    }
    text
}

fn experience(years: u32) -> String {
    match years {
        0 => "less than a year".to_owned(),
        1 => "1 year".to_owned(),
        _ => format!("{years} years"),
    }
}

fn availability(person: &Person<'_>, verb: &str) -> String {
    let shifts = match (person.shift, person.weekends) {
        (Shift::Days, true) => "days and weekends",
        (Shift::Days, false) => "days",
        (Shift::Nights, true) => "nights and weekends",
        (Shift::Nights, false) => "nights",
        (Shift::Weekends, _) => "weekends",
    };
    if person.available {
        format!("{verb} {shifts}")
    } else {
        "Not available at present".to_owned()
    }
}

fn also(person: &Person<'_>, lead: &str) -> String {
    labelled(lead, person.second_role.unwrap_or_default())
}

/// Empty if `what` is.
fn labelled(lead: &str, what: &str) -> String {
    if what.is_empty() {
        return String::new();
    }
    format!("{lead} {what}")
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(letters)
        .collect()
}
