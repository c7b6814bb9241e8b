//! What a text asks for, as the wire has it.

use lakehouse_matrix::{Person, PersonBy, Understood};
use lakehouse_understand::{
    Availability, Bounds, Certificate, How, Nobody, Number, Place, Role, Shift, Understanding, What,
};
use lakehouse_wire::{Count, Nullable, matrix::understood as wire};

pub(super) fn understood(understood: &Understood) -> wire::Understood<'_> {
    wire::Understood {
        person: Nullable(understood.person.as_ref().map(person)),
        understanding: understanding(&understood.understanding),
    }
}

fn person(person: &Person) -> wire::Person<'_> {
    wire::Person {
        by: match person.by {
            PersonBy::Id => wire::PersonBy::Id,
            PersonBy::Email => wire::PersonBy::Email,
            PersonBy::Phone => wire::PersonBy::Phone,
            PersonBy::Name => wire::PersonBy::Name,
        },
        text: &person.text,
    }
}

pub(in crate::services::matrix) fn understanding(found: &Understanding) -> wire::Understanding<'_> {
    wire::Understanding {
        roles: all(&found.roles, role),
        related: texts(&found.related),
        places: all(&found.places, place),
        shifts: all(&found.shifts, shift),
        certificates: all(&found.certificates, certificate),
        not: wire::Unwanted {
            roles: all(&found.not_roles, role),
            places: all(&found.not_places, place),
            shifts: all(&found.not_shifts, shift),
            certificates: all(&found.not_certificates, certificate),
        },
        count: Nullable(found.count.map(Count::clamped)),
        years: Nullable(found.years.as_ref().map(bounds)),
        pay: Nullable(found.pay.as_ref().map(bounds)),
        dates: texts(&found.dates),
        times: texts(&found.times),
        client: Nullable(found.client.as_deref()),
        availability: match found.availability {
            Availability::Available => wire::Availability::Available,
            Availability::Unavailable => wire::Availability::Unavailable,
            Availability::Any => wire::Availability::Any,
        },
        rest: texts(&found.rest),
        nobody: all(&found.nobody, nobody),
    }
}

fn all<'f, T, W>(found: &'f [T], one: impl Fn(&'f T) -> W) -> Vec<W> {
    found.iter().map(one).collect()
}

fn texts(texts: &[String]) -> Vec<&str> {
    all(texts, String::as_str)
}

fn role(role: &Role) -> wire::Role<'_> {
    wire::Role {
        role: &role.role,
        text: &role.text,
        how: named_by(role.how),
        values: texts(&role.values),
    }
}

fn place(place: &Place) -> wire::Place<'_> {
    wire::Place {
        city: Nullable(place.city.as_deref()),
        state: Nullable(place.state.as_deref()),
        text: &place.text,
        how: named_by(place.how),
        known: place.is_known(),
    }
}

fn shift(shift: &Shift) -> wire::Shift<'_> {
    wire::Shift {
        shift: &shift.shift,
        text: &shift.text,
    }
}

fn certificate(certificate: &Certificate) -> wire::Certificate<'_> {
    wire::Certificate {
        certificate: &certificate.certificate,
        field: &certificate.field,
        text: &certificate.text,
    }
}

fn named_by(how: How) -> wire::NamedBy {
    match how {
        How::Name => wire::NamedBy::Name,
        How::Synonym => wire::NamedBy::Synonym,
        How::Hint => wire::NamedBy::Hint,
        How::Code => wire::NamedBy::Code,
        How::Nickname => wire::NamedBy::Nickname,
        How::Spelling => wire::NamedBy::Spelling,
        How::Unknown => wire::NamedBy::Unknown,
    }
}

fn bounds(bounds: &Bounds) -> wire::NumberBounds<'_> {
    wire::NumberBounds {
        least: number(bounds.least.as_ref()),
        above: number(bounds.above.as_ref()),
        most: number(bounds.most.as_ref()),
        below: number(bounds.below.as_ref()),
    }
}

fn number(number: Option<&Number>) -> Nullable<wire::NamedNumber<'_>> {
    Nullable(number.map(|number| wire::NamedNumber::carried_over(number.as_str())))
}

fn nobody(nobody: &Nobody) -> wire::Nobody<'_> {
    wire::Nobody {
        what: match nobody.what {
            What::Role => wire::NobodyHas::Role,
            What::Place => wire::NobodyHas::Place,
            What::Together => wire::NobodyHas::Together,
            What::Shift => wire::NobodyHas::Shift,
            What::Text => wire::NobodyHas::Text,
            What::Person => wire::NobodyHas::Person,
        },
        text: &nobody.text,
        nearest: texts(&nobody.nearest),
    }
}
