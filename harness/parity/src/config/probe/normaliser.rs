//! `[[normalise]]`: reads a normaliser and checks that it can apply.

use lakehouse_rig::error::Error;
use lakehouse_rig::source::{Source, Spanned};

use super::query;
use super::written::WrittenNormaliser;
use crate::comparators::files::Files;
use crate::comparators::{Compare, Form};
use crate::normalise::{Check, Normaliser, Part};

pub(super) fn read(
    source: &Source,
    entry: &Spanned<WrittenNormaliser>,
    compare: &Compare,
) -> Result<Normaliser, Error> {
    let written = entry.get_ref();
    let on = &written.on;
    let Some(part) = Part::read(on.get_ref()) else {
        return Err(source.error(
            on.span(),
            format!("`{}` cannot be normalised", on.get_ref()),
            "unknown part",
            Some("use `body`, `file`, `upstream`, `header:NAME` or `trailer:NAME`".to_owned()),
        ));
    };
    let as_json = match part {
        Part::Body => compare.body.form() == Form::Json,
        Part::File => compare.files == Files::JsonlTree,
        Part::Upstream | Part::Header(_) | Part::Trailer(_) => true,
    };
    if !as_json {
        return Err(source.error(
            on.span(),
            format!(
                "`{}` is not compared as JSON, so it cannot be normalised",
                on.get_ref()
            ),
            "this part",
            None,
        ));
    }
    let path = match (&part, &written.path) {
        (Part::Header(_) | Part::Trailer(_), None) if written.begins.is_some() => {
            return Err(source.error(
                on.span(),
                "a normaliser of a header has no `begins`",
                "this part",
                None,
            ));
        }
        (Part::Header(_) | Part::Trailer(_), None) => None,
        (Part::Header(_) | Part::Trailer(_), Some(path)) => {
            return Err(source.error(
                path.span(),
                "a normaliser of a header has no `path`",
                "this path",
                None,
            ));
        }
        (_, Some(path)) => Some(query(source, path)?),
        (_, None) => {
            return Err(source.error(
                on.span(),
                "a normaliser needs a `path`",
                "this part",
                Some("write a JSON path such as `$.elapsed_ms`".to_owned()),
            ));
        }
    };
    let Some(check) = Check::read(written.must_be.get_ref()) else {
        return Err(source.error(
            written.must_be.span(),
            format!("`{}` is not a check", written.must_be.get_ref()),
            "unknown check",
            Some(format!("use one of {}", Check::list())),
        ));
    };
    let span = source.entry(entry.span());
    Ok(Normaliser {
        part,
        path,
        begins: written.begins.clone(),
        check,
        action: written.action,
        reason: written.reason.clone(),
        file: source.name.clone(),
        line: source.line(span.start),
        text: source.text[span].to_owned(),
    })
}
