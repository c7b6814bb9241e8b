//! Byte for byte.

use super::shape;
use crate::difference::{Difference, DifferenceKind};

/// Two byte strings; a difference in the white space at the end alone has its own kind.
pub(super) fn compare(out: &mut Vec<Difference>, path: &str, left: &[u8], right: &[u8]) {
    if left == right {
        return;
    }
    let first = left.iter().zip(right).take_while(|(l, r)| l == r).count();
    let kind = if left.trim_ascii_end() == right.trim_ascii_end() {
        DifferenceKind::TrailingBytes
    } else {
        DifferenceKind::Bytes
    };
    out.push(Difference {
        path: path.to_owned(),
        kind,
        left: shape::bytes(left, first),
        right: shape::bytes(right, first),
    });
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::difference::DifferenceKind;

    #[test]
    fn every_byte_counts() {
        for (left, right, expected) in [
            (&b"abc"[..], &b"abc"[..], None),
            (
                b"abc",
                b"abd",
                Some((DifferenceKind::Bytes, "3 bytes", "3 bytes")),
            ),
            (
                b"abc",
                b"ab",
                Some((DifferenceKind::Bytes, "3 bytes", "2 bytes")),
            ),
            (
                b"a",
                b"a \n",
                Some((DifferenceKind::TrailingBytes, "1 byte", "3 bytes")),
            ),
            (
                b"\xff",
                b"\xfe",
                Some((DifferenceKind::Bytes, "1 byte", "1 byte")),
            ),
        ] {
            let mut out = Vec::new();
            compare(&mut out, "body", left, right);
            let found = out
                .first()
                .map(|d| (d.kind, d.left.shape.as_str(), d.right.shape.as_str()));
            assert_eq!(found, expected, "{left:?} {right:?}");
        }
    }
}
