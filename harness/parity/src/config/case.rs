//! `cases/*.toml`: the cases of a surface.

mod written;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use lakehouse_rig::error::{Error, Mistakes, suggestion};
use lakehouse_rig::implementation::Transport;
use lakehouse_rig::source::{Source, Spanned};

use super::setup::Setups;
use super::step::{self, CaseStep, Owner};
pub use written::schema;
use written::{WrittenCase, WrittenFile};

/// The largest `repeats` of a case.
const MAX_REPEATS: usize = 100;

/// One case.
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// Unique in its surface.
    pub name: String,
    /// What the case is for.
    pub why: Option<String>,
    /// The transports it is limited to.
    pub transports: Option<Vec<Transport>>,
    /// Files in the state folder, by path.
    pub files: BTreeMap<String, String>,
    /// One for a plain case.
    pub steps: Vec<CaseStep>,
    /// Whether paths of differences have the step, because the case has steps or a setup.
    pub sequence: bool,
    /// Whether it gets a server of its own where a server otherwise serves many cases.
    pub fresh: bool,
    /// How often it is sent in one round.
    pub repeats: usize,
}

impl Case {
    /// Whether it may run over this transport.
    #[must_use]
    pub fn goes_over(&self, transport: Transport) -> bool {
        self.transports
            .as_ref()
            .is_none_or(|transports| transports.contains(&transport))
    }

    /// Whether any step scripts the model server.
    #[must_use]
    pub fn is_scripted(&self) -> bool {
        self.steps.iter().any(|step| !step.upstream.is_empty())
    }

    /// Whether it writes files for the implementation.
    #[must_use]
    pub fn has_files(&self) -> bool {
        !self.files.is_empty() || self.steps.iter().any(|step| !step.files.is_empty())
    }
}

/// The cases that look like `name`, and the command that lists all cases of these surfaces.
#[must_use]
pub fn similar(name: &str, known: &[&str], surfaces: &[String]) -> String {
    let surface = match surfaces {
        [] => String::new(),
        surfaces => format!(" --surface {}", surfaces.join(",")),
    };
    let suggestion = suggestion(name, known);
    let separator = if suggestion.ends_with('?') { "" } else { ";" };
    format!("{suggestion}{separator} `parity list{surface}` lists all cases")
}

/// The properties of a probe that its cases need.
#[derive(Debug)]
pub(super) struct Context<'a> {
    /// The probe's folder, which holds the input files.
    pub(super) folder: &'a Path,
    /// The probe's transports.
    pub(super) transports: &'a [Transport],
    pub(super) setups: &'a Setups,
}

/// Reads a file of cases.
///
/// # Errors
///
/// Mistakes in the file, with their place.
pub(super) fn read(source: &Source, context: &Context<'_>) -> Result<Vec<Case>, Error> {
    let written: WrittenFile = source.parse()?;
    let mut mistakes = Mistakes::default();
    let mut cases = Vec::new();
    for case in written.case {
        cases.extend(mistakes.take(checked(source, case, context)));
    }
    mistakes.or(Ok(cases))
}

fn checked(
    source: &Source,
    written: Spanned<WrittenCase>,
    context: &Context<'_>,
) -> Result<Case, Error> {
    let span = written.span();
    let case = case(source, written, context)?;
    let transports = context.transports.iter();
    for transport in transports.filter(|transport| case.goes_over(**transport)) {
        check_transport(source, span.clone(), &case, *transport)?;
    }
    Ok(case)
}

fn case(
    source: &Source,
    written: Spanned<WrittenCase>,
    context: &Context<'_>,
) -> Result<Case, Error> {
    let span = written.span();
    let mut written = written.into_inner();
    let name = written.name.get_ref().clone();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if name.is_empty() || !name.chars().all(is_plain) {
        return Err(source.error(
            written.name.span(),
            format!("`{name}` is not a valid name for a case"),
            "use letters, digits, `_`, `-` and `.`",
            None,
        ));
    }
    let repeats = match &written.repeats {
        None => 1,
        Some(repeats) if (1..=MAX_REPEATS).contains(repeats.get_ref()) => *repeats.get_ref(),
        Some(repeats) => {
            return Err(source.error(
                repeats.span(),
                format!("`repeats` of case `{name}` must be from 1 to {MAX_REPEATS}"),
                "this number",
                None,
            ));
        }
    };
    let has_steps = !written.step.is_empty();
    let sequence = has_steps || !written.setup.is_empty();
    if has_steps && written.has_own_input() {
        return Err(source.error(
            written.name.span(),
            format!("case `{name}` has both steps and an input"),
            "this case",
            Some("move the input and the expectation into the steps".to_owned()),
        ));
    }
    let own = if has_steps {
        std::mem::take(&mut written.step)
    } else {
        vec![written.only_step()]
    };
    let step_files = own.iter().flat_map(|step| step.files.keys());
    if let Some(path) = written
        .files
        .keys()
        .chain(step_files)
        .find(|path| !step::is_inside(path))
    {
        return Err(source.error(
            written.name.span(),
            format!("case `{name}` writes `{path}`, which is outside the state folder"),
            "this case",
            None,
        ));
    }
    let owner = |span: Range<usize>| Owner {
        case: &name,
        span,
        folder: context.folder,
    };
    let mut steps = Vec::new();
    for setup in &written.setup {
        let (file, before) = context.setups.find(source, setup)?;
        for written in before {
            steps.push(step::read(file, &owner(0..0), written.clone())?);
        }
    }
    for written in own {
        steps.push(step::read(source, &owner(span.clone()), written)?);
    }
    Ok(Case {
        steps,
        name,
        why: written.why,
        transports: written.transports,
        files: written.files,
        sequence,
        fresh: written.fresh,
        repeats,
    })
}

fn check_transport(
    source: &Source,
    span: Range<usize>,
    case: &Case,
    transport: Transport,
) -> Result<(), Error> {
    if transport == Transport::Http {
        return Ok(());
    }
    for step in &case.steps {
        let problem = match &step.input {
            None => "has no input",
            Some(input) if input.contains(&b'\n') => "has an input with a line break",
            Some(_) => continue,
        };
        return Err(source.error(
            span,
            format!(
                "case `{}` {problem}, so the transport `{transport}` cannot send it",
                case.name
            ),
            "this case",
            Some(
                "write the input on one line, or limit the case with `transports = [\"http\"]`"
                    .to_owned(),
            ),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use lakehouse_rig::implementation::Transport;
    use lakehouse_rig::source::Source;

    use super::{Context, read};
    use crate::config::setup::Setups;

    fn source(text: &str) -> Source {
        Source {
            name: "cases/a.toml".to_owned(),
            text: text.to_owned(),
        }
    }

    fn all(text: &str) -> Result<Vec<super::Case>, lakehouse_rig::error::Error> {
        let setups = Source {
            name: "setup.toml".to_owned(),
            text: "[[setup]]\nname = \"two\"\n[[setup.step]]\ninput = \"{case} 1\"\n[[setup.step]]\ninput = \"2\"\n".to_owned(),
        };
        let context = Context {
            folder: std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")),
            transports: &[Transport::Line],
            setups: &Setups::read(setups)?,
        };
        read(&source(text), &context)
    }

    fn message(text: &str) -> String {
        let error = all(text).expect_err("it is invalid");
        format!("{:?}", miette::Report::new(error))
    }

    #[test]
    fn inputs_are_built_from_pieces() {
        let cases = all(r#"
[[case]]
name = "deep"
input = [{ repeat = "[", times = 3 }, "1", { repeat = "]", times = 3 }]
[[case]]
name = "bytes"
input = { hex = "ff00" }
[[case]]
name = "text"
json_string = true
input = "a\nb"
[[case]]
name = "named"
input = '{"{case}":{case}, "{other}"}'
[[case]]
name = "long"
transports = ["http"]
input_file = "examples/hello/fixtures/harness.toml"
"#)
        .expect("they are valid");
        let inputs: Vec<_> = cases
            .iter()
            .map(|case| case.steps[0].input.clone())
            .collect();
        assert_eq!(inputs[0].as_deref(), Some(&b"[[[1]]]"[..]));
        assert_eq!(inputs[1].as_deref(), Some(&b"\xff\x00"[..]));
        assert_eq!(inputs[2].as_deref(), Some(&br#""a\nb""#[..]));
        assert_eq!(
            inputs[3].as_deref(),
            Some(&br#"{"named":named, "{other}"}"#[..])
        );
        let hello = include_str!("../../../examples/hello/fixtures/harness.toml");
        assert_eq!(inputs[4].as_deref(), Some(hello.as_bytes()));
    }

    #[test]
    fn setups_come_before_the_steps_of_a_case() {
        let cases = all(
            "[[case]]\nname = \"a\"\nfresh = true\nsetup = [\"two\", \"two\"]\ninput = \"x\"\n",
        )
        .expect("it is valid");
        let steps = cases[0].steps.iter();
        let inputs: Vec<_> = steps
            .map(|step| step.input.clone().unwrap_or_default())
            .collect();
        assert_eq!(inputs, [&b"a 1"[..], b"2", b"a 1", b"2", b"x"]);
        assert!(cases[0].sequence && cases[0].fresh);
    }

    #[test]
    fn mistakes_are_reported_with_their_place() {
        for (text, expected) in [
            ("[[case]]\nname = \"a\"\ninpt = \"x\"", "unknown key `inpt`"),
            (
                "[[case]]\nname = \"a b\"\ninput = \"x\"",
                "not a valid name for a case",
            ),
            ("[[case]]\nname = \"a\"\ninput = \"x\\ny\"", "line break"),
            ("[[case]]\nname = \"a\"\n", "has no input"),
            (
                "[[case]]\nname = \"a\"\ninput = \"x\"\nrepeats = 0",
                "must be from 1 to 100",
            ),
            (
                "[[case]]\nname = \"a\"\ninput = { hex = \"f\" }",
                "not hexadecimal",
            ),
            (
                "[[case]]\nname = \"a\"\ninput = [{ repeat = \"x\" }]",
                "expected `{ repeat, times }`",
            ),
            (
                "[[case]]\nname = \"a\"\ninput = \"x\"\n[[case.step]]\ninput = \"y\"",
                "has both steps and an input",
            ),
            (
                "[[case]]\nname = \"a\"\ninput = \"x\"\nfiles = { \"../y\" = \"\" }",
                "outside the state folder",
            ),
            (
                "[[case]]\nname = \"a\"\ninput = \"x\"\nheaders = { x = \"{cas}\" }",
                "`{cas}`",
            ),
            (
                "[[case]]\nname = \"a\"\ninput = \"x\"\npath = \"/a b#c\"",
                "`/a%20b%23c`",
            ),
            (
                "[[case]]\nname = \"a\"\ninput = \"x\"\npath = \"é\"",
                "does not begin with `/`",
            ),
            (
                "[[case]]\nname = \"a\"\ninput = \"x\"\nheaders = { \"x y\" = \"1\" }",
                "`x y` is not the name of a header",
            ),
            (
                "[[case]]\nname = \"a\"\ninput = \"x\"\nheaders = { x = [\"1\", \"a\\nb\"] }",
                "is not a value of the header `x`",
            ),
            (
                "[[case]]\nname = \"a\"\ninput = \"x\"\nheaders = { Content-Length = \"9\" }",
                "sends `content-length` itself",
            ),
            (
                "[[case]]\nname = \"a\"\ninput_file = \"../x\"",
                "outside the probe's folder",
            ),
            (
                "[[case]]\nname = \"a\"\ninput_file = \"gone\"",
                "failed to read `gone`",
            ),
            (
                "[[case]]\nname = \"a\"\ninput = \"x\"\ninput_file = \"gone\"",
                "both `input` and",
            ),
            (
                "[[case]]\nname = \"a\"\nsetup = [\"tow\"]\ninput = \"x\"",
                "did you mean `two`?",
            ),
        ] {
            let message = message(text);
            assert!(message.contains(expected), "{text}:\n{message}");
            assert!(message.contains("cases/a.toml"), "{text}:\n{message}");
        }
    }
}
