//! Words that this project's text does not use; `words.toml` lists them with their replacements.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use xshell::{Shell, cmd};

const LIST: &str = include_str!("words.toml");

pub(crate) fn check(shell: &Shell) -> Result<Vec<String>> {
    let list: List = toml::from_str(LIST).context("`xtask/src/tidy/words.toml` is wrong")?;
    let phrases = list.phrases();
    let tracked = cmd!(
        shell,
        "git ls-files --cached --others --exclude-standard --deduplicate"
    )
    .quiet()
    .read()?;
    let root = shell.current_dir();
    let mut findings = Vec::new();
    let mut used_exemptions = BTreeSet::new();
    for path in tracked.lines() {
        let exemptions = list.exemptions(path);
        if !exemptions.is_empty() {
            used_exemptions.extend(exemptions);
            continue;
        }
        // A deleted file is listed until the deletion is staged; a binary one has no words.
        let Ok(text) = fs::read_to_string(root.join(path)) else {
            continue;
        };
        let text = if is_case_file(path) {
            descriptions(&text)
        } else {
            text
        };
        for (line, phrase) in occurrences(&text, &phrases) {
            let instead = &list.words[phrase];
            findings.push(format!(
                "{path}:{line}: write {instead} instead of `{phrase}`"
            ));
        }
    }
    ensure!(!tracked.is_empty(), "git lists no files");
    for prefix in list.exempt.keys() {
        if !used_exemptions.contains(prefix.as_str()) {
            findings.push(format!(
                "`xtask/src/tidy/words.toml` exempts `{prefix}`, which does not exist; remove the line"
            ));
        }
    }
    Ok(findings)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    /// Words and phrases in lower case, and what to write instead of each.
    words: BTreeMap<String, String>,
    /// Paths, or beginnings of paths, that are not checked, and the reason for each.
    exempt: BTreeMap<String, String>,
}

impl List {
    fn phrases(&self) -> Vec<Phrase<'_>> {
        self.words
            .keys()
            .map(|text| Phrase {
                text,
                words: text.split(' ').collect(),
            })
            .collect()
    }

    fn exemptions(&self, path: &str) -> Vec<&str> {
        self.exempt
            .keys()
            .map(String::as_str)
            .filter(|prefix| path.starts_with(prefix))
            .collect()
    }
}

struct Phrase<'list> {
    text: &'list str,
    words: Vec<&'list str>,
}

struct Word {
    text: String,
    line: usize,
    /// Whether only spaces, line breaks and comment marks stand between it and the word before.
    follows: bool,
}

fn is_case_file(path: &str) -> bool {
    path.contains("fixtures/probes/") && path.contains("/cases/")
}

/// The comments and reasons of a case file, each on its own line. Inputs are what users write, and
/// recordings refer to the names of cases.
fn descriptions(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let is_description = line.starts_with('#') || line.starts_with("why = ");
        if is_description { line } else { "" }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The line and the phrase of each occurrence.
fn occurrences<'list>(text: &str, phrases: &[Phrase<'list>]) -> Vec<(usize, &'list str)> {
    let words = split(text);
    let mut found = Vec::new();
    for (index, word) in words.iter().enumerate() {
        for phrase in phrases {
            if word.text == phrase.words[0] && continues(&words[index + 1..], &phrase.words[1..]) {
                found.push((word.line, phrase.text));
            }
        }
    }
    found
}

fn continues(words: &[Word], phrase: &[&str]) -> bool {
    words.len() >= phrase.len()
        && phrase
            .iter()
            .zip(words)
            .all(|(part, word)| word.follows && word.text == *part)
}

/// Splits text into lower-case words; identifiers are split at `_` and before capitals.
fn split(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut current = String::new();
    let mut line = 1;
    let mut follows = true;
    let mut previous = ' ';
    for character in text.chars().chain([' ']) {
        let begins_word = character.is_ascii_uppercase() && previous.is_ascii_lowercase();
        if !current.is_empty() && (begins_word || !character.is_ascii_alphabetic()) {
            words.push(Word {
                text: std::mem::take(&mut current),
                line,
                follows,
            });
            follows = true;
        }
        if character.is_ascii_alphabetic() {
            current.push(character.to_ascii_lowercase());
        } else if !matches!(character, ' ' | '\n' | '\t' | '/' | '#' | '_' | '*') {
            follows = false;
        }
        if character == '\n' {
            line += 1;
        }
        previous = character;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(usize, String)> {
        let list: List = toml::from_str(
            "[words]\ntold = 'report'\n'as it came' = 'unchanged'\n[exempt]\n'fixtures/' = 'inputs'\n",
        )
        .expect("the list is TOML");
        assert_eq!(list.exemptions("fixtures/a.toml"), ["fixtures/"]);
        assert_eq!(list.exemptions("docs/fixtures/a.toml"), [""; 0]);
        occurrences(text, &list.phrases())
            .into_iter()
            .map(|(line, phrase)| (line, phrase.to_owned()))
            .collect()
    }

    #[test]
    fn words_are_found_in_prose_and_identifiers() {
        let told = "told".to_owned();
        assert_eq!(
            found("// It is told.\nfn what_is_told() {}\nstruct Told;\nlet isTold = 1;"),
            [
                (1, told.clone()),
                (2, told.clone()),
                (3, told.clone()),
                (4, told)
            ]
        );
        assert_eq!(found("an untold threshold"), []);
    }

    #[test]
    fn phrases_are_found_across_comment_lines_but_not_across_sentences() {
        assert_eq!(
            found("// It stays as\n/// it came."),
            [(1, "as it came".to_owned())]
        );
        assert_eq!(found("as. It came"), []);
        assert_eq!(found("as it goes"), []);
    }

    #[test]
    fn only_the_descriptions_of_cases_are_checked() {
        assert!(is_case_file("fixtures/probes/embed/cases/texts.toml"));
        assert!(!is_case_file("fixtures/probes/embed/probe.toml"));
        let text = "# It is told.\n[[case]]\nname = \"told\"\nwhy = \"told\"\ninput = 'told'\n";
        let lines: Vec<usize> = found(&descriptions(text))
            .into_iter()
            .map(|(line, _)| line)
            .collect();
        assert_eq!(lines, [1, 4]);
    }

    #[test]
    fn the_list_gives_a_replacement_or_a_reason_for_each_line() {
        let list: List = toml::from_str(LIST).expect("the list is TOML");
        assert!(list.words.len() > 5);
        for (word, text) in list.words.iter().chain(&list.exempt) {
            assert!(!text.trim().is_empty(), "{word}");
            assert!(!word.contains("  "), "{word}");
        }
    }
}
