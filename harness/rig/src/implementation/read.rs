//! Reading and checking the file of an implementation.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use super::{Implementation, Launch, Load, Reach, Serve, Transport};
use crate::error::Error;
use crate::source::{self, Source, Spanned};
use crate::template;

/// One implementation of surfaces: a program, or a server that already runs.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The language that it is written in, for reports.
    language: String,
    /// The command whose first line of output is the version.
    version: Option<Vec<String>>,
    /// The version, in place of a command that prints it.
    version_text: Option<String>,
    /// Programs that must be on `PATH`; without them its recordings are used.
    #[serde(default)]
    requires: Vec<String>,
    /// Files and folders that it is built from, relative to the root. A verdict depends on them.
    #[serde(default)]
    sources: Vec<String>,
    /// The base URL of a server that already runs, in place of commands.
    url: Option<Spanned<String>>,
    /// Whether requests that write may be sent to the server at `url`.
    writes: Option<Spanned<bool>>,
    /// How it is built, once per run.
    build: Option<WrittenLaunch>,
    /// How it is started for surfaces over `line`.
    helper: Option<WrittenLaunch>,
    /// How it is started for surfaces over `files`, once per case.
    files: Option<WrittenLaunch>,
    /// How it is started for surfaces over `http`.
    serve: Option<WrittenServe>,
    /// How it is built and started for load tests.
    load: Option<Spanned<WrittenLoad>>,
    /// The transports of each surface that it has.
    surfaces: BTreeMap<String, Spanned<Vec<Transport>>>,
}

/// How a process is started.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenLaunch {
    /// The program and its arguments; may contain placeholders such as `{target}`.
    command: Spanned<Vec<Spanned<String>>>,
    /// The working directory, relative to the root [default: the root].
    directory: Option<Spanned<String>>,
    /// Variables that are added to the environment.
    #[serde(default)]
    environment: BTreeMap<String, Spanned<String>>,
}

/// How a server is started.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenServe {
    /// The program and its arguments. A server whose command has no `{port}` picks a port and prints its URL.
    command: Spanned<Vec<Spanned<String>>>,
    /// The working directory, relative to the root [default: the root].
    directory: Option<Spanned<String>>,
    /// Variables that are added to the environment.
    #[serde(default)]
    environment: BTreeMap<String, Spanned<String>>,
    /// The path that answers 200 once the server is ready.
    ready: Option<String>,
    /// The time that the server may take to become ready [default: 10000].
    ready_timeout_ms: Option<u64>,
    /// The time that the server may take to stop after SIGTERM [default: 5000].
    stop_timeout_ms: Option<u64>,
}

/// How an implementation is built and started for load tests.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenLoad {
    /// The program that is measured, the value of `{binary}`.
    binary: Spanned<String>,
    /// The command whose first line of output is the version [default: that of the file].
    version: Option<Vec<String>>,
    /// How the program is built [default: that of the file].
    build: Option<WrittenLaunch>,
    /// How the server is started.
    serve: WrittenServe,
    /// Additions to the start, by the name of the embedder.
    #[serde(default)]
    embedder: BTreeMap<String, WrittenAddition>,
}

/// Arguments and variables that are added to a launch.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenAddition {
    /// Arguments that are added to the command.
    #[serde(default)]
    command: Vec<Spanned<String>>,
    /// Variables that are added to the environment.
    #[serde(default)]
    environment: BTreeMap<String, Spanned<String>>,
}

pub(super) fn schema() -> Schema {
    source::schema::<Written>()
}

pub(super) fn implementation(name: &str, source: &Source) -> Result<Implementation, Error> {
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
    let load = match &written.load {
        Some(load) => Some(load_tests(source, &written, load)?),
        None => None,
    };
    Ok(Implementation {
        name: name.to_owned(),
        language: written.language,
        version_command: written.version.unwrap_or_default(),
        version_text: written.version_text,
        requires: written.requires,
        sources: written.sources,
        reach,
        load,
        surfaces,
    })
}

fn reach_url(source: &Source, written: &Written, url: &Spanned<String>) -> Result<Reach, Error> {
    if url.get_ref().starts_with("https://") {
        return Err(source.error(
            url.span(),
            format!(
                "`{}` needs TLS, which the harness does not have",
                url.get_ref()
            ),
            "an `https://` URL",
            Some("use an `http://` URL".to_owned()),
        ));
    }
    if !url.get_ref().starts_with("http://") {
        return Err(source.error(
            url.span(),
            format!("`{}` is not a URL", url.get_ref()),
            "not a URL",
            Some("write one such as `http://127.0.0.1:4110`".to_owned()),
        ));
    }
    let launches = [&written.build, &written.helper, &written.files];
    if launches.iter().any(|launch| launch.is_some())
        || written.serve.is_some()
        || written.load.is_some()
    {
        return Err(source.error(
            url.span(),
            "an implementation with a `url` already runs and cannot be started",
            "it has a `url`",
            Some(
                "delete the `url`, or `[build]`, `[helper]`, `[files]`, `[serve]` and `[load]`"
                    .to_owned(),
            ),
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
    let writes = written.writes.as_ref().is_some_and(|it| *it.get_ref());
    Ok(Reach::Url {
        url: url.get_ref().trim_end_matches('/').to_owned(),
        writes,
    })
}

fn reach_start(source: &Source, written: &Written) -> Result<Reach, Error> {
    if let Some(writes) = &written.writes {
        return Err(source.error(
            writes.span(),
            "`writes` is only for an implementation with a `url`",
            "not needed",
            Some("delete the line".to_owned()),
        ));
    }
    for (surface, transports) in &written.surfaces {
        for transport in transports.get_ref() {
            let (section, is_there) = match transport {
                Transport::Line => ("helper", written.helper.is_some()),
                Transport::Files => ("files", written.files.is_some()),
                Transport::Http => ("serve", written.serve.is_some()),
            };
            if !is_there {
                return Err(source.error(
                    transports.span(),
                    format!("surface `{surface}` over `{transport}` needs `[{section}]`, which is missing"),
                    "needs a command",
                    Some(format!("add a `[{section}]` with its `command`")),
                ));
            }
        }
    }
    let launch = |written: &Option<WrittenLaunch>, placeholders| {
        let written = written.as_ref();
        written
            .map(|written| launch(source, written, placeholders))
            .transpose()
    };
    let serve = match &written.serve {
        Some(written) => Some(Box::new(serve(
            source,
            written,
            None,
            template::OF_SERVERS,
        )?)),
        None => None,
    };
    Ok(Reach::Start {
        build: launch(&written.build, template::OF_BUILDS)?,
        helper: launch(&written.helper, template::OF_COMMANDS)?,
        files: launch(&written.files, template::OF_COMMANDS)?,
        serve,
    })
}

fn load_tests(
    source: &Source,
    written: &Written,
    load: &Spanned<WrittenLoad>,
) -> Result<Load, Error> {
    let missing = |what: &str| {
        source.error(
            load.span(),
            format!("load tests need {what}, which is missing"),
            "incomplete",
            Some(format!("add {what} to `[load]` or to the whole file")),
        )
    };
    let WrittenLoad {
        binary,
        version,
        build,
        serve: written_serve,
        embedder,
    } = load.get_ref();
    template::check(source, binary, template::OF_BUILDS)?;
    let build = build.as_ref().or(written.build.as_ref());
    let build = build.ok_or_else(|| missing("a `build`"))?;
    let version = version.as_ref().or(written.version.as_ref());
    let version = version.ok_or_else(|| missing("a `version`"))?;
    let ready = written.serve.as_ref().and_then(|it| it.ready.as_deref());
    let mut embedders = BTreeMap::new();
    for (name, addition) in embedder {
        let texts = addition.command.iter().chain(addition.environment.values());
        check_all(source, texts, template::OF_LOADS)?;
        let launch = Launch {
            command: unspanned(&addition.command),
            directory: None,
            environment: unspanned_values(&addition.environment),
        };
        embedders.insert(name.clone(), launch);
    }
    Ok(Load {
        binary: binary.get_ref().clone(),
        version_command: version.clone(),
        build: launch(source, build, template::OF_BUILDS)?,
        serve: serve(source, written_serve, ready, template::OF_LOADS)?,
        embedders,
    })
}

fn serve(
    source: &Source,
    written: &WrittenServe,
    default_ready: Option<&str>,
    placeholders: &[&str],
) -> Result<Serve, Error> {
    let WrittenServe {
        command,
        directory,
        environment,
        ..
    } = written;
    let launch = checked(
        source,
        command,
        directory.as_ref(),
        environment,
        placeholders,
    )?;
    let Some(ready) = written.ready.as_deref().or(default_ready) else {
        return Err(source.error(
            command.span(),
            "the server has no `ready`: the path that answers 200 once it is ready",
            "needs `ready`",
            Some("add a line such as `ready = \"/health\"`".to_owned()),
        ));
    };
    let mut serve = Serve::new(launch, ready);
    if let Some(limit) = written.ready_timeout_ms {
        serve.ready_timeout = Duration::from_millis(limit);
    }
    if let Some(limit) = written.stop_timeout_ms {
        serve.stop_timeout = Duration::from_millis(limit);
    }
    Ok(serve)
}

fn launch(
    source: &Source,
    written: &WrittenLaunch,
    placeholders: &[&str],
) -> Result<Launch, Error> {
    checked(
        source,
        &written.command,
        written.directory.as_ref(),
        &written.environment,
        placeholders,
    )
}

fn checked(
    source: &Source,
    command: &Spanned<Vec<Spanned<String>>>,
    directory: Option<&Spanned<String>>,
    environment: &BTreeMap<String, Spanned<String>>,
    placeholders: &[&str],
) -> Result<Launch, Error> {
    if command.get_ref().is_empty() {
        return Err(source.error(command.span(), "a command is empty", "no program", None));
    }
    let texts = command.get_ref().iter();
    let texts = texts.chain(directory).chain(environment.values());
    check_all(source, texts, placeholders)?;
    Ok(Launch {
        command: unspanned(command.get_ref()),
        directory: directory.map(|text| text.get_ref().clone()),
        environment: unspanned_values(environment),
    })
}

fn check_all<'a>(
    source: &Source,
    texts: impl IntoIterator<Item = &'a Spanned<String>>,
    placeholders: &[&str],
) -> Result<(), Error> {
    texts
        .into_iter()
        .try_for_each(|text| template::check(source, text, placeholders))
}

fn unspanned(texts: &[Spanned<String>]) -> Vec<String> {
    texts.iter().map(|text| text.get_ref().clone()).collect()
}

fn unspanned_values(texts: &BTreeMap<String, Spanned<String>>) -> BTreeMap<String, String> {
    texts
        .iter()
        .map(|(key, text)| (key.clone(), text.get_ref().clone()))
        .collect()
}
