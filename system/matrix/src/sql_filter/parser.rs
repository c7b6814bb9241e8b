//! Parses tokens into conditions.

use std::borrow::Cow;

use lakehouse_vector::{Pattern, Scalar};

use super::{
    SqlFilterError,
    lexer::{Keyword, Kind, Token, tokens},
};

const MAX_LEVELS: usize = 32;

/// A condition on the members of a document's metadata.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition<'a> {
    /// Compares a member with a literal.
    Compare(&'a str, Comparison, Scalar),
    /// Compares a member with at least one literal.
    In(&'a str, Vec<Scalar>),
    /// Compares a member with two inclusive bounds.
    Between(&'a str, Scalar, Scalar),
    /// Compares a member with a pattern.
    Like(&'a str, Pattern),
    /// Whether a member is absent or `null`.
    IsNull(&'a str),
    Not(Box<Condition<'a>>),
    And(Vec<Condition<'a>>),
    Or(Vec<Condition<'a>>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Parses a condition.
pub(super) fn parse(text: &str) -> Result<Condition<'_>, SqlFilterError> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        levels: 0,
    };
    let condition = parser.any_of()?;
    match parser.peek().kind {
        Kind::End => Ok(condition),
        _ => Err(parser.expected("`AND`, `OR` or the end")),
    }
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    next: usize,
    /// The number of open parentheses and `NOT`s.
    levels: usize,
}

impl<'a> Parser<'a> {
    fn any_of(&mut self) -> Result<Condition<'a>, SqlFilterError> {
        self.joined(Keyword::Or, Self::all_of, Condition::Or)
    }

    fn all_of(&mut self) -> Result<Condition<'a>, SqlFilterError> {
        self.joined(Keyword::And, Self::term, Condition::And)
    }

    fn joined(
        &mut self,
        keyword: Keyword,
        part: fn(&mut Self) -> Result<Condition<'a>, SqlFilterError>,
        join: fn(Vec<Condition<'a>>) -> Condition<'a>,
    ) -> Result<Condition<'a>, SqlFilterError> {
        let first = part(self)?;
        if !self.is_keyword(keyword) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.take_keyword(keyword) {
            parts.push(part(self)?);
        }
        Ok(join(parts))
    }

    fn term(&mut self) -> Result<Condition<'a>, SqlFilterError> {
        if self.take_keyword(Keyword::Not) {
            let negated = self.nested(Self::term)?;
            return Ok(Condition::Not(Box::new(negated)));
        }
        if self.take_symbol("(") {
            let inside = self.nested(Self::any_of)?;
            self.expect_symbol(")")?;
            return Ok(inside);
        }
        self.comparison()
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<Condition<'a>, SqlFilterError>,
    ) -> Result<Condition<'a>, SqlFilterError> {
        self.levels += 1;
        if self.levels > MAX_LEVELS {
            return Err(SqlFilterError(format!(
                "more than {MAX_LEVELS} levels of parentheses and `NOT` at byte {}",
                self.tokens[self.next - 1].at
            )));
        }
        let condition = read(self)?;
        self.levels -= 1;
        Ok(condition)
    }

    fn comparison(&mut self) -> Result<Condition<'a>, SqlFilterError> {
        let Kind::Name(name) = self.peek().kind else {
            return Err(self.expected("a name, `NOT` or `(`"));
        };
        self.next += 1;
        if self.take_keyword(Keyword::Is) {
            return self.null(name);
        }
        let negated = self.take_keyword(Keyword::Not);
        let condition = if self.take_keyword(Keyword::In) {
            self.list(name)?
        } else if self.take_keyword(Keyword::Between) {
            let low = self.ordered_literal("`BETWEEN`")?;
            if !self.take_keyword(Keyword::And) {
                return Err(self.expected("`AND`"));
            }
            Condition::Between(name, low, self.ordered_literal("`BETWEEN`")?)
        } else if self.take_keyword(Keyword::Like) {
            Condition::Like(name, self.pattern(false)?)
        } else if self.take_keyword(Keyword::Ilike) {
            Condition::Like(name, self.pattern(true)?)
        } else if negated {
            return Err(self.expected("`IN`, `BETWEEN`, `LIKE` or `ILIKE`"));
        } else {
            self.against_literal(name)?
        };
        Ok(negated_if(negated, condition))
    }

    /// The rest of `name IS [NOT] NULL`.
    fn null(&mut self, name: &'a str) -> Result<Condition<'a>, SqlFilterError> {
        let negated = self.take_keyword(Keyword::Not);
        if !self.take_keyword(Keyword::Null) {
            return Err(self.expected(if negated {
                "`NULL`"
            } else {
                "`NULL` or `NOT NULL`"
            }));
        }
        Ok(negated_if(negated, Condition::IsNull(name)))
    }

    /// A pattern, and its escape character if it has one.
    fn pattern(&mut self, ignores_case: bool) -> Result<Pattern, SqlFilterError> {
        let at = self.peek().at;
        let text = self.string("a pattern in single quotes")?;
        let mut escape = None;
        if self.take_keyword(Keyword::Escape) {
            let at = self.peek().at;
            let text = self.string("a character in single quotes")?;
            let mut chars = text.chars();
            escape = match (chars.next(), chars.next()) {
                (Some(escape), None) => Some(escape),
                _ => {
                    return Err(SqlFilterError(format!(
                        "the escape at byte {at} is not one character"
                    )));
                }
            };
        }
        Pattern::parse(&text, escape, ignores_case).ok_or_else(|| {
            SqlFilterError(format!(
                "the pattern at byte {at} ends with its escape character"
            ))
        })
    }

    fn string(&mut self, what: &str) -> Result<Cow<'a, str>, SqlFilterError> {
        let Kind::Text(text) = &mut self.tokens[self.next].kind else {
            return Err(self.expected(what));
        };
        let text = std::mem::take(text);
        self.next += 1;
        Ok(text)
    }

    fn list(&mut self, name: &'a str) -> Result<Condition<'a>, SqlFilterError> {
        self.expect_symbol("(")?;
        let mut values = vec![self.literal()?];
        while self.take_symbol(",") {
            values.push(self.literal()?);
        }
        self.expect_symbol(")")?;
        Ok(Condition::In(name, values))
    }

    fn against_literal(&mut self, name: &'a str) -> Result<Condition<'a>, SqlFilterError> {
        let mut negated = false;
        let comparison = match self.peek().kind {
            Kind::Symbol("=") => Comparison::Equal,
            Kind::Symbol("<>" | "!=") => {
                negated = true;
                Comparison::Equal
            }
            Kind::Symbol("<") => Comparison::Less,
            Kind::Symbol("<=") => Comparison::LessOrEqual,
            Kind::Symbol(">") => Comparison::Greater,
            Kind::Symbol(">=") => Comparison::GreaterOrEqual,
            _ => {
                return Err(
                    self.expected("a comparison, `IN`, `BETWEEN`, `LIKE`, `ILIKE`, `IS` or `NOT`")
                );
            }
        };
        let symbol = format!("`{}`", self.peek().text);
        self.next += 1;
        let literal = match comparison {
            Comparison::Equal => self.literal()?,
            _ => self.ordered_literal(&symbol)?,
        };
        Ok(negated_if(
            negated,
            Condition::Compare(name, comparison, literal),
        ))
    }

    /// A literal other than a boolean.
    fn ordered_literal(&mut self, by: &str) -> Result<Scalar, SqlFilterError> {
        let at = self.peek().at;
        match self.literal()? {
            Scalar::Bool(_) => Err(SqlFilterError(format!(
                "booleans have no order for {by}, found one at byte {at}"
            ))),
            literal => Ok(literal),
        }
    }

    fn literal(&mut self) -> Result<Scalar, SqlFilterError> {
        let minus = self.tokens[self.next].at;
        let negative = self.take_symbol("-");
        // There is no white space between a sign and its number.
        if negative && self.tokens[self.next].at > minus + 1 {
            return Err(self.expected("a number directly behind `-`"));
        }
        let literal = match &mut self.tokens[self.next].kind {
            // Adding 0 turns -0 into 0.
            Kind::Number(value) if negative => Scalar::Number(-*value + 0.0),
            _ if negative => return Err(self.expected("a number")),
            Kind::Keyword(Keyword::Null) => {
                return Err(SqlFilterError(format!(
                    "`NULL` at byte {minus} is equal to nothing; use `IS NULL`"
                )));
            }
            Kind::Number(value) => Scalar::Number(*value),
            Kind::Text(text) => Scalar::Text(std::mem::take(text).into()),
            Kind::Keyword(Keyword::True) => Scalar::Bool(true),
            Kind::Keyword(Keyword::False) => Scalar::Bool(false),
            _ => return Err(self.expected("a string, a number, `TRUE` or `FALSE`")),
        };
        self.next += 1;
        Ok(literal)
    }

    fn is_keyword(&self, keyword: Keyword) -> bool {
        self.peek().kind == Kind::Keyword(keyword)
    }

    fn take_keyword(&mut self, keyword: Keyword) -> bool {
        let is_there = self.is_keyword(keyword);
        self.next += usize::from(is_there);
        is_there
    }

    fn take_symbol(&mut self, symbol: &'static str) -> bool {
        let is_there = self.peek().kind == Kind::Symbol(symbol);
        self.next += usize::from(is_there);
        is_there
    }

    fn expect_symbol(&mut self, symbol: &'static str) -> Result<(), SqlFilterError> {
        match self.take_symbol(symbol) {
            true => Ok(()),
            false => Err(self.expected(&format!("`{symbol}`"))),
        }
    }

    /// The next token; at the end, always [`Kind::End`].
    fn peek(&self) -> &Token<'a> {
        &self.tokens[self.next]
    }

    fn expected(&self, what: &str) -> SqlFilterError {
        let token = self.peek();
        let found = match token.kind {
            Kind::End => "the end".to_owned(),
            _ => format!("`{}`", token.text),
        };
        SqlFilterError(format!(
            "expected {what}, found {found} at byte {}",
            token.at
        ))
    }
}

fn negated_if(negated: bool, condition: Condition<'_>) -> Condition<'_> {
    if negated {
        Condition::Not(Box::new(condition))
    } else {
        condition
    }
}
