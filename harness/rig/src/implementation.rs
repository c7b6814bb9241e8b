//! `fixtures/implementations/<name>.toml`: a program under test, or a stack that already runs.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::error::Error;
use crate::source::Source;
use crate::template;

/// How cases are carried to an implementation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// Requests to a server.
    Http,
    /// One line in, one line out, one process for all cases of a surface.
    Line,
    /// One process per case, in a folder of files.
    Files,
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Transport::Http => "http",
            Transport::Line => "line",
            Transport::Files => "files",
        })
    }
}

/// One implementation.
#[derive(Debug, Clone)]
pub struct Implementation {
    /// From the file name.
    pub name: String,
    /// The language it is written in.
    pub language: String,
    /// The command whose first line is the version; empty when there is none.
    pub version_command: Vec<String>,
    /// The version, when it is written down.
    pub version_text: Option<String>,
    /// Programs that must be on `PATH`.
    pub requires: Vec<String>,
    /// Files and folders it is made from, relative to the root.
    pub sources: Vec<String>,
    /// How it is reached.
    pub reach: Reach,
    /// The transports of each surface it has.
    pub surfaces: BTreeMap<String, Vec<Transport>>,
}

/// How an implementation is reached.
#[derive(Debug, Clone)]
pub enum Reach {
    /// The harness starts it.
    Start {
        /// Run once before the run.
        build: Option<Launch>,
        /// Line transport.
        helper: Option<Launch>,
        /// File transport.
        files: Option<Launch>,
        /// HTTP transport.
        serve: Option<Box<Serve>>,
    },
    /// It already runs.
    Url {
        /// Its base URL, without a slash at the end.
        url: String,
        /// Whether probes that write may be run against it.
        writes: bool,
    },
}

/// How a process is started; all texts may hold placeholders.
#[derive(Debug, Clone, Default)]
pub struct Launch {
    /// Program and arguments, at least the program.
    pub command: Vec<String>,
    /// Working directory relative to the root; the root itself when absent.
    pub directory: Option<String>,
    /// Added to the environment.
    pub environment: BTreeMap<String, String>,
}

/// How a server is started, found ready and stopped.
#[derive(Debug, Clone)]
pub struct Serve {
    /// How it is started.
    pub launch: Launch,
    /// The path that answers 200 once it is ready.
    pub ready: String,
    /// How long that may take.
    pub ready_timeout: Duration,
    /// How long it may take to stop after SIGTERM.
    pub stop_timeout: Duration,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    language: String,
    version: Option<Vec<String>>,
    version_text: Option<String>,
    #[serde(default)]
    requires: Vec<String>,
    #[serde(default)]
    sources: Vec<String>,
    url: Option<Spanned<String>>,
    writes: Option<Spanned<bool>>,
    build: Option<WrittenLaunch>,
    helper: Option<WrittenLaunch>,
    files: Option<WrittenLaunch>,
    serve: Option<WrittenServe>,
    surfaces: BTreeMap<String, Spanned<Vec<Transport>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenLaunch {
    command: Spanned<Vec<Spanned<String>>>,
    directory: Option<Spanned<String>>,
    #[serde(default)]
    environment: BTreeMap<String, Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenServe {
    command: Spanned<Vec<Spanned<String>>>,
    directory: Option<Spanned<String>>,
    #[serde(default)]
    environment: BTreeMap<String, Spanned<String>>,
    ready: String,
    #[serde(default = "ten_seconds")]
    ready_timeout_ms: u64,
    #[serde(default = "five_seconds")]
    stop_timeout_ms: u64,
}

fn ten_seconds() -> u64 {
    10_000
}

fn five_seconds() -> u64 {
    5_000
}

impl Implementation {
    /// Reads one description.
    ///
    /// # Errors
    ///
    /// Anything wrong in the file, with its place.
    pub fn read(name: &str, source: &Source) -> Result<Implementation, Error> {
        let written: Written = source.parse()?;
        let surfaces = written
            .surfaces
            .iter()
            .map(|(surface, transports)| (surface.clone(), transports.get_ref().clone()))
            .collect();
        let reach = match &written.url {
            Some(url) => reach_url(source, &written, url)?,
            None => reach_start(source, &written)?,
        };
        Ok(Implementation {
            name: name.to_owned(),
            language: written.language,
            version_command: written.version.unwrap_or_default(),
            version_text: written.version_text,
            requires: written.requires,
            sources: written.sources,
            reach,
            surfaces,
        })
    }

    /// Whether it has this surface over this transport.
    #[must_use]
    pub fn has(&self, surface: &str, transport: Transport) -> bool {
        self.surfaces
            .get(surface)
            .is_some_and(|transports| transports.contains(&transport))
    }
}

fn reach_url(source: &Source, written: &Written, url: &Spanned<String>) -> Result<Reach, Error> {
    if !url.get_ref().starts_with("http://") && !url.get_ref().starts_with("https://") {
        return Err(source.error(
            url.span(),
            format!("`{}` is not a URL", url.get_ref()),
            "not a URL",
            Some("write one such as `http://127.0.0.1:4110`".to_owned()),
        ));
    }
    let launches = [&written.build, &written.helper, &written.files];
    if launches.iter().any(|launch| launch.is_some()) || written.serve.is_some() {
        return Err(source.error(
            url.span(),
            "an implementation with a `url` already runs and has nothing to start",
            "it has a `url`",
            Some("delete the `url`, or `[build]`, `[helper]`, `[files]` and `[serve]`".to_owned()),
        ));
    }
    for (surface, transports) in &written.surfaces {
        if transports.get_ref().iter().any(|t| *t != Transport::Http) {
            return Err(source.error(
                transports.span(),
                format!("surface `{surface}` of a `url` can only be reached over `http`"),
                "not over `http`",
                None,
            ));
        }
    }
    Ok(Reach::Url {
        url: url.get_ref().trim_end_matches('/').to_owned(),
        writes: written
            .writes
            .as_ref()
            .is_some_and(|writes| *writes.get_ref()),
    })
}

fn reach_start(source: &Source, written: &Written) -> Result<Reach, Error> {
    if let Some(writes) = &written.writes {
        return Err(source.error(
            writes.span(),
            "`writes` is only said of an implementation with a `url`",
            "not needed",
            Some("delete the line".to_owned()),
        ));
    }
    for (surface, transports) in &written.surfaces {
        for transport in transports.get_ref() {
            let (section, there) = match transport {
                Transport::Line => ("helper", written.helper.is_some()),
                Transport::Files => ("files", written.files.is_some()),
                Transport::Http => ("serve", written.serve.is_some()),
            };
            if !there {
                return Err(source.error(
                    transports.span(),
                    format!("surface `{surface}` is said to go over `{transport}`, but there is no `[{section}]`"),
                    "needs a command",
                    Some(format!("write a `[{section}]` with its `command`")),
                ));
            }
        }
    }
    Ok(Reach::Start {
        build: launch_of(source, written.build.as_ref(), template::OF_BUILDS)?,
        helper: launch_of(source, written.helper.as_ref(), template::OF_COMMANDS)?,
        files: launch_of(source, written.files.as_ref(), template::OF_COMMANDS)?,
        serve: written
            .serve
            .as_ref()
            .map(|written| serve(source, written).map(Box::new))
            .transpose()?,
    })
}

fn serve(source: &Source, written: &WrittenServe) -> Result<Serve, Error> {
    Ok(Serve {
        launch: launch(
            source,
            &written.command,
            written.directory.as_ref(),
            &written.environment,
            template::OF_SERVERS,
        )?,
        ready: written.ready.clone(),
        ready_timeout: Duration::from_millis(written.ready_timeout_ms),
        stop_timeout: Duration::from_millis(written.stop_timeout_ms),
    })
}

fn launch_of(
    source: &Source,
    written: Option<&WrittenLaunch>,
    placeholders: &[&str],
) -> Result<Option<Launch>, Error> {
    let Some(written) = written else {
        return Ok(None);
    };
    launch(
        source,
        &written.command,
        written.directory.as_ref(),
        &written.environment,
        placeholders,
    )
    .map(Some)
}

fn launch(
    source: &Source,
    command: &Spanned<Vec<Spanned<String>>>,
    directory: Option<&Spanned<String>>,
    environment: &BTreeMap<String, Spanned<String>>,
    placeholders: &[&str],
) -> Result<Launch, Error> {
    if command.get_ref().is_empty() {
        return Err(source.error(command.span(), "a command is empty", "no program", None));
    }
    for text in command
        .get_ref()
        .iter()
        .chain(directory)
        .chain(environment.values())
    {
        template::check(source, text, placeholders)?;
    }
    Ok(Launch {
        command: command
            .get_ref()
            .iter()
            .map(|t| t.get_ref().clone())
            .collect(),
        directory: directory.map(|text| text.get_ref().clone()),
        environment: environment
            .iter()
            .map(|(key, text)| (key.clone(), text.get_ref().clone()))
            .collect(),
    })
}
