//! Placeholders that a draft should have replaced (`drafts.md`, "Placeholders").

mod field;
mod forms;
mod html;
mod place;
mod plain;

use crate::draft::Readings;
use forms::FORMS;
use plain::Plain;

/// The first placeholder in a text, as written or else decoded.
pub(super) fn first(text: &str) -> Option<String> {
    Readings::new(text).with_tags().find_map(|reading| {
        let plain = Plain::new(reading);
        let firsts = FORMS.iter().filter_map(|form| form.first(&plain));
        // Of those that begin at the same place, `min_by_key` returns the first.
        let first = firsts.min_by_key(|found| found.start)?;
        Some(plain.original(reading, &first))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: Option<&str>) {
        assert_eq!(first(text).as_deref(), want, "{text}");
    }

    #[test]
    fn the_first_placeholder_counts() {
        for (text, want) in [
            ("Hi {{ first name! }}, [x]", "{{ first name! }}"),
            ("Hi {{{name}}}", "{{name}}"),
            ("{name} {{x}}", "{name}"),
            ("{{a\nb}}", "{{a\nb}}"),
            ("{{name}", "{name}"),
            ("[_ name]", "[_ name]"),
            ("xTODO TODOs TODO1 todo TBD.", "TBD"),
            ("_TODO_", "TODO"),
            ("Hi [Worker’s name],", "[Worker’s name]"),
            ("Hi &lt;name&gt;", "<name>"),
            ("Hi ｛name｝", "｛name｝"),
            ("Hi {na\u{200B}me}", "{na\u{200B}me}"),
            ("Hi 【name】", "【name】"),
            ("Hi , welcome", " ,"),
            ("Hi undefined, your shift", "undefined"),
            ("Good morning None,", "None"),
            ("at null today", "null"),
            ("Pay $XX.XX", "$XX.XX"),
            ("Call (XXX) XXX-XXXX", "(XXX) XXX-XXXX"),
            ("Start: ____", "____"),
            ("<time>", "<time>"),
            ("Thanks,\nYour Name", "Your Name"),
            ("Your Name Here.", "Your Name Here"),
            ("Start: None", "None"),
            ("on MM/DD/YYYY", "MM/DD/YYYY"),
            ("[e.g. 6:00 AM]", "[e.g. 6:00 AM]"),
            ("{shift} <style>p {color: red}</style>", "{shift}"),
            ("%FNAME%", "%FNAME%"),
            ("%1$s", "%1$s"),
            ("[a](url)", "](url)"),
        ] {
            check(text, Some(want));
        }
    }

    #[test]
    fn markup_options_and_prose_are_no_placeholders() {
        for text in [
            "",
            "<p>Hello <b>Grace</b></p><br/>",
            "<style>p {color} </style><SCRIPT>{x}</script>",
            "<time>6</time>",
            "See [the address](https://example.com/map) and [the name][1]",
            "[name]: https://x.example",
            "Reply [YES], [x] [ ] [1] [sic] [...]",
            "$20, 5% and 10%, %20name%20, caf%C3%A9%20",
            "Hi McDonald, hi team, none of them, null and void",
            "is undefined in the handbook",
            "Happy birthday! xxx xxx",
            "XXL, XXX-XX-6789",
            "PARA TODO EL DIA, TODO BIEN",
            "___\nabc\n ______ ",
            "#a #b c#",
            "«a las 6»",
            "Your name is on the list",
            "#FF6600), the #00FF00",
            "[Day 1] [Job #1234]",
            "Write your name here and sign",
            "Allergies: None",
            "Write the date as MM/DD/YYYY (mm/dd/yyyy)",
            "std::vector::size",
        ] {
            check(text, None);
        }
    }
}
