//! Data of other workers in a message.

use std::fmt;

use crate::roster::{NAME_LENGTHS, Owner, Roster, Worker, name_words};

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
pub(super) fn find<'r>(
    text: &str,
    recipient: &Worker,
    roster: &'r Roster,
) -> impl Iterator<Item = Found<'r>> {
    let finds = [
        (Datum::Email, email(text, recipient, roster)),
        (Datum::Phone, phone(text, recipient, roster)),
        (Datum::Id, id(text, recipient, roster)),
        (Datum::Name, name(text, recipient, roster)),
    ];
    let found =
        |(datum, owner): (Datum, Option<&'r Worker>)| owner.map(|owner| Found { datum, owner });
    finds.into_iter().filter_map(found)
}

fn email<'r>(text: &str, recipient: &Worker, roster: &'r Roster) -> Option<&'r Worker> {
    let in_run = |b: u8| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~@-".contains(&b);
    runs(text, in_run).find_map(|run| {
        let email = run.trim_matches(['.', '\'', '!', '?']);
        other(roster.owner_of_email(email, recipient))
    })
}

fn phone<'r>(text: &str, recipient: &Worker, roster: &'r Roster) -> Option<&'r Worker> {
    let bytes = text.as_bytes();
    let is_digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
    (0..bytes.len()).find_map(|at| {
        let before = &bytes[..at];
        let is_start = match before.last() {
            Some(b'1') => !is_digit(before[..at - 1].last()),
            last => !is_digit(last),
        };
        let digits = is_start.then(|| ten_digits(&bytes[at..])).flatten()?;
        other(roster.owner_of_phone(&digits, recipient))
    })
}

/// The digits of the phone number at the start of a text: three digits, an optional `)`, an
/// optional separator, three digits, an optional separator, four digits, and then no digit. An
/// opening `(` before them does not matter.
fn ten_digits(text: &[u8]) -> Option<String> {
    let mut rest = text;
    let mut number = String::with_capacity(10);
    for (count, may_close) in [(3, true), (3, false), (4, false)] {
        let (digits, after) = rest.split_at_checked(count)?;
        for digit in digits {
            number.push(digit.is_ascii_digit().then_some(char::from(*digit))?);
        }
        rest = after;
        if may_close {
            rest = rest.strip_prefix(b")").unwrap_or(rest);
        }
        if let (3, [b' ' | b'-' | b'.', after @ ..]) = (count, rest) {
            rest = after;
        }
    }
    (!rest.first().is_some_and(u8::is_ascii_digit)).then_some(number)
}

fn id<'r>(text: &str, recipient: &Worker, roster: &'r Roster) -> Option<&'r Worker> {
    let in_run = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    runs(text, in_run).find_map(|run| other(roster.owner_of_id(run, recipient)))
}

/// Considers the longest name that starts at each word. The recipient's own name hides shorter
/// ones, so `Ana Ruiz Lopez` does not count as `Ana Ruiz`.
fn name<'r>(text: &str, recipient: &Worker, roster: &'r Roster) -> Option<&'r Worker> {
    let words: Vec<_> = name_words(text).collect();
    (0..words.len()).find_map(|at| {
        if !roster.has_name_starting_with(&words[at]) {
            return None;
        }
        let longest = NAME_LENGTHS.rev().find_map(|length| {
            let name = words.get(at..at + length)?.join(" ");
            roster.owner_of_name(&name, recipient)
        });
        longest.and_then(other)
    })
}

fn other(owner: Owner<'_>) -> Option<&Worker> {
    match owner {
        Owner::Other(worker) => Some(worker),
        Owner::NoOther => None,
    }
}

/// The longest runs of the given ASCII characters.
fn runs(text: &str, in_run: impl Fn(u8) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |c: char| !u8::try_from(c).is_ok_and(&in_run))
        .filter(|run| !run.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worker(id: &str, name: &str, phone: &str, email: &str) -> String {
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
        ];
        Roster::from_jsonl(lines.concat().as_bytes()).unwrap()
    }

    fn check(text: &str, want: &[&str]) {
        let roster = roster();
        let recipient = roster.find("w-1").unwrap();
        let found = find(text, recipient, &roster);
        let got: Vec<_> = found
            .map(|f| format!("{} of {}", f.datum, f.owner.worker_id))
            .collect();
        assert_eq!(got, want, "{text}");
    }

    #[test]
    fn data_of_other_workers_are_found() {
        let cases: [(&str, &[&str]); 25] = [
            (
                "Ana Ruiz Lopez, w-1, W-1, ana@mail.com, (313) 555-0101",
                &[],
            ),
            (
                "write to BO.O'NEIL@MAIL.COM!?'.",
                &["the email address of w-2", "the name of w-2"],
            ),
            ("mailto:shared@mail.com", &["the email address of w-3"]),
            ("éshared@mail.comé", &["the email address of w-3"]),
            ("xshared@mail.com none x", &[]),
            ("'.!?shared@mail.com?'", &["the email address of w-3"]),
            ("shared@mail.com-", &[]),
            ("call (313) 555-0102", &["the phone number of w-2"]),
            ("call 1-313.555 0102x", &["the phone number of w-2"]),
            ("call +13135550102.", &["the phone number of w-2"]),
            ("call 313)5550103", &["the phone number of w-3"]),
            ("call 21(313)555-0102", &["the phone number of w-2"]),
            ("call 213135550102", &[]),
            ("call 31355501020", &[]),
            ("call 313  555-0102", &[]),
            ("call 313-555-01-02", &[]),
            (
                "313-555-0101, 313-555-0102, 313-555-0103",
                &["the phone number of w-2"],
            ),
            ("ask w-2", &["the id of w-2"]),
            ("ask W-3.", &["the id of w-3"]),
            ("ask w-22 xw-2 w-2_ w_6x", &[]),
            ("bo, O'NEIL", &["the name of w-2"]),
            ("Bo O'Neil Jr.", &["the name of w-4"]),
            ("Ana Ruiz", &["the name of w-3"]),
            (
                "Zoë 1 von 2 der 3 au; Solo; A B C D E; Zoë von",
                &["the name of w_6"],
            ),
            (
                "w-4 Bo O'Neil shared@mail.com 3135550103",
                &[
                    "the email address of w-3",
                    "the phone number of w-3",
                    "the id of w-4",
                    "the name of w-2",
                ],
            ),
        ];
        for (text, want) in cases {
            check(text, want);
        }
    }
}
