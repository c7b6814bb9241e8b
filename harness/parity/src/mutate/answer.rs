//! One answer and all damage that can be done to it.

use std::sync::Arc;

use rand_chacha::ChaCha8Rng;

use super::headers::{self, HeaderSite};
use super::parts::changed_parts;
use super::step::{self, StepSite};
use crate::comparators::damage::{Change, Damage, Site};
use crate::comparators::files::Files;
use crate::comparators::json::{JsonSite, JsonText};
use crate::comparators::{Comparator, Form, bytes};
use crate::config::Probe;
use crate::observation::{Observation, Step};

/// An answer whose parts are read.
pub(super) struct Answer<'a> {
    pub(super) observation: &'a Observation,
    pub(super) probe: &'a Probe,
    pub(super) sequence: bool,
    texts: Vec<Part<'a>>,
}

/// A JSON text and its place in the answer.
struct Part<'a> {
    step: usize,
    place: TextPlace,
    text: JsonText<'a>,
}

enum TextPlace {
    Body,
    Line { file: String, index: usize },
    Request(usize),
}

impl TextPlace {
    /// The path of its root.
    fn prefix(&self) -> String {
        match self {
            TextPlace::Body => "body:$".to_owned(),
            TextPlace::Line { file, index } => format!("file:{file}:$[{index}]"),
            TextPlace::Request(number) => format!("upstream:$[{number}].body"),
        }
    }
}

/// Damage that can be done, and its place.
#[derive(Debug, Clone)]
pub(super) struct AnswerSite {
    pub(super) damage: Damage,
    step: usize,
    at: At,
}

#[derive(Debug, Clone)]
enum At {
    Text(usize, JsonSite),
    Body(Site),
    File(String, Site),
    Header(HeaderSite),
    Step(StepSite),
    LastStep,
}

/// A damaged copy of an answer.
pub(super) struct Mutant {
    pub(super) damage: Damage,
    pub(super) observation: Observation,
    /// The paths at one of which the damage must be reported.
    pub(super) expected: Vec<String>,
    /// `12 -> 13`, cut.
    pub(super) summary: String,
    /// Why the damage did not have its effect, if so.
    pub(super) flaw: Option<String>,
    /// Index of the comparator's rule that accepts it on purpose.
    pub(super) accepted_by: Option<usize>,
}

impl<'a> Answer<'a> {
    pub(super) fn read(observation: &'a Observation, probe: &'a Probe, sequence: bool) -> Self {
        let compare = &probe.compare;
        let mut texts = Vec::new();
        for (index, step) in observation.steps.iter().enumerate() {
            let mut add = |place, bytes: &[u8], rules| {
                if let Some(text) = JsonText::read(bytes, compare.json, rules) {
                    texts.push(Part {
                        step: index,
                        place,
                        text,
                    });
                }
            };
            if compare.body.form() != Form::Bytes {
                add(TextPlace::Body, &step.body, compare.body.rules());
            }
            for (name, content) in &step.files {
                if compare.files == Files::Bytes {
                    continue;
                }
                for (line_index, line) in bytes::lines(content).iter().enumerate() {
                    let place = TextPlace::Line {
                        file: name.clone(),
                        index: line_index,
                    };
                    add(place, line, &[]);
                }
            }
            for (number, request) in step.upstream.iter().flatten().enumerate() {
                add(TextPlace::Request(number), &request.body, &[]);
            }
        }
        Answer {
            observation,
            probe,
            sequence,
            texts,
        }
    }

    /// The size of one damaged copy, in bytes.
    pub(super) fn size(&self) -> usize {
        let step = |step: &Step| {
            let files: usize = step.files.values().map(Vec::len).sum();
            let requests = step.upstream.iter().flatten();
            let requests: usize = requests.map(|request| request.body.len()).sum();
            step.body.len() + files + requests
        };
        self.observation.steps.iter().map(step).sum()
    }

    /// All damage that the probe does not accept on purpose.
    pub(super) fn sites(&self) -> Vec<AnswerSite> {
        let mut sites = Vec::new();
        for (index, part) in self.texts.iter().enumerate() {
            sites.extend(part.text.sites().into_iter().map(|site| AnswerSite {
                damage: site.damage,
                step: part.step,
                at: At::Text(index, site),
            }));
        }
        for (index, step) in self.observation.steps.iter().enumerate() {
            let mut add = |damage, at| {
                sites.push(AnswerSite {
                    damage,
                    step: index,
                    at,
                });
            };
            let is_json = self.body_text(index).is_some();
            for site in step::sites(step, is_json) {
                add(site.damage, At::Step(site));
            }
            for site in headers::sites(step, &self.probe.http.observe_headers) {
                add(site.damage, At::Header(site));
            }
            if self.sequence && index + 1 == self.observation.steps.len() {
                add(step::STEP_DROPPED, At::LastStep);
            }
            if !is_json {
                for site in self.comparator().sites(&step.body) {
                    add(site.damage, At::Body(site));
                }
            }
            for (file, site) in self.probe.compare.files.sites(&step.files) {
                add(site.damage, At::File(file, site));
            }
        }
        sites
    }

    fn comparator(&self) -> &Arc<dyn Comparator> {
        &self.probe.compare.body
    }

    fn body_text(&self, step: usize) -> Option<&JsonText<'a>> {
        let mut parts = self.texts.iter();
        let body = parts.find(|part| part.step == step && matches!(part.place, TextPlace::Body));
        body.map(|part| &part.text)
    }

    /// The path of the value at a site; none for damage to an answer as a whole.
    pub(super) fn path(&self, site: &AnswerSite) -> Option<String> {
        let path = match &site.at {
            At::Text(index, place) => {
                let Part {
                    place: of, text, ..
                } = &self.texts[*index];
                format!("{}{}", of.prefix(), &text.path(place).to_string()[1..])
            }
            At::Body(_) => "body".to_owned(),
            At::File(name, _) => format!("file:{name}"),
            At::Header(header) => header.path(),
            At::Step(_) | At::LastStep => return None,
        };
        Some(format!("{}{path}", self.step_prefix(site.step)))
    }

    /// What stands before the paths of a step.
    fn step_prefix(&self, step: usize) -> String {
        match self.sequence {
            true => format!("step[{step}]:"),
            false => String::new(),
        }
    }

    /// The damaged copy; none if the damage is impossible.
    pub(super) fn mutant(&self, site: &AnswerSite, random: &mut ChaCha8Rng) -> Option<Mutant> {
        let mut observation = self.observation.clone();
        let (part, change) = if matches!(site.at, At::LastStep) {
            observation.steps.pop();
            let expected = vec!["failure".to_owned()];
            let change = Change::new(expected, "the last step dropped");
            ("steps".to_owned(), change)
        } else {
            let step = observation.steps.get_mut(site.step)?;
            let (part, change) = self.apply(site, step, random)?;
            (format!("{}:{part}", site.step), change)
        };
        let changed = changed_parts(self.observation, &observation);
        let flaw = if changed == [part.as_str()] {
            change.flaw
        } else {
            let changed = match changed.as_slice() {
                [] => "nothing".to_owned(),
                parts => parts.join(", "),
            };
            Some(format!("it changed {changed} instead of `{part}`"))
        };
        let prefix = self.step_prefix(site.step);
        let expected = change.expected.iter();
        let mut expected: Vec<String> = expected.map(|path| format!("{prefix}{path}")).collect();
        expected.sort();
        expected.dedup();
        Some(Mutant {
            damage: site.damage,
            observation,
            expected,
            summary: change.summary,
            flaw,
            accepted_by: change.accepted_by,
        })
    }

    /// Damages a step. Returns the part that changes, as [`changed_parts`] names it.
    fn apply(
        &self,
        site: &AnswerSite,
        step: &mut Step,
        random: &mut ChaCha8Rng,
    ) -> Option<(String, Change)> {
        match &site.at {
            At::Text(index, place) => self.damage_text(&self.texts[*index], place, step, random),
            At::Body(site) => {
                let change = self.comparator().damage(site, &mut step.body, random)?;
                Some(("body".to_owned(), change))
            }
            At::File(name, site) => {
                let compare = &self.probe.compare;
                let files = &mut step.files;
                let change = compare
                    .files
                    .damage(name, site, files, compare.json, random)?;
                Some((format!("file:{name}"), change))
            }
            At::Step(place) if place.damage == step::REQUESTS_SWAPPED => {
                let number = place.request;
                let expected = self.swapped_requests(site.step, number)?;
                step.upstream.as_mut()?.swap(number, number + 1);
                let summary = format!("requests {number} and {}", number + 1);
                Some(("upstream".to_owned(), Change::new(expected, summary)))
            }
            At::Step(place) => step::damage(place, step),
            At::Header(place) => headers::damage(place, step),
            At::LastStep => None,
        }
    }

    fn damage_text(
        &self,
        part: &Part<'_>,
        site: &JsonSite,
        step: &mut Step,
        random: &mut ChaCha8Rng,
    ) -> Option<(String, Change)> {
        let damaged = part.text.damaged(site, random)?;
        let bytes = damaged.text.into_bytes();
        let name = match &part.place {
            TextPlace::Body => {
                step.body = bytes;
                "body".to_owned()
            }
            TextPlace::Line { file, index } => {
                let content = step.files.get_mut(file)?;
                *content = bytes::with_line(content, *index, &bytes);
                format!("file:{file}")
            }
            TextPlace::Request(number) => {
                step.upstream.as_mut()?.get_mut(*number)?.body = bytes;
                "upstream".to_owned()
            }
        };
        let prefix = part.place.prefix();
        let expected = damaged.expected.iter();
        let expected = expected.map(|path| format!("{prefix}{}", &path[1..]));
        let change = Change {
            expected: expected.collect(),
            summary: damaged.summary,
            flaw: damaged.flaw,
            accepted_by: damaged.accepted_by,
        };
        Some((name, change))
    }

    /// The paths at which two neighbours in the log of the model server differ; none if they are
    /// equal.
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
                for path in left.differences(right).into_iter().flatten() {
                    below.push(format!(".body{}", &path.to_string()[1..]));
                }
            }
            // Bodies that are not JSON have other names.
            _ if one.body != other.body => {
                below.extend([".body", ".text", ".bytes"].map(str::to_owned));
            }
            _ => {}
        }
        let at = |index: usize| {
            let below = below.iter();
            below.map(move |below| format!("upstream:$[{index}]{below}"))
        };
        (!below.is_empty()).then(|| at(number).chain(at(number + 1)).collect())
    }
}
