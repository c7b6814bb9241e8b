//! Placeholders that a draft should have replaced (`drafts.md`, "Placeholders").

mod code;
mod field;
mod forms;
mod html;
mod label;
mod numeral;
mod place;
mod plain;
mod signature;

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
            ("%257Bname%257D", "{name}"),
            ("{SAVE1}", "{SAVE1}"),
            ("{ADDRESS10}", "{ADDRESS10}"),
            ("{TEXT10}", "{TEXT10}"),
            ("{Save10}", "{Save10}"),
            ("<Shift>", "<Shift>"),
            ("{Enter name}", "{Enter name}"),
            ("see <End>", "<End>"),
            ("[Name] 419-555-0170", "[Name]"),
            ("At [Time] 6 people", "[Time]"),
            ("[Time] 6 people", "[Time]"),
            ("[Date] 6:00", "[Date]"),
            ("[Phone] 24/7", "[Phone]"),
            ("At [Address] 4100", "[Address]"),
            ("[Address]4100", "[Address]"),
            ("Sign by ____", "____"),
            ("Start ____ Signature ____", "____"),
            ("At the end we will need your signature ____", "____"),
            ("Date ____\nSignature ____", "____"),
            ("Report to XXX", "XXX"),
            ("size: XXX", "XXX"),
            ("size XXXX", "XXXX"),
            ("I, XXX, agree", "XXX"),
            ("XL XXX", "XXX"),
            ("XXX, XXX", "XXX"),
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
            "Use {SAVE10}, <WELCOME2026> or {FALL25}",
            "Press <Enter>, {Tab}, <F12>, <Page Up> or <Ctrl-C>",
            "press <Shift> and <Alt>+<End>, pulse <Insert>",
            "[Address] 4100 Jackson Rd",
            "Monday\n - [Start time]: 6:00\n\u{2022} [End] 2p | [Pay] $17 ; [Phone number] (419) 555-0170",
            "<td>[Date] 05/04/2026</td>",
            "Signature ______",
            "Date ____ Signature: ........ Printed name ____",
            "Sign here: ____, X ____",
            "Firma del trabajador ____ Fecha ____",
            "Sizes XL, XXL or XXX",
            "XXIX, XXX",
            "Super Bowl XXX, Chapter  XXX, talla XXX",
        ] {
            check(text, None);
        }
    }
}
