package sqlfilter

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"lakehouse.invalid/peer/internal/filter"
	"lakehouse.invalid/peer/internal/rawjson"
)

const (
	maxBytes  = 4096
	maxLevels = 32
)

// signs are the comparison results for which each operator holds, or, for `<>`
// and `!=`, does not.
var signs = map[string][]int{
	"=": {0}, "<>": {0}, "!=": {0},
	"<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {1, 0},
}

// Parse reads a condition.
func Parse(source string) (Condition, error) {
	if len(source) > maxBytes {
		return Condition{}, fmt.Errorf("longer than %d bytes", maxBytes)
	}
	tokens, err := lex(source)
	if err != nil {
		return Condition{}, err
	}
	p := &parser{tokens: tokens}
	e, err := p.disjunction()
	if err == nil && p.peek().kind != end {
		err = fmt.Errorf("unexpected %s", p.peek())
	}
	return Condition{e}, err
}

// parser goes through tokens by recursive descent, one method for each level
// of precedence.
type parser struct {
	tokens []token
	level  int
}

func (p *parser) peek() token { return p.tokens[0] }

// take returns the next token and moves past it, unless it is the end.
func (p *parser) take() token {
	t := p.tokens[0]
	if t.kind != end {
		p.tokens = p.tokens[1:]
	}
	return t
}

// accept moves past the next token if it is the given one.
func (p *parser) accept(kind tokenKind, what string) bool {
	if !p.peek().is(kind, what) {
		return false
	}
	p.take()
	return true
}

func (p *parser) expect(kind tokenKind, what string) error {
	if p.accept(kind, what) {
		return nil
	}
	return fmt.Errorf("expected `%s`, not %s", what, p.peek())
}

func (p *parser) disjunction() (expression, error) {
	left, err := p.conjunction()
	for err == nil && p.accept(keyword, "OR") {
		var right expression
		right, err = p.conjunction()
		left = one{left, right}
	}
	return left, err
}

func (p *parser) conjunction() (expression, error) {
	left, err := p.negation()
	for err == nil && p.accept(keyword, "AND") {
		var right expression
		right, err = p.negation()
		left = both{left, right}
	}
	return left, err
}

func (p *parser) negation() (expression, error) {
	switch {
	case p.accept(keyword, "NOT"):
		return p.nested(func() (expression, error) {
			inner, err := p.negation()
			return not{inner}, err
		})
	case p.accept(symbol, "("):
		return p.nested(func() (expression, error) {
			inner, err := p.disjunction()
			if err == nil {
				err = p.expect(symbol, ")")
			}
			return inner, err
		})
	}
	return p.predicate()
}

// nested reads an expression one level deeper.
func (p *parser) nested(read func() (expression, error)) (expression, error) {
	if p.level++; p.level > maxLevels {
		return nil, fmt.Errorf("more than %d levels of parentheses and `NOT`", maxLevels)
	}
	defer func() { p.level-- }()
	return read()
}

func (p *parser) predicate() (expression, error) {
	subject := p.take()
	if subject.kind != name {
		return nil, fmt.Errorf("expected a name, not %s", subject)
	}
	if p.accept(keyword, "IS") {
		negated := p.accept(keyword, "NOT")
		return negatedIf(negated, absent{subject.what}), p.expect(keyword, "NULL")
	}
	negated := p.accept(keyword, "NOT")
	var e expression
	var err error
	switch operator := p.take(); {
	case operator.is(keyword, "IN"):
		e, err = p.in(subject.what)
	case operator.is(keyword, "BETWEEN"):
		e, err = p.between(subject.what)
	case operator.is(keyword, "LIKE"), operator.is(keyword, "ILIKE"):
		e, err = p.like(subject.what, operator.what == "ILIKE")
	case operator.kind == symbol && signs[operator.what] != nil && !negated:
		e, err = p.compare(subject.what, operator.what)
		negated = operator.what == "<>" || operator.what == "!="
	default:
		return nil, fmt.Errorf("unexpected %s behind the name `%s`", operator, subject.what)
	}
	return negatedIf(negated, e), err
}

func negatedIf(negated bool, e expression) expression {
	if negated {
		return not{e}
	}
	return e
}

func (p *parser) compare(subject, operator string) (expression, error) {
	c, err := p.comparison(operator)
	return predicate{subject, c}, err
}

// comparison reads the literal of a comparison.
func (p *parser) comparison(operator string) (comparison, error) {
	literal, err := p.literal()
	if err == nil && literal.Kind == rawjson.Bool && operator != "=" && operator != "<>" && operator != "!=" {
		err = errors.New("booleans have no order")
	}
	return comparison{literal, signs[operator]}, err
}

func (p *parser) in(subject string) (expression, error) {
	if err := p.expect(symbol, "("); err != nil {
		return nil, err
	}
	first, err := p.comparison("=")
	any := anyOf{first}
	for err == nil && p.accept(symbol, ",") {
		var next comparison
		next, err = p.comparison("=")
		any = append(any, next)
	}
	if err == nil {
		err = p.expect(symbol, ")")
	}
	return predicate{subject, any}, err
}

func (p *parser) between(subject string) (expression, error) {
	low, err := p.comparison(">=")
	if err == nil {
		err = p.expect(keyword, "AND")
	}
	if err != nil {
		return nil, err
	}
	high, err := p.comparison("<=")
	if low.literal.Kind != high.literal.Kind {
		return both{predicate{subject, low}, predicate{subject, high}}, err
	}
	return predicate{subject, allOf{low, high}}, err
}

// like reads a pattern and its escape character.
func (p *parser) like(subject string, fold bool) (expression, error) {
	pattern := p.take()
	if pattern.kind != text {
		return nil, fmt.Errorf("expected a pattern, not %s", pattern)
	}
	escape := rune(-1)
	if p.accept(keyword, "ESCAPE") {
		given := p.take()
		characters := []rune(given.what)
		if given.kind != text || len(characters) != 1 {
			return nil, errors.New("an escape is one character in quotes")
		}
		escape = characters[0]
	}
	test, err := newLike(pattern.what, escape, fold)
	return predicate{subject, test}, err
}

func (p *parser) literal() (filter.Scalar, error) {
	switch t := p.take(); {
	case t.kind == text:
		return filter.Scalar{Kind: rawjson.String, Text: t.what}, nil
	case t.is(keyword, "TRUE"), t.is(keyword, "FALSE"):
		return filter.Scalar{Kind: rawjson.Bool, Truth: t.what == "TRUE"}, nil
	case t.kind == number:
		f, err := strconv.ParseFloat(t.what, 64)
		if err != nil || math.IsInf(f, 0) {
			return filter.Scalar{}, fmt.Errorf("the number `%s` is out of range", t.what)
		}
		return filter.Scalar{Kind: rawjson.Number, Number: f}, nil
	default:
		return filter.Scalar{}, fmt.Errorf("expected a literal, not %s", t)
	}
}
