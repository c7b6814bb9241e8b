//! Damage to headers and trailers.

use crate::comparators::damage::{Change, Damage};
use crate::difference::DifferenceKind as Kind;
use crate::observation::{Headers, Step, value_text};

/// A name that no header or trailer has.
const UNKNOWN: &str = "x-mutant";

/// The damage to the headers or to the trailers.
struct Damages {
    part: &'static str,
    changed: Damage,
    dropped: Damage,
    added: Damage,
    swapped: Damage,
}

const OF_HEADERS: Damages = Damages {
    part: "header",
    changed: Damage::new("header changed", &[Kind::Header]).keeping_size(),
    dropped: Damage::new("header dropped", &[Kind::Header]),
    added: Damage::new("header added", &[Kind::Header]),
    swapped: Damage::new("headers swapped", &[Kind::Header]),
};
const OF_TRAILERS: Damages = Damages {
    part: "trailer",
    changed: Damage::new("trailer changed", &[Kind::Header]).keeping_size(),
    dropped: Damage::new("trailer dropped", &[Kind::Header]),
    added: Damage::new("trailer added", &[Kind::Header]),
    swapped: Damage::new("trailers swapped", &[Kind::Header]),
};

/// Damage to one value of a header or trailer.
#[derive(Debug, Clone)]
pub(super) struct HeaderSite {
    pub(super) damage: Damage,
    is_trailer: bool,
    name: String,
    /// Index of the value.
    index: usize,
}

/// All damage to the headers and trailers of an answer.
pub(super) fn sites(step: &Step, observed: &[String]) -> Vec<HeaderSite> {
    let mut sites = Vec::new();
    if step.status.is_none() {
        return sites;
    }
    for is_trailer in [false, true] {
        let (damages, headers) = match is_trailer {
            false => (&OF_HEADERS, &step.headers),
            true => (&OF_TRAILERS, &step.trailers),
        };
        let mut add = |damage, name: &str, index| {
            sites.push(HeaderSite {
                damage,
                is_trailer,
                name: name.to_owned(),
                index,
            });
        };
        for (name, values) in headers {
            for (index, value) in values.iter().enumerate() {
                add(damages.changed, name, index);
                add(damages.dropped, name, index);
                if values.get(index + 1).is_some_and(|next| next != value) {
                    add(damages.swapped, name, index);
                }
            }
            add(damages.added, name, values.len());
        }
        // Only observed headers can be noticed, but all trailers.
        let absent = observed.iter().map(String::as_str);
        let absent = absent.filter(|name| !is_trailer && !headers.contains_key(*name));
        let unknown = Some(UNKNOWN).filter(|name| is_trailer && !headers.contains_key(*name));
        for name in absent.chain(unknown) {
            add(damages.added, name, 0);
        }
    }
    sites
}

impl HeaderSite {
    /// The path at which its damage is reported.
    pub(super) fn path(&self) -> String {
        let damages = match self.is_trailer {
            false => &OF_HEADERS,
            true => &OF_TRAILERS,
        };
        format!("{}:{}", damages.part, self.name)
    }
}

/// Damages a header or trailer. Returns the part that changes as well.
pub(super) fn damage(site: &HeaderSite, step: &mut Step) -> Option<(String, Change)> {
    let (damages, headers) = match site.is_trailer {
        false => (&OF_HEADERS, &mut step.headers),
        true => (&OF_TRAILERS, &mut step.trailers),
    };
    let old = shown(headers, &site.name);
    let mut values = headers.remove(&site.name).unwrap_or_default();
    if site.damage == damages.added {
        values.push(b"mutant".to_vec());
    } else if site.damage == damages.dropped {
        values.remove(site.index);
    } else if site.damage == damages.swapped {
        values.swap(site.index, site.index + 1);
    } else {
        let value = values.get_mut(site.index)?;
        match value.pop() {
            Some(b'x') => value.push(b'y'),
            _ => value.push(b'x'),
        }
    }
    if !values.is_empty() {
        headers.insert(site.name.clone(), values);
    }
    let summary = format!("{old} -> {}", shown(headers, &site.name));
    let part = site.path();
    Some((part.clone(), Change::new(vec![part], summary)))
}

fn shown(headers: &Headers, name: &str) -> String {
    match headers.get(name) {
        None => "nothing".to_owned(),
        Some(values) => {
            let values: Vec<_> = values.iter().map(|value| value_text(value)).collect();
            values.join(" | ")
        }
    }
}
