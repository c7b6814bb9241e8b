//! Whole numbers within bounds.

use std::time::Duration;

/// Defines types of whole numbers: `NAME: "what they count", MIN..=MAX`.
macro_rules! whole_number {
    ($($(#[$doc:meta])* $name:ident: $what:literal, $min:literal..=$max:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "crate::config::Raw")]
        pub struct $name(u64);

        impl $name {
            const BOUNDS: std::ops::RangeInclusive<u64> = $min..=$max;

            /// The number, which is within the bounds.
            ///
            /// # Panics
            /// When it is not; in a constant, that is an error of the compiler.
            pub const fn new(number: u64) -> Self {
                let (min, max) = (*Self::BOUNDS.start(), *Self::BOUNDS.end());
                assert!(min <= number && number <= max, "not within the bounds");
                Self(number)
            }

            /// The number.
            pub const fn get(self) -> u64 {
                self.0
            }
        }

        impl TryFrom<$crate::config::Raw> for $name {
            type Error = $crate::config::MustBe;

            fn try_from(raw: $crate::config::Raw) -> Result<Self, Self::Error> {
                let number = raw.as_whole().filter(|number| Self::BOUNDS.contains(number));
                number.map(Self).ok_or_else(|| {
                    let (min, max) = Self::BOUNDS.into_inner();
                    format!("a whole number{} from {min} to {max}", $what).into()
                })
            }
        }
    )+};
}
pub(crate) use whole_number;

whole_number! {
    /// A time limit or an interval in milliseconds, at most a day.
    Milliseconds: " of milliseconds", 1..=86_400_000;
    /// The size of a cache in bytes, at most 1 TiB; 0 turns it off.
    CacheBytes: " of bytes", 0..=1_099_511_627_776;
}

impl Milliseconds {
    /// As a duration.
    pub const fn duration(self) -> Duration {
        Duration::from_millis(self.0)
    }
}
