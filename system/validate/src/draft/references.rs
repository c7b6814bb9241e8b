//! Names of character references.

use std::borrow::Cow;

/// The length of the longest name, `NewLine`.
pub(super) const MAX_NAME: usize = 7;

/// Names, and what they become.
const NAMED: [(&str, &str); 72] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("ensp", " "),
    ("emsp", " "),
    ("thinsp", " "),
    ("NewLine", " "),
    ("Tab", " "),
    ("shy", ""),
    ("zwnj", ""),
    ("zwj", ""),
    ("lrm", ""),
    ("rlm", ""),
    ("ndash", "-"),
    ("mdash", "-"),
    ("minus", "-"),
    ("hyphen", "-"),
    ("dash", "-"),
    ("horbar", "-"),
    ("lsquo", "'"),
    ("rsquo", "'"),
    ("sbquo", "'"),
    ("prime", "'"),
    ("grave", "'"),
    ("ldquo", "\""),
    ("rdquo", "\""),
    ("bdquo", "\""),
    ("laquo", "«"),
    ("raquo", "»"),
    ("middot", "·"),
    ("bull", "•"),
    ("hellip", "..."),
    ("period", "."),
    ("comma", ","),
    ("colon", ":"),
    ("semi", ";"),
    ("sol", "/"),
    ("bsol", "\\"),
    ("lowbar", "_"),
    ("commat", "@"),
    ("plus", "+"),
    ("num", "#"),
    ("ast", "*"),
    ("equals", "="),
    ("percnt", "%"),
    ("dollar", "$"),
    ("excl", "!"),
    ("quest", "?"),
    ("vert", "|"),
    ("lpar", "("),
    ("rpar", ")"),
    ("lsqb", "["),
    ("rsqb", "]"),
    ("lbrack", "["),
    ("rbrack", "]"),
    ("lcub", "{"),
    ("rcub", "}"),
    ("lbrace", "{"),
    ("rbrace", "}"),
    ("aelig", "ae"),
    ("AElig", "ae"),
    ("oelig", "oe"),
    ("OElig", "oe"),
    ("szlig", "ss"),
    ("eth", "d"),
    ("ETH", "d"),
    ("thorn", "th"),
    ("THORN", "th"),
    ("inodot", "i"),
];

/// The accents of names such as `eacute`, which folding would drop.
const ACCENTS: [&str; 10] = [
    "acute", "grave", "circ", "tilde", "uml", "cedil", "ring", "caron", "slash", "strok",
];

/// What a named reference becomes.
pub(super) fn named(name: &str) -> Option<Cow<'static, str>> {
    if let Some((_, becomes)) = NAMED.iter().find(|(known, _)| *known == name) {
        return Some(Cow::Borrowed(becomes));
    }
    let (letter, accent) = name.split_at_checked(1)?;
    let is_accented = letter.as_bytes()[0].is_ascii_alphabetic() && ACCENTS.contains(&accent);
    is_accented.then(|| Cow::Owned(letter.to_owned()))
}
