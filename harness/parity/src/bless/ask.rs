//! The dialogue of `--bless`.

use std::io::{self, BufRead, Write};

use crate::ledger::entry::Grounds;

/// The decision of entries that were accepted without one.
const UNDECIDED: &str = "to be reviewed before it expires";

/// How differences are accepted.
#[derive(Debug)]
pub enum Consent<'a, R> {
    /// By answers at a terminal.
    Asked {
        /// The terminal's input.
        input: R,
    },
    /// All of them, by the command line.
    Given {
        /// The reason for every entry.
        reason: &'a str,
    },
}

/// An answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    Yes,
    No,
    Each,
    All,
    Skip,
    Diff,
    Quit,
}

/// The keys of a question: choice, name and effect.
pub(super) type Keys = [(Choice, &'static str, &'static str)];

const YES: &str = "[y]es";
const NO: &str = "[n]o";
const DIFF: (Choice, &str, &str) = (Choice::Diff, "[d]iff", "show both answers, then ask again");
const QUIT: (Choice, &str, &str) = (
    Choice::Quit,
    "[q]uit",
    "stop here; everything that was accepted so far is kept",
);

/// For several differences that are alike.
pub(super) const ALIKE: &Keys = &[
    (Choice::Yes, YES, "accept all of them for one reason"),
    (Choice::No, NO, "accept none of them"),
    (Choice::Each, "[e]ach", "decide on each of them"),
    DIFF,
    QUIT,
];

/// For one difference.
pub(super) const SINGLE: &Keys = &[
    (Choice::Yes, YES, "accept it"),
    (Choice::No, NO, "do not accept it"),
    DIFF,
    QUIT,
];

/// For one of several differences.
pub(super) const EACH: &Keys = &[
    (Choice::Yes, YES, "accept it"),
    (Choice::No, NO, "do not accept it"),
    (Choice::All, "[a]ll", "accept it and the rest of its group"),
    (
        Choice::Skip,
        "[s]kip",
        "accept none of the rest of its group",
    ),
    DIFF,
    QUIT,
];

/// For a change of an entry.
pub(super) const EDIT: &Keys = &[
    (Choice::Yes, YES, "make the change"),
    (Choice::No, NO, "do not make it"),
    QUIT,
];

/// Asks questions, or answers all of them with yes.
pub(super) struct Dialogue<'a, R, W> {
    consent: Consent<'a, R>,
    out: &'a mut W,
    /// The grounds that are offered next.
    last: Grounds,
}

impl<'a, R: BufRead, W: Write> Dialogue<'a, R, W> {
    pub(super) fn new(consent: Consent<'a, R>, out: &'a mut W) -> Dialogue<'a, R, W> {
        Dialogue {
            consent,
            out,
            last: Grounds::default(),
        }
    }

    pub(super) fn show(&mut self, text: &str) -> io::Result<()> {
        let end = if text.ends_with('\n') { "" } else { "\n" };
        write!(self.out, "{text}{end}")
    }

    /// Asks until one of the keys is pressed. The end of the input quits.
    pub(super) fn choose(&mut self, question: &str, keys: &Keys) -> io::Result<Choice> {
        if matches!(self.consent, Consent::Given { .. }) {
            return Ok(Choice::Yes);
        }
        let names: Vec<&str> = keys.iter().map(|(_, name, _)| *name).collect();
        let question = format!("{question} {} [?] ", names.join(" "));
        loop {
            let Some(answer) = self.line(&question)? else {
                return Ok(Choice::Quit);
            };
            match choice(&answer, keys) {
                Some(choice) => return Ok(choice),
                None => self.help(&answer, keys)?,
            }
        }
    }

    fn help(&mut self, answer: &str, keys: &Keys) -> io::Result<()> {
        if !matches!(answer, "" | "?") {
            let answer = lakehouse_rig::text::one_line(answer, 20);
            writeln!(self.out, "unknown key `{answer}`")?;
        }
        for (_, name, effect) in keys {
            writeln!(self.out, "  {name:7} {effect}")?;
        }
        writeln!(self.out, "  [?]     explain the keys, then ask again")
    }

    /// Asks for a reason and a decision, and offers those before. `None` at the end of the input.
    pub(super) fn grounds(&mut self) -> io::Result<Option<Grounds>> {
        let Some(reason) = self.reason(&self.last.reason.clone())? else {
            return Ok(None);
        };
        let last = self.last.decision.clone();
        let question = match last.as_str() {
            "" => "Decision (optional): ".to_owned(),
            last => format!("Decision [{last}]: "),
        };
        let decision = or_default(self.line(&question)?.unwrap_or_default(), &last);
        self.last = Grounds {
            reason,
            decision: or_default(decision, UNDECIDED),
        };
        Ok(Some(self.last.clone()))
    }

    /// Asks until there is a reason; an empty line stands for `default`.
    pub(super) fn reason(&mut self, default: &str) -> io::Result<Option<String>> {
        if let Consent::Given { reason } = self.consent {
            return Ok(Some(reason.to_owned()));
        }
        let question = match default {
            "" => "Reason: ".to_owned(),
            default => format!("Reason [{default}]: "),
        };
        loop {
            let Some(answer) = self.line(&question)? else {
                return Ok(None);
            };
            let reason = or_default(answer, default);
            if !reason.is_empty() {
                return Ok(Some(reason));
            }
            writeln!(
                self.out,
                "A reason is required; it is stored with the entry."
            )?;
        }
    }

    /// One line of the input; `None` at its end.
    fn line(&mut self, question: &str) -> io::Result<Option<String>> {
        let Consent::Asked { input } = &mut self.consent else {
            return Ok(None);
        };
        write!(self.out, "{question}")?;
        self.out.flush()?;
        let mut line = String::new();
        let length = input.read_line(&mut line)?;
        Ok((length > 0).then(|| line.trim().to_owned()))
    }
}

/// The choice with this key or this name.
fn choice(answer: &str, keys: &Keys) -> Option<Choice> {
    let answer = answer.to_ascii_lowercase();
    let is_meant = |name: &str| {
        let word = name.replace(['[', ']'], "");
        answer == word || (!answer.is_empty() && answer == word[..1])
    };
    let key = keys.iter().find(|(_, name, _)| is_meant(name));
    key.map(|(choice, ..)| *choice)
}

fn or_default(answer: String, default: &str) -> String {
    match answer.is_empty() {
        true => default.to_owned(),
        false => answer,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::{ALIKE, Choice, Consent, Dialogue, UNDECIDED};
    use crate::ledger::entry::Grounds;

    fn with<T>(
        typed: &str,
        ask: impl FnOnce(&mut Dialogue<'_, Cursor<&str>, Vec<u8>>) -> T,
    ) -> (T, String) {
        let mut out = Vec::new();
        let consent = Consent::Asked {
            input: Cursor::new(typed),
        };
        let answer = ask(&mut Dialogue::new(consent, &mut out));
        (answer, String::from_utf8(out).expect("it is text"))
    }

    #[test]
    fn unknown_keys_are_explained_and_asked_again() {
        let question = "accept 2 alike? [y]es [n]o [e]ach [d]iff [q]uit [?] ";
        for (typed, expected, times) in [
            ("y\n", Choice::Yes, 1),
            ("YES\n", Choice::Yes, 1),
            ("n\n", Choice::No, 1),
            ("each\n", Choice::Each, 1),
            ("d\n", Choice::Diff, 1),
            ("?\nn\n", Choice::No, 2),
            ("\n?\nyep\na\nq\n", Choice::Quit, 5),
            ("", Choice::Quit, 1),
        ] {
            let (choice, out) = with(typed, |ask| ask.choose("accept 2 alike?", ALIKE));
            assert_eq!(choice.expect("it can be read"), expected, "{typed:?}");
            assert_eq!(out.matches(question).count(), times, "{out}");
            let explained = out.matches("  [n]o    accept none of them\n").count();
            assert_eq!(explained, times - 1, "{out}");
            assert_eq!(out.contains("unknown key `yep`"), typed.contains("yep"));
        }
    }

    #[test]
    fn a_reason_is_asked_again_and_offered_again() {
        let (both, out) = with("\n\nit is so\n\n\nkept\n", |ask| {
            [ask.grounds(), ask.grounds()].map(|grounds| grounds.expect("it can be read"))
        });
        let grounds = |decision: &str| {
            Some(Grounds {
                reason: "it is so".to_owned(),
                decision: decision.to_owned(),
            })
        };
        assert_eq!(both, [grounds(UNDECIDED), grounds("kept")]);
        assert_eq!(out.matches("A reason is required").count(), 2, "{out}");
        assert!(out.contains("Reason [it is so]: "), "{out}");
        let (none, _) = with("\n\n", |ask| ask.grounds().expect("it can be read"));
        assert_eq!(none, None);
    }
}
