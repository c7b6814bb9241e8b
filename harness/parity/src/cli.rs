//! The command line of `parity`.

mod arguments;
mod open;
mod output;
mod tool;

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::sync::{Arc, Weak};

use anstream::{eprintln, println};
use clap::Parser;
use lakehouse_rig::error::Error;
use lakehouse_rig::output::printed;
use lakehouse_rig::text::counted;
use tokio::sync::watch;

use self::arguments::Arguments;
use self::output::Output;
use crate::config::Root;
use crate::outcome::Run;
use crate::progress::{Display, Event, Events as _};
use crate::report::Rendered;
use crate::run::stoppable::{REPORT_GRACE, unless_stopped};
use crate::run::{self, Options};
use crate::{bless, evidence, exit, generate, inspect, report};

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
