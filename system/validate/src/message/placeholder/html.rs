//! Elements of HTML, which look like placeholders in angle brackets.

use super::plain::Plain;

const ELEMENTS: &str = "a abbr acronym area article aside audio b base bdi bdo big blockquote body \
    br button canvas caption center cite code col colgroup datalist dd del details dfn dialog div \
    dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 \
    head header hgroup hr html i iframe img input ins kbd legend li main mark marquee menu meta \
    meter nav nobr noscript object ol optgroup option output p param picture pre progress q rp rt \
    ruby s samp script section select small source span strike strong style sub summary sup svg \
    table tbody td template textarea tfoot th thead tr track tt u ul var video wbr";

/// Elements whose names are also fields: they need a closing tag somewhere.
const FIELDS: [&str; 7] = ["address", "data", "label", "link", "map", "time", "title"];

/// Whether the content of angle brackets begins with an element's name.
pub(super) fn is_element(content: &str, text: &Plain) -> bool {
    let length = content
        .bytes()
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    let name = content[..length].to_ascii_lowercase();
    if FIELDS.contains(&&*name) {
        let closing = format!("</{name}").into_bytes();
        let mut windows = text.bytes.windows(closing.len());
        return windows.any(|window| window.eq_ignore_ascii_case(&closing));
    }
    ELEMENTS.split(' ').any(|element| element == name)
}
