//! Objects: structs that are declared with the macros `request!` and `response!`.
//!
//! From this declaration
//!
//! ```text
//! request! {
//!     /// A shift to fill.
//!     pub struct ShiftRequest<'a> {
//!         /// The client's name.
//!         pub client: &'a str,
//!         /// How many workers are needed.
//!         pub workers: Count<1, 50> = Count::new(1),
//!         /// The role they work as.
//!         pub role: Option<&'a str>,
//!     }
//! }
//! ```
//!
//! the macro generates the same struct, without `= …`, and an implementation of [`Object`]:
//!
//! ```text
//! impl<'a> Object<'a> for ShiftRequest<'a> {
//!     const NAME: &'static str = "ShiftRequest";
//!     const STRICT: bool = true; // `false` for a response
//!
//!     fn names(names: &mut Vec<&'static str>) {
//!         names.push("client");
//!         names.push("workers");
//!         names.push("role");
//!     }
//!
//!     fn read_members(members: Members<'a>) -> Result<Self, ReadError> {
//!         let client = members.read("client")?;
//!         let workers = members.read_or("workers", Count::new(1))?;
//!         let role = members.read("role")?;
//!         Ok(Self { client, workers, role })
//!     }
//!
//!     fn write_members(&self, object: &mut ObjectWriter<'_>) {
//!         Member::write(&self.client, "client", object);
//!         Member::write(&self.workers, "workers", object);
//!         Member::write(&self.role, "role", object);
//!     }
//!
//!     fn describe_members(object: &mut ObjectDescription<'_>) {
//!         object.member::<&'a str>("client", &["The client's name."]);
//!         object.member_or::<Count<1, 50>>("workers", &["How many …"], &Count::new(1));
//!         object.member::<Option<&'a str>>("role", &["The role they work as."]);
//!     }
//!
//!     // and `size_hint_of_members`, the sum of the members' own
//! }
//! ```
//!
//! and implementations of [`Read`], [`Write`] and [`Describe`] that call it. The lifetime of a struct
//! that borrows must be `'a`. A first member `..base: Base<'a>`, or a last one
//! `then ..base: Base<'a>`, stands for all members of `Base`.

use lakehouse_json::{FieldError, Json, Object as JsonMembers, ObjectWriter};
use utoipa::openapi::{
    ObjectBuilder, RefOr, Schema,
    schema::{AdditionalProperties, Type},
};

use crate::{
    Components, Describe, MemberName, Read, ReadError, Write,
    describe::{annotated, doc_text, or_null, simple},
    to_text,
};

/// An object of known members.
pub trait Object<'a>: Sized {
    /// The name of its component.
    const NAME: &'static str;
    /// Whether a member that is not listed is an error: in requests, not in responses.
    const STRICT: bool;

    /// Appends the names of the members in the contract's order.
    fn names(names: &mut Vec<&'static str>);

    /// Reads the members in the contract's order.
    ///
    /// # Errors
    /// The first invalid member.
    fn read_members(members: Members<'a>) -> Result<Self, ReadError>;

    /// Writes the members in the contract's order.
    fn write_members(&self, object: &mut ObjectWriter<'_>);

    /// The approximate number of bytes that [`write_members`](Self::write_members) appends.
    fn size_hint_of_members(&self) -> usize;

    /// Describes the members in the contract's order.
    fn describe_members(object: &mut ObjectDescription<'_>);

    /// Reads the object; errors show the members' names after `prefix`.
    ///
    /// # Errors
    /// The first unknown member of a request, in the order of the text; then the first invalid member,
    /// in the contract's order.
    fn read_object(object: &'a JsonMembers<'a>, prefix: &'static str) -> Result<Self, ReadError> {
        if Self::STRICT {
            let mut expected = Vec::new();
            Self::names(&mut expected);
            let mut names = object.members().map(|(name, _)| name);
            if let Some(name) = names.find(|name| !expected.contains(name)) {
                let name = format!("{prefix}{name}");
                return Err(FieldError::Unknown { name, expected }.into());
            }
        }
        Self::read_members(Members {
            object,
            prefix,
            null_is_absent: Self::STRICT,
        })
    }

    /// Writes the object.
    fn write_object(&self, out: &mut String) {
        let mut object = ObjectWriter::new(out);
        self.write_members(&mut object);
        object.finish();
    }

    /// The reference to the component of this object.
    fn describe_object(components: &mut Components, docs: &[&str]) -> RefOr<Schema> {
        components.named::<Self>(Self::NAME, |components| {
            let mut object = ObjectDescription {
                components,
                builder: simple(Type::Object),
                is_strict: Self::STRICT,
            };
            Self::describe_members(&mut object);
            let mut builder = object.builder.description(Some(doc_text(docs)));
            if Self::STRICT {
                builder =
                    builder.additional_properties(Some(AdditionalProperties::FreeForm(false)));
            }
            builder.into()
        })
    }
}

/// Reads a request or an answer from its body.
///
/// # Errors
/// The first unknown or invalid member, or [`ReadError::NotAnObject`].
pub fn read_body<'a, T: Object<'a>>(body: &'a Json<'a>) -> Result<T, ReadError> {
    T::read_object(body.as_object().ok_or(ReadError::NotAnObject)?, "")
}

/// The members of an object that is being read.
#[derive(Debug, Clone, Copy)]
pub struct Members<'a> {
    object: &'a JsonMembers<'a>,
    prefix: &'static str,
    null_is_absent: bool,
}

impl<'a> Members<'a> {
    /// The member of that name.
    ///
    /// # Errors
    /// If it is invalid, or absent and required.
    pub fn read<T: Member<'a>>(self, name: &str) -> Result<T, ReadError> {
        T::read(self, name)
    }

    /// The member of that name, or `default` if it is absent or `null`.
    ///
    /// # Errors
    /// If it is invalid.
    pub fn read_or<T: Read<'a>>(self, name: &str, default: T) -> Result<T, ReadError> {
        Ok(self.read_some(name)?.unwrap_or(default))
    }

    fn read_some<T: Read<'a>>(self, name: &str) -> Result<Option<T>, ReadError> {
        let value = self.object.get(name);
        let value = value.filter(|json| !(self.null_is_absent && json.is_null()));
        let value = value.map(|json| T::read_member(json, self.name(name)));
        value.transpose()
    }

    fn name(self, name: &str) -> MemberName<'_> {
        MemberName {
            prefix: self.prefix,
            name,
        }
    }
}

/// The type of a member: required, or optional.
pub trait Member<'a>: Sized {
    /// Reads the member.
    ///
    /// # Errors
    /// If it is invalid, or absent and required.
    fn read(members: Members<'a>, name: &str) -> Result<Self, ReadError>;

    /// Writes the member, unless it is absent.
    fn write(&self, name: &str, object: &mut ObjectWriter<'_>);

    /// The approximate size of its value in bytes.
    fn size_hint(&self) -> usize;

    /// Describes the member.
    fn describe(object: &mut ObjectDescription<'_>, name: &str, docs: &[&str]);
}

impl<'a, T: Read<'a> + Write + Describe> Member<'a> for T {
    fn read(members: Members<'a>, name: &str) -> Result<Self, ReadError> {
        let name = members.name(name);
        let value = members.object.get(name.name);
        T::read_member(value.ok_or_else(|| name.missing())?, name)
    }

    fn write(&self, name: &str, object: &mut ObjectWriter<'_>) {
        object.member(name, |out| Write::write(self, out));
    }

    fn size_hint(&self) -> usize {
        Write::size_hint(self)
    }

    fn describe(object: &mut ObjectDescription<'_>, name: &str, docs: &[&str]) {
        let schema = T::describe(object.components);
        object.property(name, annotated(schema, &doc_text(docs), None));
        object.require(name);
    }
}

impl<'a, T: Read<'a> + Write + Describe> Member<'a> for Option<T> {
    fn read(members: Members<'a>, name: &str) -> Result<Self, ReadError> {
        members.read_some(name)
    }

    fn write(&self, name: &str, object: &mut ObjectWriter<'_>) {
        if let Some(value) = self {
            Member::write(value, name, object);
        }
    }

    fn size_hint(&self) -> usize {
        self.as_ref().map_or(0, Write::size_hint)
    }

    fn describe(object: &mut ObjectDescription<'_>, name: &str, docs: &[&str]) {
        let mut schema = T::describe(object.components);
        if object.is_strict {
            schema = or_null(schema);
        }
        object.property(name, annotated(schema, &doc_text(docs), None));
    }
}

/// The schema of an object while its members are added.
pub struct ObjectDescription<'c> {
    components: &'c mut Components,
    builder: ObjectBuilder,
    is_strict: bool,
}

impl ObjectDescription<'_> {
    /// Adds a member.
    pub fn member<'a, T: Member<'a>>(&mut self, name: &str, docs: &[&str]) {
        T::describe(self, name, docs);
    }

    /// Adds a member with a default.
    pub fn member_or<T: Write + Describe>(&mut self, name: &str, docs: &[&str], default: &T) {
        let schema = or_null(T::describe(self.components));
        let default = serde_json::from_str(&to_text(default)).ok();
        self.property(name, annotated(schema, &doc_text(docs), default));
    }

    fn property(&mut self, name: &str, schema: RefOr<Schema>) {
        let builder = std::mem::take(&mut self.builder);
        self.builder = builder.property(name, schema);
    }

    fn require(&mut self, name: &str) {
        let builder = std::mem::take(&mut self.builder);
        self.builder = builder.required(name);
    }
}

/// The name of a member, given its identifier: `type` for `r#type`.
pub const fn member_name(identifier: &'static str) -> &'static str {
    match identifier.as_bytes() {
        [b'r', b'#', ..] => identifier.split_at(2).1,
        _ => identifier,
    }
}

/// Declares an object that clients send: members that are not listed are errors. The documentation
/// of this module has an example.
macro_rules! request {
    ($($definition:tt)*) => { crate::object::wire_object! { true; $($definition)* } };
}

/// Declares an object that the server sends: a reader ignores members that are not listed.
macro_rules! response {
    ($($definition:tt)*) => { crate::object::wire_object! { false; $($definition)* } };
}

macro_rules! wire_object {
    (
        $strict:literal;
        $(#[doc = $doc:literal])*
        pub struct $Name:ident $(<$a:lifetime>)? {
            $( ..$base:ident: $Base:ty, )?
            $( $(#[doc = $member_doc:literal])* pub $member:ident: $Type:ty $(= $default:expr)?, )*
            $( then ..$tail:ident: $Tail:ty, )?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $Name $(<$a>)? {
            $(
                /// All members of this other object, which come first.
                pub $base: $Base,
            )?
            $( $(#[doc = $member_doc])* pub $member: $Type, )*
            $(
                /// All members of this other object, which come last.
                pub $tail: $Tail,
            )?
        }

        impl<'a> crate::object::Object<'a> for $Name $(<$a>)? {
            const NAME: &'static str = stringify!($Name);
            const STRICT: bool = $strict;

            fn names(names: &mut Vec<&'static str>) {
                $( <$Base as crate::object::Object>::names(names); )?
                $( names.push(const { crate::object::member_name(stringify!($member)) }); )*
                $( <$Tail as crate::object::Object>::names(names); )?
            }

            fn read_members(
                members: crate::object::Members<'a>,
            ) -> Result<Self, crate::ReadError> {
                $( let $base = <$Base as crate::object::Object>::read_members(members)?; )?
                $(
                    let name = const { crate::object::member_name(stringify!($member)) };
                    let $member: $Type = crate::object::wire_read_member!(members, name $(, $default)?)?;
                )*
                $( let $tail = <$Tail as crate::object::Object>::read_members(members)?; )?
                Ok(Self { $($base,)? $($member,)* $($tail,)? })
            }

            fn write_members(&self, object: &mut lakehouse_json::ObjectWriter<'_>) {
                $( crate::object::Object::write_members(&self.$base, object); )?
                $(
                    let name = const { crate::object::member_name(stringify!($member)) };
                    crate::object::Member::write(&self.$member, name, object);
                )*
                $( crate::object::Object::write_members(&self.$tail, object); )?
            }

            fn size_hint_of_members(&self) -> usize {
                0
                $( + crate::object::Object::size_hint_of_members(&self.$base) )?
                $(
                    + stringify!($member).len() + 4
                    + crate::object::Member::size_hint(&self.$member)
                )*
                $( + crate::object::Object::size_hint_of_members(&self.$tail) )?
            }

            fn describe_members(object: &mut crate::object::ObjectDescription<'_>) {
                $( <$Base as crate::object::Object>::describe_members(object); )?
                $(
                    let name = const { crate::object::member_name(stringify!($member)) };
                    let docs = &[$($member_doc),*];
                    crate::object::wire_describe_member!(object, $Type, name, docs $(, $default)?);
                )*
                $( <$Tail as crate::object::Object>::describe_members(object); )?
            }
        }

        impl<'a> crate::Read<'a> for $Name $(<$a>)? {
            const PLURAL: &'static str = "objects";

            fn must_be() -> std::borrow::Cow<'static, str> {
                "an object".into()
            }

            fn read(json: &'a lakehouse_json::Json<'a>) -> Option<Self> {
                let object = json.as_object()?;
                <Self as crate::object::Object>::read_object(object, "").ok()
            }
        }

        impl $(<$a>)? crate::Write for $Name $(<$a>)? {
            fn write(&self, out: &mut String) {
                crate::object::Object::write_object(self, out);
            }

            fn size_hint(&self) -> usize {
                2 + crate::object::Object::size_hint_of_members(self)
            }
        }

        impl $(<$a>)? crate::Describe for $Name $(<$a>)? {
            fn describe(
                components: &mut crate::Components,
            ) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                <Self as crate::object::Object>::describe_object(components, &[$($doc),*])
            }
        }
    };
}

macro_rules! wire_read_member {
    ($members:ident, $name:ident) => {
        $members.read($name)
    };
    ($members:ident, $name:ident, $default:expr) => {
        $members.read_or($name, $default)
    };
}

macro_rules! wire_describe_member {
    ($object:ident, $Type:ty, $name:ident, $docs:ident) => {
        $object.member::<$Type>($name, $docs)
    };
    ($object:ident, $Type:ty, $name:ident, $docs:ident, $default:expr) => {
        $object.member_or::<$Type>($name, $docs, &$default)
    };
}

pub(crate) use {request, response, wire_describe_member, wire_object, wire_read_member};

#[cfg(test)]
mod tests;
