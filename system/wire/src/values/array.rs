//! Arrays.

use std::borrow::Cow;

use lakehouse_json::{ArrayWriter, Json, push_f32};
use utoipa::openapi::{RefOr, Schema, Type, schema::ArrayBuilder};

use crate::{Components, Describe, Read, Write, describe::simple};

/// An array of any length.
impl<'a, T: Read<'a>> Read<'a> for Vec<T> {
    fn must_be() -> Cow<'static, str> {
        format!("an array of {}", T::PLURAL).into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        json.as_array()?.iter().map(T::read).collect()
    }
}

impl<T: Write> Write for Vec<T> {
    fn write(&self, out: &mut String) {
        let mut array = ArrayWriter::new(out);
        for element in self {
            array.element(|out| element.write(out));
        }
        array.finish();
    }

    fn size_hint(&self) -> usize {
        let elements: usize = self.iter().map(|element| element.size_hint() + 1).sum();
        elements + 2
    }
}

impl<T: Describe> Describe for Vec<T> {
    fn describe(components: &mut Components) -> RefOr<Schema> {
        ArrayBuilder::new().items(T::describe(components)).into()
    }
}

/// An array of `MIN` to `MAX` elements.
#[derive(Debug, Clone, PartialEq)]
pub struct Array<T, const MIN: usize, const MAX: usize>(pub Vec<T>);

impl<'a, T: Read<'a>, const MIN: usize, const MAX: usize> Read<'a> for Array<T, MIN, MAX> {
    fn must_be() -> Cow<'static, str> {
        let plural = T::PLURAL;
        match MIN {
            0 => format!("an array of at most {MAX} {plural}").into(),
            _ => format!("an array of {MIN} to {MAX} {plural}").into(),
        }
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        let elements = json.as_array()?;
        if !(MIN..=MAX).contains(&elements.len()) {
            return None;
        }
        Vec::read(json).map(Self)
    }
}

impl<T: Write, const MIN: usize, const MAX: usize> Write for Array<T, MIN, MAX> {
    fn write(&self, out: &mut String) {
        self.0.write(out);
    }

    fn size_hint(&self) -> usize {
        self.0.size_hint()
    }
}

impl<T: Describe, const MIN: usize, const MAX: usize> Describe for Array<T, MIN, MAX> {
    fn describe(components: &mut Components) -> RefOr<Schema> {
        ArrayBuilder::new()
            .items(T::describe(components))
            .min_items((MIN > 0).then_some(MIN))
            .max_items(Some(MAX))
            .into()
    }
}

/// The components of a vector, 32-bit floats.
#[derive(Debug, Clone, PartialEq)]
pub struct Vector<'a>(pub Cow<'a, [f32]>);

impl Vector<'_> {
    /// The largest number of components.
    pub const MAX_COMPONENTS: usize = 4096;
    /// The largest absolute value of a component.
    pub const MAX_COMPONENT: u64 = 1_000_000_000_000_000;
}

impl<'a> Read<'a> for Vector<'a> {
    fn must_be() -> Cow<'static, str> {
        format!("an array of 1 to {} numbers", Self::MAX_COMPONENTS).into()
    }

    /// A component beyond [`MAX_COMPONENT`](Self::MAX_COMPONENT) becomes infinite here, because the
    /// comparison needs its digits, which the check of the vector no longer has.
    fn read(json: &'a Json<'a>) -> Option<Self> {
        let elements = json.as_array()?;
        if !(1..=Self::MAX_COMPONENTS).contains(&elements.len()) {
            return None;
        }
        let component = |element: &Json<'_>| {
            let number = element.as_number()?;
            let value = number.as_f64();
            let is_clearly_within = value.abs() < Self::MAX_COMPONENT as f64;
            if is_clearly_within || number.is_within(Self::MAX_COMPONENT) {
                Some(value as f32)
            } else {
                Some(f32::INFINITY)
            }
        };
        let components: Option<Vec<_>> = elements.iter().map(component).collect();
        Some(Self(components?.into()))
    }
}

impl Write for Vector<'_> {
    fn write(&self, out: &mut String) {
        let mut array = ArrayWriter::new(out);
        for component in &*self.0 {
            array.element(|out| push_f32(out, *component));
        }
        array.finish();
    }

    fn size_hint(&self) -> usize {
        self.0.len() * 13 + 2
    }
}

impl Describe for Vector<'_> {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        let limit = Self::MAX_COMPONENT as isize;
        let component = simple(Type::Number)
            .minimum(Some(-limit))
            .maximum(Some(limit));
        ArrayBuilder::new()
            .items(component)
            .min_items(Some(1))
            .max_items(Some(Self::MAX_COMPONENTS))
            .into()
    }
}
