//! Email addresses and phone numbers.

/// Whether a text is an email address as the contract defines it.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    !local.is_empty()
        && local.bytes().all(|b| b.is_ascii_graphic())
        && domain.contains('.')
        && domain.split('.').all(is_label)
}

/// The digits of a phone number for comparison, without the leading `1` of eleven; none when the
/// text is not a phone number.
pub(crate) fn phone_digits(text: &str) -> Option<String> {
    let bare = text.replace([' ', '-', '.', '(', ')'], "");
    let digits = bare.strip_prefix('+').unwrap_or(&bare);
    if !(10..=15).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let national = digits.strip_prefix('1').filter(|_| digits.len() == 11);
    Some(national.unwrap_or(digits).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_addresses_have_a_local_part_and_a_domain() {
        for good in ["a@b.c", "ana.ruiz+x@mail.example-1.com", "!\"{}@x.y"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "", "a", "@b.c", "a@", "a@b", "a@b.", "a@.b", "a@b..c", "a@b@c.d", "a b@c.d",
            "a@b_c.d", "ä@b.c", "a@b.ç",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn phone_numbers_are_compared_by_their_digits() {
        let cases = [
            ("313-555-0100", Some("3135550100")),
            ("+1 (313) 555.0100", Some("3135550100")),
            ("1-313-555-0100", Some("3135550100")),
            ("(+1)3135550100", Some("3135550100")),
            ("+49 30 1234 5678", Some("493012345678")),
            ("123456789012345", Some("123456789012345")),
            ("1234567890123456", None),
            ("313-555-010", None),
            ("+1 313 555 0100 x2", None),
            ("++13135550100", None),
            ("1+3135550100", None),
            ("３135550100", None),
            ("313\t5550100", None),
            ("", None),
        ];
        for (text, want) in cases {
            assert_eq!(phone_digits(text).as_deref(), want, "{text}");
        }
    }
}
