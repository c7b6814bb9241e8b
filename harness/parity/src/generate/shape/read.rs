//! Reads and checks `generate.toml`.

mod written;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lakehouse_rig::error::{Error, suggestion};
use lakehouse_rig::implementation::Transport;
use lakehouse_rig::source::{Source, Spanned};

use super::routes::Routes;
use super::{BUILTINS, Generator, Member, Shape};
use crate::config::CaseStep;
use crate::generate::class::Classes;
use crate::generate::steps;
pub(crate) use written::schema;
use written::{Table, Written, WrittenClass, WrittenFile};

/// The maximum count for `*`, `+` and `{n,}` in a pattern, beyond their minimum.
const MAX_REPEAT: u32 = 32;

/// Reads a `generate.toml`.
///
/// # Errors
///
/// Any mistake in it, with its place.
pub(in crate::generate) fn read(source: &Source) -> Result<Generator, Error> {
    let written: WrittenFile = source.parse()?;
    if written.transport == Transport::Files {
        let at = source.text.find("\"files\"").unwrap_or(0);
        return Err(source.error(
            at..at + "\"files\"".len(),
            "inputs cannot be generated for the `files` transport",
            "it would start a process for every input",
            Some("use `line` or `http`".to_owned()),
        ));
    }
    let damage = damage(source, &written)?;
    let clean = clean(source, &written)?;
    let classes = classes(source, &written)?;
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
                format!("the shape `{name}` is not used"),
                "not used",
                Some("use it or delete it".to_owned()),
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
        classes,
        routes: Routes::derive(&root),
        root,
    })
}

fn damage(source: &Source, written: &WrittenFile) -> Result<f64, Error> {
    match &written.damage {
        None => Ok(0.0),
        Some(share) if (0.0..=1.0).contains(share.get_ref()) => Ok(*share.get_ref()),
        Some(share) => Err(source.error(
            share.span(),
            "`damage` must be a share of the inputs, from 0 to 1",
            "not between 0 and 1",
            None,
        )),
    }
}

/// Reads `clean`, which requires `steps`, which requires `http`.
fn clean(source: &Source, written: &WrittenFile) -> Result<Vec<CaseStep>, Error> {
    if written.steps && written.transport != Transport::Http {
        let at = source.text.find("steps").unwrap_or(0);
        return Err(source.error(
            at..at + "steps".len(),
            format!(
                "`steps` does not apply to the `{}` transport",
                written.transport
            ),
            "only for `http`",
            None,
        ));
    }
    let read = |text: &Spanned<String>| {
        let step = steps::without_body(text.get_ref()).filter(|_| written.steps);
        step.ok_or_else(|| {
            source.error(
                text.span(),
                "`clean` lists requests for inputs that are sequences of requests",
                "not a request, or `steps` is not set",
                Some("write requests as `DELETE /v1/things/a`, and set `steps = true`".to_owned()),
            )
        })
    };
    written.clean.iter().map(read).collect()
}

/// Reads `class`. A request is only part of an input over `http`.
fn classes(source: &Source, written: &WrittenFile) -> Result<Classes, Error> {
    let Some(class) = &written.class else {
        return Ok(Classes::default());
    };
    let texts = match class.get_ref() {
        WrittenClass::One(text) => std::slice::from_ref(text),
        WrittenClass::Several(texts) => texts,
    };
    let names_request = |text: &String| matches!(text.as_str(), "method" | "path");
    let classes = Classes::read(texts.iter().map(String::as_str));
    match classes {
        Ok(classes) if written.steps || !texts.iter().any(names_request) => Ok(classes),
        Ok(_) => Err(source.error(
            class.span(),
            "`method` and `path` are classes of inputs that are sequences of requests",
            "the inputs have no requests of their own",
            Some("set `steps = true`, or write a JSON path into the input, such as `$.args`".to_owned()),
        )),
        Err(error) => Err(source.error(
            class.span(),
            error.to_string(),
            "not a class of inputs",
            Some("write a JSON path into the input, such as `$.args`, or `method`, `path` or `status`".to_owned()),
        )),
    }
}

struct Reader<'a> {
    source: &'a Source,
    shapes: &'a BTreeMap<String, Spanned<Written>>,
    done: BTreeMap<String, Arc<Shape>>,
    /// The names that are being read, which a shape must not name.
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

    fn shapes(&mut self, list: &[Spanned<Written>]) -> Result<Vec<Arc<Shape>>, Error> {
        list.iter().map(|one| self.shape(one)).collect()
    }

    fn named(&mut self, name: &str, at: &Spanned<Written>) -> Result<Arc<Shape>, Error> {
        if let Some(shape) = self.done.get(name) {
            return Ok(Arc::clone(shape));
        }
        let Some(written) = self.shapes.get(name) else {
            return self.builtin(name, at);
        };
        if self.open.iter().any(|open| open == name) {
            return Err(self.source.error(
                at.span(),
                format!("the shape `{name}` contains itself"),
                "the cycle closes here",
                Some("`$any` makes nested values".to_owned()),
            ));
        }
        self.open.push(name.to_owned());
        let shape = self.shape(written)?;
        self.open.pop();
        self.done.insert(name.to_owned(), Arc::clone(&shape));
        Ok(shape)
    }

    fn builtin(&self, name: &str, at: &Spanned<Written>) -> Result<Arc<Shape>, Error> {
        if let Some((_, builtin)) = BUILTINS.iter().find(|(known, _)| *known == name) {
            return Ok(Arc::new(Shape::Builtin(*builtin)));
        }
        let own = self.shapes.keys().map(String::as_str);
        let known: Vec<&str> = own.chain(BUILTINS.iter().map(|(name, _)| *name)).collect();
        let names = suggestion(name, &known);
        let separator = if names.ends_with('?') { " or" } else { ";" };
        Err(self.source.error(
            at.span(),
            format!("unknown shape `{name}`"),
            "no shape has this name",
            Some(format!(
                "{names}{separator} write `$$` for a text that begins with `$`"
            )),
        ))
    }

    fn table(&mut self, table: &Table, at: &Spanned<Written>) -> Result<Arc<Shape>, Error> {
        self.check_kinds(table, at)?;
        self.check_ranges(table, at)?;
        self.check_companions(table, at)?;
        if let Some(of) = &table.of {
            return self.shape(of);
        }
        let length = table.length.unwrap_or([0, 3]);
        let shape = if let Some(text) = &table.text {
            Shape::Text(text.clone())
        } else if let Some(json) = &table.json {
            Shape::Json(json.clone())
        } else if let Some(pattern) = &table.matching {
            let regex = rand_regex::Regex::compile(pattern, MAX_REPEAT)
                .map_err(|error| self.wrong(at, &format!("`{pattern}`: {error}"), ""))?;
            Shape::Matching(Box::new(regex), pattern.clone())
        } else if let Some(text) = &table.repeat {
            Shape::Repeat(text.clone(), table.times.unwrap_or([1, 1]))
        } else if let Some(range) = table.integer {
            Shape::Integer(range)
        } else if let Some(list) = &table.one {
            Shape::One(self.choices(list, at)?)
        } else if let Some(members) = &table.object {
            Shape::Object(self.members(members)?)
        } else if let Some(element) = &table.array {
            Shape::Array(self.shape(element)?, length)
        } else if let Some(text) = &table.some {
            let separator = table.between.clone().unwrap_or_default();
            Shape::Some(self.shape(text)?, length, separator)
        } else if let Some(list) = &table.chain {
            Shape::Chain(self.shapes(list)?)
        } else if let Some(inner) = &table.spelled {
            Shape::Spelled(self.shape(inner)?)
        } else if let Some(list) = &table.join {
            Shape::Join(self.shapes(list)?)
        } else if let Some(inner) = &table.damaged {
            Shape::Damaged(self.shape(inner)?, table.share.unwrap_or(1.0))
        } else {
            return Err(self.wrong(at, "a shape must have exactly one kind", ""));
        };
        Ok(Arc::new(shape))
    }

    fn choices(
        &mut self,
        list: &[Spanned<Written>],
        at: &Spanned<Written>,
    ) -> Result<Vec<(u32, Arc<Shape>)>, Error> {
        let mut choices = Vec::new();
        for one in list {
            let weight = match one.get_ref() {
                Written::Table(table) => table.weight.unwrap_or(1),
                Written::Text(_) => 1,
            };
            choices.push((weight, self.shape(one)?));
        }
        if choices.iter().all(|(weight, _)| *weight == 0) {
            return Err(self.wrong(at, "`one` needs a shape whose weight is not 0", ""));
        }
        Ok(choices)
    }

    fn members(
        &mut self,
        members: &BTreeMap<String, Spanned<Written>>,
    ) -> Result<Vec<Member>, Error> {
        let mut all = Vec::new();
        for (name, shape) in members {
            let optional = name.strip_suffix('?');
            all.push(Member {
                name: optional.unwrap_or(name).to_owned(),
                optional: optional.is_some(),
                shape: self.shape(shape)?,
            });
        }
        Ok(all)
    }

    fn check_kinds(&self, table: &Table, at: &Spanned<Written>) -> Result<(), Error> {
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
        if kinds.iter().filter(|has| **has).count() == 1 {
            return Ok(());
        }
        Err(self.wrong(
            at,
            "a shape must have exactly one kind",
            "one of `text`, `json`, `matching`, `repeat`, `integer`, `one`, `object`, `array`, `some`, `chain`, `spelled`, `join`, `damaged`, `of`",
        ))
    }

    fn check_ranges(&self, table: &Table, at: &Spanned<Written>) -> Result<(), Error> {
        let is_reversed = [table.times, table.length]
            .iter()
            .flatten()
            .any(|range| range[0] > range[1])
            || table.integer.is_some_and(|range| range[0] > range[1]);
        if is_reversed {
            return Err(self.wrong(at, "the end of a range is below its start", ""));
        }
        if table
            .share
            .is_some_and(|share| !(0.0..=1.0).contains(&share))
        {
            return Err(self.wrong(at, "`share` must be from 0 to 1", ""));
        }
        Ok(())
    }

    /// Rejects keys that belong to a kind which the table does not have.
    fn check_companions(&self, table: &Table, at: &Spanned<Written>) -> Result<(), Error> {
        let misplaced = [
            (
                table.times.is_some() && table.repeat.is_none(),
                "`times` applies to `repeat` only",
            ),
            (
                table.length.is_some() && table.array.is_none() && table.some.is_none(),
                "`length` applies to `array` and `some` only",
            ),
            (
                table.between.is_some() && table.some.is_none(),
                "`between` applies to `some` only",
            ),
            (
                table.share.is_some() && table.damaged.is_none(),
                "`share` applies to `damaged` only",
            ),
        ];
        match misplaced.iter().find(|(is, _)| *is) {
            Some((_, message)) => Err(self.wrong(at, message, "")),
            None => Ok(()),
        }
    }

    fn wrong(&self, at: &Spanned<Written>, message: &str, help: &str) -> Error {
        let help = (!help.is_empty()).then(|| help.to_owned());
        self.source.error(at.span(), message, "this shape", help)
    }
}
