//! The forms of a string that a shape generates: its fixed parts, and where others are generated.

use std::collections::BTreeSet;

use regex_syntax::hir::{Hir, HirKind};

use crate::generate::shape::Shape;

/// Replaces a generated part in [`Form::text`]. No document can contain this character.
pub(super) const GENERATED: char = '\u{10fffd}';
/// The maximum number of forms of a shape; one with more is generated as a whole.
const MAX_FORMS: usize = 256;

/// One form of a string.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Form(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Text(String),
    /// One of several texts, such as a method. In a path it is generated.
    Choice(String),
    Generated,
}

/// The forms of the strings of a shape.
pub(super) fn of(shape: &Shape) -> Vec<Form> {
    match shape {
        Shape::Text(text) => vec![Form(vec![Piece::Text(text.clone())])],
        Shape::Join(pieces) => joined(pieces.iter().map(|piece| of(piece))),
        Shape::One(choices) => {
            let possible = choices.iter().filter(|(weight, _)| *weight > 0);
            chosen(possible.map(|(_, choice)| of(choice)))
        }
        Shape::Matching(_, pattern) => match regex_syntax::parse(pattern) {
            Ok(pattern) => of_pattern(&pattern),
            Err(_) => generated(),
        },
        _ => generated(),
    }
}

fn of_pattern(pattern: &Hir) -> Vec<Form> {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![Form::default()],
        HirKind::Literal(text) => {
            let text = String::from_utf8_lossy(&text.0).into_owned();
            vec![Form(vec![Piece::Text(text)])]
        }
        HirKind::Capture(group) => of_pattern(&group.sub),
        HirKind::Concat(pieces) => joined(pieces.iter().map(of_pattern)),
        HirKind::Alternation(choices) => chosen(choices.iter().map(of_pattern)),
        HirKind::Class(_) | HirKind::Repetition(_) => generated(),
    }
}

fn generated() -> Vec<Form> {
    vec![Form(vec![Piece::Generated])]
}

fn joined(pieces: impl Iterator<Item = Vec<Form>>) -> Vec<Form> {
    let mut all = BTreeSet::from([Form::default()]);
    for piece in pieces {
        let longer = all
            .iter()
            .flat_map(|form| piece.iter().map(|next| form.followed_by(next)));
        all = longer.collect();
        if all.len() > MAX_FORMS {
            return generated();
        }
    }
    all.into_iter().collect()
}

fn chosen(choices: impl Iterator<Item = Vec<Form>>) -> Vec<Form> {
    let all: BTreeSet<Form> = choices.flatten().map(Form::into_choice).collect();
    if all.len() > MAX_FORMS {
        return generated();
    }
    all.into_iter().collect()
}

impl Form {
    /// The text, with [`GENERATED`] in place of generated parts.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(fixed) | Piece::Choice(fixed) => text.push_str(fixed),
                Piece::Generated => text.push(GENERATED),
            }
        }
        text
    }

    /// A choice that begins or ends a method or segment keeps its form; any other is one piece.
    fn into_choice(self) -> Form {
        let text = self.text();
        if text.contains(['/', ' ']) {
            return self;
        }
        Form(vec![if text.contains(GENERATED) {
            Piece::Generated
        } else {
            Piece::Choice(text)
        }])
    }

    fn followed_by(&self, next: &Form) -> Form {
        let mut pieces = self.0.clone();
        for piece in &next.0 {
            let in_path = Form(pieces.clone()).text().contains(' ');
            let piece = match piece {
                Piece::Choice(_) if in_path => Piece::Generated,
                other => other.clone(),
            };
            if piece != Piece::Generated || pieces.last() != Some(&Piece::Generated) {
                pieces.push(piece);
            }
        }
        Form(pieces)
    }
}
