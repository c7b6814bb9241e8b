//! The questions of `--bless`.

use std::io::{self, BufRead, Write};

use super::propose::Proposal;

const HELP: &str = "\
y  accept this entry
n  do not accept it
a  accept this entry and all later ones, for the same reason
q  accept no more entries
";

/// How the entries are accepted.
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

/// Returns the reason for each accepted proposal, and `None` for the others.
pub(super) fn ask_all<R: BufRead>(
    proposals: &[Proposal],
    consent: Consent<'_, R>,
    out: &mut impl Write,
) -> io::Result<Vec<Option<String>>> {
    let mut input = match consent {
        Consent::Asked { input } => input,
        Consent::Given { reason } => {
            for proposal in proposals {
                show(proposal, out)?;
            }
            return Ok(vec![Some(reason.to_owned()); proposals.len()]);
        }
    };
    let mut reasons = Vec::new();
    let mut rest: Option<Option<String>> = None;
    for (index, proposal) in proposals.iter().enumerate() {
        if let Some(reason) = &rest {
            reasons.push(reason.clone());
            continue;
        }
        show(proposal, out)?;
        let question = format!(
            "[{}/{}] {} [y]es [n]o [a]ll [q]uit [?] ",
            index + 1,
            proposals.len(),
            proposal.question
        );
        let answer = choice(&question, &mut input, out)?;
        let reason = match answer {
            Choice::No | Choice::Quit => None,
            Choice::Yes if !proposal.needs_reason => Some(String::new()),
            Choice::Yes | Choice::All => reason(&mut input, out)?,
        };
        if matches!(answer, Choice::All | Choice::Quit) {
            rest = Some(reason.clone());
        }
        reasons.push(reason);
    }
    Ok(reasons)
}

fn show(proposal: &Proposal, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n{}\n", proposal.shown.trim_end())
}

#[derive(Clone, Copy)]
enum Choice {
    Yes,
    No,
    All,
    Quit,
}

fn choice(question: &str, input: &mut impl BufRead, out: &mut impl Write) -> io::Result<Choice> {
    loop {
        let Some(answer) = line(question, input, out)? else {
            return Ok(Choice::Quit);
        };
        match answer.to_ascii_lowercase().as_str() {
            "y" | "yes" => return Ok(Choice::Yes),
            "" | "n" | "no" => return Ok(Choice::No),
            "a" | "all" => return Ok(Choice::All),
            "q" | "quit" => return Ok(Choice::Quit),
            _ => write!(out, "{HELP}")?,
        }
    }
}

/// Asks until there is a reason; `None` at the end of the input.
fn reason(input: &mut impl BufRead, out: &mut impl Write) -> io::Result<Option<String>> {
    loop {
        match line("Reason (stored with the entry): ", input, out)? {
            Some(reason) if reason.is_empty() => writeln!(out, "A reason is required.")?,
            answer => return Ok(answer),
        }
    }
}

/// One line of the input; `None` at its end.
fn line(
    question: &str,
    input: &mut impl BufRead,
    out: &mut impl Write,
) -> io::Result<Option<String>> {
    write!(out, "{question}")?;
    out.flush()?;
    let mut line = String::new();
    let length = input.read_line(&mut line)?;
    Ok((length > 0).then(|| line.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::{Consent, ask_all};
    use crate::bless::propose::{Edit, PinEdit, Proposal};

    fn proposal(needs_reason: bool) -> Proposal {
        Proposal {
            shown: "what differs".to_owned(),
            question: "Accept it?",
            needs_reason,
            edit: Edit::Pin(PinEdit::Delete { index: 0 }),
        }
    }

    fn asked(typed: &str, proposals: &[Proposal]) -> (Vec<Option<String>>, String) {
        let mut out = Vec::new();
        let consent = Consent::Asked {
            input: Cursor::new(typed),
        };
        let reasons = ask_all(proposals, consent, &mut out).expect("nothing can fail");
        (reasons, String::from_utf8(out).expect("it is text"))
    }

    #[test]
    fn entries_need_a_yes_and_a_reason() {
        for (typed, needs_reason, expected) in [
            ("y\nit is so\n", true, Some("it is so")),
            ("YES\nit is so\n", true, Some("it is so")),
            ("y\n\nnow it is\n", true, Some("now it is")),
            ("y\n\n", true, None),
            ("y\n", true, None),
            ("n\nit is so\n", true, None),
            ("\n", true, None),
            ("", true, None),
            ("y\n", false, Some("")),
            ("?\ny\n", false, Some("")),
            ("yep\nn\n", false, None),
        ] {
            let (reasons, out) = asked(typed, &[proposal(needs_reason)]);
            assert_eq!(reasons[0].as_deref(), expected, "{typed:?}");
            let begin = "\nwhat differs\n\n[1/1] Accept it? [y]es [n]o [a]ll [q]uit [?] ";
            assert!(out.starts_with(begin), "{out}");
            assert_eq!(
                out.contains("do not accept it"),
                typed.contains(['?', 'p']),
                "{out}"
            );
        }
    }

    #[test]
    fn all_and_quit_apply_to_later_entries() {
        let three = [proposal(true), proposal(true), proposal(true)];
        let (reasons, out) = asked("n\na\nsame cause\n", &three);
        let same = Some("same cause".to_owned());
        assert_eq!(reasons, [None, same.clone(), same]);
        assert!(!out.contains("[3/3]"), "{out}");
        let (reasons, _) = asked("q\ny\n", &three);
        assert_eq!(reasons, [None, None, None]);
    }
}
