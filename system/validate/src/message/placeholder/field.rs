//! Contents of brackets that name what belongs there.

use lakehouse_text::is_letter;

/// Words that name a datum.
const FIELDS: &str = "name names first last middle given family surname nickname fname lname \
    firstname lastname fullname forename username title salutation mr mrs ms suffix initials \
    worker employee candidate applicant associate recipient contact person user customer client \
    company employer organization business agency sender manager supervisor lead recruiter \
    coordinator date day month year time hour hours start end finish shift schedule mm dd yy yyyy \
    hh address street city state zip zipcode county country location site facility building \
    warehouse department dept room suite dock unit region role position job occupation department \
    project assignment phone telephone mobile cell number num fax email mail url link website id \
    pay rate wage salary amount price bonus currency dollars reason placeholder value variable \
    field todo tbd tba tbc xxx xyz signature nombre apellido apellidos fecha hora direccion ciudad \
    estado cliente empresa telefono correo puesto turno lugar salario numero trabajador empleado \
    candidato";

/// Words that stand beside those.
const BESIDE: &str = "a an and or of the to for in at on by with your my our their his her s here \
    please full total hourly per line add type note notes info information details text message \
    content description am pm x y no de del la el los las su sus o e al en";

/// Contents that begin like this ask for something, whatever follows.
const REQUESTS: [&str; 4] = ["e.g", "insert ", "inserte ", "enter "];

/// Whether a content names what belongs there.
pub(super) fn is_field(content: &str) -> bool {
    if is_request(content) {
        return true;
    }
    let mut has_field = false;
    for word in words(content) {
        if is_field_word(&word) {
            has_field = true;
        } else if !is_beside_word(&word) {
            return false;
        }
    }
    has_field
}

/// Whether a content asks for something, such as `insert address`.
pub(super) fn is_request(content: &str) -> bool {
    let lower = content.trim_start_matches(' ').to_ascii_lowercase();
    REQUESTS.iter().any(|request| lower.starts_with(request))
}

/// Whether a word in lower case names a datum.
pub(super) fn is_field_word(word: &str) -> bool {
    FIELDS.split(' ').any(|own| own == word)
}

/// Whether a word in lower case stands beside words that name a datum.
pub(super) fn is_beside_word(word: &str) -> bool {
    BESIDE.split(' ').any(|own| own == word)
}

/// Whether an identifier is one of a program: with `_`, or with a capital behind a small letter.
pub(super) fn is_identifier(content: &str) -> bool {
    let bytes = content.as_bytes();
    content.contains('_')
        || bytes
            .windows(2)
            .any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
}

/// The words of a content in lower case, cut before a capital behind a small letter.
pub(super) fn words(content: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last = ' ';
    for c in content.chars() {
        if is_letter(c) {
            let begins = !is_letter(last) || (last.is_ascii_lowercase() && c.is_ascii_uppercase());
            if begins {
                words.push(String::new());
            }
            let word = words.last_mut().expect("a word has begun");
            word.push(c.to_ascii_lowercase());
        }
        last = c;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_made_of_known_words() {
        for (content, want) in [
            ("Name", true),
            ("FirstName", true),
            ("FIRST_NAME", true),
            ("Worker's name", true),
            ("MM/DD/YYYY", true),
            ("insert whatever", true),
            (" e.g. 6:00 AM", true),
            ("nombre del trabajador", true),
            ("the", false),
            ("YES", false),
            ("day off", false),
            ("2026-05-04", false),
            ("Night shift", false),
            ("", false),
        ] {
            assert_eq!(is_field(content), want, "{content}");
        }
    }
}
