//! What is understood as conditions on the metadata of documents (`matrix_search.md`, "Conditions").

use std::ops::Bound;
use std::sync::LazyLock;

use lakehouse_understand::{
    Availability, Bounds as Limits, Certificate, Place, Role, Shift, Understanding,
};
use lakehouse_vector::{Bounds, Filter, Metadata, Scalar};

/// The members that make a document a profile.
const PROFILE: [&str; 3] = ["role", "city", "state"];

static NOTES: LazyLock<Filter> = LazyLock::new(|| {
    let is_null = |field: &str| Filter::IsNull {
        field: field.into(),
    };
    Filter::And(PROFILE.map(is_null).into())
});

/// Passes documents that are no profiles.
pub(super) fn notes() -> Filter {
    NOTES.clone()
}

/// Whether a document is no profile.
pub(super) fn is_note(metadata: &Metadata) -> bool {
    NOTES.passes(metadata)
}

/// Passes profiles that meet all conditions, and notes; `None` if there are no conditions.
pub(super) fn conditions(understood: &Understanding) -> Option<Filter> {
    let mut all = Vec::new();
    if !understood.places.is_empty() {
        all.push(in_places(&understood.places));
    }
    if !understood.not_places.is_empty() {
        all.push(not(in_places(&understood.not_places)));
    }
    let unwanted = understood.not_roles.iter().flat_map(|role| &role.values);
    let unwanted: Vec<_> = unwanted.map(|value| text(value)).collect();
    if !unwanted.is_empty() {
        all.push(not(is_one_of("role", unwanted)));
    }
    let holds = |certificate: &Certificate| is(&certificate.field, Scalar::Bool(true));
    all.extend(understood.certificates.iter().map(holds));
    all.extend(understood.not_certificates.iter().map(holds).map(not));
    all.extend(understood.not_shifts.iter().map(has_shift).map(not));
    all.extend(
        understood
            .years
            .as_ref()
            .map(|years| within("years", years)),
    );
    all.extend(understood.pay.as_ref().map(|pay| within("rate", pay)));
    let unavailable = ["available", "active"].map(|field| is(field, Scalar::Bool(false)));
    match understood.availability {
        Availability::Available => all.extend(unavailable.map(not)),
        Availability::Unavailable => all.push(Filter::Or(unavailable.into())),
        Availability::Any => {}
    }
    (!all.is_empty()).then(|| Filter::Or(vec![Filter::And(all), notes()]))
}

/// Passes documents whose `field` is a value of one of the roles.
pub(super) fn has_role<'r>(field: &str, roles: impl IntoIterator<Item = &'r Role>) -> Filter {
    let values = roles.into_iter().flat_map(|role| &role.values);
    is_one_of(field, values.map(|value| text(value)).collect())
}

/// Passes documents whose `role` is one of the values.
pub(super) fn is_role(values: &[String]) -> Filter {
    is_one_of("role", values.iter().map(|value| text(value)).collect())
}

/// Passes documents with one of the shifts.
pub(super) fn has_any_shift(shifts: &[Shift]) -> Filter {
    Filter::Or(shifts.iter().map(has_shift).collect())
}

/// Passes documents in one of the places.
fn in_places(places: &[Place]) -> Filter {
    Filter::Or(places.iter().map(in_place).collect())
}

/// Passes documents in the place.
pub(super) fn in_place(place: &Place) -> Filter {
    let values = place.values.iter().map(|value| {
        let city = value.city.as_ref().map(|city| is("city", text(city)));
        let state = value.state.as_ref().map(|state| is("state", text(state)));
        Filter::And(city.into_iter().chain(state).collect())
    });
    Filter::Or(values.collect())
}

pub(super) fn is_one_of(field: &str, values: Vec<Scalar>) -> Filter {
    Filter::In {
        field: field.into(),
        values,
    }
}

pub(super) fn text(text: &str) -> Scalar {
    Scalar::Text(text.into())
}

fn not(filter: Filter) -> Filter {
    Filter::Not(Box::new(filter))
}

fn has_shift(shift: &Shift) -> Filter {
    let named = is("shift", text(&shift.shift));
    if shift.shift == "weekends" {
        return Filter::Or(vec![named, is("weekends", Scalar::Bool(true))]);
    }
    named
}

fn is(field: &str, value: Scalar) -> Filter {
    Filter::Eq {
        field: field.into(),
        value,
    }
}

/// Passes documents whose number is within the limits, or not known.
fn within(field: &str, limits: &Limits) -> Filter {
    let lower = match (&limits.least, &limits.above) {
        (Some(least), _) => Bound::Included(least.value()),
        (None, Some(above)) => Bound::Excluded(above.value()),
        (None, None) => Bound::Unbounded,
    };
    let upper = match (&limits.most, &limits.below) {
        (Some(most), _) => Bound::Included(most.value()),
        (None, Some(below)) => Bound::Excluded(below.value()),
        (None, None) => Bound::Unbounded,
    };
    let range = Filter::Range {
        field: field.into(),
        bounds: Bounds::Numbers(lower, upper),
    };
    let is_null = Filter::IsNull {
        field: field.into(),
    };
    Filter::Or(vec![range, is_null])
}
