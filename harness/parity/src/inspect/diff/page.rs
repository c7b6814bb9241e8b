//! The comparison of two runs as a page.

use std::io;

use askama::Template;
use lakehouse_rig::text::{Prose, counted, prose, visible};

use super::Comparison;
use super::group::Group;

/// Changes that a group lists.
const MAX_CHANGES: usize = 200;

/// Renders the page.
pub(super) fn render(comparison: &Comparison) -> io::Result<String> {
    let page = Page {
        verdict: match comparison.changes.new.is_empty() {
            true => "pass",
            false => "fail",
        },
        totals: comparison.totals(),
        before: visible(&comparison.before).into_owned(),
        after: visible(&comparison.after).into_owned(),
        notes: comparison.notes(),
        sections: comparison
            .sections()
            .into_iter()
            .map(|(title, count, groups)| SectionView {
                title,
                count,
                groups: groups.iter().map(GroupView::new).collect(),
            })
            .collect(),
    };
    page.render().map_err(io::Error::other)
}

#[derive(Template)]
#[template(path = "diff.html")]
struct Page {
    verdict: &'static str,
    totals: String,
    before: String,
    after: String,
    notes: Vec<String>,
    sections: Vec<SectionView>,
}

struct SectionView {
    title: &'static str,
    count: usize,
    groups: Vec<GroupView>,
}

struct GroupView {
    title: Prose,
    /// None for a single change, which is the title.
    changes: Vec<Prose>,
    more: String,
}

impl GroupView {
    fn new(group: &Group<'_>) -> GroupView {
        if let [change] = group.changes.as_slice() {
            return GroupView {
                title: prose(&change.line()),
                changes: Vec::new(),
                more: String::new(),
            };
        }
        let changes = group.changes.iter().take(MAX_CHANGES);
        GroupView {
            title: prose(&group.title()),
            changes: changes.map(|change| prose(&change.line())).collect(),
            more: match group.changes.len().saturating_sub(MAX_CHANGES) {
                0 => String::new(),
                more => format!("and {}", counted(more, "more change")),
            },
        }
    }
}
