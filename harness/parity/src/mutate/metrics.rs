//! Damage to metrics in the text format.

use super::damage::Damage;
use super::done::Done;
use super::steps;
use crate::config::Probe;
use crate::observation::Step;

/// The lines that hold a series of a name of its own, and the name.
pub(super) fn series(body: &[u8]) -> Vec<(usize, String)> {
    let text = String::from_utf8_lossy(body);
    let named: Vec<(usize, String)> = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty() && !line.trim().starts_with('#'))
        .filter_map(|(index, line)| Some((index, split(line)?.0.to_owned())))
        .collect();
    let is_alone = |name: &str| named.iter().filter(|(_, other)| other == name).count() == 1;
    let alone = named.iter().filter(|(_, name)| is_alone(name));
    alone.cloned().collect()
}

fn split(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let at = match line.rfind('}') {
        Some(end) => end + 1,
        None => line.find(' ')?,
    };
    Some((&line[..at], line[at..].split_ascii_whitespace().next()?))
}

pub(super) fn apply(damage: Damage, index: usize, step: &mut Step, probe: &Probe) -> Option<Done> {
    let text = std::str::from_utf8(&step.body).ok()?.to_owned();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (name, value) = split(lines.get(index)?)?;
    let (name, value) = (name.to_owned(), value.to_owned());
    let change = if damage == Damage::SeriesDropped {
        lines.remove(index);
        format!("{name} dropped")
    } else {
        let moved = steps::metric(&value, probe.compare.tolerance)?;
        lines[index] = format!("{name} {moved}");
        format!("{value} -> {moved}")
    };
    step.body = (lines.join("\n") + "\n").into_bytes();
    Some(Done::new("body", vec![format!("body:{name}")], change))
}

#[cfg(test)]
mod tests {
    use super::series;

    #[test]
    fn only_series_of_their_own_name_are_damaged() {
        let body = b"# HELP a\na 1\nb{x=\"1 2\"} 3\n\nc 1\nc 2\n";
        let found = series(body);
        assert_eq!(found, [(1, "a".to_owned()), (2, "b{x=\"1 2\"}".to_owned())]);
    }
}
