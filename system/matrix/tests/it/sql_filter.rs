//! SQL-style filters, compared with an evaluation of each condition with three truth values.

use lakehouse_matrix::read_sql_filter;
use lakehouse_vector::{Metadata, Scalar};
use proptest::{prelude::*, sample::select};

/// A generated condition.
#[derive(Debug, Clone)]
enum Expression {
    Compare(&'static str, &'static str, Literal),
    In(&'static str, bool, Vec<Literal>),
    Between(&'static str, bool, Literal, Literal),
    Not(Box<Expression>),
    And(Vec<Expression>),
    Or(Vec<Expression>),
}

#[derive(Debug, Clone)]
enum Literal {
    Text(String),
    Number(i32),
    Bool(bool),
}

impl Literal {
    fn sql(&self) -> String {
        match self {
            Self::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Self::Number(number) => number.to_string(),
            Self::Bool(value) => value.to_string().to_uppercase(),
        }
    }

    /// The order of a member and the literal, if it is known.
    fn compare(&self, member: Option<&Scalar>) -> Option<std::cmp::Ordering> {
        match (member?, self) {
            (Scalar::Text(member), Self::Text(text)) => {
                Some(member.as_bytes().cmp(text.as_bytes()))
            }
            (Scalar::Number(member), Self::Number(number)) => {
                member.partial_cmp(&f64::from(*number))
            }
            (Scalar::Bool(member), Self::Bool(value)) => Some(member.cmp(value)),
            _ => None,
        }
    }
}

impl Expression {
    fn sql(&self) -> String {
        let list = |literals: &[Literal]| {
            let literals: Vec<_> = literals.iter().map(Literal::sql).collect();
            literals.join(",")
        };
        let joined = |parts: &[Self], word: &str| {
            let parts: Vec<_> = parts
                .iter()
                .map(|part| format!("({})", part.sql()))
                .collect();
            parts.join(word)
        };
        let not = |negated: &bool| if *negated { " nOT" } else { "" };
        match self {
            Self::Compare(name, sign, literal) => format!("{name}{sign}{}", literal.sql()),
            Self::In(name, negated, literals) => {
                format!("{name}{} IN({})", not(negated), list(literals))
            }
            Self::Between(name, negated, low, high) => {
                let not = not(negated);
                format!("{name}{not} between {} AND {}", low.sql(), high.sql())
            }
            Self::Not(part) => format!("NOT ({})", part.sql()),
            Self::And(parts) => joined(parts, " AND "),
            Self::Or(parts) => joined(parts, "or"),
        }
    }

    /// The value in SQL: true, false, or unknown.
    fn value(&self, row: &Metadata) -> Option<bool> {
        let compare = |name: &str, literal: &Literal| {
            let member = row.get(name.trim_matches('"'));
            literal.compare(member.as_ref())
        };
        let negate = |value: Option<bool>, negated: bool| value.map(|value| value != negated);
        match self {
            Self::Compare(name, sign, literal) => {
                let order = compare(name, literal)?;
                Some(match *sign {
                    "=" => order.is_eq(),
                    "<>" | "!=" => order.is_ne(),
                    "<" => order.is_lt(),
                    "<=" => order.is_le(),
                    ">" => order.is_gt(),
                    _ => order.is_ge(),
                })
            }
            Self::In(name, negated, literals) => {
                let equal = literals
                    .iter()
                    .map(|literal| compare(name, literal).map(|order| order.is_eq()));
                negate(disjunction(equal), *negated)
            }
            Self::Between(name, negated, low, high) => {
                let low = compare(name, low).map(|order| order.is_ge());
                let high = compare(name, high).map(|order| order.is_le());
                negate(conjunction([low, high].into_iter()), *negated)
            }
            Self::Not(part) => negate(part.value(row), true),
            Self::And(parts) => conjunction(parts.iter().map(|part| part.value(row))),
            Self::Or(parts) => disjunction(parts.iter().map(|part| part.value(row))),
        }
    }
}

fn conjunction(values: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let values: Vec<_> = values.collect();
    if values.contains(&Some(false)) {
        Some(false)
    } else if values.contains(&None) {
        None
    } else {
        Some(true)
    }
}

fn disjunction(values: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    conjunction(values.map(|value| value.map(|value| !value))).map(|value| !value)
}

fn name() -> impl Strategy<Value = &'static str> {
    select(
        &[
            "role", "\"role\"", "Role", "years", "case", "_x1", "\"a b\"",
        ][..],
    )
}

fn ordered() -> impl Strategy<Value = Literal> {
    prop_oneof![
        (-3..4).prop_map(Literal::Number),
        "[a-cé']{0,2}".prop_map(Literal::Text),
    ]
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![3 => ordered(), 1 => any::<bool>().prop_map(Literal::Bool)]
}

fn expression() -> impl Strategy<Value = Expression> {
    use proptest::collection::vec;
    let equal = (name(), select(&["=", "<>", "!="][..]), literal());
    let order = (name(), select(&["<", "<=", ">", ">="][..]), ordered());
    let leaf = prop_oneof![
        equal.prop_map(|(name, sign, literal)| Expression::Compare(name, sign, literal)),
        order.prop_map(|(name, sign, literal)| Expression::Compare(name, sign, literal)),
        (name(), any::<bool>(), vec(literal(), 1..4))
            .prop_map(|(n, not, l)| Expression::In(n, not, l)),
        (name(), any::<bool>(), ordered(), ordered())
            .prop_map(|(name, not, low, high)| Expression::Between(name, not, low, high)),
    ];
    leaf.prop_recursive(4, 24, 3, |part| {
        prop_oneof![
            part.clone()
                .prop_map(|part| Expression::Not(Box::new(part))),
            vec(part.clone(), 1..4).prop_map(Expression::And),
            vec(part, 1..4).prop_map(Expression::Or),
        ]
    })
}

fn row() -> impl Strategy<Value = Metadata> {
    let value = prop_oneof![
        (-3..4_i32).prop_map(|number| number.to_string()),
        "[a-cé']{0,2}".prop_map(|text| format!("{text:?}")),
        select(&["null", "true", "false", "[1]", "{}", "1.5", "-0.0"][..]).prop_map(str::to_owned),
    ];
    let member = (
        select(&["role", "Role", "years", "case", "_x1", "a b"][..]),
        value,
    );
    prop::collection::vec(member, 0..6).prop_map(|members| {
        let members: Vec<_> = members
            .iter()
            .map(|(name, value)| format!("{name:?}:{value}"))
            .collect();
        Metadata::parse(&format!("{{{}}}", members.join(","))).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn filters_pass_if_the_condition_is_true(expression in expression(), row in row()) {
        let sql = expression.sql();
        let filter = read_sql_filter(&sql).map_err(|e| TestCaseError::fail(format!("{e}: {sql}")))?;
        prop_assert_eq!(filter.passes(&row), expression.value(&row) == Some(true), "{} {}", sql, row.as_str());
    }

    #[test]
    fn any_text_is_read_or_rejected(text in "(and|or|not|in|between|true|x|'|\"|[0-9.e]|[ -~]|é| ){0,40}") {
        let _ = read_sql_filter(&text);
    }
}

#[test]
fn conditions_follow_the_precedence_of_sql() {
    let row = Metadata::parse(r#"{"a":1,"b":2,"t":"it's","f":false,"case":"x"}"#).unwrap();
    let cases = [
        ("a = 1 OR a = 2 AND b = 3", true),
        ("(a = 1 OR a = 2) AND b = 3", false),
        ("NOT a = 2 AND b = 2", true),
        ("NOT (a = 2 AND b = 2)", true),
        ("not not a=1", true),
        ("a BETWEEN 0 AND 2 AND b BETWEEN 3 AND 4", false),
        ("a BETWEEN 0 AND 2 AND NOT b BETWEEN 3 AND 4", true),
        ("a between 2 and 0", false),
        ("\ta\r\n>=\n1.0", true),
        ("a<2", true),
        ("a<-2", false),
        ("a > -2", true),
        ("a = 10e-1", true),
        ("a = .1E+1", true),
        ("a = 1.", true),
        ("a = 01", true),
        ("t = 'it''s'", true),
        ("t >= 'it'", true),
        ("f = FALSE", true),
        ("f <> true", true),
        ("f != 0", false),
        ("NOT f = 'false'", false),
        ("case = 'x'", true),
        ("\"case\" = 'x'", true),
        ("\"and\" = 'x'", false),
        ("CASE = 'x'", false),
        ("nowhere <> 'x'", false),
        ("NOT nowhere = 'x'", false),
        ("NOT nowhere = 'x' OR a = 1", true),
        ("nowhere NOT IN ('x')", false),
        ("a NOT IN (2, 3)", true),
        ("a NOT IN (2, 'x')", false),
        ("a IN ('x', TRUE, 1)", true),
        ("a NOT BETWEEN 2 AND 'x'", true),
    ];
    for (sql, want) in cases {
        let filter = read_sql_filter(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert_eq!(filter.passes(&row), want, "{sql}");
    }
}

#[test]
fn errors_report_their_position() {
    let deepest = format!("{}a = 1{}", "(".repeat(32), ")".repeat(32));
    assert!(read_sql_filter(&deepest).is_ok());
    let too_deep = format!("NOT {deepest}");
    let longest = format!("a = '{}'", "x".repeat(4090));
    assert!(read_sql_filter(&longest).is_ok());
    let too_long = format!("{longest} ");
    let name_place = "expected a name, `NOT` or `(`, found";
    let literal = "expected a string, a number, `TRUE` or `FALSE`, found";
    let comparison = "expected a comparison, `IN`, `BETWEEN` or `NOT`, found";
    let end = "expected `AND`, `OR` or the end, found";
    let cases = [
        ("", format!("{name_place} the end at byte 0")),
        (" ", format!("{name_place} the end at byte 1")),
        ("1 = a", format!("{name_place} `1` at byte 0")),
        ("a", format!("{comparison} the end at byte 1")),
        ("a = b", format!("{literal} `b` at byte 4")),
        ("a = NULL", format!("{literal} `NULL` at byte 4")),
        ("a IS NULL", format!("{comparison} `IS` at byte 2")),
        ("a LIKE 'x'", format!("{comparison} `LIKE` at byte 2")),
        ("a == 1", format!("{literal} `=` at byte 3")),
        (
            "a = --1",
            "expected a number, found `-` at byte 5".to_owned(),
        ),
        (
            "a > - 2",
            "expected a number directly behind `-`, found `2` at byte 6".to_owned(),
        ),
        ("a = +1", "unexpected `+` at byte 4".to_owned()),
        (
            "a = -'x'",
            "expected a number, found `'x'` at byte 5".to_owned(),
        ),
        ("a = 1 -- b", format!("{end} `-` at byte 6")),
        ("a = 1 /* b */", "unexpected `/` at byte 6".to_owned()),
        ("a = 1; b", "unexpected `;` at byte 5".to_owned()),
        ("a.b = 1", "unexpected `.` at byte 1".to_owned()),
        ("é = 1", "unexpected `é` at byte 0".to_owned()),
        ("a\u{A0}= 1", "unexpected `\u{A0}` at byte 1".to_owned()),
        ("a = 1x", "`1x` at byte 4 is no number".to_owned()),
        ("a = 1e", "`1e` at byte 4 is no number".to_owned()),
        ("a = 1.2.3", "`1.2.3` at byte 4 is no number".to_owned()),
        (
            "a = 1e999",
            "`1e999` at byte 4 is beyond the range of a double".to_owned(),
        ),
        (
            "a = 'x",
            "the string that begins at byte 4 does not end".to_owned(),
        ),
        (
            "\"a = 1",
            "the name that begins at byte 0 does not end".to_owned(),
        ),
        ("\"a\"\"b\" = 1", format!("{comparison} `\"b\"` at byte 3")),
        ("a IN ()", format!("{literal} `)` at byte 6")),
        ("a IN (1,)", format!("{literal} `)` at byte 8")),
        (
            "a NOT = 1",
            "expected `IN` or `BETWEEN`, found `=` at byte 6".to_owned(),
        ),
        (
            "a < TRUE",
            "booleans have no order for `<`, found one at byte 4".to_owned(),
        ),
        (
            "a BETWEEN 1 AND false",
            "booleans have no order for `BETWEEN`, found one at byte 16".to_owned(),
        ),
        ("(a = 1", "expected `)`, found the end at byte 6".to_owned()),
        ("a = 1)", format!("{end} `)` at byte 5")),
        ("a = 1 b = 2", format!("{end} `b` at byte 6")),
        ("NOT = 1", format!("{name_place} `=` at byte 4")),
        ("and = 1", format!("{name_place} `and` at byte 0")),
        (
            too_deep.as_str(),
            "more than 32 levels of parentheses and `NOT` at byte 35".to_owned(),
        ),
        (
            too_long.as_str(),
            "it has 4097 bytes, the most is 4096".to_owned(),
        ),
    ];
    for (sql, want) in cases {
        let error = read_sql_filter(sql).expect_err(sql).to_string();
        assert_eq!(
            error,
            format!("sql_filter is not a condition: {want}"),
            "{sql}"
        );
    }
}
