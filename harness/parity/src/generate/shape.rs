//! `generate.toml`: what the inputs of a surface look like, read and checked.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::Transport;
use lakehouse_rig::source::Source;
use proptest::string::{RegexGeneratorStrategy, string_regex};
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use toml::Spanned;

use super::steps;
use crate::config::CaseStep;

/// How the inputs of one surface are made.
#[derive(Debug)]
pub(super) struct Generator {
    /// What they are sent over.
    pub(super) transport: Transport,
    /// The most that are made, whatever the command line says.
    pub(super) at_most: Option<u64>,
    /// Whether an input is requests one after the other, as [`super::steps`] reads them.
    pub(super) steps: bool,
    /// Requests before each input that give a server back what it began with. What they answer
    /// does not count.
    pub(super) clean: Vec<CaseStep>,
    /// How long one answer may take.
    pub(super) timeout: Duration,
    /// The share of inputs that are damaged once they are made.
    pub(super) damage: f64,
    /// Paths below which members are named by the input, so that they make no two differences
    /// distinct.
    pub(super) carried: Vec<String>,
    /// The shape of an input.
    pub(super) root: Arc<Shape>,
}

/// The shape of a value.
#[derive(Debug)]
pub(super) enum Shape {
    /// This text.
    Text(String),
    /// This JSON.
    Json(String),
    /// A text of this form.
    Matching(Box<RegexGeneratorStrategy<String>>),
    /// This text again and again.
    Repeat(String, [usize; 2]),
    /// An integer between the two.
    Integer([i64; 2]),
    /// One of these, by weight.
    One(Vec<(u32, Arc<Shape>)>),
    /// Members, and whether each may be absent.
    Object(Vec<(String, bool, Arc<Shape>)>),
    /// Elements.
    Array(Arc<Shape>, [usize; 2]),
    /// Elements of all that are arrays, and all that are none, in one array.
    Chain(Vec<Arc<Shape>>),
    /// The JSON that a text spells.
    Spelled(Arc<Shape>),
    /// Texts, one behind the other.
    Join(Vec<Arc<Shape>>),
    /// One shape's texts, with another text between them.
    Some(Arc<Shape>, [usize; 2], String),
    /// A value with one small thing wrong, in this share of them.
    Damaged(Arc<Shape>, f64),
    /// One of what every generator has at hand.
    Built(Built),
}

/// What every generator has at hand.
#[derive(Debug, Clone, Copy)]
pub(super) enum Built {
    Hostile,
    Chaos,
    Number,
    Scalar,
    Any,
}

const BUILT: &[(&str, Built)] = &[
    ("hostile", Built::Hostile),
    ("chaos", Built::Chaos),
    ("number", Built::Number),
    ("scalar", Built::Scalar),
    ("any", Built::Any),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFile {
    transport: Transport,
    at_most: Option<u64>,
    #[serde(default)]
    steps: bool,
    #[serde(default)]
    clean: Vec<Spanned<String>>,
    #[serde(default = "two_seconds")]
    timeout_ms: u64,
    #[serde(default)]
    damage: Option<Spanned<f64>>,
    #[serde(default)]
    carried: Vec<String>,
    root: Spanned<Written>,
    #[serde(default)]
    shapes: BTreeMap<String, Spanned<Written>>,
}

fn two_seconds() -> u64 {
    2_000
}

/// A shape as it is written: a text, or a table that says which kind.
enum Written {
    Text(String),
    Table(Box<Table>),
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Table {
    weight: Option<u32>,
    of: Option<Spanned<Written>>,
    text: Option<String>,
    json: Option<String>,
    matching: Option<String>,
    repeat: Option<String>,
    times: Option<[usize; 2]>,
    integer: Option<[i64; 2]>,
    one: Option<Vec<Spanned<Written>>>,
    object: Option<BTreeMap<String, Spanned<Written>>>,
    array: Option<Spanned<Written>>,
    some: Option<Spanned<Written>>,
    between: Option<String>,
    length: Option<[usize; 2]>,
    chain: Option<Vec<Spanned<Written>>>,
    spelled: Option<Spanned<Written>>,
    join: Option<Vec<Spanned<Written>>>,
    damaged: Option<Spanned<Written>>,
    share: Option<f64>,
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Written, D::Error> {
        struct Shapes;
        impl<'de> Visitor<'de> for Shapes {
            type Value = Written;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, `$name`, or a table with the shape's kind")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Written, E> {
                Ok(Written::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Written, A::Error> {
                let table = Table::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(Written::Table(Box::new(table)))
            }
        }
        deserializer.deserialize_any(Shapes)
    }
}

/// Reads a `generate.toml`.
///
/// # Errors
///
/// Anything wrong in it, with its place.
pub(super) fn read(source: &Source) -> Result<Generator, Error> {
    let written: WrittenFile = source.parse()?;
    if written.transport == Transport::Files {
        let at = source.text.find("\"files\"").unwrap_or(0);
        return Err(source.error(
            at..at + 7,
            "inputs cannot be made for the file transport",
            "starts a process for every input",
            Some("`line` and `http` are possible".to_owned()),
        ));
    }
    let damage = match &written.damage {
        None => 0.0,
        Some(share) if (0.0..=1.0).contains(share.get_ref()) => *share.get_ref(),
        Some(share) => {
            return Err(source.error(
                share.span(),
                "`damage` is a share of the inputs",
                "not between 0 and 1",
                None,
            ));
        }
    };
    let clean = clean(source, &written)?;
    let mut reader = Reader {
        source,
        shapes: &written.shapes,
        done: BTreeMap::new(),
        open: Vec::new(),
    };
    let root = reader.shape(&written.root)?;
    for (name, shape) in &written.shapes {
        if !reader.done.contains_key(name) {
            return Err(source.error(
                shape.span(),
                format!("no input ever has the shape `{name}`"),
                "not used",
                Some("name it where it belongs, or delete it".to_owned()),
            ));
        }
    }
    Ok(Generator {
        transport: written.transport,
        at_most: written.at_most,
        steps: written.steps,
        clean,
        timeout: Duration::from_millis(written.timeout_ms),
        damage,
        carried: written.carried,
        root,
    })
}

/// The requests before each input; only one over HTTP can be requests.
fn clean(source: &Source, written: &WrittenFile) -> Result<Vec<CaseStep>, Error> {
    if written.steps && written.transport != Transport::Http {
        let at = source.text.find("steps").unwrap_or(0);
        return Err(source.error(
            at..at + "steps".len(),
            format!("`{}` has no requests", written.transport),
            "only over `http`",
            None,
        ));
    }
    let read = |text: &Spanned<String>| {
        let step = steps::plain(text.get_ref()).filter(|_| written.steps);
        step.ok_or_else(|| {
            source.error(
                text.span(),
                "`clean` is requests before inputs that are requests, too",
                "not one",
                Some("they are written `DELETE /v1/things/a`, beside `steps = true`".to_owned()),
            )
        })
    };
    written.clean.iter().map(read).collect()
}

struct Reader<'a> {
    source: &'a Source,
    shapes: &'a BTreeMap<String, Spanned<Written>>,
    done: BTreeMap<String, Arc<Shape>>,
    /// The names that are being read, for finding one that is made of itself.
    open: Vec<String>,
}

impl Reader<'_> {
    fn shape(&mut self, written: &Spanned<Written>) -> Result<Arc<Shape>, Error> {
        match written.get_ref() {
            Written::Text(text) => match text.strip_prefix('$') {
                Some(rest) if rest.starts_with('$') => Ok(Arc::new(Shape::Text(rest.to_owned()))),
                Some(name) => self.named(name, written),
                None => Ok(Arc::new(Shape::Text(text.clone()))),
            },
            Written::Table(table) => self.table(table, written),
        }
    }

    fn named(&mut self, name: &str, at: &Spanned<Written>) -> Result<Arc<Shape>, Error> {
        if let Some(shape) = self.done.get(name) {
            return Ok(Arc::clone(shape));
        }
        let Some(written) = self.shapes.get(name) else {
            if let Some((_, built)) = BUILT.iter().find(|(known, _)| *known == name) {
                return Ok(Arc::new(Shape::Built(*built)));
            }
            let known: Vec<&str> = self
                .shapes
                .keys()
                .map(String::as_str)
                .chain(BUILT.iter().map(|(name, _)| *name))
                .collect();
            return Err(self.source.error(
                at.span(),
                format!("unknown shape `{name}`"),
                "no shape has this name",
                Some(format!(
                    "known are {}; a text that begins with `$` is written with two",
                    lakehouse_rig::error::quoted(&known)
                )),
            ));
        };
        if self.open.iter().any(|open| open == name) {
            return Err(self.source.error(
                at.span(),
                format!("the shape `{name}` is made of itself"),
                "back to where it began",
                Some("`$any` makes values that nest".to_owned()),
            ));
        }
        self.open.push(name.to_owned());
        let shape = self.shape(written)?;
        self.open.pop();
        self.done.insert(name.to_owned(), Arc::clone(&shape));
        Ok(shape)
    }

    fn table(&mut self, table: &Table, at: &Spanned<Written>) -> Result<Arc<Shape>, Error> {
        let kinds = [
            table.of.is_some(),
            table.text.is_some(),
            table.json.is_some(),
            table.matching.is_some(),
            table.repeat.is_some(),
            table.integer.is_some(),
            table.one.is_some(),
            table.object.is_some(),
            table.array.is_some(),
            table.some.is_some(),
            table.chain.is_some(),
            table.spelled.is_some(),
            table.join.is_some(),
            table.damaged.is_some(),
        ];
        if kinds.iter().filter(|has| **has).count() != 1 {
            return Err(self.wrong(
                at,
                "a shape is of exactly one kind",
                "one of `text`, `json`, `matching`, `repeat`, `integer`, `one`, `object`, `array`, `some`, `chain`, `spelled`, `join`, `damaged`, `of`",
            ));
        }
        self.check_ranges(table, at)?;
        if let Some(of) = &table.of {
            return self.shape(of);
        }
        let all = |reader: &mut Self, list: &[Spanned<Written>]| {
            list.iter()
                .map(|one| reader.shape(one))
                .collect::<Result<Vec<_>, _>>()
        };
        let length = table.length.unwrap_or([0, 3]);
        let shape = if let Some(text) = &table.text {
            Shape::Text(text.clone())
        } else if let Some(json) = &table.json {
            Shape::Json(json.clone())
        } else if let Some(pattern) = &table.matching {
            let made = string_regex(pattern)
                .map_err(|error| self.wrong(at, &format!("`{pattern}`: {error}"), ""))?;
            Shape::Matching(Box::new(made))
        } else if let Some(text) = &table.repeat {
            Shape::Repeat(text.clone(), table.times.unwrap_or([1, 1]))
        } else if let Some(range) = table.integer {
            Shape::Integer(range)
        } else if let Some(list) = &table.one {
            let mut choices = Vec::new();
            for one in list {
                let weight = match one.get_ref() {
                    Written::Table(table) => table.weight.unwrap_or(1),
                    Written::Text(_) => 1,
                };
                choices.push((weight, self.shape(one)?));
            }
            if choices.iter().all(|(weight, _)| *weight == 0) {
                return Err(self.wrong(at, "there is nothing to choose from", ""));
            }
            Shape::One(choices)
        } else if let Some(members) = &table.object {
            let mut all = Vec::new();
            for (name, shape) in members {
                let required = name.strip_suffix('?');
                let plain = required.unwrap_or(name).to_owned();
                all.push((plain, required.is_some(), self.shape(shape)?));
            }
            Shape::Object(all)
        } else if let Some(element) = &table.array {
            Shape::Array(self.shape(element)?, length)
        } else if let Some(text) = &table.some {
            let between = table.between.clone().unwrap_or_default();
            Shape::Some(self.shape(text)?, length, between)
        } else if let Some(list) = &table.chain {
            Shape::Chain(all(self, list)?)
        } else if let Some(inner) = &table.spelled {
            Shape::Spelled(self.shape(inner)?)
        } else if let Some(list) = &table.join {
            Shape::Join(all(self, list)?)
        } else if let Some(inner) = &table.damaged {
            Shape::Damaged(self.shape(inner)?, table.share.unwrap_or(1.0))
        } else {
            return Err(self.wrong(at, "a shape is of exactly one kind", ""));
        };
        Ok(Arc::new(shape))
    }

    fn check_ranges(&self, table: &Table, at: &Spanned<Written>) -> Result<(), Error> {
        let backwards = [table.times, table.length]
            .iter()
            .flatten()
            .any(|range| range[0] > range[1])
            || table.integer.is_some_and(|range| range[0] > range[1]);
        if backwards {
            return Err(self.wrong(at, "a range ends before it begins", ""));
        }
        if table
            .share
            .is_some_and(|share| !(0.0..=1.0).contains(&share))
        {
            return Err(self.wrong(at, "`share` is not between 0 and 1", ""));
        }
        let stray = [
            (
                table.times.is_some() && table.repeat.is_none(),
                "`times` goes with `repeat`",
            ),
            (
                table.length.is_some() && table.array.is_none() && table.some.is_none(),
                "`length` goes with `array` and `some`",
            ),
            (
                table.between.is_some() && table.some.is_none(),
                "`between` goes with `some`",
            ),
            (
                table.share.is_some() && table.damaged.is_none(),
                "`share` goes with `damaged`",
            ),
        ];
        match stray.iter().find(|(is, _)| *is) {
            Some((_, what)) => Err(self.wrong(at, what, "")),
            None => Ok(()),
        }
    }

    fn wrong(&self, at: &Spanned<Written>, message: &str, help: &str) -> Error {
        let help = (!help.is_empty()).then(|| help.to_owned());
        self.source.error(at.span(), message, "this shape", help)
    }
}
