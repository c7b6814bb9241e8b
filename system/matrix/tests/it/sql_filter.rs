//! SQL-style filters, compared with an evaluation of each condition with three truth values.

use lakehouse_json::{Json, MAX_DEPTH, parse};
use lakehouse_matrix::read_sql_filter;
use lakehouse_vector::{Metadata, Scalar};
use proptest::{prelude::*, sample::select};

/// A generated condition.
#[derive(Debug, Clone)]
enum Expression {
    Compare(&'static str, &'static str, Literal),
    In(&'static str, bool, Vec<Literal>),
    Between(&'static str, bool, Literal, Literal),
    /// A name, the keyword, whether it is negated, a pattern, and whether `!` is its escape.
    Like(&'static str, &'static str, bool, String, bool),
    IsNull(&'static str, bool),
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
            Self::Like(name, like, negated, pattern, escaped) => {
                let pattern = Literal::Text(pattern.clone()).sql();
                let escape = if *escaped { " escape '!'" } else { "" };
                format!("{name}{} {like} {pattern}{escape}", not(negated))
            }
            Self::IsNull(name, negated) => format!("{name} is{} NULL", not(negated)),
            Self::Not(part) => format!("NOT ({})", part.sql()),
            Self::And(parts) => joined(parts, " AND "),
            Self::Or(parts) => joined(parts, "or"),
        }
    }

    /// The value in SQL: true, false, or unknown.
    fn value(&self, row: &Metadata) -> Option<bool> {
        let elements = |name: &str| elements(row, name.trim_matches('"'));
        // For each element of an array.
        let any = |name: &str, value: &dyn Fn(Option<&Scalar>) -> Option<bool>| {
            let values = elements(name);
            disjunction(values.iter().map(|element| value(element.as_ref())))
        };
        let negate = |value: Option<bool>, negated: bool| value.map(|value| value != negated);
        match self {
            Self::Compare(name, sign, literal) => {
                let value = any(name, &|element| {
                    let order = literal.compare(element)?;
                    Some(match *sign {
                        "=" | "<>" | "!=" => order.is_eq(),
                        "<" => order.is_lt(),
                        "<=" => order.is_le(),
                        ">" => order.is_gt(),
                        _ => order.is_ge(),
                    })
                });
                negate(value, ["<>", "!="].contains(sign))
            }
            Self::In(name, negated, literals) => {
                let value = any(name, &|element| {
                    let equal = literals
                        .iter()
                        .map(|literal| literal.compare(element).map(|order| order.is_eq()));
                    disjunction(equal)
                });
                negate(value, *negated)
            }
            Self::Between(name, negated, low, high) => {
                let above = |element: Option<&Scalar>| Some(low.compare(element)?.is_ge());
                let below = |element: Option<&Scalar>| Some(high.compare(element)?.is_le());
                let both = |element: Option<&Scalar>| {
                    conjunction([above(element), below(element)].into_iter())
                };
                let is_one_type = std::mem::discriminant(low) == std::mem::discriminant(high);
                let value = if is_one_type {
                    any(name, &both)
                } else {
                    conjunction([any(name, &above), any(name, &below)].into_iter())
                };
                negate(value, *negated)
            }
            Self::Like(name, like, negated, pattern, escaped) => {
                let ignores_case = like.eq_ignore_ascii_case("ilike");
                let pattern: Vec<char> = pattern.chars().collect();
                let value = any(name, &|element| match element? {
                    Scalar::Text(text) => {
                        let text: Vec<char> = text.chars().collect();
                        Some(is_like(&text, &pattern, *escaped, ignores_case))
                    }
                    _ => None,
                });
                negate(value, *negated)
            }
            Self::IsNull(name, negated) => {
                let member = row.with_member(name.trim_matches('"'), |json| json.is_null());
                Some(member.unwrap_or(true) != *negated)
            }
            Self::Not(part) => negate(part.value(row), true),
            Self::And(parts) => conjunction(parts.iter().map(|part| part.value(row))),
            Self::Or(parts) => disjunction(parts.iter().map(|part| part.value(row))),
        }
    }
}

/// A member of metadata, or its elements; `None` for what has no value.
fn elements(row: &Metadata, name: &str) -> Vec<Option<Scalar>> {
    let elements = row.with_member(name, |json| match json.as_array() {
        Some(elements) => elements.iter().map(Scalar::from_json).collect(),
        None => vec![Scalar::from_json(json)],
    });
    elements.unwrap_or_else(|| vec![None])
}

trait WithMember {
    fn with_member<T>(&self, name: &str, read: impl FnOnce(&Json<'_>) -> T) -> Option<T>;
}

impl WithMember for Metadata {
    fn with_member<T>(&self, name: &str, read: impl FnOnce(&Json<'_>) -> T) -> Option<T> {
        let json = parse(self.as_str(), MAX_DEPTH).expect("metadata");
        json.as_object().expect("an object").get(name).map(read)
    }
}

/// `LIKE`, the simplest way.
fn is_like(text: &[char], pattern: &[char], escaped: bool, ignores_case: bool) -> bool {
    let same = |a: char, b: char| {
        a == b || ignores_case && a.to_lowercase().next() == b.to_lowercase().next()
    };
    match (pattern, text) {
        ([], text) => text.is_empty(),
        (['!', wanted, pattern @ ..], [c, text @ ..]) if escaped => {
            same(*wanted, *c) && is_like(text, pattern, escaped, ignores_case)
        }
        (['%', pattern @ ..], _) => {
            (0..=text.len()).any(|at| is_like(&text[at..], pattern, escaped, ignores_case))
        }
        ([wanted, pattern @ ..], [c, text @ ..]) => {
            (*wanted == '_' || same(*wanted, *c)) && is_like(text, pattern, escaped, ignores_case)
        }
        (_, []) => false,
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
        like(),
        (name(), any::<bool>()).prop_map(|(name, not)| Expression::IsNull(name, not)),
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

fn like() -> impl Strategy<Value = Expression> {
    let word = select(&["LIKE", "like", "ILIKE"][..]);
    let parts = prop::collection::vec(
        select(&["a", "B", "É", "'", "%", "_", "!%", "!!"][..]),
        0..4,
    );
    (name(), word, any::<bool>(), parts, any::<bool>()).prop_map(
        |(name, word, not, parts, escaped)| {
            Expression::Like(name, word, not, parts.concat(), escaped)
        },
    )
}

fn row() -> impl Strategy<Value = Metadata> {
    let value = prop_oneof![
        4 => value(),
        1 => prop::collection::vec(value(), 0..4).prop_map(|all| format!("[{}]", all.join(","))),
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

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        (-3..4_i32).prop_map(|number| number.to_string()),
        "[a-cBéÉ'%!]{0,3}".prop_map(|text| format!("{text:?}")),
        select(&["null", "true", "false", "[1]", "{}", "1.5", "-0.0"][..]).prop_map(str::to_owned),
    ]
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
    fn any_text_is_read_or_rejected(text in "(and|or|not|in|between|like|escape|is|null|true|x|'|\"|[0-9.e]|[ -~]|é| ){0,40}") {
        let _ = read_sql_filter(&text);
    }
}

#[test]
fn conditions_follow_the_precedence_of_sql() {
    let row = r#"{"a":1,"b":2,"t":"it's","f":false,"case":"x","none":null,"home":{"a":1},
        "certs":["Forklift","OSHA 10"],"empty":[],"mixed":["x",3,null],"nested":[["x"]]}"#;
    let row = Metadata::parse(row).unwrap();
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
        ("t LIKE 'it%'", true),
        ("t LIKE 'IT%'", false),
        ("t ILIKE 'IT_S'", true),
        ("t NOT LIKE '%x%'", true),
        ("t LIKE 'it''s'", true),
        ("t LIKE 'it'", false),
        ("t LIKE '%!''s' ESCAPE '!'", true),
        ("t LIKE '_t%%_'", true),
        ("a LIKE '1'", false),
        ("a NOT LIKE 'x'", false),
        ("nowhere NOT LIKE 'x'", false),
        ("none IS NULL", true),
        ("nowhere is null", true),
        ("a IS NULL", false),
        ("a IS NOT NULL", true),
        ("empty IS NULL", false),
        ("home IS NULL", false),
        ("NOT home = 'x'", false),
        ("certs = 'OSHA 10'", true),
        ("certs <> 'OSHA 10'", false),
        ("NOT certs = 'OSHA 10'", false),
        ("certs <> 'OSHA 30'", true),
        ("certs LIKE 'OSHA%'", true),
        ("certs NOT LIKE 'OSHA%'", false),
        ("certs IN ('First Aid', 'Forklift')", true),
        ("certs NOT IN ('First Aid', 'Forklift')", false),
        ("certs NOT IN ('First Aid')", true),
        ("certs > 'G' AND certs < 'G'", true),
        ("certs BETWEEN 'G' AND 'H'", false),
        ("certs NOT BETWEEN 'G' AND 'H'", true),
        ("certs = 1", false),
        ("NOT certs = 1", false),
        ("empty = 'x'", false),
        ("NOT empty = 'x'", true),
        ("empty <> 1", true),
        ("mixed = 3", true),
        ("NOT mixed = 4", false),
        ("nested = 'x'", false),
        ("NOT nested = 'x'", false),
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
    let comparison =
        "expected a comparison, `IN`, `BETWEEN`, `LIKE`, `ILIKE`, `IS` or `NOT`, found";
    let end = "expected `AND`, `OR` or the end, found";
    let cases = [
        ("", format!("{name_place} the end at byte 0")),
        (" ", format!("{name_place} the end at byte 1")),
        ("1 = a", format!("{name_place} `1` at byte 0")),
        ("a", format!("{comparison} the end at byte 1")),
        ("a = b", format!("{literal} `b` at byte 4")),
        (
            "a = NULL",
            "`NULL` at byte 4 is equal to nothing; use `IS NULL`".to_owned(),
        ),
        (
            "a IN (1, null)",
            "`NULL` at byte 9 is equal to nothing; use `IS NULL`".to_owned(),
        ),
        (
            "a IS 1",
            "expected `NULL` or `NOT NULL`, found `1` at byte 5".to_owned(),
        ),
        (
            "a IS NOT 'x'",
            "expected `NULL`, found `'x'` at byte 9".to_owned(),
        ),
        ("null = 1", format!("{name_place} `null` at byte 0")),
        (
            "a NOT IS NULL",
            "expected `IN`, `BETWEEN`, `LIKE` or `ILIKE`, found `IS` at byte 6".to_owned(),
        ),
        (
            "a LIKE 1",
            "expected a pattern in single quotes, found `1` at byte 7".to_owned(),
        ),
        (
            "a LIKE 'x' ESCAPE 1",
            "expected a character in single quotes, found `1` at byte 18".to_owned(),
        ),
        (
            "a LIKE 'x' ESCAPE ''",
            "the escape at byte 18 is not one character".to_owned(),
        ),
        (
            "a NOT ILIKE 'x' ESCAPE 'ab'",
            "the escape at byte 23 is not one character".to_owned(),
        ),
        (
            "a LIKE 'x!!!' ESCAPE '!'",
            "the pattern at byte 7 ends with its escape character".to_owned(),
        ),
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
            "expected `IN`, `BETWEEN`, `LIKE` or `ILIKE`, found `=` at byte 6".to_owned(),
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
