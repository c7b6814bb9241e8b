//! The places of an observation.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lakehouse_rig::implementation::Transport;

use crate::comparators::Form;
use crate::comparators::files::Files;
use crate::compare::guard::is_error;
use crate::compare::{prepare, upstream_json};
use crate::config::baseline::{Depth, Places};
use crate::config::{Case, CaseStep, Probe};
use crate::json::{Document, Tree as _, Value, parse};
use crate::observation::{Observation, Step};
use crate::outcome::CaseOutcome;

/// The number of levels of a document whose places are listed. Deeper values count as part of the
/// value that contains them at this level.
const MAX_LEVELS: usize = 100;

/// The values found at one place, in all answers.
#[derive(Debug, Default, Clone, Copy)]
struct Found {
    has_value: bool,
    is_null: bool,
}

/// The places of several answers.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    found: BTreeMap<String, BTreeMap<String, Found>>,
    /// Answers that were added: the reference's answer is in the outcome of every pair.
    done: BTreeSet<(Transport, String, String)>,
}

impl Gathered {
    /// Adds both answers of a case.
    pub(super) fn add(&mut self, probe: &Probe, outcome: &CaseOutcome) {
        let Some(case) = probe.cases.iter().find(|case| case.name == outcome.case) else {
            return;
        };
        for (name, observation) in [
            (&outcome.reference, &outcome.left),
            (&outcome.implementation, &outcome.right),
        ] {
            let key = (outcome.transport, case.name.clone(), name.clone());
            if let Some(observation) = observation
                && self.done.insert(key)
            {
                self.observation(probe, case, outcome.transport, observation);
            }
        }
    }

    fn observation(
        &mut self,
        probe: &Probe,
        case: &Case,
        transport: Transport,
        observation: &Arc<Observation>,
    ) {
        for (expected, step) in case.steps.iter().zip(&observation.steps) {
            let answer = format!(
                "{} {}",
                route(probe, expected, transport),
                class(probe, step)
            );
            let mut places = self.found.remove(&answer).unwrap_or_default();
            self::step(probe, step, &mut places);
            self.found.insert(answer, places);
        }
    }

    pub(super) fn places(&self) -> Places {
        let depth = |found: &Found| match found {
            Found {
                has_value: true, ..
            } => Depth::Compared,
            Found { is_null: true, .. } => Depth::Null,
            _ => Depth::Hidden,
        };
        self.found
            .iter()
            .map(|(answer, paths)| {
                let paths = paths
                    .iter()
                    .map(|(path, found)| (path.clone(), depth(found)))
                    .collect();
                (answer.clone(), paths)
            })
            .collect()
    }
}

/// The route of a step's request: its method, and the first matching route of the probe.
fn route(probe: &Probe, step: &CaseStep, transport: Transport) -> String {
    match transport {
        Transport::Http => {
            let method = step.method.as_ref().unwrap_or(&probe.http.method);
            let path = step.path.as_ref().unwrap_or(&probe.http.path);
            let path = path.split_once('?').map_or(path.as_str(), |(path, _)| path);
            let mut routes = probe.coverage.routes.iter();
            let route = routes.find(|route| matches(route, path));
            format!("{method} {}", route.map_or(path, String::as_str))
        }
        other => other.to_string(),
    }
}

/// Whether a path matches a route, segment by segment.
fn matches(route: &str, path: &str) -> bool {
    let (mut names, mut segments) = (route.split('/'), path.split('/'));
    loop {
        match (names.next(), segments.next()) {
            (None, None) => return true,
            (Some(name), Some(segment)) => {
                let is_parameter = name.starts_with('{') && name.ends_with('}');
                if name != segment && !is_parameter {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

fn class(probe: &Probe, step: &Step) -> String {
    if step.failure.is_some() {
        return "failure".to_owned();
    }
    match step.status {
        Some(status) => format!("{}xx", status / 100),
        None if is_error(step, probe) => "error".to_owned(),
        None => "ok".to_owned(),
    }
}

fn step(probe: &Probe, step: &Step, places: &mut BTreeMap<String, Found>) {
    let alone = Observation::single(step.clone());
    let hidden: BTreeSet<String> = if probe.normalisers.is_empty() {
        BTreeSet::new()
    } else {
        let hits = prepare(&alone, probe, None).hits;
        hits.into_iter()
            .filter(|hit| hit.problem.is_none())
            .map(|hit| hit.place)
            .collect()
    };
    let mut note = |path: String, found: Found| {
        let known = places.entry(path).or_default();
        known.has_value |= found.has_value;
        known.is_null |= found.is_null;
    };
    let shown = |shown: bool| Found {
        has_value: shown,
        is_null: false,
    };
    let headers = step.headers.keys().map(|name| format!("header:{name}"));
    let trailers = step.trailers.keys().map(|name| format!("trailer:{name}"));
    for path in headers.chain(trailers) {
        let is_shown = !hidden.contains(&path);
        note(path, shown(is_shown));
    }
    let form = probe.compare.body.form();
    let policy = probe.compare.json;
    match parse(&step.body) {
        Ok(document) if form != Form::Bytes && document.depth() <= policy.max_depth => {
            walk(
                &document,
                "body:",
                "body:",
                &hidden,
                probe,
                &mut |path, found| {
                    let counts = form != Form::Ignored;
                    let found = if counts { found } else { Found::default() };
                    note(path, found);
                },
            );
        }
        _ => note("body".to_owned(), shown(form != Form::Ignored)),
    }
    for (name, content) in &step.files {
        if probe.compare.files == Files::Bytes {
            note(format!("file:{name}"), shown(true));
            continue;
        }
        for (index, line) in content.split(|byte| *byte == b'\n').enumerate() {
            if let Ok(document) = parse(line)
                && document.depth() <= policy.max_depth
            {
                let own = format!("file:{name}:{index}:");
                let folded = format!("file:{name}:");
                walk(&document, &own, &folded, &hidden, probe, &mut note);
            }
        }
    }
    if let Some(requests) = &step.upstream
        && let Ok(document) = parse(&upstream_json(requests, policy))
    {
        walk(
            &document,
            "upstream:",
            "upstream:",
            &hidden,
            probe,
            &mut note,
        );
    }
}

/// Passes every value of a document to `note`. `own` is the prefix of this document's paths in
/// hits, `folded` the prefix in the report.
fn walk(
    document: &Document,
    own: &str,
    folded: &str,
    hidden: &BTreeSet<String>,
    probe: &Probe,
    note: &mut dyn FnMut(String, Found),
) {
    let mut todo = vec![(Document::ROOT, false, 0)];
    while let Some((id, was_hidden, level)) = todo.pop() {
        let path = document.path(id);
        let is_hidden = was_hidden || hidden.contains(&format!("{own}{path}"));
        let place = format!("{folded}{}", path.generalised());
        let value = document.value(id);
        let is_null = matches!(value, Value::Null);
        // An opaque value contains the cases' own data.
        let is_opaque = probe.coverage.opaque.contains(&place);
        note(
            place,
            Found {
                has_value: !is_hidden && !is_null,
                is_null: !is_hidden && is_null,
            },
        );
        if !is_opaque && level < MAX_LEVELS {
            let children = document.children(id).into_iter();
            todo.extend(children.map(|child| (child, is_hidden, level + 1)));
        }
    }
}
