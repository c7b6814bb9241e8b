//! Phone numbers and social security numbers in the formats that people use in messages.

use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

/// Toll-free area codes, which no person of a corpus has.
const AREAS: [u32; 4] = [800, 866, 877, 888];

/// A phone number, sometimes in a format that comes close to that of a social security number.
pub fn phone_number(random: &mut ChaCha8Rng) -> String {
    let area = AREAS.choose(random).expect("the list is not empty");
    let line = random.random_range(100..200_u32);
    let pair = random.random_range(10..100_u32);
    match random.random_range(0..14_u32) {
        0 => format!("{area}-555-0{line}"),
        1 => format!("({area}) 555-0{line}"),
        2 => format!("{area}.555.0{line}"),
        3 => format!("{area} 555 0{line}"),
        4 => format!("{area}5550{line}"),
        5 => format!("+1 {area}-555-0{line}"),
        6 => format!("+1{area}5550{line}"),
        7 => format!("1-{area}-555-0{line}"),
        8 => format!("1 ({area}) 555-0{line}"),
        9 => format!("{area}-5550{line}"),
        10 => format!("{area}-555-0{line} ext. {pair}"),
        // Groups of three, two and four digits, with one more digit in front.
        11 => format!("0{area}-55-5{line}"),
        // French numbers come in pairs; Portuguese ones have nine digits.
        12 => format!("+33 1 42 68 53 {pair}"),
        _ => format!("+351 912 34{} {line}", pair % 10),
    }
}

/// A social security number.
pub fn social_security_number(random: &mut ChaCha8Rng) -> String {
    let area = random.random_range(100..773_u32);
    let group = random.random_range(10..100_u32);
    let serial = random.random_range(1_000..10_000_u32);
    match random.random_range(0..4_u32) {
        0 => format!("{area} {group} {serial}"),
        1 => format!("{area}.{group}.{serial}"),
        2 => format!("SSN {area}{group}{serial}"),
        _ => format!("{area}-{group}-{serial}"),
    }
}
