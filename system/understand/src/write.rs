//! An understanding as JSON (`docs/contract/understand.md`, "The answer").

use lakehouse_json::{ArrayWriter, ObjectWriter, push_string};

use crate::understanding::{
    Bounds, Certificate, Nobody, Number, Place, Role, Shift, Understanding,
};

impl Understanding {
    /// Appends the understanding as JSON.
    pub fn push_json(&self, out: &mut String) {
        let mut answer = ObjectWriter::new(out);
        answer
            .member("roles", |out| push_all(&self.roles, out, push_role))
            .member("related", |out| push_texts(&self.related, out))
            .member("places", |out| push_all(&self.places, out, push_place))
            .member("shifts", |out| push_all(&self.shifts, out, push_shift))
            .member("certificates", |out| {
                push_all(&self.certificates, out, push_certificate);
            })
            .member("not", |out| self.push_not(out))
            .raw("count", json_of(self.count.as_ref()))
            .member("years", |out| push_bounds(self.years.as_ref(), out))
            .member("pay", |out| push_bounds(self.pay.as_ref(), out))
            .member("dates", |out| push_texts(&self.dates, out))
            .member("times", |out| push_texts(&self.times, out))
            .optional_string("client", self.client.as_deref())
            .string("availability", self.availability.as_str())
            .member("rest", |out| push_texts(&self.rest, out))
            .member("nobody", |out| push_all(&self.nobody, out, push_nobody));
        answer.finish();
    }

    fn push_not(&self, out: &mut String) {
        let mut not = ObjectWriter::new(out);
        not.member("roles", |out| push_all(&self.not_roles, out, push_role))
            .member("places", |out| push_all(&self.not_places, out, push_place))
            .member("shifts", |out| push_all(&self.not_shifts, out, push_shift))
            .member("certificates", |out| {
                push_all(&self.not_certificates, out, push_certificate);
            });
        not.finish();
    }
}

fn push_all<T>(all: &[T], out: &mut String, push: impl Fn(&T, &mut String)) {
    let mut array = ArrayWriter::new(out);
    for one in all {
        array.element(|out| push(one, out));
    }
    array.finish();
}

fn push_texts(texts: &[String], out: &mut String) {
    push_all(texts, out, |text, out| push_string(out, text));
}

fn push_role(role: &Role, out: &mut String) {
    let mut object = ObjectWriter::new(out);
    object
        .string("role", &role.role)
        .string("text", &role.text)
        .string("how", role.how.as_str())
        .member("values", |out| push_texts(&role.values, out));
    object.finish();
}

fn push_place(place: &Place, out: &mut String) {
    let mut object = ObjectWriter::new(out);
    object
        .optional_string("city", place.city.as_deref())
        .optional_string("state", place.state.as_deref())
        .string("text", &place.text)
        .string("how", place.how.as_str())
        .bool("known", place.is_known());
    object.finish();
}

fn push_shift(shift: &Shift, out: &mut String) {
    let mut object = ObjectWriter::new(out);
    object
        .string("shift", &shift.shift)
        .string("text", &shift.text);
    object.finish();
}

fn push_certificate(certificate: &Certificate, out: &mut String) {
    let mut object = ObjectWriter::new(out);
    object
        .string("certificate", &certificate.certificate)
        .string("field", &certificate.field)
        .string("text", &certificate.text);
    object.finish();
}

fn push_nobody(nobody: &Nobody, out: &mut String) {
    let mut object = ObjectWriter::new(out);
    object
        .string("what", nobody.what.as_str())
        .string("text", &nobody.text)
        .member("nearest", |out| push_texts(&nobody.nearest, out));
    object.finish();
}

fn push_bounds(bounds: Option<&Bounds>, out: &mut String) {
    let Some(bounds) = bounds else {
        out.push_str("null");
        return;
    };
    let mut object = ObjectWriter::new(out);
    object
        .raw("least", json_of(bounds.least.as_ref()))
        .raw("above", json_of(bounds.above.as_ref()))
        .raw("most", json_of(bounds.most.as_ref()))
        .raw("below", json_of(bounds.below.as_ref()));
    object.finish();
}

fn json_of(number: Option<&Number>) -> &str {
    number.map_or("null", Number::as_str)
}
