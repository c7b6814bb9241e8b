//! Steps that all run, whatever the earlier ones found, and a table of their results.

use std::fmt;
use std::time::{Duration, Instant};

use anstream::{eprint, eprintln};
use anyhow::{Result, bail};

#[derive(Default)]
pub(crate) struct Steps(Vec<Outcome>);

struct Outcome {
    step: &'static str,
    result: StepResult,
    duration: Duration,
}

enum StepResult {
    Passed,
    Failed(String),
    Skipped(String),
}

impl Steps {
    /// Runs a step; a failure is printed at once and once more in the summary.
    pub(crate) fn run(&mut self, step: &'static str, action: impl FnOnce() -> Result<()>) {
        let started = Instant::now();
        let result = match action() {
            Ok(()) => StepResult::Passed,
            Err(error) => {
                let error = format!("{error:#}");
                eprintln!("error: {step}: {error}");
                StepResult::Failed(error)
            }
        };
        self.0.push(Outcome {
            step,
            result,
            duration: started.elapsed(),
        });
    }

    /// Records a step that cannot run on this machine.
    pub(crate) fn skip(&mut self, step: &'static str, reason: String) {
        eprintln!("note: skipping {step}: {reason}");
        self.0.push(Outcome {
            step,
            result: StepResult::Skipped(reason),
            duration: Duration::ZERO,
        });
    }

    /// Prints the summary; an error when any step failed.
    pub(crate) fn finish(self) -> Result<()> {
        eprint!("\n{self}");
        let failed: Vec<&str> = self
            .0
            .iter()
            .filter(|outcome| matches!(outcome.result, StepResult::Failed(_)))
            .map(|outcome| outcome.step)
            .collect();
        if failed.is_empty() {
            return Ok(());
        }
        bail!(
            "{} of {} steps failed: {}",
            failed.len(),
            self.0.len(),
            failed.join(", ")
        )
    }
}

impl fmt::Display for Steps {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.iter().map(|outcome| outcome.step.len()).max();
        let width = width.unwrap_or_default();
        for outcome in &self.0 {
            let (word, detail) = match &outcome.result {
                StepResult::Passed => ("passed", ""),
                StepResult::Failed(error) => ("FAILED", error.lines().next().unwrap_or_default()),
                StepResult::Skipped(reason) => ("skipped", reason.as_str()),
            };
            let line = format!(
                "{step:width$}  {word:7}  {seconds:>6.1} s  {detail}",
                step = outcome.step,
                seconds = outcome.duration.as_secs_f64(),
            );
            writeln!(formatter, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn a_failing_step_does_not_stop_the_next() {
        let mut steps = Steps::default();
        let mut ran = Vec::new();
        steps.run("first", || Err(anyhow!("it broke\nwith a second line")));
        steps.run("second", || {
            ran.push("second");
            Ok(())
        });
        steps.skip("third", "`third` is not on PATH".to_owned());
        assert_eq!(ran, ["second"]);

        let summary = steps.to_string();
        let lines: Vec<&str> = summary.lines().collect();
        assert_eq!(lines.len(), 3, "{summary}");
        assert!(lines[0].starts_with("first   FAILED"), "{summary}");
        assert!(lines[0].ends_with("s  it broke"), "{summary}");
        assert!(lines[1].starts_with("second  passed"), "{summary}");
        assert!(lines[2].starts_with("third   skipped"), "{summary}");
        assert!(lines[2].ends_with("`third` is not on PATH"), "{summary}");

        let error = steps.finish().expect_err("a step failed");
        assert_eq!(error.to_string(), "1 of 3 steps failed: first");
    }

    #[test]
    fn passing_and_skipped_steps_are_not_failures() {
        let mut steps = Steps::default();
        steps.run("first", || Ok(()));
        steps.skip("second", "no tools".to_owned());
        assert!(steps.finish().is_ok());
    }
}
