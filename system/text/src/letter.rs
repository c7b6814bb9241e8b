//! The letters of folded texts. The ranges are fixed, because versions of Unicode disagree on the
//! categories of rare characters.

use crate::later::is_later;

/// Whether a character of a text as it is written is a capital: its lower case is another one.
pub fn is_capital(c: char) -> bool {
    !is_later(c) && c.to_lowercase().next() != Some(c)
}

/// Whether a character of a folded text is a letter.
pub fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic()
        || (c >= '\u{C0}'
            && !matches!(
                c,
                '\u{D7}'
                    | '\u{F7}'
                    | '\u{2C2}'..='\u{2DF}'
                    | '\u{37E}'
                    | '\u{387}'
                    | '\u{55B}'..='\u{55F}'
                    | '\u{589}'
                    | '\u{60C}'
                    | '\u{61B}'
                    | '\u{61F}'
                    | '\u{6D4}'
                    | '\u{964}'
                    | '\u{965}'
                    | '\u{2000}'..='\u{2BFF}'
                    | '\u{2E00}'..='\u{2E7F}'
                    | '\u{3000}'..='\u{3004}'
                    | '\u{3008}'..='\u{3030}'
                    | '\u{30FB}'
                    | '\u{E000}'..='\u{F8FF}'
                    | '\u{FE00}'..='\u{FE6F}'
                    | '\u{FF00}'..='\u{FF65}'
                    | '\u{FFE0}'..='\u{FFFF}'
                    | '\u{1F000}'..='\u{1FBFF}'
            ))
}

/// Whether a character is a word, because its script does not separate words by spaces.
pub fn is_word_alone(c: char) -> bool {
    matches!(
        c,
        '\u{3040}'..='\u{30FA}'
            | '\u{30FC}'..='\u{30FF}'
            | '\u{3400}'..='\u{9FFF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{323AF}'
    )
}
