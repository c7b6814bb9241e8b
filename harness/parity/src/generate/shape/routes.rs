//! The routes of requests: differences on all paths of a route are one finding.
//!
//! A probe declares routes in `[coverage]`. For other paths they are derived from the shapes of
//! `send`: a segment of which a part is generated, or that contains `{case}`, is a parameter.

mod form;

use std::collections::BTreeSet;

use super::Shape;
use crate::generate::steps;
use form::Form;

/// A parameter of a derived route.
const PARAMETER: &str = "{any}";

/// The routes that the shapes of a surface have.
#[derive(Debug, Default)]
pub(in crate::generate) struct Routes {
    derived: Vec<Route>,
    /// Whether some shape of `send` has no path to derive a route from.
    is_incomplete: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Route {
    parameters: usize,
    path: String,
    /// None for all methods.
    method: Option<String>,
}

impl Routes {
    /// Derives the routes of all requests in inputs of this shape.
    pub(super) fn derive(root: &Shape) -> Routes {
        let mut shapes = Vec::new();
        sends(root, &mut shapes);
        let forms: BTreeSet<Form> = shapes.into_iter().flat_map(form::of).collect();
        let routes: Vec<Option<Route>> = forms.iter().map(route).collect();
        let is_incomplete = routes.iter().any(Option::is_none);
        let mut derived: Vec<Route> = routes.into_iter().flatten().collect();
        derived.sort();
        derived.dedup();
        Routes {
            derived,
            is_incomplete,
        }
    }

    pub(in crate::generate) fn is_incomplete(&self) -> bool {
        self.is_incomplete
    }

    /// The method and route of a request: the first declared route that fits, or the derived one
    /// with the fewest parameters. All other paths are one route.
    pub(in crate::generate) fn of(
        &self,
        declared: &[String],
        method: &str,
        target: &str,
    ) -> String {
        let path = target.split_once('?').map_or(target, |(path, _)| path);
        let segments: Vec<&str> = path.split('/').collect();
        let derived = self.derived.iter().filter(|route| {
            let own = route.method.as_deref();
            own.is_none_or(|own| own == method)
        });
        let derived: Vec<&str> = derived.map(|route| route.path.as_str()).collect();
        let declared = declared.iter().map(String::as_str);
        let exact = declared.chain(derived.iter().copied());
        let route = first(exact, &segments, false)
            .or_else(|| first(derived.iter().copied(), &segments, true))
            .map_or_else(|| format!("/{PARAMETER}"), str::to_owned);
        let method = if steps::is_standard(method) {
            method
        } else {
            "{method}"
        };
        format!("{method} {route}")
    }
}

/// The first of these routes that the path has.
fn first<'a>(
    mut routes: impl Iterator<Item = &'a str>,
    path: &[&str],
    spans: bool,
) -> Option<&'a str> {
    routes.find(|route| fits(&route.split('/').collect::<Vec<_>>(), path, spans))
}

/// The shapes of `send` in an input.
fn sends<'a>(shape: &'a Shape, out: &mut Vec<&'a Shape>) {
    match shape {
        Shape::Object(members) => {
            let sends = members.iter().filter(|member| member.name == "send");
            out.extend(sends.map(|member| &*member.shape));
        }
        Shape::Array(inner, _) | Shape::Damaged(inner, _) => sends(inner, out),
        Shape::Chain(pieces) => pieces.iter().for_each(|piece| sends(piece, out)),
        Shape::One(choices) => choices.iter().for_each(|(_, choice)| sends(choice, out)),
        _ => {}
    }
}

/// The route of a `send`; none when its path is generated as a whole.
fn route(form: &Form) -> Option<Route> {
    let send = form.text();
    let (method, target) = send.split_once(' ')?;
    let path = target.split_once('?').map_or(target, |(path, _)| path);
    let mut parameters = 0;
    let segments: Vec<String> = path
        .strip_prefix('/')?
        .split('/')
        .map(|segment| {
            if segment.contains(form::GENERATED) || segment.contains("{case}") {
                parameters += 1;
                return PARAMETER.to_owned();
            }
            steps::encoded(segment)
        })
        .collect();
    Some(Route {
        method: (!method.contains(form::GENERATED)).then(|| method.to_owned()),
        path: format!("/{}", segments.join("/")),
        parameters,
    })
}

/// Whether a path belongs to a route, segment by segment. A parameter is not empty; with `spans`,
/// it can have several segments.
fn fits(route: &[&str], path: &[&str], spans: bool) -> bool {
    let Some((name, names)) = route.split_first() else {
        return path.is_empty();
    };
    let Some((segment, segments)) = path.split_first() else {
        return false;
    };
    if !(name.starts_with('{') && name.ends_with('}')) {
        return name == segment && fits(names, segments, spans);
    }
    let longest = if spans { path.len() } else { 1 };
    (1..=longest).any(|length| {
        let (own, rest) = path.split_at(length);
        own.iter().any(|segment| !segment.is_empty()) && fits(names, rest, spans)
    })
}

#[cfg(test)]
mod tests {
    use lakehouse_rig::source::Source;

    use super::Routes;
    use crate::generate::shape;

    fn routes(sends: &str) -> Routes {
        let source = Source {
            name: "generate.toml".to_owned(),
            text: format!(
                "transport = \"http\"\nsteps = true\nroot = {{ one = [{{ array = {{ object = {{ send = {{ one = [{sends}] }}, \"body?\" = {{ object = {{ send = \"GET /no\" }} }} }} }} }}] }}\n"
            ),
        };
        match shape::read(&source) {
            Ok(generator) => generator.routes,
            Err(error) => panic!("{:?}", miette::Report::new(error)),
        }
    }

    fn shown(sends: &str) -> Vec<String> {
        let routes = routes(sends).derived.into_iter();
        routes
            .map(|route| format!("{} {}", route.method.unwrap_or_default(), route.path))
            .collect()
    }

    #[test]
    fn generated_segments_are_parameters() {
        for (sends, expected) in [
            (r#""GET /a b?x=/y""#, &["GET /a%20b"][..]),
            (r#""GET /{case}-b/x", "GET /""#, &["GET /", "GET /{any}/x"]),
            (
                r#"{ join = [{ one = ["GET", "PUT"] }, " /a/", { one = ["b", "c"] }, "/d"] }"#,
                &["GET /a/{any}/d", "PUT /a/{any}/d"],
            ),
            (
                r#"{ join = ["GET /", { one = ["a/", "b/c/"] }, { matching = "[0-9]{3}" }] }"#,
                &["GET /a/{any}", "GET /b/c/{any}"],
            ),
            (
                r#"{ matching = "(GET|PUT) /x/[a-z]+-b/(y|z)" }"#,
                &["GET /x/{any}/{any}", "PUT /x/{any}/{any}"],
            ),
            (
                r#"{ join = [{ matching = "[A-Z]{3}" }, " /a?b=", "$chaos"] }"#,
                &[" /a"],
            ),
        ] {
            assert_eq!(shown(sends), expected, "{sends}");
            assert!(!routes(sends).is_incomplete(), "{sends}");
        }
        for sends in [
            "\"$chaos\"",
            "{ join = [\"GET \", \"$chaos\"] }",
            "{ matching = \".*\" }",
        ] {
            assert!(shown(sends).is_empty(), "{sends}");
            assert!(routes(sends).is_incomplete(), "{sends}");
        }
    }

    #[test]
    fn requests_have_the_most_specific_route() {
        let routes = routes(
            r#""GET /a/b", { join = ["GET /a/", "$chaos"] }, { join = ["$chaos", " /c/", "$chaos", "/d"] }"#,
        );
        let declared = ["/x/{id}".to_owned(), "/x/{id}/y".to_owned()];
        for (method, target, expected) in [
            ("GET", "/a/b?c", "GET /a/b"),
            ("GET", "/a/b%2F", "GET /a/{any}"),
            ("GET", "/a/b/c", "GET /a/{any}"),
            ("GET", "/a/", "GET /{any}"),
            ("PUT", "/a/b", "PUT /{any}"),
            ("BREW", "/c/1/2/d", "{method} /c/{any}/d"),
            ("GET", "/x/1/y", "GET /x/{id}/y"),
            ("GET", "/x/", "GET /{any}"),
        ] {
            assert_eq!(
                routes.of(&declared, method, target),
                expected,
                "{method} {target}"
            );
        }
    }
}
