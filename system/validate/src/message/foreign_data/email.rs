//! Email addresses.

use std::sync::LazyLock;

use regex::Regex;

use super::{Search, is_alnum, other};
use crate::address::mailbox;
use crate::roster::Worker;

const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 255;

/// Ways in which people write addresses for people, and what they stand for.
const SPELLED_OUT: [(&str, &str); 6] = [
    (r" *[(\[{<] *(?:at|arroba|a) *[)\]}>] *", "@"),
    (r" +(?:at|arroba) +", "@"),
    (r" *[(\[{<] *(?:dot|punto) *[)\]}>] *", "."),
    (r" +(?:dot|punto) +", "."),
    (r" *@ *", "@"),
    (r" +\. *|\. +", "."),
];

pub(super) fn find<'r>(text: &[char], search: &Search<'_, 'r>) -> Option<&'r Worker> {
    find_in(text, search).or_else(|| {
        let spelled_out: Vec<char> = spelled_out(text).chars().collect();
        find_in(&spelled_out, search)
    })
}

fn spelled_out(text: &[char]) -> String {
    static COMPILED: LazyLock<[(Regex, &str); 6]> = LazyLock::new(|| {
        SPELLED_OUT.map(|(expression, sign)| {
            let compiled = Regex::new(expression).expect("the expressions are constants");
            (compiled, sign)
        })
    });
    let text: String = text.iter().collect();
    COMPILED.iter().fold(text, |text, (expression, sign)| {
        expression.replace_all(&text, *sign).into_owned()
    })
}

fn find_in<'r>(text: &[char], search: &Search<'_, 'r>) -> Option<&'r Worker> {
    let signs = (0..text.len()).filter(|at| text[*at] == '@');
    signs.into_iter().find_map(|at| around(text, at, search))
}

/// Decides for one `@`.
fn around<'r>(text: &[char], at: usize, search: &Search<'_, 'r>) -> Option<&'r Worker> {
    let in_local = |c: &&char| is_alnum(**c) || ".!#$%&'*+/=?^_`{|}~-".contains(**c);
    let in_domain = |c: &&char| is_alnum(**c) || matches!(c, '.' | '-');
    let before = text[..at].iter().rev().take(MAX_LOCAL);
    let start = at - before.take_while(in_local).count();
    let behind = text[at + 1..].iter().take(MAX_DOMAIN);
    let end = at + 1 + behind.take_while(in_domain).count();
    // Few places end a domain of the roster, so the beginnings are tried with few ends.
    let is_known = |to: &usize| {
        let domain: String = text[at + 1..*to].iter().collect();
        search.roster.has_domain(&domain)
    };
    let ends = (at + 2..=end).rev().filter(|to| may_end(text, *to));
    let ends: Vec<usize> = ends.filter(is_known).collect();
    for from in (start..at).filter(|from| may_begin(text, *from)) {
        for to in ends.iter().copied() {
            let candidate: String = text[from..to].iter().collect();
            let owner = search
                .roster
                .owner_of_mailbox(&mailbox(&candidate), search.recipient);
            if let Some(owner) = owner {
                return other(owner);
            }
        }
    }
    None
}

fn may_begin(text: &[char], at: usize) -> bool {
    let is_alnum_before = |at: usize| text[..at].last().is_some_and(|c| is_alnum(*c));
    let is_joined = at > 0 && matches!(text[at - 1], '.' | '-' | '_' | '+' | '\'');
    let continues = is_alnum_before(at) || (is_joined && is_alnum_before(at - 1));
    !continues
}

fn may_end(text: &[char], at: usize) -> bool {
    let is_alnum_at = |at: usize| text.get(at).is_some_and(|c| is_alnum(*c));
    let continues = is_alnum_at(at) || (text.get(at) == Some(&'-') && is_alnum_at(at + 1));
    !continues
}
