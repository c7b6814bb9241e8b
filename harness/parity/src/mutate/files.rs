//! Damage to lines and bytes: observed files, and bodies that are compared as bytes.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::damage::Damage;
use super::done::Done;
use super::landed;
use super::text;
use crate::config::Probe;
use crate::json::{Document, parse};
use crate::observation::Step;

/// The name of a file that is put in.
const NEW_FILE: &str = "mutant";

/// Damage to a file, or to the body where `file` is empty.
#[derive(Debug, Clone)]
pub(super) struct FileSite {
    pub(super) damage: Damage,
    file: String,
    line: usize,
}

/// The lines of a file without their newlines, as the comparison splits them.
pub(super) fn lines(content: &[u8]) -> Vec<&[u8]> {
    let content = content.strip_suffix(b"\n").unwrap_or(content);
    if content.is_empty() {
        return Vec::new();
    }
    content.split(|byte| *byte == b'\n').collect()
}

/// Puts another text in a line's place.
pub(super) fn set_line(content: &mut Vec<u8>, index: usize, line: &[u8]) {
    let mut all: Vec<&[u8]> = lines(content);
    if let Some(old) = all.get_mut(index) {
        *old = line;
    }
    *content = joined(&all, content.ends_with(b"\n"));
}

fn joined(lines: &[&[u8]], newline: bool) -> Vec<u8> {
    let mut content = lines.join(&b'\n');
    if newline && !lines.is_empty() {
        content.push(b'\n');
    }
    content
}

/// All damage to the observed files of a step.
pub(super) fn sites(step: &Step, probe: &Probe) -> Vec<FileSite> {
    let mut sites = Vec::new();
    for (name, content) in &step.files {
        if probe.compare.files_as_jsonl {
            line_sites(name, content, &mut sites);
        } else {
            sites.extend(byte_sites(name, content));
        }
        sites.push(site(Damage::FileDropped, name, 0));
    }
    if !step.files.is_empty() && !step.files.contains_key(NEW_FILE) {
        sites.push(site(Damage::FileAdded, NEW_FILE, 0));
    }
    sites
}

fn site(damage: Damage, file: &str, line: usize) -> FileSite {
    FileSite {
        damage,
        file: file.to_owned(),
        line,
    }
}

fn line_sites(name: &str, content: &[u8], sites: &mut Vec<FileSite>) {
    let count = lines(content).len();
    for index in 0..count {
        for damage in [Damage::LineCut, Damage::LineDropped, Damage::LineDoubled] {
            sites.push(site(damage, name, index));
        }
        if index + 1 < count {
            sites.push(site(Damage::LinesSwapped, name, index));
        }
    }
    if count > 0 {
        sites.push(site(Damage::NewlineAdded, name, 0));
        if content.ends_with(b"\n") {
            sites.push(site(Damage::NewlineDropped, name, 0));
        }
    }
}

/// All damage to something that is compared byte by byte.
pub(super) fn byte_sites(name: &str, content: &[u8]) -> Vec<FileSite> {
    let mut damages = vec![Damage::SpaceAdded, Damage::NewlineAdded];
    if content.ends_with(b"\n") {
        damages.push(Damage::NewlineDropped);
    }
    if !content.is_empty() {
        damages.extend([Damage::ByteChanged, Damage::LastByteCut]);
    }
    let mut sites: Vec<FileSite> = damages
        .into_iter()
        .map(|damage| site(damage, name, 0))
        .collect();
    let count = lines(content).len();
    for index in 0..count {
        if count > 1 {
            sites.push(site(Damage::LineDropped, name, index));
        }
        sites.push(site(Damage::LineDoubled, name, index));
        if index + 1 < count {
            sites.push(site(Damage::LinesSwapped, name, index));
        }
    }
    sites
}

/// Does the damage; none where it cannot be done there after all.
pub(super) fn apply(
    site: &FileSite,
    step: &mut Step,
    probe: &Probe,
    random: &mut ChaCha8Rng,
) -> Option<Done> {
    let is_body = site.file.is_empty();
    let part = if is_body {
        "body".to_owned()
    } else {
        format!("file:{}", site.file)
    };
    let done = |change: &str| Some(Done::new(&part, vec![part.clone()], change));
    match site.damage {
        Damage::FileDropped => {
            step.files.remove(&site.file)?;
            return done("the file dropped");
        }
        Damage::FileAdded => {
            step.files.insert(site.file.clone(), b"{}\n".to_vec());
            return done("an empty object in a new file");
        }
        _ => {}
    }
    let content = if is_body {
        &mut step.body
    } else {
        step.files.get_mut(&site.file)?
    };
    let old = content.clone();
    let as_lines = probe.compare.files_as_jsonl && !is_body;
    let (expected, change) = change(site, content, &part, as_lines, probe, random)?;
    let flaw = flaw(site, &old, content);
    Some(Done {
        flaw,
        ..Done::new(&part, expected, change)
    })
}

fn change(
    site: &FileSite,
    content: &mut Vec<u8>,
    part: &str,
    as_lines: bool,
    probe: &Probe,
    random: &mut ChaCha8Rng,
) -> Option<(Vec<String>, String)> {
    let here = vec![part.to_owned()];
    let index = site.line;
    let newline = content.ends_with(b"\n");
    let old = content.clone();
    let mut all = lines(&old);
    match site.damage {
        Damage::SpaceAdded => content.push(b' '),
        Damage::NewlineAdded => content.push(b'\n'),
        Damage::NewlineDropped | Damage::LastByteCut => {
            content.pop();
        }
        Damage::ByteChanged => {
            let at = random.random_range(0..content.len());
            content[at] ^= 1;
            return Some((here, format!("byte {at}")));
        }
        Damage::LineCut => {
            let line = *all.get(index)?;
            let half = line.len() / 2;
            // A cut that leaves JSON is other damage than the one that is told here.
            if half == 0 || parse(&line[..half]).is_ok() {
                return None;
            }
            all[index] = &line[..half];
            *content = joined(&all, newline);
            let change = format!("line {index} cut to {half} of {} bytes", line.len());
            return Some((vec![format!("{part}:$[{index}]")], change));
        }
        Damage::LineDropped => {
            all.remove(index);
            *content = joined(&all, newline);
        }
        Damage::LineDoubled => {
            all.insert(index, all[index]);
            *content = joined(&all, newline);
        }
        Damage::LinesSwapped => {
            let (one, other) = (*all.get(index)?, *all.get(index + 1)?);
            all.swap(index, index + 1);
            *content = joined(&all, newline);
            if one == other {
                return None;
            }
            let change = format!("lines {index} and {}", index + 1);
            if !as_lines {
                return Some((here, change));
            }
            let (one, other) = (parse(one).ok()?, parse(other).ok()?);
            let root = Document::ROOT;
            if text::same(&one, root, &other, root, &probe.compare, &|_| false) {
                return None;
            }
            let places = landed::places(&one, &other);
            let at = |index: usize| {
                let places = places.iter();
                places.map(move |path| format!("{part}:$[{index}]{}", &path.to_string()[1..]))
            };
            return Some((at(index).chain(at(index + 1)).collect(), change));
        }
        _ => return None,
    }
    Some((here, format!("line {index}")))
}

/// What is wrong with the lines after the damage.
fn flaw(site: &FileSite, old: &[u8], new: &[u8]) -> Option<String> {
    let (old_lines, new_lines) = (lines(old), lines(new));
    let differing = || -> Vec<usize> {
        let pairs = old_lines.iter().zip(&new_lines).enumerate();
        let differing = pairs.filter(|(_, (old, new))| old != new);
        differing.map(|(index, _)| index).collect()
    };
    let (old_count, new_count) = (old_lines.len(), new_lines.len());
    let landed = match site.damage {
        Damage::LineCut => old_count == new_count && differing() == [site.line],
        Damage::LinesSwapped => old_count == new_count && differing() == [site.line, site.line + 1],
        Damage::LineDropped => old_count == new_count + 1,
        Damage::LineDoubled => old_count + 1 == new_count,
        Damage::NewlineAdded | Damage::SpaceAdded => {
            new.len() == old.len() + 1 && new.starts_with(old)
        }
        Damage::NewlineDropped | Damage::LastByteCut => {
            new.len() + 1 == old.len() && old.starts_with(new)
        }
        _ => old.len() == new.len() && old != new,
    };
    (!landed).then(|| format!("the lines are not what `{}` makes of them", site.damage))
}
