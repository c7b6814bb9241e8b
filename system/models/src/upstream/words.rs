//! What a program says about its failure (`embed.md`, "The upstream's words").

use lakehouse_base::is_blank;
use lakehouse_json::{Json, MAX_DEPTH, ParseError, parse};

const MAX_CHARACTERS: usize = 200;

/// The words of a body, in one line; empty when there are none.
pub(super) fn of(body: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(body) else {
        return String::new();
    };
    let words = match parse(text, MAX_DEPTH) {
        Ok(json) => in_json(&json).map(one_line),
        Err(ParseError::TooDeep) => None,
        Err(ParseError::Invalid) => {
            let line = one_line(text);
            (!line.starts_with('<')).then_some(line)
        }
    };
    words.unwrap_or_default()
}

fn in_json<'j>(json: &'j Json<'_>) -> Option<&'j str> {
    let object = json.as_object()?;
    let text = |name| object.get(name).and_then(Json::as_str);
    let nested = || {
        let error = object.get("error")?.as_object()?;
        error.get("message")?.as_str()
    };
    text("error")
        .or_else(nested)
        .or_else(|| text("message"))
        .or_else(|| text("detail"))
}

/// The text with one space for each run of white space and control characters, and cut.
fn one_line(text: &str) -> String {
    let is_gap = |c: char| c.is_control() || is_blank(c.encode_utf8(&mut [0; 4]));
    let parts: Vec<_> = text.split(is_gap).filter(|part| !part.is_empty()).collect();
    let line = parts.join(" ");
    match line.char_indices().nth(MAX_CHARACTERS - 1) {
        Some((at, last)) if at + last.len_utf8() < line.len() => format!("{}…", &line[..at]),
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_body_are_one_line() {
        let cases: [(&[u8], &str); 20] = [
            (br#"{"error":"out of memory"}"#, "out of memory"),
            (
                br#"{"error":{"message":"no such model","code":7}}"#,
                "no such model",
            ),
            (br#"{"error":{"code":7},"message":"m"}"#, "m"),
            (br#"{"message":"m","detail":"d"}"#, "m"),
            (br#"{"error":null,"detail":"d"}"#, "d"),
            (br#"{"error":"a","error":" b\r\n\u0000\tc\u3000"}"#, "b c"),
            (br#"{"error":["a"]}"#, ""),
            (br#"{"detail":[{"msg":"a"}]}"#, ""),
            (b"{}", ""),
            (b"[\"a\"]", ""),
            (b"\"a\"", ""),
            (b"404 page not found\n", "404 page not found"),
            (b"busy", "busy"),
            (b"{\"error\":\"a\"", "{\"error\":\"a\""),
            (b" \n<html>gone</html>", ""),
            (b"\xFF", ""),
            (b"", ""),
            (b" \t", ""),
            ("\u{85}é\u{9f}\u{a0}ü".as_bytes(), "é ü"),
            (b"\x1b[31mred", "[31mred"),
        ];
        for (body, want) in cases {
            assert_eq!(of(body), want, "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn long_words_are_cut() {
        assert_eq!(of("é".repeat(200).as_bytes()), "é".repeat(200));
        assert_eq!(of("é".repeat(201).as_bytes()), "é".repeat(199) + "…");
        let deep = "[".repeat(129) + &"]".repeat(129);
        assert_eq!(of(deep.as_bytes()), "");
    }
}
