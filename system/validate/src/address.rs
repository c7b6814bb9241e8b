//! Email addresses and phone numbers.

use std::borrow::Cow;

use lakehouse_text::fold;

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
    if text.contains(char::is_control) {
        return None;
    }
    let bare = fold(text).replace([' ', '-', '.', '(', ')'], "");
    let digits = bare.strip_prefix('+').unwrap_or(&bare);
    if !(10..=15).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(without_country(digits).to_owned())
}

/// The number of a text of digits: without the prefix of calls abroad, and without the leading `1`
/// of eleven (`drafts.md`, "Phone number").
pub(crate) fn number_of(digits: &str) -> &str {
    let without = |prefix| digits.strip_prefix(prefix).filter(|_| digits.len() > 10);
    without_country(without("011").or_else(|| without("00")).unwrap_or(digits))
}

fn without_country(digits: &str) -> &str {
    let national = digits.strip_prefix('1').filter(|_| digits.len() == 11);
    national.unwrap_or(digits)
}

/// The mailbox of a folded email address: without the part from the first `+` to the `@`.
pub(crate) fn mailbox(address: &str) -> Cow<'_, str> {
    let Some((local, domain)) = address.split_once('@') else {
        return Cow::Borrowed(address);
    };
    let plus = local.char_indices().skip(1).find(|(_, c)| *c == '+');
    match plus {
        Some((at, _)) => Cow::Owned(format!("{}@{domain}", &local[..at])),
        None => Cow::Borrowed(address),
    }
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
            ("３135550100", Some("3135550100")),
            ("313\t5550100", None),
            ("419‑555‑0105", Some("4195550105")),
            ("４１９ 555 0105", Some("4195550105")),
            ("419-555-0105\n", None),
            ("", None),
        ];
        for (text, want) in cases {
            assert_eq!(phone_digits(text).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn numbers_have_no_prefix() {
        for (digits, want) in [
            ("3135550100", "3135550100"),
            ("13135550100", "3135550100"),
            ("0013135550100", "3135550100"),
            ("01113135550100", "3135550100"),
            ("00493012345678", "493012345678"),
            ("0013135550", "0013135550"),
        ] {
            assert_eq!(number_of(digits), want);
        }
    }

    #[test]
    fn a_mailbox_has_no_tag() {
        for (address, want) in [
            ("ana@x.y", "ana@x.y"),
            ("ana+1+2@x.y", "ana@x.y"),
            ("+ana@x.y", "+ana@x.y"),
            ("ana", "ana"),
        ] {
            assert_eq!(mailbox(address), want);
        }
    }
}
