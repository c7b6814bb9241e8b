//! The questions of `--bless`.

use std::io::{self, BufRead, Write};

use super::propose::Proposal;

const HELP: &str = "\
y  accept this entry
n  leave it out
a  accept this entry and all that follow, for the same reason
q  leave out this entry and all that follow
";

/// Who accepts the entries.
#[derive(Debug)]
pub enum Consent<'a, R> {
    /// A person at a terminal, who is asked about each entry.
    Asked {
        /// What is typed.
        input: R,
    },
    /// The author of the command line, who accepts all of them.
    Given {
        /// The reason, written into every pin.
        reason: &'a str,
    },
}

/// The reason for each proposal that is accepted; none for the others.
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

/// Asks for a reason until there is one; none when the input ends.
fn reason(input: &mut impl BufRead, out: &mut impl Write) -> io::Result<Option<String>> {
    loop {
        match line("reason (stored with the entry): ", input, out)? {
            Some(reason) if reason.is_empty() => writeln!(out, "a reason is required")?,
            answer => return Ok(answer),
        }
    }
}

/// One line of the input; none at its end.
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
            question: "accept it?",
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
    fn an_entry_needs_a_yes_and_a_reason() {
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
            let begin = "\nwhat differs\n\n[1/1] accept it? [y]es [n]o [a]ll [q]uit [?] ";
            assert!(out.starts_with(begin), "{out}");
            assert_eq!(
                out.contains("leave it out"),
                typed.contains(['?', 'p']),
                "{out}"
            );
        }
    }

    #[test]
    fn all_and_quit_answer_for_the_rest() {
        let three = [proposal(true), proposal(true), proposal(true)];
        let (reasons, out) = asked("n\na\nsame cause\n", &three);
        let same = Some("same cause".to_owned());
        assert_eq!(reasons, [None, same.clone(), same]);
        assert!(!out.contains("[3/3]"), "{out}");
        let (reasons, _) = asked("q\ny\n", &three);
        assert_eq!(reasons, [None, None, None]);
    }
}
