//! Roles: by title, or else by a word that suggests one.

use super::Reading;
use super::elements::{Element, Kind, text_of};
use crate::terms::push_new;
use crate::understanding::{How, Role, Understanding};

impl Reading<'_> {
    pub(super) fn collect_roles(&mut self, found: &mut Understanding) {
        let titles = self.of_kind(Kind::Role);
        let has_title = titles.iter().any(|at| !self.elements[*at].is_unwanted);
        let hints = self.of_kind(Kind::Hint);
        let counts = |at: &usize| !has_title || self.elements[*at].is_unwanted;
        let hints: Vec<_> = hints.into_iter().filter(counts).collect();
        let mut wanted = Vec::new();
        for at in titles.into_iter().chain(hints) {
            let element = &self.elements[at];
            let (roles, is_hint) = match element.kind {
                Some(Kind::Role) => (&element.meaning.roles, false),
                _ => (&element.meaning.hints, true),
            };
            for role in roles {
                let list = if element.is_unwanted {
                    &mut found.not_roles
                } else {
                    push_new(&mut wanted, *role);
                    &mut found.roles
                };
                let name = &self.understander.roles[*role].name;
                if list.iter().all(|known| known.role != *name) {
                    list.push(self.role(element, *role, is_hint));
                }
            }
            self.use_element(at);
        }
        if !self.understander.dictionary.parts.related {
            return;
        }
        let roles = &self.understander.roles;
        for role in &wanted {
            let related = roles[*role].related.iter();
            for value in related.flat_map(|other| &roles[*other].values) {
                let is_wanted = found.roles.iter().any(|role| role.values.contains(value));
                if !is_wanted && !found.related.contains(value) {
                    found.related.push(value.clone());
                }
            }
        }
    }

    fn role(&self, element: &Element<'_>, role: usize, is_hint: bool) -> Role {
        let entry = &self.understander.roles[role];
        let tokens = &self.tokens[element.start..element.end];
        let key = self.keys.of(element.start, element.end);
        let how = if tokens.iter().any(|token| token.is_corrected) {
            How::Spelling
        } else if is_hint {
            How::Hint
        } else if entry.is_named(key) {
            How::Name
        } else {
            How::Synonym
        };
        Role {
            role: entry.name.clone(),
            text: text_of(tokens),
            how,
            values: entry.values.clone(),
        }
    }
}
