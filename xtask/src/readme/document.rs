//! Finds the commands in a Markdown document.

/// The mark of a fence whose commands are checked but not run.
const PARSE: &str = "<!-- readme: parse -->";
const FENCE: &str = "```";

#[derive(Default)]
pub(super) struct Document {
    pub(super) commands: Vec<Command>,
    /// The line and the text of each mistake.
    pub(super) mistakes: Vec<(usize, &'static str)>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) line: usize,
    pub(super) text: String,
    pub(super) is_run: bool,
}

impl Document {
    pub(super) fn read(text: &str) -> Self {
        let mut document = Self::default();
        let mut lines = text.lines().zip(1..);
        let mut previous = "";
        while let Some((line, number)) = lines.next() {
            if let Some(info) = line.trim_start().strip_prefix(FENCE) {
                let fence: Vec<(&str, usize)> = lines
                    .by_ref()
                    .take_while(|(line, _)| line.trim() != FENCE)
                    .collect();
                match info.trim() {
                    "" => document.mistakes.push((
                        number,
                        "the fence has no info string; write `sh` for commands, `text` for others",
                    )),
                    "sh" => document.add_fence(&fence, previous != PARSE),
                    _ => {}
                }
            } else if let Some(indented) = line.strip_prefix("    ") {
                document.add_spans(&[indented], number);
            } else {
                let spans: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
                document.add_spans(&spans, number);
            }
            if !line.trim().is_empty() {
                previous = line.trim();
            }
        }
        document
    }

    /// A command continues on the next line inside quotes or after a backslash.
    fn add_fence(&mut self, fence: &[(&str, usize)], is_run: bool) {
        let mut open: Option<Command> = None;
        for (line, number) in fence {
            let mut command = match open.take() {
                Some(mut command) => {
                    command.text.push('\n');
                    command.text.push_str(line);
                    command
                }
                None if line.trim().is_empty() || line.trim_start().starts_with('#') => continue,
                None => Command {
                    line: *number,
                    text: (*line).to_owned(),
                    is_run,
                },
            };
            if is_complete(&command.text) {
                command.text = command.text.trim().to_owned();
                self.commands.push(command);
            } else {
                open = Some(command);
            }
        }
        if let Some(command) = open {
            self.mistakes
                .push((command.line, "the command ends inside quotes"));
        }
    }

    fn add_spans(&mut self, spans: &[&str], line: usize) {
        for span in spans {
            let is_command = ["cargo ", "parity ", "loadtest "]
                .iter()
                .any(|program| span.starts_with(program));
            if is_command {
                self.commands.push(Command {
                    line,
                    text: (*span).to_owned(),
                    is_run: false,
                });
            }
        }
    }
}

fn is_complete(command: &str) -> bool {
    let mut is_quoted = false;
    let mut is_comment = false;
    for character in command.chars() {
        match character {
            '\n' => is_comment = false,
            '#' if !is_quoted => is_comment = true,
            '\'' if !is_comment => is_quoted = !is_quoted,
            _ => {}
        }
    }
    !is_quoted && !command.ends_with('\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(document: &Document) -> Vec<(usize, &str, bool)> {
        document
            .commands
            .iter()
            .map(|command| (command.line, command.text.as_str(), command.is_run))
            .collect()
    }

    #[test]
    fn commands_are_found_in_fences_spans_and_indented_lines() {
        let document = Document::read(
            "Use `cargo xtask tidy` or `--flag`.\n\n```sh\n# A comment\na 'b\nc'\nd # the peers' own\n```\n\n<!-- readme: parse -->\n```sh\ne \\\nf\n```\n```text\nnot one\n```\n\n    cargo xtask parity\n    {\"not\": 1}\n",
        );
        assert_eq!(
            texts(&document),
            [
                (1, "cargo xtask tidy", false),
                (5, "a 'b\nc'", true),
                (7, "d # the peers' own", true),
                (12, "e \\\nf", false),
                (19, "cargo xtask parity", false),
            ]
        );
        assert_eq!(document.mistakes, []);
    }

    #[test]
    fn unmarked_fences_and_open_quotes_are_mistakes() {
        let document = Document::read("```\na\n```\n```sh\necho 'x\n```\n");
        let lines: Vec<usize> = document.mistakes.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 5]);
    }
}
