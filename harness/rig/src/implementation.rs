//! `fixtures/implementations/<name>.toml`: one program under test, or a server that already runs.
//!
//! ```toml
//! language = "Go"
//! version = ["go", "version"]              # prints the version on its first line
//! requires = ["go"]                        # programs that must be on PATH
//! sources = ["harness/peers/go"]           # what it is built from
//!
//! [build]                                  # run once
//! command = ["go", "build", "-o", "{target}/peer", "."]
//! directory = "harness/peers/go"
//!
//! [helper]                                 # for surfaces over `line`
//! command = ["{target}/peer", "helper", "{surface}"]
//!
//! [serve]                                  # for surfaces over `http`
//! command = ["{target}/peer", "serve", "--port", "0", "--root", "{state}"]
//! ready = "/health"
//!
//! [load]                                   # how it is built and started for load tests
//! binary = "{target}/peer"
//! # build, version: as above unless given here
//! [load.serve]
//! command = ["{binary}", "serve", "--port", "0", "--root", "{state}"]
//! [load.embedder.upstream]                 # added to the command and the environment
//! command = ["--ollama-url", "{upstream}"]
//!
//! [surfaces]
//! validate = ["http", "line"]
//! ```
//!
//! A server whose command contains `{port}` listens on that port. Any other server picks its port
//! and prints its URL, such as `http://127.0.0.1:40123`, as the first line of standard output.

mod read;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::source::Source;
use crate::template;

/// The folder of the descriptions, relative to the root.
pub const FOLDER: &str = "fixtures/implementations";

/// How cases are carried to an implementation.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
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
    /// The name of its file.
    pub name: String,
    /// The language it is written in.
    pub language: String,
    /// The command whose first line of output is the version; empty when there is none.
    pub version_command: Vec<String>,
    /// The version, when the file gives it.
    pub version_text: Option<String>,
    /// Programs that must be on `PATH`.
    pub requires: Vec<String>,
    /// Files and folders it is built from, relative to the root.
    pub sources: Vec<String>,
    /// How it is reached.
    pub reach: Reach,
    /// How it is built and started for load tests.
    pub load: Option<Load>,
    /// The transports of each of its surfaces.
    pub surfaces: BTreeMap<String, Vec<Transport>>,
}

/// How an implementation is reached.
#[derive(Debug, Clone)]
pub enum Reach {
    /// It is started.
    Start {
        /// Run once.
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
        /// Whether requests that write may be sent to it.
        writes: bool,
    },
}

/// How a process is started; all texts may contain placeholders.
#[derive(Debug, Clone, Default)]
pub struct Launch {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Working directory, relative to the root; the root by default.
    pub directory: Option<String>,
    /// Variables added to the environment.
    pub environment: BTreeMap<String, String>,
}

/// How a server is started and stopped, and how its readiness is detected.
#[derive(Debug, Clone)]
pub struct Serve {
    /// How it is started.
    pub launch: Launch,
    /// The path that answers 200 once the server is ready.
    pub ready: String,
    /// How long the server may take to become ready; 10 s by default.
    pub ready_timeout: Duration,
    /// How long the server may take to stop after SIGTERM; 5 s by default.
    pub stop_timeout: Duration,
}

/// How an implementation is built and started for load tests.
#[derive(Debug, Clone)]
pub struct Load {
    /// The program, the value of `{binary}`; may contain other placeholders.
    pub binary: String,
    /// The command whose first line of output is the version.
    pub version_command: Vec<String>,
    /// The command that builds the program.
    pub build: Launch,
    /// How it is started.
    pub serve: Serve,
    /// Additions to the start, by the name of the embedder.
    pub embedders: BTreeMap<String, Launch>,
}

impl Implementation {
    /// Reads one description.
    ///
    /// # Errors
    ///
    /// A mistake in the file, with its place.
    pub fn read(name: &str, source: &Source) -> Result<Implementation, Error> {
        read::implementation(name, source)
    }

    /// The JSON Schema of a description.
    #[must_use]
    pub fn schema() -> Schema {
        read::schema()
    }

    /// Reads the description with this name below `root`.
    ///
    /// # Errors
    ///
    /// An unknown name, or a mistake in the file.
    pub fn find(root: &Path, name: &str) -> Result<Implementation, Error> {
        let file = format!("{FOLDER}/{name}.toml");
        if root.join(&file).is_file() {
            return Implementation::read(name, &Source::read(root, &file)?);
        }
        let folder = root.join(FOLDER);
        let entries = folder.read_dir();
        let entries = entries.map_err(|error| Error::io("read", &folder, error))?;
        let mut known: Vec<String> = entries
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                Some(name.strip_suffix(".toml")?.to_owned())
            })
            .collect();
        known.sort_unstable();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        Err(Error::unknown("implementation", name, &known))
    }

    /// Whether it has this surface over this transport.
    #[must_use]
    pub fn has(&self, surface: &str, transport: Transport) -> bool {
        self.surfaces
            .get(surface)
            .is_some_and(|transports| transports.contains(&transport))
    }
}

impl Launch {
    /// This launch with further arguments and variables.
    #[must_use]
    pub fn with(&self, added: &Launch) -> Launch {
        let mut launch = self.clone();
        launch.command.extend(added.command.iter().cloned());
        let variables = added.environment.iter();
        launch
            .environment
            .extend(variables.map(|(key, value)| (key.clone(), value.clone())));
        launch
    }
}

impl Serve {
    /// A server with the default timeouts.
    #[must_use]
    pub fn new(launch: Launch, ready: &str) -> Serve {
        Serve {
            launch,
            ready: ready.to_owned(),
            ready_timeout: Duration::from_secs(10),
            stop_timeout: Duration::from_secs(5),
        }
    }

    /// Whether the server listens on a port that it is given.
    #[must_use]
    pub fn takes_port(&self) -> bool {
        self.launch
            .command
            .iter()
            .chain(&self.launch.directory)
            .chain(self.launch.environment.values())
            .any(|text| template::mentions(text, "port"))
    }
}
