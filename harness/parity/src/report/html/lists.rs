//! Long lists, of which the page has the first few items; its script adds the others when a reader
//! unfolds a list.

use lakehouse_rig::text::{counted, visible};

/// Items that are shown without the script.
const FIRST: usize = 3;

/// Items of a list that the page has.
const MAX_ITEMS: usize = 100;

/// All lists of the page, for the script.
#[derive(Default)]
pub(super) struct Lists {
    pub(super) lists: Vec<Vec<String>>,
}

/// A list as the page shows it at first.
pub(super) struct ListView {
    /// Its position in [`Lists`].
    pub(super) number: usize,
    pub(super) title: String,
    pub(super) first: Vec<String>,
}

impl Lists {
    pub(super) fn add(&mut self, title: String, items: &[String]) -> ListView {
        let shown = items.iter().take(MAX_ITEMS);
        let mut list: Vec<String> = shown.map(|item| visible(item).into_owned()).collect();
        let mut first: Vec<String> = list.iter().take(FIRST).cloned().collect();
        if items.len() > FIRST {
            first.push(format!("and {} more", items.len() - FIRST));
        }
        if items.len() > MAX_ITEMS {
            let rest = counted(items.len() - MAX_ITEMS, "more line");
            list.push(format!("and {rest} in report.json"));
        }
        self.lists.push(list);
        ListView {
            number: self.lists.len() - 1,
            title,
            first,
        }
    }
}
