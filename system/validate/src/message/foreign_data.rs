//! Data of other workers in a message (`drafts.md`, "Another worker's data").

mod email;
mod id;
mod name;
mod phone;

use std::fmt;

use crate::draft::Readings;
use crate::roster::{Owner, Roster, Worker};

/// A datum of another worker.
pub(super) struct Found<'r> {
    pub(super) datum: Datum,
    pub(super) owner: &'r Worker,
}

/// The kinds of data that are searched for, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Datum {
    Email,
    Phone,
    Id,
    Name,
}

impl Datum {
    const ALL: [Self; 4] = [Self::Email, Self::Phone, Self::Id, Self::Name];
}

impl fmt::Display for Datum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Email => "the email address",
            Self::Phone => "the phone number",
            Self::Id => "the id",
            Self::Name => "the name",
        })
    }
}

/// The first datum of each kind in a text that belongs to another worker than its recipient.
pub(super) fn find<'r>(text: &str, recipient: &Worker, roster: &'r Roster) -> Vec<Found<'r>> {
    let readings = Readings::new(text);
    let readings: Vec<_> = readings.all().map(|r| (r.folded(), r.capitals())).collect();
    let search = Search { recipient, roster };
    let first = |datum| {
        let mut owners = readings.iter().map(|(folded, capitals)| match datum {
            Datum::Email => email::find(folded.chars(), &search),
            Datum::Phone => phone::find(folded.chars(), &search),
            Datum::Id => id::find(folded.chars(), &search),
            Datum::Name => name::find(folded.chars(), capitals, &search),
        });
        let owner = owners.find_map(|owner| owner)?;
        Some(Found { datum, owner })
    };
    Datum::ALL.into_iter().filter_map(first).collect()
}

/// Whose data are searched for.
struct Search<'s, 'r> {
    recipient: &'s Worker,
    roster: &'r Roster,
}

/// The worker, when it is another one.
fn other(owner: Owner<'_>) -> Option<&Worker> {
    match owner {
        Owner::Other(worker) => Some(worker),
        Owner::NoOther => None,
    }
}

/// Whether a character of a folded text is an ASCII letter or digit.
fn is_alnum(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worker(id: &str, name: &str, phone: &str, email: &str) -> String {
        let name = name.replace('"', "\\\"");
        format!(
            r#"{{"worker_id":"{id}","name":"{name}","city":"","state":"","phone":"{phone}","email":"{email}","roles":[],"active":true}}"#
        ) + "\n"
    }

    fn roster() -> Roster {
        let lines = [
            worker("w-1", "Ana Ruiz Lopez", "313-555-0101", "ana@mail.com"),
            worker(
                "w-2",
                "Bo O'Neil",
                "+1 (313) 555-0102",
                "Bo.O'Neil@mail.com",
            ),
            worker("w-3", "Ana Ruiz", "313-555-0103", "shared@mail.com"),
            worker("w-4", "Bo O'Neil Jr", "3135550103", "shared@mail.com"),
            worker("W-1", "Solo", "555-0105", "none"),
            worker("w_6", "Zoë  von der Au", "+49 30 1234 5678", "x"),
            worker("w-7", "A B C D E", "3135550101", "ana@mail.com"),
            worker("w-8", "Mary-Kate De La Cruz", "n/a", "mk+home@mail.com"),
            worker("w-9", "Terrence \"TJ\" St. James", "n/a", "tj@x.mail.com"),
            worker("w-10", "王 小明", "n/a", "-"),
        ];
        Roster::from_jsonl(lines.concat().as_bytes()).unwrap()
    }

    fn check(text: &str, want: &[&str]) {
        let roster = roster();
        let recipient = roster.find("w-1").unwrap();
        let got: Vec<_> = find(text, recipient, &roster)
            .iter()
            .map(|f| format!("{} of {}", f.datum, f.owner.worker_id))
            .collect();
        assert_eq!(got, want, "{text}");
    }

    #[test]
    fn own_data_are_not_reported() {
        check(
            "Ana Ruiz Lopez, w-1, W-1, ana@mail.com, (313) 555-0101",
            &[],
        );
        check("RUIZ LOPEZ, ANA; ana+x@mail.com; +1 313 555 0101", &[]);
    }

    #[test]
    fn email_addresses_are_found_in_links_and_other_notations() {
        for text in [
            "mailto:shared@mail.com?subject=x",
            "https://x.test/u/shared@mail.com",
            "éшshared@mail.comш",
            "_shared@mail.com_ |shared@mail.com|",
            "user=shared@mail.com&x=1",
            "shared+1@mail.com",
            "SHARED＠MAIL．COM",
            "shared%40mail.com",
            "shared&#64;mail.com",
            "shared (at) mail [dot] com",
            "shared arroba mail punto com",
            "shared @\nmail.com",
            "go dot shared@mail.com",
            "shared@mail.com-",
        ] {
            check(text, &["the email address of w-3"]);
        }
        check("mk@mail.com", &["the email address of w-8"]);
        for text in [
            "xshared@mail.com none x",
            "x.shared@mail.com x-shared@mail.com x+shared@mail.com",
            "shared@mail.comx shared@x.mail.com shared@mail.com-x.org shared@mail.co",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn phone_numbers_are_found_with_any_separators() {
        for text in [
            "call (313) 555-0102",
            "call 1-313.555 0102x",
            "call +13135550102.",
            "call 313–555 - 0102",
            "call 313/555\n0102",
            "call 31 35 55 01 02",
            "call 0013135550102",
            "call 011 1 313 555 0102",
            "12 313-555-0102 ext. 4",
            "call 21(313)555-0102",
            "<b>313</b>-555-0102",
            "313%2D555%2D0102",
            "313-555-0101, 313-555-0102",
        ] {
            check(text, &["the phone number of w-2"]);
        }
        check("+49 (0)30 1234-5678", &["the phone number of w_6"]);
        check("0049 30 12345678", &["the phone number of w_6"]);
        for text in ["call 213135550102", "call 31355501020", "313 x 555 0102"] {
            check(text, &[]);
        }
    }

    #[test]
    fn ids_are_found_as_whole_tokens() {
        for text in [
            "ask w-2",
            "W‑2.",
            "_w-2_",
            "badge_w-2",
            "w-2_photo.jpg",
            "?w=w%2D2",
            "xw-2 w-2",
        ] {
            check(text, &["the id of w-2"]);
        }
        check("w_6", &["the id of w_6"]);
        check("ask w-22 xw-2 w-2x row-2 w_6x", &[]);
    }

    #[test]
    fn names_are_found_in_other_spellings() {
        for (text, worker) in [
            ("BO O’NEIL", "w-2"),
            ("Bo ONeil", "w-2"),
            ("Bo O Neil's", "w-2"),
            ("O'Neil, Bo", "w-2"),
            ("Bo K. O'Neil", "w-2"),
            ("Bo K O'Neil", "w-2"),
            ("**Bo** O&#39;Neil", "w-2"),
            ("Bo O'Neil Jr.", "w-4"),
            ("Ana Ruiz", "w-3"),
            ("ana.ruiz", "w-3"),
            ("Ruiz, Ana", "w-3"),
            ("Zoe Von Der Au", "w_6"),
            ("Mary Kate de la Cruz", "w-8"),
            ("MaryKate DeLaCruz", "w-8"),
            ("De La Cruz, Mary‑Kate", "w-8"),
            ("Mary - Kate\nDe La Cruz", "w-8"),
            ("T.J. St. James", "w-9"),
            ("TJ St James", "w-9"),
            ("Terrence (TJ) St. James", "w-9"),
            ("Terrence St. James", "w-9"),
            ("请问王小明", "w-10"),
            ("A. B. C. D. E", "w-7"),
            ("@zoevonderau", "w_6"),
            ("@anaruiz", "w-3"),
            ("Insta: @BoONeilJr_92", "w-4"),
            ("venmo $marykatedelacruz", "w-8"),
            ("https://x.test/delacruzmarykate?x", "w-8"),
            ("Ana Maria Ruiz", "w-3"),
            ("Ána Łucja-Éva Ruiz", "w-3"),
            ("ANA Maria RUIZ", "w-3"),
            ("Zoë Anna Von Der Au", "w_6"),
        ] {
            check(text, &[&format!("the name of {worker}")]);
        }
        for text in [
            "for Ana. Ruiz Street",
            "Ana 2 Ruiz",
            "Ana, Bo and Ruiz",
            "Ana y Ruiz",
            "anaruiz",
            "Ana Ruizza, Diana Ruiz",
            "Zoë von; Solo",
            "@boneil @ana_2 @mruiz",
            "info@zoevonderau.test x.@zoevonderau",
            "zoevonderau",
            "ana maria ruiz",
            "ANA MARIA RUIZ",
            "Ana maria Ruiz",
            "Ana And Ruiz; Ana De Ruiz; Ana Maria Ruiza",
            "Ana Maria, Ruiz",
            "Ana Maria Sofia Lucia Ruiz",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn each_kind_is_reported_once() {
        check(
            "w-4 Bo O'Neil shared@mail.com 3135550103 Bo O'Neil Jr",
            &[
                "the email address of w-3",
                "the phone number of w-3",
                "the id of w-4",
                "the name of w-2",
            ],
        );
    }
}
