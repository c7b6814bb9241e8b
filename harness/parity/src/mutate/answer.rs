//! One answer with everything in it that can be damaged.

use rand_chacha::ChaCha8Rng;

use super::damage::Damage;
use super::done::Done;
use super::files::{self, FileSite};
use super::landed;
use super::metrics;
use super::text::{JsonText, Place};
use crate::config::Probe;
use crate::config::probe::Body;
use crate::json::Path;
use crate::observation::{Failure, Observation, Step, UpstreamRequest};

/// One answer, read for damaging.
pub(super) struct Answer<'a> {
    pub(super) observation: &'a Observation,
    pub(super) probe: &'a Probe,
    pub(super) sequence: bool,
    texts: Vec<Part>,
}

/// A JSON text and where it stands.
struct Part {
    step: usize,
    place: TextPlace,
    text: JsonText,
}

enum TextPlace {
    Body,
    Line { file: String, index: usize },
    Request(usize),
}

/// One piece of damage that can be done.
#[derive(Debug, Clone)]
pub(super) struct Site {
    pub(super) damage: Damage,
    step: usize,
    at: At,
}

#[derive(Debug, Clone)]
enum At {
    Text(usize, Place),
    Step,
    Header(String),
    File(FileSite),
    Series(usize),
    Request(usize),
}

/// A damaged copy of an answer.
pub(super) struct Mutant {
    pub(super) damage: Damage,
    pub(super) observation: Observation,
    /// The paths one of which must be told.
    pub(super) expected: Vec<String>,
    /// `12 -> 13`, cut.
    pub(super) change: String,
    /// Why it is not what it should be; it landed when there is nothing to say.
    pub(super) flaw: Option<String>,
    /// Index of the ranking's rule that lets it pass on purpose, such as a change of places
    /// between two that are as good as each other.
    pub(super) tied: Option<usize>,
}

impl<'a> Answer<'a> {
    pub(super) fn read(observation: &'a Observation, probe: &'a Probe, sequence: bool) -> Self {
        let mut texts = Vec::new();
        for (index, step) in observation.steps.iter().enumerate() {
            let mut add = |place, bytes: &[u8], is_body| {
                if let Some(text) = JsonText::read(bytes, &probe.compare, is_body) {
                    texts.push(Part {
                        step: index,
                        place,
                        text,
                    });
                }
            };
            if probe.compare.body != Body::Bytes {
                add(TextPlace::Body, &step.body, true);
            }
            for (name, content) in &step.files {
                if !probe.compare.files_as_jsonl {
                    continue;
                }
                for (line_index, line) in files::lines(content).iter().enumerate() {
                    let place = TextPlace::Line {
                        file: name.clone(),
                        index: line_index,
                    };
                    add(place, line, false);
                }
            }
            for (number, request) in step.upstream.iter().flatten().enumerate() {
                add(TextPlace::Request(number), &request.body, false);
            }
        }
        Answer {
            observation,
            probe,
            sequence,
            texts,
        }
    }

    /// Bytes that have to be read for one damaged copy.
    pub(super) fn size(&self) -> usize {
        let step = |step: &Step| {
            let files: usize = step.files.values().map(Vec::len).sum();
            let requests = step.upstream.iter().flatten();
            let requests: usize = requests.map(|request| request.body.len()).sum();
            step.body.len() + files + requests
        };
        self.observation.steps.iter().map(step).sum()
    }

    /// Everything that can be done to it and that the probe does not let pass on purpose.
    pub(super) fn sites(&self) -> Vec<Site> {
        let mut sites = Vec::new();
        for (index, part) in self.texts.iter().enumerate() {
            let places = part.text.places(&self.probe.compare);
            sites.extend(places.into_iter().map(|place| Site {
                damage: place.damage,
                step: part.step,
                at: At::Text(index, place),
            }));
        }
        for (index, step) in self.observation.steps.iter().enumerate() {
            self.step_sites(index, step, &mut sites);
        }
        sites
    }

    fn step_sites(&self, index: usize, step: &Step, sites: &mut Vec<Site>) {
        let mut add = |damage, at| {
            sites.push(Site {
                damage,
                step: index,
                at,
            });
        };
        if step.status.is_some() {
            add(Damage::StatusChanged, At::Step);
        }
        if step.exit.is_some() {
            add(Damage::ExitChanged, At::Step);
        }
        if step.script.is_some() {
            add(Damage::ScriptCounted, At::Step);
        }
        add(Damage::AnswerFailed, At::Step);
        if self.sequence && index + 1 == self.observation.steps.len() {
            add(Damage::StepDropped, At::Step);
        }
        for name in step.headers.keys() {
            add(Damage::HeaderChanged, At::Header(name.clone()));
            add(Damage::HeaderDropped, At::Header(name.clone()));
        }
        for name in &self.probe.http.observe_headers {
            if step.status.is_some() && !step.headers.contains_key(name) {
                add(Damage::HeaderAdded, At::Header(name.clone()));
            }
        }
        self.body_sites(index, step, &mut add);
        for site in files::sites(step, self.probe) {
            add(site.damage, At::File(site));
        }
        if step.upstream.is_some() {
            add(Damage::RequestAdded, At::Request(0));
        }
        let requests = step.upstream.as_deref().unwrap_or_default();
        for number in 0..requests.len() {
            for damage in [
                Damage::RequestDropped,
                Damage::RequestDoubled,
                Damage::RequestPath,
                Damage::RequestMethod,
            ] {
                add(damage, At::Request(number));
            }
            if number + 1 < requests.len() {
                add(Damage::RequestsSwapped, At::Request(number));
            }
        }
    }

    fn body_sites(&self, index: usize, step: &Step, add: &mut impl FnMut(Damage, At)) {
        let is_json = self
            .texts
            .iter()
            .any(|part| part.step == index && matches!(part.place, TextPlace::Body));
        match self.probe.compare.body {
            _ if is_json => {
                if matches!(step.body.trim_ascii_end().last(), Some(b'}' | b']' | b'"')) {
                    add(Damage::BodyCut, At::Step);
                }
            }
            Body::Metrics => {
                for (line, _) in metrics::series(&step.body) {
                    add(Damage::MetricMoved, At::Series(line));
                    add(Damage::SeriesDropped, At::Series(line));
                }
            }
            _ => {
                for site in files::byte_sites("", &step.body) {
                    add(site.damage, At::File(site));
                }
            }
        }
    }

    /// Does the damage; none where it cannot be done there after all.
    pub(super) fn mutant(&self, site: &Site, random: &mut ChaCha8Rng) -> Option<Mutant> {
        let mut observation = self.observation.clone();
        let done = if site.damage == Damage::StepDropped {
            observation.steps.pop();
            Done::new("steps", vec!["failure".to_owned()], "the last step dropped")
        } else {
            self.apply(site, observation.steps.get_mut(site.step)?, random)?
        };
        let part = match done.part.as_str() {
            "steps" => done.part.clone(),
            part => format!("{}:{part}", site.step),
        };
        let changed = landed::parts(self.observation, &observation);
        let flaw = if changed == [part] {
            done.flaw
        } else {
            Some(format!(
                "it was to change `{}` and changed {}",
                done.part,
                if changed.is_empty() {
                    "nothing".to_owned()
                } else {
                    changed.join(", ")
                }
            ))
        };
        let prefix = if self.sequence {
            format!("step[{}]:", site.step)
        } else {
            String::new()
        };
        let mut expected: Vec<String> = done
            .expected
            .iter()
            .map(|path| format!("{prefix}{path}"))
            .collect();
        expected.sort();
        expected.dedup();
        Some(Mutant {
            damage: site.damage,
            observation,
            expected,
            change: done.change,
            flaw,
            tied: done.tied,
        })
    }

    fn apply(&self, site: &Site, step: &mut Step, random: &mut ChaCha8Rng) -> Option<Done> {
        match &site.at {
            At::Text(index, place) => self.text(&self.texts[*index], place, step, random),
            At::File(file) => files::apply(file, step, self.probe, random),
            At::Series(line) => metrics::apply(site.damage, *line, step, self.probe),
            At::Header(name) => header(site.damage, name, step),
            At::Request(number) => self.request(site, *number, step),
            At::Step => whole(site.damage, step),
        }
    }

    fn text(
        &self,
        part: &Part,
        place: &Place,
        step: &mut Step,
        random: &mut ChaCha8Rng,
    ) -> Option<Done> {
        let damaged = part.text.damaged(place, &self.probe.compare, random)?;
        let found = landed::places(part.text.document(), &damaged.document);
        let flaw = flaw(&found, &damaged.within);
        let bytes = damaged.text.into_bytes();
        let (name, prefix) = match &part.place {
            TextPlace::Body => {
                step.body = bytes;
                ("body".to_owned(), "body:$".to_owned())
            }
            TextPlace::Line { file, index } => {
                let content = step.files.get_mut(file)?;
                files::set_line(content, *index, &bytes);
                (format!("file:{file}"), format!("file:{file}:$[{index}]"))
            }
            TextPlace::Request(number) => {
                step.upstream.as_mut()?.get_mut(*number)?.body = bytes;
                ("upstream".to_owned(), format!("upstream:$[{number}].body"))
            }
        };
        let expected = found.iter().flat_map(|path| part.text.compared(path));
        let expected = expected
            .map(|compared| format!("{prefix}{}", compared.strip_prefix('$').unwrap_or_default()));
        Some(Done {
            flaw,
            tied: damaged.tied,
            ..Done::new(&name, expected.collect(), damaged.change)
        })
    }

    fn request(&self, site: &Site, number: usize, step: &mut Step) -> Option<Done> {
        let requests = step.upstream.as_mut()?;
        let done = |path: String, change: String| Done::new("upstream", vec![path], change);
        let whole = "upstream:$".to_owned();
        match site.damage {
            Damage::RequestAdded => {
                requests.push(UpstreamRequest {
                    method: "GET".to_owned(),
                    path: "/mutant".to_owned(),
                    body: Vec::new(),
                });
                Some(done(whole, "one request more".to_owned()))
            }
            Damage::RequestDropped => {
                requests.remove(number);
                Some(done(whole, format!("request {number} dropped")))
            }
            Damage::RequestDoubled => {
                let again = requests.get(number)?.clone();
                requests.insert(number, again);
                Some(done(whole, format!("request {number} doubled")))
            }
            Damage::RequestPath => {
                requests.get_mut(number)?.path.push('x');
                let path = format!("upstream:$[{number}].path");
                Some(done(path, "one character more".to_owned()))
            }
            Damage::RequestMethod => {
                requests.get_mut(number)?.method.push('X');
                let path = format!("upstream:$[{number}].method");
                Some(done(path, "one character more".to_owned()))
            }
            Damage::RequestsSwapped => {
                let expected = self.swapped_requests(site.step, number)?;
                requests.swap(number, number + 1);
                let change = format!("requests {number} and {}", number + 1);
                Some(Done::new("upstream", expected, change))
            }
            _ => None,
        }
    }

    /// Where two neighbours in the upstream's log differ; none where they are the same.
    fn swapped_requests(&self, step: usize, number: usize) -> Option<Vec<String>> {
        let requests = self.observation.steps.get(step)?.upstream.as_ref()?;
        let (one, other) = (requests.get(number)?, requests.get(number + 1)?);
        let mut below = Vec::new();
        if one.method != other.method {
            below.push(".method".to_owned());
        }
        if one.path != other.path {
            below.push(".path".to_owned());
        }
        let text = |wanted: usize| {
            let mut parts = self.texts.iter().filter(|part| part.step == step);
            parts.find_map(|part| match part.place {
                TextPlace::Request(number) if number == wanted => Some(&part.text),
                _ => None,
            })
        };
        match (text(number), text(number + 1)) {
            (Some(left), Some(right)) => {
                let is_same = super::text::same_texts(left, right, &self.probe.compare);
                let places = landed::places(left.document(), right.document());
                for path in places.iter().filter(|_| !is_same) {
                    below.push(format!(".body{}", &path.to_string()[1..]));
                }
            }
            _ if one.body != other.body => below.push(".body".to_owned()),
            _ => {}
        }
        let at = |index: usize| {
            below
                .iter()
                .map(move |below| format!("upstream:$[{index}]{below}"))
        };
        (!below.is_empty()).then(|| at(number).chain(at(number + 1)).collect())
    }
}

/// What is wrong with the places at which a text changed.
pub(super) fn flaw(found: &[Path], within: &[Path]) -> Option<String> {
    let is_within = |path: &Path| within.iter().any(|above| path.0.starts_with(&above.0));
    if found.is_empty() {
        return Some("it changed nothing".to_owned());
    }
    found
        .iter()
        .find(|path| !is_within(path))
        .map(|path| format!("it changed `{path}` as well"))
}

fn header(damage: Damage, name: &str, step: &mut Step) -> Option<Done> {
    let old = step.headers.get(name).cloned();
    let new = match damage {
        Damage::HeaderDropped => None,
        Damage::HeaderAdded => Some("mutant".to_owned()),
        _ => Some(format!("{}x", old.as_deref()?)),
    };
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
    let change = format!("{} -> {}", shown(&old), shown(&new));
    match new {
        Some(value) => step.headers.insert(name.to_owned(), value),
        None => step.headers.remove(name),
    };
    let part = format!("header:{name}");
    Some(Done::new(&part, vec![part.clone()], change))
}

fn whole(damage: Damage, step: &mut Step) -> Option<Done> {
    let done = |part: &str, change: String| Some(Done::new(part, vec![part.to_owned()], change));
    match damage {
        Damage::StatusChanged => {
            let status = step.status.as_mut()?;
            let old = *status;
            *status = old.checked_add(1)?;
            done("status", format!("{old} -> {status}"))
        }
        Damage::ExitChanged => {
            let exit = step.exit.as_mut()?;
            let old = *exit;
            *exit = old.checked_add(1)?;
            done("exit", format!("{old} -> {exit}"))
        }
        Damage::ScriptCounted => {
            step.script.as_mut()?.unused += 1;
            let expected = vec!["script:$.unused".to_owned()];
            Some(Done::new("script", expected, "one scripted answer unused"))
        }
        Damage::AnswerFailed => {
            step.failure = Some(Failure::NoAnswer {
                what: "the answer was taken away".to_owned(),
            });
            done("failure", "an answer -> none".to_owned())
        }
        Damage::BodyCut => {
            let end = step.body.trim_ascii_end().len().checked_sub(1)?;
            step.body.truncate(end);
            done("body", "the last character cut".to_owned())
        }
        _ => None,
    }
}
