//! Enumerations: values that are one of a few words.

use std::borrow::Cow;

use utoipa::openapi::{RefOr, Schema, Type};

use crate::{
    Components,
    describe::{doc_text, simple},
};

/// Declares an enumeration whose variants are words on the wire:
///
/// ```text
/// words! {
///     /// When a worker starts.
///     pub enum Start {
///         /// At once.
///         Now = "now",
///         /// On Monday.
///         NextWeek = "next_week",
///     }
/// }
/// ```
///
/// A member of that type "must be one of `now`, `next_week`". If the contract has another text,
/// it follows the enumeration: `must be "`now` or `next_week`"`.
macro_rules! words {
    (
        $(#[doc = $doc:literal])*
        pub enum $Name:ident {
            $( $(#[doc = $word_doc:literal])* $Word:ident = $word:literal, )*
        }
        $(must be $must_be:literal)?
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $Name {
            $( $(#[doc = $word_doc])* $Word, )*
        }

        impl $Name {
            /// All of them, in the contract's order.
            pub const ALL: &'static [Self] = &[$(Self::$Word),*];

            /// The word.
            pub fn as_str(self) -> &'static str {
                match self {
                    $( Self::$Word => $word, )*
                }
            }
        }

        impl<'a> crate::Read<'a> for $Name {
            fn must_be() -> std::borrow::Cow<'static, str> {
                crate::words::must_be(&[$($word),*], &[$($must_be)?])
            }

            fn read(json: &'a lakehouse_json::Json<'a>) -> Option<Self> {
                match json.as_str()? {
                    $( $word => Some(Self::$Word), )*
                    _ => None,
                }
            }
        }

        impl crate::Write for $Name {
            fn write(&self, out: &mut String) {
                lakehouse_json::push_string(out, self.as_str());
            }

            fn size_hint(&self) -> usize {
                self.as_str().len() + 2
            }
        }

        impl crate::Describe for $Name {
            fn describe(
                components: &mut crate::Components,
            ) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                crate::words::describe::<Self>(
                    components,
                    stringify!($Name),
                    &[$($doc),*],
                    &[$( ($word, &[$($word_doc),*]) ),*],
                )
            }
        }
    };
}

pub(crate) use words;

/// What a member that holds one of the words must be; `own` is the contract's own text, if any.
pub(crate) fn must_be(words: &[&str], own: &[&'static str]) -> Cow<'static, str> {
    if let Some(own) = own.first() {
        return Cow::Borrowed(own);
    }
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    format!("one of {}", quoted.join(", ")).into()
}

/// The component of an enumeration; the words' docs become a list in its description.
pub(crate) fn describe<T>(
    components: &mut Components,
    name: &'static str,
    docs: &[&str],
    words: &[(&str, &[&str])],
) -> RefOr<Schema> {
    components.named::<T>(name, |_| {
        let item = |(word, docs): &(&str, &[&str])| format!("- `{word}`: {}", doc_text(docs));
        let list: Vec<_> = words.iter().map(item).collect();
        let description = format!("{}\n\n{}", doc_text(docs), list.join("\n"));
        simple(Type::String)
            .description(Some(description))
            .enum_values(Some(words.iter().map(|(word, _)| *word)))
            .into()
    })
}
