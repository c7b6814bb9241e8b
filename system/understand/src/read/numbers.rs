//! Numbers: how many people, years, pay, dates and times.

use super::Reading;
use crate::understanding::{Bounds, Number, Understanding};

/// The largest number of people.
const MOST_PEOPLE: u32 = 999;

/// Numbers that stand together: `3`, `15-18`.
struct Found {
    start: usize,
    /// Behind the last token.
    end: usize,
    first: Number,
    second: Option<Number>,
}

impl Reading<'_> {
    pub(super) fn read_numbers(&mut self, found: &mut Understanding) {
        let mut at = 0;
        while at < self.tokens.len() {
            if self.is_free(at) {
                let end = self
                    .read_date(at, found)
                    .or_else(|| self.read_time(at, found))
                    .or_else(|| self.read_quantity(at, found));
                if let Some(end) = end {
                    self.used[at..end].fill(true);
                    at = end;
                    continue;
                }
            }
            at += 1;
        }
    }

    fn is_free(&self, at: usize) -> bool {
        at < self.tokens.len() && self.element_at[at].is_none() && !self.used[at]
    }

    fn is_number(&self, at: usize) -> bool {
        self.is_free(at) && self.tokens[at].is_number
    }

    fn gap_is(&self, at: usize, gap: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.gap == gap)
    }

    fn small(&self, at: usize, most: u32) -> Option<u32> {
        let text = &self.tokens.get(at)?.text;
        let number = text
            .parse()
            .ok()
            .filter(|_| self.is_number(at) && text.len() <= 2);
        number.filter(|number| *number <= most)
    }

    fn read_date(&self, at: usize, found: &mut Understanding) -> Option<usize> {
        let cues = &self.understander.dictionary.cues;
        let token = &self.tokens[at];
        let digits = |at: usize| self.tokens[at].text.as_str();
        let is_iso = self.is_number(at)
            && token.text.len() == 4
            && self.is_number(at + 1)
            && self.gap_is(at + 1, "-")
            && self.is_number(at + 2)
            && self.gap_is(at + 2, "-");
        if is_iso {
            found.dates.push(format!(
                "{}-{}-{}",
                digits(at),
                digits(at + 1),
                digits(at + 2)
            ));
            return Some(at + 3);
        }
        let is_month_day = self.small(at, 12).is_some()
            && self.gap_is(at + 1, "/")
            && self.small(at + 1, 31).is_some();
        if is_month_day {
            let has_year = self.is_number(at + 2) && self.gap_is(at + 2, "/");
            let end = if has_year { at + 3 } else { at + 2 };
            let parts: Vec<_> = (at..end).map(digits).collect();
            found.dates.push(parts.join("/"));
            return Some(end);
        }
        let is_month = |at: usize| self.is_free(at) && cues.month.contains(&self.tokens[at].key);
        if is_month(at) && self.small(at + 1, 31).is_some() {
            found
                .dates
                .push(format!("{} {}", token.text, digits(at + 1)));
            return Some(self.behind_ordinal(at + 2));
        }
        if self.small(at, 31).is_some() {
            let mut month = self.behind_ordinal(at + 1);
            let joins = ["de", "of"];
            let is_join =
                |at: usize| self.is_free(at) && joins.contains(&self.tokens[at].text.as_str());
            month += usize::from(is_join(month));
            if is_month(month) {
                found
                    .dates
                    .push(format!("{} {}", self.tokens[month].text, token.text));
                return Some(month + 1);
            }
        }
        if cues.day.contains(&token.key) || cues.day.contains(&token.text) {
            found.dates.push(token.text.clone());
            return Some(at + 1);
        }
        None
    }

    fn behind_ordinal(&self, at: usize) -> usize {
        let ordinals = ["st", "nd", "rd", "th"];
        let is_ordinal = self.is_free(at) && ordinals.contains(&self.tokens[at].text.as_str());
        at + usize::from(is_ordinal)
    }

    fn read_time(&self, at: usize, found: &mut Understanding) -> Option<usize> {
        let hour = self.small(at, 24)?;
        let mut end = at + 1;
        let has_minutes = self.gap_is(end, ":") && self.small(end, 59).is_some();
        let minutes = self.small(end, 59).filter(|_| has_minutes);
        end += usize::from(has_minutes);
        let (half, behind) = self.half_of_day(end);
        let hour = match half {
            Some(_) if hour == 0 || hour > 12 => return None,
            Some(is_afternoon) => hour % 12 + if is_afternoon { 12 } else { 0 },
            None if has_minutes => hour % 24,
            None => return None,
        };
        found
            .times
            .push(format!("{hour:02}:{:02}", minutes.unwrap_or(0)));
        Some(behind)
    }

    /// Whether `pm` (`true`) or `am` stands at a token, and what is behind it.
    fn half_of_day(&self, at: usize) -> (Option<bool>, usize) {
        let text = |at: usize| {
            let token = self.tokens.get(at).filter(|_| self.is_free(at));
            token.map_or("", |token| token.text.as_str())
        };
        match (text(at), text(at + 1)) {
            ("am", _) => (Some(false), at + 1),
            ("pm", _) => (Some(true), at + 1),
            ("a", "m") => (Some(false), at + 2),
            ("p", "m") => (Some(true), at + 2),
            _ => (None, at),
        }
    }

    fn read_quantity(&self, at: usize, found: &mut Understanding) -> Option<usize> {
        let number = self.numbers_at(at)?;
        let end = self
            .read_pay(&number, found)
            .or_else(|| self.read_years(&number, found));
        if end.is_some() {
            return end;
        }
        let cues = &self.understander.dictionary.cues;
        let unit = self.tokens.get(number.end).filter(|token| !token.breaks);
        let is_other = |key: &String| cues.hour.contains(key) || cues.other.contains(key);
        if unit.is_some_and(|unit| is_other(&unit.key)) {
            return Some(number.end + usize::from(self.is_free(number.end)));
        }
        let is_people = |number: &u32| (1..=MOST_PEOPLE).contains(number);
        let people = number.first.as_str().parse().ok().filter(is_people);
        found.count = found.count.or(people);
        Some(number.end)
    }

    /// The numbers that stand at a token.
    fn numbers_at(&self, at: usize) -> Option<Found> {
        let first = self.number_at(at)?;
        let mut next = at + 1;
        let is_to = self.is_free(next) && ["to", "a"].contains(&self.tokens[next].text.as_str());
        let joins = is_to
            || self
                .tokens
                .get(next)
                .is_some_and(|token| token.gap.trim_matches([' ', '$']) == "-");
        next += usize::from(is_to);
        let second = self
            .number_at(next)
            .filter(|_| joins && self.tokens[at].is_number);
        let end = if second.is_some() { next + 1 } else { at + 1 };
        Some(Found {
            start: at,
            end,
            first,
            second,
        })
    }

    fn number_at(&self, at: usize) -> Option<Number> {
        if !self.is_free(at) {
            return None;
        }
        let token = &self.tokens[at];
        if token.is_number {
            return Number::read(&token.text);
        }
        let value = self.understander.dictionary.numbers.get(&token.key)?;
        Number::read(&value.to_string())
    }

    fn has_word(&self, at: usize, words: &std::collections::HashSet<String>) -> bool {
        self.is_free(at) && !self.tokens[at].breaks && words.contains(&self.tokens[at].key)
    }

    fn read_pay(&self, number: &Found, found: &mut Understanding) -> Option<usize> {
        let cues = &self.understander.dictionary.cues;
        let has_sign = |at: usize| self.tokens[at].gap.ends_with('$');
        let mut is_money = has_sign(number.start) || has_sign(number.end - 1);
        let mut end = number.end;
        if self.has_word(end, &cues.dollar) {
            is_money = true;
            end += 1;
        }
        let is_slashed = self
            .tokens
            .get(end)
            .is_some_and(|token| token.gap.trim() == "/");
        if is_slashed && self.has_word(end, &cues.hour) {
            is_money = true;
            end += 1;
        } else if self.has_word(end, &cues.per) && self.has_word(end + 1, &cues.hour) {
            is_money = true;
            end += 2;
        } else if is_money && self.has_word(end, &cues.hour) {
            end += 1;
        }
        if !is_money {
            return None;
        }
        let (bounds, end) = self.bounds(number, end, false);
        found.pay.get_or_insert(bounds);
        Some(end)
    }

    fn read_years(&self, number: &Found, found: &mut Understanding) -> Option<usize> {
        let cues = &self.understander.dictionary.cues;
        if !self.has_word(number.end, &cues.year) {
            return None;
        }
        let (bounds, end) = self.bounds(number, number.end + 1, true);
        found.years.get_or_insert(bounds);
        Some(end)
    }

    /// The bounds that words around a number set, and what is behind them. Without such words a number is a
    /// lower bound of years and an upper one of pay.
    fn bounds(&self, number: &Found, end: usize, is_least: bool) -> (Bounds, usize) {
        let cues = &self.understander.dictionary.cues;
        let first = Some(number.first.clone());
        if let Some(second) = &number.second {
            let bounds = Bounds {
                least: first.filter(|_| is_least),
                most: Some(second.clone()),
                ..Bounds::default()
            };
            return (bounds, end);
        }
        let mut bounds = Bounds::default();
        let entries = [&cues.below, &cues.most, &cues.above, &cues.least];
        let lengths = entries.map(|entries| self.length_before(entries, number.start));
        let longest = lengths.iter().flatten().max().copied();
        let decides = (0..4).find(|at| longest.is_some() && lengths[*at] == longest);
        if let Some(decides) = decides {
            let bound = match decides {
                0 => &mut bounds.below,
                1 => &mut bounds.most,
                2 => &mut bounds.above,
                _ => &mut bounds.least,
            };
            *bound = first;
            return (bounds, end);
        }
        let behind = self.tokens.get(number.end);
        let has_plus = behind.is_some_and(|token| token.gap.starts_with('+'));
        let most_behind = self.length_at(&cues.after_most, end);
        let least_behind = self.length_at(&cues.after_least, end);
        let (is_least, length) = match (most_behind, least_behind) {
            _ if has_plus => (true, 0),
            (Some(length), _) => (false, length),
            (None, Some(length)) => (true, length),
            (None, None) => (is_least, 0),
        };
        if is_least {
            bounds.least = first;
        } else {
            bounds.most = first;
        }
        (bounds, end + length)
    }
}
