//! The command line of `parity`.

mod open;
mod output;
mod tool;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Weak};

use anstream::{eprintln, println};
use clap::Parser;
use lakehouse_rig::error::Error;
use lakehouse_rig::output::printed;
use lakehouse_rig::text::counted;
use tokio::sync::watch;

use self::output::Output;
use crate::config::Root;
use crate::outcome::Run;
use crate::progress::{Display, Event, Events as _};
use crate::report::Rendered;
use crate::run::stoppable::{REPORT_GRACE, unless_stopped};
use crate::run::{self, Options};
use crate::{bless, evidence, exit, generate, inspect, report};

/// The examples of `--help`.
const EXAMPLES: &str = "\
Examples:
  parity                                        compare everything
  parity -s SURFACE -c CASE                     run one case
  parity -s SURFACE -c CASE -i NAME --hold      keep the servers running after it
  parity --bless                                review each difference, and accept it
  parity --generate 20000 --seed 1 -s SURFACE   send generated inputs
  parity list -i NAME --json                    list the cases that NAME runs, for a program
  parity describe SURFACE/CASE                  show the input, and commands that send it
  parity verdict --may-replace OLD --by NEW     decide whether NEW may replace OLD";

/// Send the same inputs to every implementation and compare the answers.
///
/// Exit codes: 0 pass, 1 infrastructure failure, 2 usage error, 3 fail, 4 inconclusive.
#[derive(Debug, Parser)]
#[command(name = "parity", version, after_help = EXAMPLES)]
struct Arguments {
    /// Folder that holds `fixtures/harness.toml`
    #[arg(
        long,
        global = true,
        default_value = ".",
        value_name = "DIR",
        help_heading = "Run"
    )]
    root: PathBuf,
    /// Run only these surfaces
    #[arg(
        short,
        long,
        global = true,
        value_delimiter = ',',
        value_name = "NAMES",
        help_heading = "Selection"
    )]
    surface: Vec<String>,
    /// Run only these cases: NAME, or SURFACE/NAME
    #[arg(
        short,
        long,
        value_delimiter = ',',
        value_name = "NAMES",
        help_heading = "Selection"
    )]
    case: Vec<String>,
    /// Run only the cases that differed or could not be compared in the last run
    #[arg(long, conflicts_with_all = ["case", "record", "generate", "log"], help_heading = "Selection")]
    last_failed: bool,
    /// Compare only these implementations with the reference
    #[arg(
        short,
        long,
        value_delimiter = ',',
        value_name = "NAMES",
        help_heading = "Selection"
    )]
    implementation: Vec<String>,
    /// Seed for the order of the cases [default: random]
    #[arg(long, value_name = "N", help_heading = "Run")]
    seed: Option<u64>,
    /// Record the answers of these implementations, for machines that cannot run them
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "NAMES",
        help_heading = "Run"
    )]
    record: Vec<String>,
    /// Require these implementations to run; do not use their recordings
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "NAMES",
        help_heading = "Run"
    )]
    require: Vec<String>,
    /// Use the server that already runs at this URL instead of starting one; it can be sent surfaces
    /// over `http` that need no fresh process, files or scripted upstream, and write nothing
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "NAME=URL",
        help_heading = "Run"
    )]
    attach: Vec<String>,
    /// Review each difference and accept it as intended
    #[arg(long, help_heading = "Acceptance")]
    bless: bool,
    /// Accept every difference without asking, for this reason
    #[arg(
        long,
        requires = "bless",
        value_name = "REASON",
        help_heading = "Acceptance"
    )]
    yes: Option<String>,
    /// Keep the servers of the selected cases running after the run, until Ctrl-C
    #[arg(long, help_heading = "Run")]
    hold: bool,
    /// Check the comparison itself: corrupt captured answers, and fail if any corruption goes unnoticed
    #[arg(long, help_heading = "Checks")]
    mutate: bool,
    /// Fuzz: generate N inputs per surface instead of running the cases
    #[arg(long, value_name = "N", conflicts_with_all = ["case", "record", "log", "hold", "attach"], help_heading = "Checks")]
    generate: Option<u64>,
    /// Stop generating after M minutes
    #[arg(long, value_name = "M", requires = "generate", help_heading = "Checks")]
    minutes: Option<u64>,
    /// Stop generating after K findings
    #[arg(
        long,
        value_name = "K",
        requires = "generate",
        default_value = "20",
        help_heading = "Checks"
    )]
    max_findings: usize,
    /// Update docs/parity.md and docs/drift.md
    #[arg(long, conflicts_with = "case", help_heading = "Acceptance")]
    log: bool,
    /// Folder for reports and logs [default: a new one in `target/parity/runs` of the root]
    #[arg(short, long, value_name = "DIR", help_heading = "Run")]
    output: Option<PathBuf>,
    /// Inspect cases and reports without running anything
    #[command(subcommand)]
    tool: Option<tool::Tool>,
}

/// Runs the command and returns its exit code.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: failed to start: {error}");
            return ExitCode::from(exit::INFRASTRUCTURE);
        }
    };
    let result = runtime.block_on(command(&arguments));
    // A thread whose work is no longer wanted does not delay the end.
    runtime.shutdown_background();
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let code = exit::of_error(&error);
            eprintln!("{:?}", miette::Report::new(error));
            ExitCode::from(code)
        }
    }
}

async fn command(arguments: &Arguments) -> Result<u8, Error> {
    if let Some(tool) = &arguments.tool {
        let shared = tool::Shared {
            root: &arguments.root,
            surfaces: &arguments.surface,
            output: arguments.output.as_deref(),
        };
        return tool::run(tool, &shared);
    }
    let output = Output::new(&arguments.root, arguments.output.as_deref());
    let seed = arguments
        .seed
        .unwrap_or_else(|| u64::from(rand::random::<u32>()));
    let attach = attached(&arguments.attach)?;
    let (cases, implementations) = selected(arguments, &output)?;
    if arguments.bless {
        check_consent(arguments.yes.as_deref())?;
    }
    let folder = output.create(seed)?;
    let options = Options {
        root: arguments.root.clone(),
        surfaces: arguments.surface.clone(),
        cases,
        implementations,
        seed: Some(seed),
        record: arguments.record.clone(),
        require: arguments.require.clone(),
        attach,
        mutate: arguments.mutate,
        once: false,
        output: folder,
    };
    let ended = compare(arguments, &options, &output).await;
    if ended.is_err() {
        output.discard(&options.output);
    }
    ended
}

/// The cases and the implementations of a run; none for all.
fn selected(arguments: &Arguments, output: &Output) -> Result<(Vec<String>, Vec<String>), Error> {
    let implementations = arguments.implementation.clone();
    if !arguments.last_failed {
        return Ok((arguments.case.clone(), implementations));
    }
    let root = Root::read(&arguments.root)?;
    let failed = inspect::last_failed(&root, &output.runs()?, &arguments.surface)?;
    eprintln!(
        "running what failed in `{}`: {}",
        failed.run.display(),
        counted(failed.cases.len(), "case")
    );
    match implementations.as_slice() {
        [] => Ok((failed.cases, failed.implementations)),
        _ => Ok((failed.cases, implementations)),
    }
}

/// Runs the cases or generates inputs, writes the reports, and does what follows a run.
async fn compare(arguments: &Arguments, options: &Options, output: &Output) -> Result<u8, Error> {
    if arguments.hold {
        run::hold::check(options)?;
    }
    let stop = stop_on_signal()?;
    let display = Arc::new(Display::start(&format!(
        "reading `{}`",
        options.root.join("fixtures").display()
    )));
    tokio::spawn(report_stop(Arc::downgrade(&display), stop.clone()));
    let keys = evidence::before(options)?;
    let mut run = match arguments.generate {
        Some(inputs) => {
            let limits = generate::Limits {
                inputs,
                minutes: arguments.minutes,
                max_findings: arguments.max_findings,
            };
            generate::generate(options, limits, display.clone(), stop.clone()).await?
        }
        None => run::run(options, display.clone(), stop.clone()).await?,
    };
    if !arguments.log
        && arguments.generate.is_none()
        && let Some(stale) = report::log::stale_drift(&run)
    {
        run.add_ledger_failure(stale);
    }
    if run.cut_short {
        run.abridge();
    }
    display.report(Event::Step("writing the reports"));
    let why_not = match &keys {
        Some(keys) => evidence::why_not(options, keys, &run),
        None => Ok(None),
    };
    if let Ok(Some(why_not)) = &why_not {
        run.doubt_replacements(why_not);
    }
    let (mut run, rendered) = rendered(run, stop.clone()).await;
    let written = rendered.and_then(|rendered| {
        rendered.write(&options.output)?;
        rendered.append_shared_summary()
    });
    display.end();
    written.map_err(|error| Error::io("write a report to", &options.output, error))?;
    show(arguments, options, &mut run)?;
    let evidence = match (&keys, &why_not) {
        (Some(keys), Ok(None)) => evidence::write(options, keys, &run),
        _ => Ok(()),
    };
    output.publish(&options.output, !run.filtered && !run.cut_short)?;
    evidence?;
    if let Some(why_not) = why_not? {
        eprintln!("evidence not written: {why_not}");
    }
    if arguments.bless && !*stop.borrow() {
        let blessed = bless(arguments, &run, stop.clone())?;
        // Blessing cannot make a case comparable, so such a run keeps its exit code.
        let is_all = blessed.left == 0 && run.inconclusive.is_empty() && run.mutation.is_none();
        if is_all && run.infrastructure.is_empty() {
            return Ok(exit::PASS);
        }
    }
    if arguments.hold && !*stop.borrow() {
        let troubles = run::hold::hold(options, stop, &|line| println!("{line}")).await?;
        for trouble in &troubles {
            eprintln!("{trouble}");
        }
        if !troubles.is_empty() {
            return Ok(exit::INFRASTRUCTURE);
        }
    }
    Ok(exit::of_run(&run))
}

/// Renders the reports of a run, or of what is left of it if a signal comes while that takes too long.
async fn rendered(run: Run, stop: watch::Receiver<bool>) -> (Run, std::io::Result<Rendered>) {
    let run = Arc::new(run);
    let shared = Arc::clone(&run);
    let render = move || Rendered::new(&shared);
    let rendered = unless_stopped(stopped(stop), REPORT_GRACE, render).await;
    let mut run = Arc::unwrap_or_clone(run);
    let rendered = rendered.unwrap_or_else(|| {
        run.become_partial("while its reports were written");
        Rendered::new(&run)
    });
    (run, rendered)
}

/// Checks before the run that `--bless` can ask or has a reason.
fn check_consent(reason: Option<&str>) -> Result<(), Error> {
    match reason {
        Some(reason) if reason.trim().is_empty() => Err(Error::usage(
            "the reason of `--yes` is empty",
            "write why the differences are accepted; the reason is stored with each entry",
        )),
        None if !std::io::stdin().is_terminal() || terminal().is_none() => Err(Error::usage(
            "`--bless` needs a terminal to ask its questions",
            "pass the reason on the command line: `--yes REASON`",
        )),
        _ => Ok(()),
    }
}

fn bless(
    arguments: &Arguments,
    run: &Run,
    stop: watch::Receiver<bool>,
) -> Result<bless::Blessed, Error> {
    let consent = match &arguments.yes {
        Some(reason) => bless::Consent::Given { reason },
        None => bless::Consent::Asked {
            input: std::io::BufReader::new(bless::Input::new(stop)),
        },
    };
    let mut out = terminal().unwrap_or_else(|| Box::new(std::io::stdout()));
    bless::bless(run, consent, &mut out)
}

/// Standard output or standard error, if one of them is a terminal.
fn terminal() -> Option<Box<dyn std::io::Write>> {
    if std::io::stdout().is_terminal() {
        return Some(Box::new(std::io::stdout()));
    }
    let error = std::io::stderr();
    error
        .is_terminal()
        .then(|| Box::new(error) as Box<dyn std::io::Write>)
}

/// Reads `NAME=URL`.
fn attached(written: &[String]) -> Result<Vec<(String, String)>, Error> {
    let pair = |text: &String| match text.split_once('=') {
        Some((name, url)) => Ok((name.to_owned(), url.to_owned())),
        None => Err(Error::usage(
            format!("`--attach {text}` has no implementation name"),
            "`--attach` needs NAME=URL, for example `--attach go=http://127.0.0.1:8080`",
        )),
    };
    written.iter().map(pair).collect()
}

/// Reports that the run is stopping, once it is.
async fn report_stop(display: Weak<Display>, mut stop: watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_ok()
        && let Some(display) = display.upgrade()
    {
        display.report(Event::Notice("stopping"));
    }
}

fn show(arguments: &Arguments, options: &Options, run: &mut Run) -> Result<(), Error> {
    let output = &options.output;
    if arguments.log {
        report::log::rewrite(run, &run.root)
            .map_err(|error| Error::io("write the log in", &run.root, error))?;
    }
    if arguments.bless {
        // The review shows each entry once.
        for case in &mut run.cases {
            case.suggested_pins.clear();
        }
    }
    let terminal = console::Term::stdout();
    let report = format!("report: {}", report::location(&output.join("report.html")));
    printed(report::print(run, &terminal).and_then(|()| terminal.write_line(&report)))
        .map_err(|error| Error::io("write to", "standard output".as_ref(), error))
}

/// Returns once `stop` is true.
async fn stopped(mut stop: watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Turns true at the first SIGINT or SIGTERM. Later signals are ignored, because stopping takes a
/// bounded time.
///
/// # Errors
///
/// The signal handlers cannot be installed.
pub fn stop_on_signal() -> Result<watch::Receiver<bool>, Error> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen =
        |kind| signal(kind).map_err(|error| Error::io("listen for", "signals".as_ref(), error));
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut terminate = listen(SignalKind::terminate())?;
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        let _ = stop.send(true);
        // Receivers that still wait need the sender to exist.
        stop.closed().await;
    });
    Ok(stopped)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::{Arguments, EXAMPLES};

    #[test]
    fn the_examples_of_help_are_accepted() {
        let mut examples = EXAMPLES.lines().skip(1).peekable();
        assert!(examples.peek().is_some());
        for line in examples {
            // The explanation begins after two spaces.
            let command = line.trim_start().split("  ").next().unwrap_or_default();
            let parsed = Arguments::try_parse_from(command.split(' '));
            assert!(parsed.is_ok(), "{command}: {parsed:?}");
        }
    }
}
