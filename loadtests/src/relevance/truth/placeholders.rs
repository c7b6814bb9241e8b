//! Placeholders in the text of a question about a person.

use super::super::people::{Metadata, Person};

/// The text with the person's own name, numbers and place.
pub(super) fn fill_in(text: &str, person: &Person) -> String {
    let Metadata {
        name,
        city,
        phone,
        email,
        ..
    } = &person.metadata;
    let (first, last) = name.split_once(' ').unwrap_or((name, ""));
    let (area, line) = phone.split_once('-').unwrap_or((phone, ""));
    text.replace("{id}", &person.id)
        .replace("{name}", name)
        .replace("{lower_name}", &name.to_lowercase())
        .replace("{upper_name}", &name.to_uppercase())
        .replace("{first}", first)
        .replace("{last}", last)
        .replace("{city}", city)
        .replace("{phone}", phone)
        .replace("{area}", area)
        .replace("{line}", line)
        .replace("{dotted_phone}", &phone.replace('-', "."))
        .replace("{phone_digits}", &phone.replace('-', ""))
        .replace("{email}", email)
        .replace("{upper_email}", &email.to_uppercase())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::people::tests::person;
    use super::*;

    #[test]
    fn placeholders_are_filled_in() {
        let person = person("w-1", "Welder", &json!({}));
        for (text, expected) in [
            ("{last}, {first}", "Poe, Ada"),
            ("{upper_name} {lower_name}", "ADA POE ada poe"),
            ("({area}) {line}", "(313) 555-0101"),
            ("{dotted_phone} {phone_digits}", "313.555.0101 3135550101"),
            ("{upper_email} {id} {city}", "ADA@EXAMPLE.COM w-1 Detroit"),
        ] {
            assert_eq!(fill_in(text, &person), expected);
        }
    }
}
