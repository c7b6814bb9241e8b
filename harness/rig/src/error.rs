//! Errors in files and options, with their place and a hint.

use std::path::{Path, PathBuf};

use miette::{Diagnostic, NamedSource, SourceSpan};

/// Names in a suggestion.
const MAX_SUGGESTED: usize = 3;

/// Mistakes that are shown at once.
const MAX_MISTAKES: usize = 20;

/// Known names that are listed when none looks like the unknown one.
const MAX_LISTED: usize = 12;

/// Characters of a name that is looked for inside longer ones.
const MIN_PART: usize = 4;

/// Why a run cannot begin.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum Error {
    /// A mistake in a file.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Config(Box<ConfigError>),
    /// An unknown name, or options that exclude each other.
    #[error("{message}")]
    Usage {
        /// The mistake.
        message: String,
        /// How to fix it.
        #[help]
        help: Option<String>,
    },
    /// Several mistakes in files.
    #[error("{count} mistakes{}", first(errors.len(), *count))]
    Several {
        /// The number of mistakes.
        count: usize,
        /// The first of them.
        #[related]
        errors: Vec<Error>,
    },
    /// An operation of the system failed.
    #[error("failed to {action} `{path}`")]
    Io {
        /// A verb: `read`, `create`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
}

/// A mistake in a file, with its place.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
pub struct ConfigError {
    /// The mistake.
    pub message: String,
    /// The mistake in a few words, shown at the place.
    pub label: String,
    /// How to fix it.
    #[help]
    pub help: Option<String>,
    /// The file.
    #[source_code]
    pub source_code: NamedSource<String>,
    /// The place.
    #[label("{label}")]
    pub span: SourceSpan,
}

impl Error {
    /// A usage error with a hint.
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Error {
        Error::Usage {
            message: message.into(),
            help: Some(help.into()),
        }
    }

    /// An input or output error.
    #[must_use]
    pub fn io(action: &'static str, path: &Path, source: std::io::Error) -> Error {
        Error::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }

    /// One error of several, which must not be empty.
    #[must_use]
    pub fn several(mut errors: Vec<Error>) -> Error {
        if errors.len() == 1 {
            return errors.remove(0);
        }
        let mut all = Vec::new();
        let mut count = 0;
        for error in errors {
            match error {
                Error::Several {
                    count: more,
                    errors,
                } => {
                    count += more;
                    all.extend(errors);
                }
                error => {
                    count += 1;
                    all.push(error);
                }
            }
        }
        all.truncate(MAX_MISTAKES);
        Error::Several { count, errors: all }
    }

    /// The message with its place and its hint, a line for each mistake.
    #[must_use]
    pub fn plain(&self) -> String {
        match self {
            Error::Config(error) => {
                let text = error.source_code.inner();
                let before = text.get(..error.span.offset()).unwrap_or_default();
                let line = 1 + before.matches('\n').count();
                let place = format!("{}:{line}: ", error.source_code.name());
                place + &with_help(&error.message, error.help.as_deref())
            }
            Error::Usage { message, help } => with_help(message, help.as_deref()),
            Error::Several { errors, .. } => {
                let lines: Vec<String> = errors.iter().map(Error::plain).collect();
                lines.join("\n")
            }
            Error::Io { source, .. } => format!("{self}: {source}"),
        }
    }

    /// An unknown name, with suggestions.
    #[must_use]
    pub fn unknown(what: &str, name: &str, known: &[&str]) -> Error {
        Error::usage(format!("unknown {what} `{name}`"), suggestion(name, known))
    }
}

/// Collects the errors of several files, so that all are reported at once.
#[derive(Debug, Default)]
pub struct Mistakes(Vec<Error>);

impl Mistakes {
    /// The value, or nothing after keeping the error.
    pub fn take<T>(&mut self, result: Result<T, Error>) -> Option<T> {
        result.map_err(|error| self.0.push(error)).ok()
    }

    /// The value, if there was no mistake before it either.
    ///
    /// # Errors
    ///
    /// All mistakes.
    pub fn or<T>(mut self, last: Result<T, Error>) -> Result<T, Error> {
        match last {
            Ok(value) if self.0.is_empty() => Ok(value),
            Ok(_) => Err(Error::several(self.0)),
            Err(error) => {
                self.0.push(error);
                Err(Error::several(self.0))
            }
        }
    }
}

/// Which of the mistakes are shown, unless all are.
fn first(shown: usize, count: usize) -> String {
    if shown == count {
        String::new()
    } else {
        format!("; the first {shown}:")
    }
}

/// The known names that look like `name`; without any, all of them when they are few.
#[must_use]
pub fn suggestion(name: &str, known: &[&str]) -> String {
    let near: Vec<String> = near(name, known)
        .into_iter()
        .map(|candidate| format!("`{candidate}`"))
        .collect();
    if !near.is_empty() {
        return format!("did you mean {}?", near.join(", "));
    }
    match known {
        [] => "there are none".to_owned(),
        known if known.len() <= MAX_LISTED => format!("known names: {}", quoted(known)),
        known => format!("none of the {} known names is similar", known.len()),
    }
}

/// The names within a few typing errors of `name`, and longer ones that contain it; nearest first.
pub(crate) fn near<'a>(name: &str, known: &[&'a str]) -> Vec<&'a str> {
    let length = name.chars().count();
    let mut ranked: Vec<(usize, &str)> = known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), *candidate))
        .filter(|(distance, candidate)| {
            let is_misspelled = *distance <= 1 + length / 4 && 2 * *distance <= length;
            is_misspelled || (length >= MIN_PART && candidate.contains(name))
        })
        .collect();
    ranked.sort_unstable();
    ranked.truncate(MAX_SUGGESTED);
    ranked.into_iter().map(|(_, candidate)| candidate).collect()
}

fn with_help(message: &str, help: Option<&str>) -> String {
    match help {
        Some(help) => format!("{message}; {help}"),
        None => message.to_owned(),
    }
}

/// Names in backticks, separated by commas.
#[must_use]
pub fn quoted(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::suggestion;

    #[test]
    fn suggestions_are_few_and_near() {
        let many: Vec<String> = (0..100).map(|n| format!("case_{n:02}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        for (name, known, expected) in [
            ("oen", &["one", "two"][..], "did you mean `one`?"),
            ("x", &["y", "z"], "known names: `y`, `z`"),
            ("x", &[], "there are none"),
            ("foo", &["go", "js"], "known names: `go`, `js`"),
            (
                "artifact_a_digest",
                &["artifact_a_string", "other"],
                "known names: `artifact_a_string`, `other`",
            ),
            (
                "mismatch",
                &["fill_count_mismatch", "other"],
                "did you mean `fill_count_mismatch`?",
            ),
            (
                "case_1",
                &many,
                "did you mean `case_01`, `case_10`, `case_11`?",
            ),
            ("unrelated", &many, "none of the 100 known names is similar"),
        ] {
            assert_eq!(suggestion(name, known), expected);
        }
    }
}
